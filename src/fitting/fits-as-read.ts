import type { JsonSchema } from '../tools/tools-input.js'
import { takesType, typeOfValue } from '../tools/value-types.js'
import type { PartSchemas } from './part-schemas.js'

/** What lies deeper is left to whoever reads the text. */
const DEPTH_LIMIT = 512

/**
 * Is every value of a type that its schema takes, so that there is nothing to fit? Nearly always so, and the value tells it
 * without a second reading of its text. (A turn of three calls: 19 µs by the text, 4 so.)
 * @param keys how many keys the text has: if the value has fewer, some came twice, and only the text tells of those
 */
export function fitsAsRead(args: Record<string, unknown>, keys: number, schemas: PartSchemas): boolean {
  let seen = 0
  const fits = (value: unknown, schema: JsonSchema | undefined, depth: number): boolean => {
    const types = schemas.typesOf(schema)
    if (types.size > 0 && !takesType(types, typeOfValue(value))) return false
    if (typeof value !== 'object' || value === null) return true
    if (depth === DEPTH_LIMIT) return false
    if (Array.isArray(value)) return value.every((item, i) => fits(item, schemas.child(schema, i), depth + 1))
    const members = Object.entries(value)
    seen += members.length
    return members.every(([key, member]) => fits(member, schemas.child(schema, key), depth + 1))
  }
  return fits(args, schemas.root, 0) && seen === keys
}
