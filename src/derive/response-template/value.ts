import { isObject } from '../../tools/is-object.js'
import { NO_TYPES, type ValueTypes } from '../../tools/value-types.js'
import { QUOTE, stringEnd } from '../../values/json/json-characters.js'
import { parsedJson, typedValue } from '../../values/raw/typed.js'

/**
 * What a region holds. `text` has no type: where a tool's schema is known, that says what it is. `json` is the model's own
 * text of a JSON value, so that no digit of a number is lost.
 */
export type Value =
  | { readonly text: string }
  | { readonly json: string }
  | { readonly members: ReadonlyMap<string, Value> }
  | { readonly items: readonly Value[] }

/** A text as JSON; undefined if it is none, or nested too deep. */
export function jsonValue(text: string): Value | undefined {
  return parsedJson(text) === undefined ? undefined : { json: text.trim() }
}

/** Its members, where it is an object. Of a key that comes twice, the last counts. */
export function membersOf(value: Value): ReadonlyMap<string, Value> | undefined {
  if ('members' in value) return value.members
  if (!('json' in value) || !value.json.startsWith('{')) return undefined
  const members = new Map<string, Value>()
  for (const part of partsOf(value.json)) {
    const to = stringEnd(part, 0)
    members.set(JSON.parse(part.slice(0, to)), { json: part.slice(part.indexOf(':', to) + 1).trim() })
  }
  return members
}

/** Its elements, where it is a list. */
export function itemsOf(value: Value): readonly Value[] | undefined {
  if ('items' in value) return value.items
  if (!('json' in value) || !value.json.startsWith('[')) return undefined
  return partsOf(value.json).map((json) => ({ json }))
}

/** Its text, where it is one. */
export function textOf(value: Value): string | undefined {
  if ('text' in value) return value.text
  const read: unknown = 'json' in value && value.json.startsWith('"') ? JSON.parse(value.json) : undefined
  return typeof read === 'string' ? read : undefined
}

/** The value as JSON. `types`: what the schema takes, which says what a text is. */
export function toJson(value: Value, types: ValueTypes): string {
  if ('json' in value) return value.json
  if ('text' in value) return typedValue(value.text, types).json
  if ('items' in value) return `[${value.items.map((item) => toJson(item, types)).join(', ')}]`
  return objectJson(value.members, () => NO_TYPES)
}

/** Members as a JSON object. `typesOf`: what the schema takes for a key. */
export function objectJson(members: ReadonlyMap<string, Value>, typesOf: (key: string) => ValueTypes): string {
  const texts = [...members].map(([key, member]) => `${JSON.stringify(key)}: ${toJson(member, typesOf(key))}`)
  return `{${texts.join(', ')}}`
}

/** A value of a template as it stands there. */
export function plainValue(value: unknown): Value {
  if (Array.isArray(value)) return { items: value.map(plainValue) }
  if (isObject(value)) return { members: new Map(Object.entries(value).map(([key, one]) => [key, plainValue(one)])) }
  return { json: JSON.stringify(value) }
}

/** What the commas of a JSON object or list separate. The text is whole JSON, and has no white space around it. */
function partsOf(json: string): string[] {
  const parts: string[] = []
  let depth = 0
  let from = 1
  for (let at = 1; at < json.length; at++) {
    const code = json.charCodeAt(at)
    if (code === QUOTE) at = stringEnd(json, at) - 1
    else if (code === OPEN_BRACE || code === OPEN_BRACKET) depth++
    else if ((code === CLOSE_BRACE || code === CLOSE_BRACKET) && depth-- === 0) break
    else if (code === COMMA && depth === 0) {
      parts.push(json.slice(from, at).trim())
      from = at + 1
    }
  }
  const last = json.slice(from, -1).trim()
  return last === '' ? parts : [...parts, last]
}

const COMMA = 0x2c
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
