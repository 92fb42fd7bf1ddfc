import { BEFORE_KEY, BEFORE_OBJECT, CALL_SHAPE, keysOf } from '../../engine/call-shape.js'
import type { Family, Opener } from '../../engine/format.js'
import type { Reading } from '../../engine/reading.js'
import { firstKeyTests } from '../call-object/first-key.js'
import { BareCalls } from './bare-calls.js'
import type { BareJsonGrammar } from './bare-json-grammar.js'

/** The family of calls without a marker. Where another family reads lists (`[f(a=1)]`), both may stand in one format. */
export function bareJson(grammar: BareJsonGrammar): Family {
  const { shape = CALL_SHAPE, envelope, lists } = grammar
  const looks = firstKeyTests(envelope === undefined ? keysOf(shape) : [...keysOf(shape), envelope])
  const openers: Opener[] = [{ marker: '{', bare: true, before: BEFORE_KEY, mayOpen: looks.object }]
  if (lists === true) openers.push({ marker: '[', bare: true, before: BEFORE_OBJECT, mayOpen: looks.list })
  return {
    openers,
    create: (reading: Reading) => new BareCalls(reading, grammar),
  }
}
