import { isDeepStrictEqual } from 'node:util'
import type { Format, ParseResult, ToolCall } from '../../src/index.js'
import { parse } from '../../src/index.js'
import type { Call } from '../promises/format-facts.js'
import type { Damaged } from './matrix.js'
import { type OfferedTool, QUOTED, TOOLS, textOf } from './shapes.js'

/**
 * What came of a damaged call, best first.
 *
 * - `right`: the calls that were meant, and nothing else.
 * - `said`: not those, with a status or a note that says so, and no other call of a given tool as complete.
 * - `markup left`: the right calls, with pieces of their markup in the content beside them.
 * - `silent`: not the right calls, complete, and no note but `marker-in-text`.
 * - `another call`: a call of a given tool as complete whose name or arguments are not those that were meant.
 * - `quoted call`: the call that a value quotes came out as complete.
 */
export const VERDICTS = ['right', 'said', 'markup left', 'silent', 'another call', 'quoted call'] as const
export type Verdict = (typeof VERDICTS)[number]

/** A sample with what came of it. */
export interface Judged extends Damaged {
  readonly verdict: Verdict
  readonly result: ParseResult
}

/** Judges one text; undefined where it is no damage, since another call is written exactly like this. */
export function judge(format: Format, damaged: Damaged, repair: boolean): Judged | undefined {
  const result = parse(damaged.text, { format, tools: TOOLS as OfferedTool[], repair })
  const { calls, before = '' } = damaged.shape
  const verdict = verdictOn(calls, before, result)
  const isBad = verdict === 'another call' || verdict === 'quoted call'
  if (isBad && before + textOf(format, result.toolCalls.map(plain)) === damaged.text) return undefined
  return { ...damaged, verdict, result }
}

function verdictOn(
  meant: readonly Call[],
  before: string,
  { toolCalls, content, status, notes }: ParseResult,
): Verdict {
  if (toolCalls.some(({ name }) => name === QUOTED)) return 'quoted call'
  const left = [...meant]
  for (const call of toolCalls) {
    const i = left.findIndex((one) => isDeepStrictEqual(one, plain(call)))
    if (i >= 0) left.splice(i, 1)
    else if (TOOLS.some(({ name }) => name === call.name)) return 'another call'
  }
  const isRight = left.length === 0 && toolCalls.length === meant.length
  if (isRight) return content.trim() === before.trim() ? 'right' : 'markup left'
  const isQuiet = status === 'complete' && notes.every(({ code }) => code === 'marker-in-text')
  return isQuiet ? 'silent' : 'said'
}

function plain({ name, arguments: args }: ToolCall): Call {
  return { name, arguments: args }
}
