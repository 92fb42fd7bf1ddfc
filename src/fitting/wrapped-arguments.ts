import { declaredOf } from '../tools/declared.js'
import { isObject } from '../tools/is-object.js'
import type { Declared, OfferedTools } from '../tools/offered-tools.js'
import { toolOf } from '../tools/schema.js'
import { parameterSchema, takesType, typeOfValue, type ValueTypes, valueTypes } from '../tools/value-types.js'
import { parsed } from '../values/json/parsed.js'
import { isSameJson } from './same-json.js'

/** Keys that models put around all arguments of a call. */
const WRAPPERS = ['arguments', 'args', 'input', 'parameters', 'kwargs'] as const
/** Beside them a whole call in the place of its arguments has its name, once more. */
const NAME = 'name'
const BEGINNINGS = [...WRAPPERS, NAME] as const
/** The first letters of these. */
const INITIALS = 'aipkn'

/** No wrapper begins behind more white space than this. */
const LONGEST_SPACE = 40

/** Arguments without what was wrapped around them. */
export interface Unwrapped {
  /** The key of the wrapper. */
  readonly key: string
  /** The arguments, as JSON text: the model's own where they are an object. */
  readonly json: string
}

/**
 * May this key be a wrapper around all arguments of a tool? Only if the tool's schema has properties, but none of this
 * name.
 * @example mayWrap('arguments', tools, 'f') // true, if f was given with a schema in which `arguments` is no property
 */
export function mayWrap(key: string, tools: OfferedTools, name: string): boolean {
  const declared = declaredOf(tools, name)
  return isJudge(declared) && isWrapper(key) && !declared.properties.has(key)
}

/** Is this one of the keys that models put around all arguments of a call? */
export function isWrapper(key: string): boolean {
  return WRAPPERS.some((wrapper) => wrapper === key)
}

/**
 * Tells by the beginning of arguments whether they are wrapped (`{"arg`), so that only wrapped ones are held. Undefined if
 * more text decides, which is bounded by the longest wrapper and the white space before it.
 */
export function beginsWrapped(text: string, tools: OfferedTools, name: string): boolean | undefined {
  // Nearly always `{"` and another letter.
  if (text.charCodeAt(1) === 0x22 && text.length > 2 && !INITIALS.includes(text.charAt(2))) return false
  const declared = declaredOf(tools, name)
  if (!isJudge(declared)) return false
  const key = text.slice(1, LONGEST_SPACE).trimStart()
  if (key === '') return text.length < LONGEST_SPACE ? undefined : false
  // A bare key ends with its colon.
  const isBare = key[0] !== '"' && key[0] !== "'"
  const begun = isBare ? key : key.slice(1)
  const end = isBare ? ':' : key[0]
  for (const wrapper of BEGINNINGS) {
    if (declared.properties.has(wrapper)) continue
    if (begun.startsWith(wrapper)) return begun.length === wrapper.length ? undefined : begun[wrapper.length] === end
    if (wrapper.startsWith(begun)) return undefined
  }
  return false
}

/**
 * Removes a wrapper around all arguments of a call: `{"arguments": {"a": 1}}` becomes `{"a": 1}` if the schema has every
 * inner key and not the outer one. The inner object may be written in a JSON string, or be a scalar for the tool's only
 * parameter. A whole call in the place of its own arguments, `{"name": "f", "arguments": {"a": 1}}`, is unwrapped too. The
 * caller lists the repair `wrapped-arguments`.
 * @param json the JSON text of the arguments, an object
 * @returns undefined where nothing is wrapped around them
 * @example unwrapArguments('{"input": {"a": 1}}', tools, 'f') // { key: 'input', json: '{"a": 1}' }
 */
export function unwrapArguments(json: string, tools: OfferedTools, name: string): Unwrapped | undefined {
  const declared = declaredOf(tools, name)
  if (!isJudge(declared)) return undefined
  const value = parsed(json)
  if (!isObject(value)) return undefined
  const named = value[NAME] === name && !declared.properties.has(NAME)
  const [key, second] = Object.keys(value).filter((one) => !(named && one === NAME))
  if (key === undefined || second !== undefined || !isWrapper(key) || declared.properties.has(key)) return undefined
  const inner = value[key]
  const typesOf = (parameter: string) => {
    const tool = toolOf(tools, name)
    return valueTypes(parameterSchema(tool, parameter), tool?.parameters)
  }
  const text = textOf(json, key, inner)
  const unwrapped = unwrapValue(inner, text, declared, typesOf)
  return unwrapped === undefined ? undefined : { key, json: unwrapped }
}

function unwrapValue(
  value: unknown,
  text: string,
  declared: Declared,
  typesOf: (parameter: string) => ValueTypes,
): string | undefined {
  if (isObject(value)) return isKnown(value, declared) ? text : undefined
  const held = typeof value === 'string' ? parsed(value) : undefined
  if (isObject(held)) return isKnown(held, declared) ? (value as string) : undefined
  if (Array.isArray(value) || value === null) return undefined
  const [parameter, second] = [...declared.properties]
  if (parameter === undefined || second !== undefined) return undefined
  if (!takesType(typesOf(parameter), typeOfValue(value))) return undefined
  return `{${JSON.stringify(parameter)}: ${text}}`
}

/** The text of a member of an object, as it is written there: numbers keep their digits. */
function textOf(json: string, key: string, value: unknown): string {
  const behind = json.slice(json.indexOf(':', json.indexOf(JSON.stringify(key))) + 1, json.lastIndexOf('}')).trim()
  // A duplicate key, or another member after this one, leaves more text there than the value's own.
  return isSameJson(parsed(behind), value) ? behind : JSON.stringify(value)
}

function isKnown(value: Readonly<Record<string, unknown>>, { properties }: Declared): boolean {
  return Object.keys(value).every((key) => properties.has(key))
}

function isJudge(declared: Declared | undefined): declared is Declared {
  return declared !== undefined && declared.properties.size > 0
}
