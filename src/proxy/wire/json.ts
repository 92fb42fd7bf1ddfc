import { isTooDeep } from './too-deep.js'

/** A JSON object whose fields nobody has looked at yet. */
export type JsonObject = { [key: string]: unknown }

/**
 * Whether a value is an object with fields: no list, not null.
 *
 * @example isObject(JSON.parse('{}')) // true
 */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * A text as JSON; undefined where it is none (JSON itself has no undefined), or nested too deeply: whatever walks the
 * value later then cannot run out of stack.
 *
 * @example readJson('{"a": 1') // undefined
 */
export function readJson(text: string): unknown {
  if (isTooDeep(text)) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The objects of a list; nothing for what is no list. */
export function objectsOf(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}

/** A copy without some fields. */
export function without(object: JsonObject, fields: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !fields.includes(key)))
}
