import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import type { Format, ParseResult, ParserOptions } from '../../src/index.js'
import type { Create } from '../support/run.js'
import { type Attempt, type MadePromise, resultOf } from './attempt.js'
import { oddNames, prose, type Turn, toolsFor, turns } from './calls.js'
import { allMarkers, type Call, renderOf } from './format-facts.js'
import { show } from './trial.js'
import { argumentTrees, keys, strings } from './values.js'

/** What is rendered comes back as it was: the same names, values, strings and prose. */
export const roundTrip: readonly MadePromise[] = [
  {
    id: 'I40',
    says: 'what render writes is read back',
    attempts: (format) => turns.map((turn) => attempt(format, turn)),
  },
  {
    id: 'I26',
    says: 'strings come back byte for byte',
    attempts: (format) =>
      fc.tuple(keys, strings).map(([key, text]) => attempt(format, turnOf([callOf('f', { [key]: text })]))),
  },
  {
    id: 'I11',
    says: 'markers inside strings are text',
    attempts: (format) =>
      fc
        .tuple(fc.array(fc.constantFrom(...allMarkers(), '{', '}', '"', "'", ' ', 'x'), { maxLength: 6 }), strings)
        .map(([pieces, other]) =>
          attempt(format, turnOf([callOf('write_file', { content: pieces.join(''), path: other })])),
        ),
  },
  {
    id: 'I34',
    says: 'any name of a tool comes back',
    attempts: (format) =>
      fc
        .tuple(fc.array(oddNames, { minLength: 1, maxLength: 3 }), argumentTrees)
        .map(([names, args]) => attempt(format, turnOf(names.map((name) => callOf(name, args))))),
  },
  {
    id: 'I8',
    says: 'as many calls as were written, alike or not, with tools or without',
    attempts: (format) =>
      fc.tuple(oddNames, fc.integer({ min: 1, max: 6 })).map(([name, n]) => manyAlike(format, name, n)),
  },
  {
    id: 'I38',
    says: 'names of the prototype are ordinary keys',
    attempts: (format) =>
      fc
        .tuple(hostileNames, hostileTrees, prose)
        .map(([name, args, content]) => hostile(format, callOf(name, args), content)),
  },
]

function callOf(name: string, args: Record<string, unknown>): Call {
  return { name, arguments: args }
}

function turnOf(calls: Call[]): Turn {
  return { calls, content: '', reasoning: '' }
}

function attempt(format: Format, turn: Turn): Attempt {
  const tools = toolsFor(turn.calls)
  const text = renderOf(format, turn.calls, { ...turn, tools })
  return {
    text,
    input: turn,
    check: (create) => (text === undefined ? undefined : differenceFrom(turn, create, { format, tools }, text)),
  }
}

/** What comes of the text, if it is not the turn that it was made from. */
function differenceFrom(turn: Turn, create: Create, options: ParserOptions, text: string): string | undefined {
  const result = resultOf(create, options, text)
  const { toolCalls, incomplete, status, content, reasoning } = result
  const got = toolCalls.map((call) => ({ name: call.name, arguments: call.arguments }))
  const wanted = turn.calls.map((call) => ({ name: call.name, arguments: call.arguments }))
  if (!isDeepStrictEqual(got, wanted)) return `${show(text)} is read as ${show(got)}`
  if (status !== 'complete' || incomplete.length > 0) return `${show(text)} is ${status}`
  if (content.trim() !== turn.content.trim()) return `${show(text)} has the content ${show(content)}`
  if (reasoning.trim() !== turn.reasoning.trim()) return `${show(text)} has the reasoning ${show(reasoning)}`
  return unsound(result)
}

/** Strict text is not repaired (I27), and its calls are what they seem. */
function unsound({ toolCalls }: ParseResult): string | undefined {
  const repaired = toolCalls.find(({ repairs }) => repairs.length > 0)
  if (repaired !== undefined) return `repaired: ${show(repaired.repairs)}`
  const unknown = toolCalls.find(({ known }) => !known)
  return unknown === undefined ? undefined : `an unknown tool: ${show(unknown.name)}`
}

function manyAlike(format: Format, name: string, n: number): Attempt {
  const calls = Array.from({ length: n }, () => callOf(name, { city: 'Bergen' }))
  const tools = toolsFor(calls)
  const text = renderOf(format, calls, { tools })
  return {
    text,
    input: { name, n },
    check(create) {
      if (text === undefined) return undefined
      for (const options of [{ format, tools }, { format }]) {
        const { toolCalls } = resultOf(create, options, text)
        const bare = options.tools === undefined && toolCalls.length === 0 && isBare(format)
        if (!bare && toolCalls.length !== n)
          return `${n} calls in ${show(text)}, ${toolCalls.length} read: ${show(options)}`
        if (toolCalls.some(({ index }, i) => index !== i)) return `indices ${show(toolCalls.map(({ index }) => index))}`
      }
      return undefined
    },
  }
}

/** Calls that have no marker may count only when tools are known. */
function isBare(format: Format): boolean {
  const bare = format.families.flatMap((family) => family.openers).filter((opener) => opener.bare === true)
  const text = renderOf(format, [callOf('f', { city: 'Bergen' })]) ?? ''
  return bare.some(({ marker }) => text.trimStart().startsWith(marker))
}

const HOSTILE = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '__defineGetter__']
const hostileNames = fc.constantFrom(...HOSTILE, 'f')
const hostileTrees: fc.Arbitrary<Record<string, unknown>> = fc
  .array(
    fc.tuple(
      fc.constantFrom(...HOSTILE),
      fc.constantFrom('1', '"x"', '{"polluted": true}', '{"__proto__": {"polluted": true}}'),
    ),
    {
      maxLength: 3,
    },
  )
  .map(
    (members) =>
      JSON.parse(`{${members.map(([key, value]) => `"${key}": ${value}`).join(', ')}}`) as Record<string, unknown>,
  )

function hostile(format: Format, call: Call, content: string): Attempt {
  const { check, ...rest } = attempt(format, { calls: [call], content, reasoning: '' })
  const before = Object.getOwnPropertyNames(Object.prototype).length
  return {
    ...rest,
    check(create) {
      const problem = check(create)
      const polluted = 'polluted' in {} || Object.getOwnPropertyNames(Object.prototype).length !== before
      return polluted ? 'Object.prototype was changed' : problem
    },
  }
}
