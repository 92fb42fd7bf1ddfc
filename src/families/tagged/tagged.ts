import type { Family } from '../../engine/format.js'
import type { Reading } from '../../engine/reading.js'
import { TaggedBlock } from './tagged-block.js'
import type { TaggedGrammar } from './tagged-grammar.js'
import { taggedInnerMarkers, taggedOpeners, taggedStrays } from './tagged-openers.js'

/** The family of formats whose calls and parameters are tags. */
export function tagged(grammar: TaggedGrammar): Family {
  const strays = taggedStrays(grammar)
  return {
    openers: taggedOpeners(grammar),
    innerMarkers: taggedInnerMarkers(grammar),
    valueEnds: [`</${grammar.syntax.parameter}>`],
    // Other formats write the same tokens, and other calls between them.
    ...(strays.length === 0 ? {} : { strays, distinct: true }),
    create: (reading: Reading) => new TaggedBlock(reading, grammar),
  }
}

/**
 * A family of the parameters of calls that another family reads, where the header before them could not be read: they are text, and
 * what their values quote is data.
 */
export function headlessParameters(grammar: TaggedGrammar): Family {
  return {
    openers: taggedOpeners(grammar).filter(({ prefix }) => prefix === true),
    create: (reading: Reading) => new TaggedBlock(reading, grammar),
  }
}
