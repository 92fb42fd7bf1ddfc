import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import type { Format } from '../../src/index.js'
import { type Attempt, type MadePromise, resultOf } from './attempt.js'
import { type Call, renderOf } from './format-facts.js'
import { show } from './trial.js'

/** Servers that leave special tokens out of the text: what is left of a call is the call, or is told. */
export const stripped: readonly MadePromise[] = (['named', 'auto'] as const).map((reader) => ({
  id: 'I4',
  says: `what a server leaves of a call without its special tokens is told${reader === 'auto' ? ', in auto' : ''}`,
  applies: (format: Format) =>
    strippedOf(format, CALLS, '') !== undefined && !(reader === 'auto' && hasWordsAlone(format)),
  attempts: (format: Format) =>
    fc
      .record({
        calls: fc.constantFrom(CALLS, [...CALLS, ...CALLS]),
        content: fc.constantFrom('', 'I look.', 'I look.\n'),
      })
      .map(({ calls, content }) => attemptOf(format, reader === 'auto' ? 'auto' : format, calls, content)),
}))

const CALLS: Call[] = [{ name: 'get_weather', arguments: { city: 'Paris', days: 2 } }]
const TOOLS = [
  {
    name: 'get_weather',
    inputSchema: { type: 'object', properties: { city: { type: 'string' }, days: { type: 'integer' } } },
  },
]
const TOKENS =
  /<[|｜][^<>|｜]+[|｜]>|<\|[a-z_"]+>|<[a-z_]+\|>|\[[A-Z_]+\]|<(?:start|end)_[a-z_]+>|<escape>|\]<\]minimax\[>\[|(?<=<\/?)｜DSML｜ ?/g

/** Undefined where nothing is left out. */
function strippedOf(format: Format, calls: readonly Call[], content: string): string | undefined {
  const text = renderOf(format, calls, { content, tools: TOOLS })
  const left = text?.replace(TOKENS, '')
  return left === text ? undefined : left
}

/** `get_weather` LF `cityParis` LF `days2`: a list of words may look so, in the text of an unknown format. */
function hasWordsAlone(format: Format): boolean {
  return !/[{<[(=]/.test(strippedOf(format, CALLS, '') ?? '')
}

function attemptOf(format: Format, reader: Format | 'auto', calls: readonly Call[], content: string): Attempt {
  const text = strippedOf(format, calls, content)
  return {
    text,
    input: calls,
    check(create) {
      if (text === undefined) return undefined
      const { toolCalls, incomplete, notes, status } = resultOf(create, { format: reader, tools: TOOLS }, text)
      const other = toolCalls.find(
        ({ name, arguments: args }) => !calls.some((one) => isDeepStrictEqual(one, { name, arguments: args })),
      )
      if (other !== undefined) return `${show(other)} came of ${show(text)}`
      const isTold =
        status !== 'complete' || notes.some(({ code }) => code !== 'marker-in-text' && code !== 'stray-marker')
      return toolCalls.length + incomplete.length > 0 || isTold ? undefined : `nothing is told of ${show(text)}`
    },
  }
}
