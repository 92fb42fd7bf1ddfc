import { isObject } from '../../tools/is-object.js'

/** The value of a JSON text; undefined if it is none. */
export function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

/** The object that a JSON text holds; undefined for any other value, and for what is no JSON. */
export function objectIn(json: string): Record<string, unknown> | undefined {
  const value = parsed(json)
  return isObject(value) ? value : undefined
}
