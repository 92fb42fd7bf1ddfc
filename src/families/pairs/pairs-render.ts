import type { Format, Frame, ReasoningBlock } from '../../engine/format.js'
import { plainText } from '../../engine/plain-text.js'
import { renderTagged } from '../tagged/tagged-render.js'
import { PairTags } from './pair-tags.js'
import { type PairsGrammar, taggedOf } from './pairs-grammar.js'

/** How a turn of a format is written. */
export interface PairsTurn {
  readonly grammar: PairsGrammar
  readonly think: ReasoningBlock
  readonly stops: readonly string[]
  /** Around the answer, which is written without it. */
  readonly frame?: Frame
  /** Between reasoning, content and calls. */
  readonly space?: '\n'
}

/** Renders turns: reasoning, content, and calls, in their block where there is one. */
export function renderPairsTurn({ grammar, think, stops, frame, space = '' as '\n' }: PairsTurn): Format['render'] {
  const { block, call, key, value } = grammar.syntax
  const tags = new PairTags(grammar.syntax)
  const tagged = taggedOf(grammar, tags)
  const own = [...(block ?? []), ...call, ...key, ...value]
  // With a suffix too, they would be read.
  const stems = grammar.syntax.suffixes === undefined ? own : own.map((marker) => marker.slice(0, -1))
  const frames = frame === undefined ? [] : [frame.open, frame.close]
  const markers = [...stems, think.open, think.close, ...frames, '```', ...stops].filter((marker) => marker !== '')
  const line = grammar.layout === 'lines' ? '\n' : ''
  return ({ calls, content, reasoning, ...schema }) => {
    const thought =
      reasoning === '' ? '' : think.open + plainText('reasoning', reasoning, markers) + think.close + space
    const text = thought + plainText('content', content, markers)
    if (calls.length === 0) return text
    const rendered = calls.map((one) => renderTagged(tagged, one, schema, stops, tags))
    const all = block === undefined ? rendered : [block[0], ...rendered, block[1]]
    return text + (content === '' ? '' : space) + all.join(line)
  }
}
