import type { ValueTypes } from '../../tools/value-types.js'
import { mayBeJson } from '../json/parsed.js'
import { decimalNumber } from '../number/number.js'
import { pythonToJson } from '../python/python.js'

/** A raw text as a JSON value. `fits`: the schema takes its type; if not, the text was left as it was written. */
export interface TypedValue {
  json: string
  fits: boolean
}

/** Deeper containers stay text, so that callers may recurse. */
const DEPTH_LIMIT = 512

/**
 * Turns the raw text of a value, from a format that carries no types, into JSON by the types that the schema takes.
 *
 * - string, or no known type: the text unchanged, whatever it looks like
 * - else, with outer white space removed, the first of these that fits: null, integer, number, boolean, object, array, string
 * - null: `null` in any case or `None`, where the schema takes null (or takes no string)
 * - numbers keep all their digits: `007` is 7, `5.0` is 5 for an integer, `.5` is 0.5; `1e999`, `NaN`, `1,5` are not numbers
 * - boolean: `true` and `false` in any case, `1` and `0` where no number is taken
 * - object, array: JSON as it is written, else a Python literal; also if it was written inside a string, with its quotes or
 *   without them
 *
 * A pure function of the text and the types; never throws; linear in the text.
 * @example typedValue('007', new Set(['integer'])) // { json: '7', fits: true }
 * @example typedValue('about 7', new Set(['integer'])) // { json: '"about 7"', fits: false }
 */
export function typedValue(raw: string, types: ValueTypes): TypedValue {
  if (isStringOnly(types)) return { json: JSON.stringify(raw), fits: true }
  const takesString = types.has('string')
  const text = raw.trim()
  // Where a string is possible, only the bare word is null, so that a string can stream once it cannot be that word.
  if (isNullWord(takesString ? raw : text)) {
    if (types.has('null')) return { json: 'null', fits: true }
    if (!takesString) return { json: 'null', fits: false }
  }
  const json = scalar(text, types) ?? container(text, types)
  if (json !== undefined) return { json, fits: true }
  return { json: JSON.stringify(raw), fits: takesString }
}

/**
 * Reads a value that the format marks as JSON (`string="false"` of DSML). Valid JSON is copied. Anything else is a string,
 * which fits unless the schema has another type.
 * @example jsonOrString('[1, 2]', new Set()) // { json: '[1, 2]', fits: true }
 * @example jsonOrString('Oslo', new Set(['integer'])) // { json: '"Oslo"', fits: false }
 */
export function jsonOrString(raw: string, types: ValueTypes): TypedValue {
  if (parsedJson(raw) !== undefined) return { json: raw, fits: true }
  return { json: JSON.stringify(raw), fits: mayBeString(types) }
}

/**
 * Reads a value that the format does not mark as text or JSON. Its schema decides, if it has a type. Otherwise JSON that
 * is not a string is copied, and all other text is a string.
 * @example typedOrJson('[1, 2]', new Set()) // { json: '[1, 2]', fits: true }
 */
export function typedOrJson(raw: string, types: ValueTypes): TypedValue {
  if (types.size > 0) return typedValue(raw, types)
  const parsed = parsedJson(raw)
  return { json: parsed === undefined || typeof parsed.value === 'string' ? JSON.stringify(raw) : raw, fits: true }
}

/**
 * Reads a value by its schema. Objects and lists have to be strict JSON.
 * @example jsonByType("['a' 'b']", new Set(['array'])).fits // false
 */
export function jsonByType(raw: string, types: ValueTypes): TypedValue {
  const isContainer = '[{'.includes(raw.trimStart().charAt(0) || ' ')
  if (isContainer && parsedJson(raw) === undefined) return { json: JSON.stringify(raw), fits: types.has('string') }
  return typedValue(raw, types)
}

/** May the value be a string? True if the schema takes one, or nothing is known. */
export function mayBeString(types: ValueTypes): boolean {
  return types.size === 0 || types.has('string')
}

/** Is the value a string, whatever its text? Then it can stream from the first character on. */
export function isStringOnly(types: ValueTypes): boolean {
  return types.size === 0 || (types.size === 1 && types.has('string'))
}

/** Is the value a string or null? Then it can stream as soon as its text cannot become a null word (`startsNullWord`). */
export function isNullableString(types: ValueTypes): boolean {
  return types.size === 2 && types.has('string') && types.has('null')
}

/**
 * Can this beginning of a text still become `null` (in any case) or `None`?
 * @example startsNullWord('Nu') // true
 */
export function startsNullWord(text: string): boolean {
  return text.length <= 4 && ('None'.startsWith(text) || 'null'.startsWith(text.toLowerCase()))
}

function isNullWord(text: string): boolean {
  return text.length === 4 && startsNullWord(text)
}

function scalar(text: string, types: ValueTypes): string | undefined {
  const takesInteger = types.has('integer')
  const takesNumber = types.has('number')
  if (takesInteger || takesNumber) {
    const number = decimalNumber(text)
    if (number !== undefined && (takesNumber || number.whole)) return number.json
    if (number !== undefined && takesInteger) {
      const whole = withoutZeroFraction(number.json)
      if (whole !== undefined) return whole
    }
  }
  if (types.has('boolean')) {
    const word = text.length <= 5 ? text.toLowerCase() : ''
    if (word === 'true' || word === 'false') return word
    // A schema that takes numbers would have made them numbers.
    if (word === '1' || word === '0') return word === '1' ? 'true' : 'false'
  }
  return undefined
}

/** `5.00` is the integer 5; `5.5` and `5e3` are not integers. */
function withoutZeroFraction(json: string): string | undefined {
  const point = json.indexOf('.')
  if (point < 0) return undefined
  for (let i = point + 1; i < json.length; i++) if (json.charAt(i) !== '0') return undefined
  return json.slice(0, point)
}

function container(text: string, types: ValueTypes): string | undefined {
  if (!types.has('object') && !types.has('array')) return undefined
  const first = text.charAt(0)
  if (first === '{' || first === '[' || first === '(') return fittingContainer(text, types) ?? unescaped(text, types)
  if (first !== '"' && first !== "'") return undefined
  // The container was written inside a string.
  const json = parsedJson(text) === undefined ? pythonToJson(text) : text
  const inner: unknown = json === undefined ? undefined : JSON.parse(json)
  return typeof inner === 'string' ? fittingContainer(inner.trim(), types) : undefined
}

/** `[{\"id\": 1}]`: a container that was written inside a string, whose quotes are missing. */
function unescaped(text: string, types: ValueTypes): string | undefined {
  const inner = text.includes('\\') ? parsedJson(`"${text}"`)?.value : undefined
  return typeof inner === 'string' ? fittingContainer(inner, types) : undefined
}

function fittingContainer(text: string, types: ValueTypes): string | undefined {
  const json = parsedJson(text) === undefined ? pythonToJson(text) : text
  const fits =
    json !== undefined &&
    ((json.startsWith('{') && types.has('object')) || (json.startsWith('[') && types.has('array')))
  return fits ? json : undefined
}

/** The value of a JSON text, wrapped since it may be null; undefined if the text is not JSON or nested too deep. */
export function parsedJson(text: string): { value: unknown } | undefined {
  if (!mayBeJson(text) || !isShallow(text)) return undefined
  try {
    return { value: JSON.parse(text) }
  } catch {
    return undefined
  }
}

/**
 * Are brackets nested no deeper than `limit`? Those inside strings do not count, except maybe in a text that is not
 * JSON.
 */
export function isShallow(text: string, limit = DEPTH_LIMIT): boolean {
  let depth = 0
  let quoted = false
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i)
    if (quoted) {
      if (char === 0x5c) i++
      else if (char === 0x22) quoted = false
    } else if (char === 0x22) {
      quoted = true
    } else if (char === 0x5b || char === 0x7b) {
      if (++depth > limit) return false
    } else if (char === 0x5d || char === 0x7d) {
      depth--
    }
  }
  return true
}
