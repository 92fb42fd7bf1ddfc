import type { Family } from '../../engine/format.js'
import type { Reading } from '../../engine/reading.js'
import { TaggedBlock } from './tagged-block.js'
import { ONE_BLOCK, type TaggedGrammar } from './tagged-grammar.js'
import { OPEN, XTML_SYNTAX, XtmlTags } from './xtml-tags.js'

/**
 * Calls in XTML, whose tags have special tokens for brackets:
 *
 *     <|open|>tools<|sep|>
 *     <|open|>call tool="get_tide" index="1"<|sep|>
 *     <|open|>argument key="port" type="string"<|sep|>Moss<|close|>argument<|sep|>
 *     <|close|>call<|sep|>
 *     <|close|>tools<|sep|>
 */
export const XTML: TaggedGrammar = {
  syntax: XTML_SYNTAX,
  typing: 'attribute',
  trim: 'none',
  ...ONE_BLOCK,
  stop: 'always',
  atEnd: 'unknown',
  layout: 'packed',
  bare: 'whole',
  jsonBody: 'repair',
  duplicates: 'damage',
  quotable: false,
  closers: 'certain',
}

/** The family of formats that write calls in XTML. */
export function xtml(): Family {
  const tags = new XtmlTags()
  const { blocks, call, parameter, body = '' } = XTML_SYNTAX
  const words = [...blocks, call, parameter, body]
  return {
    openers: [
      ...blocks.map((block) => ({ marker: tags.openOf(block) })),
      { marker: OPEN + call, stem: true },
      // Only a damaged call leaves it in the content.
      { marker: OPEN + parameter, stem: true, prefix: true },
    ],
    strays: words.map((word) => tags.closeOf(word)),
    valueEnds: [tags.closeOf(parameter)],
    create: (reading: Reading) => new TaggedBlock(reading, XTML, new XtmlTags()),
  }
}
