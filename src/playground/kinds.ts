import type { ExplainedSpan } from '../explain/explain.js'

type Kind = ExplainedSpan['kind']

/** What a stretch of text can be, in the order of the legend, each with what it means. */
export const KINDS: Readonly<Record<Kind, string>> = {
  content: 'the visible text of the message',
  reasoning: 'what the model thought',
  marker: 'opens, closes or belongs to a call, to reasoning or to the message',
  name: 'the name of a call',
  arguments: 'the arguments of a call',
  separator: 'white space and commas between the others',
  dropped: 'left out, and a note says why',
}

/**
 * A stretch in words.
 * @example titleOf({ kind: 'name', call: 0, … }) // 'name of call 0'
 */
export function titleOf({ kind, call }: Pick<ExplainedSpan, 'kind' | 'call'>): string {
  return call === undefined ? kind : `${kind} of call ${call}`
}
