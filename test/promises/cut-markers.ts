import fc from 'fast-check'
import type { Format } from '../../src/index.js'
import { type Attempt, type MadePromise, resultOf } from './attempt.js'
import { type Call, renderOf } from './format-facts.js'
import { show } from './trial.js'

/** A beginning of a marker is text (decision 3), so it changes nothing about the call before it. */
export const cutMarkers: readonly MadePromise[] = [
  {
    id: 'I15',
    says: 'a call whose end marker is cut in it is what it is without that marker',
    applies: (format) => wholeOf(format) !== undefined,
    attempts: (format) =>
      fc
        .record({ args: fc.constantFrom(...ARGUMENTS), cut: fc.nat({ max: 200 }) })
        .map(({ args, cut }) => attemptOf(format, args, cut)),
  },
]

const ARGUMENTS: Call['arguments'][] = [{ city: 'Paris' }, { city: 'Paris', days: 2 }, { days: 2 }]
const TOOLS = [
  {
    name: 'get_weather',
    inputSchema: { type: 'object', properties: { city: { type: 'string' }, days: { type: 'integer' } } },
  },
]
const END = /(?:<[^<>]{1,60}>|\]<\]minimax\[>\[<[^<>]{1,60}>)$/

interface Whole {
  readonly body: string
  readonly end: string
}

/** A call without its end marker, and that. */
function wholeOf(format: Format, args: Call['arguments'] = { city: 'Paris' }): Whole | undefined {
  const text = renderOf(format, [{ name: 'get_weather', arguments: args }], { tools: TOOLS })
  const end = text === undefined ? undefined : END.exec(text)?.[0]
  return text === undefined || end === undefined ? undefined : { body: text.slice(0, -end.length), end }
}

function attemptOf(format: Format, args: Call['arguments'], cut: number): Attempt {
  const whole = wholeOf(format, args)
  const text = whole === undefined ? undefined : whole.body + whole.end.slice(0, 1 + (cut % (whole.end.length - 1)))
  return {
    text,
    input: args,
    check(create) {
      if (text === undefined || whole === undefined) return undefined
      const [cut, without] = [text, whole.body].map((one) => {
        const { toolCalls, incomplete } = resultOf(create, { format, tools: TOOLS }, one)
        return [toolCalls.map((call) => call.arguments), incomplete.length]
      })
      return show(cut) === show(without)
        ? undefined
        : `${show(text)} is read as ${show(cut)}, without the marker ${show(without)}`
    },
  }
}
