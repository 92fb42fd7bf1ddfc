import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import type { Format } from '../../src/index.js'
import { spacedJson } from '../../src/values/json/spaced-json.js'
import { type Attempt, type MadePromise, resultOf } from './attempt.js'
import { isJsonNative, isTypeless, renderOf } from './format-facts.js'
import { show } from './trial.js'
import { argumentTrees, type Json } from './values.js'

/** What happens to the text of values: numbers keep theirs, a second encoding is undone once, types come from the schema. */
export const valueText: readonly MadePromise[] = [
  {
    id: 'I37',
    says: 'numbers keep their text, and integers beyond 2^53 have a note',
    applies: isJsonNative,
    attempts: (format) => numberTexts.map((number) => numberAttempt(format, number)),
  },
  {
    id: 'I29',
    says: 'arguments that are a JSON string are unwrapped once, and no string inside them is',
    applies: isJsonNative,
    attempts: (format) => argumentTrees.map((args) => encodedAttempt(format, args)),
  },
  {
    id: 'I24',
    says: 'without types on the wire, the schema alone decides',
    applies: isTypeless,
    attempts: (format) =>
      fc.tuple(looksTyped, fc.constantFrom(...SCHEMAS)).map(([raw, schema]) => rawAttempt(format, raw, schema)),
  },
]

const digits = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 24 }).map((each) => each.join(''))
const numberTexts = fc
  .tuple(fc.constantFrom('', '-'), digits, fc.option(digits), fc.constantFrom('', '', 'e2', 'E+5', 'e-7', 'e21'))
  .map(([sign, whole, fraction, exponent]) => {
    const integer = whole.replace(/^0+(?=\d)/, '')
    return `${sign}${integer}${fraction === null ? '' : `.${fraction}`}${exponent}`
  })

/** Stands in the rendered text for what is put there instead. */
const PLACE = 424242

function numberAttempt(format: Format, number: string): Attempt {
  const text = renderOf(format, [{ name: 'f', arguments: { n: PLACE, m: [PLACE] } }])?.replaceAll(String(PLACE), number)
  return {
    text,
    input: number,
    check(create) {
      const { toolCalls, notes } = resultOf(create, { format, tools: { f: true } }, text ?? '')
      const [call] = toolCalls
      if (call === undefined || call.repairs.length > 0) return `${show(text)} is read as ${show(toolCalls)}`
      if (call.argumentsText.replace(/\s/g, '') !== `{"n":${number},"m":[${number}]}`)
        return `the text is ${call.argumentsText}`
      if (!Object.is(call.arguments.n, Number(number))) return `${number} is ${String(call.arguments.n)}`
      const unsafe = /^-?\d+$/.test(number) && !Number.isSafeInteger(Number(number))
      const noted = notes.filter(({ code, from, to }) => code === 'big-integer' && text?.slice(from, to) === number)
      return noted.length === (unsafe ? 2 : 0) ? undefined : `notes ${show(notes)}`
    },
  }
}

function encodedAttempt(format: Format, args: Record<string, Json>): Attempt {
  const given = { zq: 1, looks: '{"a": 1}', ...args }
  const plain = renderOf(format, [{ name: 'f', arguments: given }])
  const json = [spacedJson(given), JSON.stringify(given)].find((json) => plain?.includes(json))
  const text = json === undefined ? undefined : plain?.replace(json, () => JSON.stringify(json))
  return {
    text,
    input: args,
    check(create) {
      const { toolCalls, notes, status } = resultOf(create, { format, tools: { f: true } }, text ?? '')
      const [call] = toolCalls
      if (call === undefined || status !== 'complete') return `${show(text)} is ${status}: ${show(notes)}`
      if (!isDeepStrictEqual(call.arguments, given)) return `${show(text)} is read as ${show(call)}`
      return notes.some(({ code }) => code === 'string-arguments') ? undefined : 'unwrapped without a note'
    },
  }
}

const RAW = [
  '02134',
  '1e5',
  'true',
  'null',
  'None',
  'True',
  '[1]',
  '{}',
  '"quoted"',
  '1.0',
  '-0',
  'NaN',
  'x',
  '',
  ' 7 ',
  '7',
]
const looksTyped = fc.constantFrom(...RAW)
const SCHEMAS = ['string', 'none', 'integer', 'boolean', 'object'] as const

function rawAttempt(format: Format, raw: string, type: (typeof SCHEMAS)[number]): Attempt {
  const sample = { f: { type: 'object', properties: { k: { type: 'string' } } } }
  const text = renderOf(format, [{ name: 'f', arguments: { k: 'zqvalue' } }], { tools: sample })?.replace(
    'zqvalue',
    () => raw,
  )
  const tools = type === 'none' ? undefined : { f: { type: 'object', properties: { k: { type } } } }
  return {
    text,
    input: { raw, type },
    check(create) {
      const { toolCalls, notes } = resultOf(create, { format, tools }, text ?? '')
      const [call] = toolCalls
      if (call === undefined) return `${show(text)} has no call: ${show(notes)}`
      const value = call.arguments.k
      if (type === 'string' || type === 'none') return value === raw ? undefined : `${show(raw)} is ${show(value)}`
      if (typeof value === 'string' && !notes.some(({ code }) => code === 'argument-type')) {
        return `${show(raw)} does not fit ${type}, and no note says so`
      }
      return typeof value !== 'string' || value === raw ? undefined : `${show(raw)} is ${show(value)}`
    },
  }
}
