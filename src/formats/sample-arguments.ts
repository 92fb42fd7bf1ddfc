import { isObject } from '../tools/is-object.js'
import type { JsonSchema } from '../tools/tools-input.js'

/** Schemas within schemas are shown so many levels deep: what refers to itself ends here. */
const DEEPEST = 4

/**
 * Arguments of the shape that a schema asks for: those that are given, and a sample for each that is required (for each that
 * there is, if nothing is said to be required).
 *
 * @example sampleArguments({ properties: { city: { type: 'string' } }, required: ['city'] }, {}) // { city: '...' }
 */
export function sampleArguments(
  schema: JsonSchema | undefined,
  given: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return { ...objectOf(schema, 0), ...given }
}

function objectOf(schema: unknown, depth: number): Record<string, unknown> {
  if (!isObject(schema) || !isObject(schema.properties)) return {}
  const { properties } = schema
  const required = Array.isArray(schema.required) ? schema.required : []
  const keys = Object.keys(properties).filter((key) => required.length === 0 || required.includes(key))
  return Object.fromEntries(keys.map((key) => [key, sampleOf(properties[key], depth + 1)]))
}

function sampleOf(schema: unknown, depth: number): unknown {
  if (!isObject(schema) || depth > DEEPEST) return '...'
  if (Object.hasOwn(schema, 'const')) return schema.const
  for (const list of [schema.enum, schema.examples]) if (Array.isArray(list) && list.length > 0) return list[0]
  for (const choices of [schema.anyOf, schema.oneOf, schema.allOf])
    if (Array.isArray(choices) && choices.length > 0) return sampleOf(choices[0], depth + 1)
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type
  switch (type) {
    case 'integer':
    case 'number':
      return typeof schema.minimum === 'number' ? schema.minimum : 1
    case 'boolean':
      return true
    case 'null':
      return null
    case 'array':
      return [sampleOf(schema.items, depth + 1)]
    case 'object':
      return objectOf(schema, depth)
    default:
      return isObject(schema.properties) ? objectOf(schema, depth) : '...'
  }
}
