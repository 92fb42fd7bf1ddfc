import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import type { Format } from '../../src/index.js'
import { type OfferedTool, textOf } from '../damage/shapes.js'
import type { Create } from '../support/run.js'
import { type Attempt, type MadePromise, resultOf } from './attempt.js'
import { show } from './trial.js'

/** Where a piece between two calls is lost, the second one is read, or the result says that something is wrong. */
export const lostBeginning: readonly MadePromise[] = [
  {
    id: 'I45',
    says: 'a call that lost its beginning, or the end of the one before it, is read or said',
    attempts: (format) =>
      fc.tuple(fc.nat(MOST_PIECES), fc.integer({ min: 1, max: MOST_LOST })).map((span) => attemptOf(format, ...span)),
  },
]

const TOOLS: OfferedTool[] = [
  {
    name: 'get_weather',
    inputSchema: { type: 'object', properties: { city: { type: 'string' }, days: { type: 'integer' } } },
  },
  {
    name: 'write_file',
    inputSchema: { type: 'object', properties: { path: { type: 'string' }, content: { type: 'string' } } },
  },
]
const FIRST = { name: 'get_weather', arguments: { city: 'Oslo', days: 3 } }
const SECOND = { name: 'write_file', arguments: { path: 'a.md', content: 'Hi.' } }
const MOST_PIECES = 40
const MOST_LOST = 12
/** Tags, tokens, words, white space, and single characters. */
const PIECE = /<[^<>]*>|\[[A-Z_/]+\]|\s+|\w+|./gs

function attemptOf(format: Format, at: number, count: number): Attempt {
  const whole = textOf(format, [FIRST, SECOND], TOOLS)
  const text = whole === undefined ? undefined : without(whole, at, count)
  return {
    text,
    input: { at, count },
    check: (create) => (text === undefined ? undefined : silentLoss(create, format, text)),
  }
}

/** The text without some pieces of what stands between the last value of the first call and the name of the second. */
function without(text: string, at: number, count: number): string | undefined {
  const from = text.indexOf('3', text.indexOf('days')) + 1
  const to = text.indexOf(SECOND.name)
  const pieces = text.slice(from, to).match(PIECE) ?? []
  const first = at % pieces.length
  return text.slice(0, from) + pieces.filter((_, i) => i < first || i >= first + count).join('') + text.slice(to)
}

function silentLoss(create: Create, format: Format, text: string): string | undefined {
  const { toolCalls, incomplete, notes, status } = resultOf(create, { format, tools: TOOLS }, text)
  const calls = toolCalls.map((call) => ({ name: call.name, arguments: call.arguments }))
  if (isDeepStrictEqual(calls, [FIRST, SECOND])) return undefined
  const isSaid = status !== 'complete' || incomplete.length > 0 || notes.length > 0
  return isSaid ? undefined : `a call of ${show(text)} is lost without a word: ${show(calls)}`
}
