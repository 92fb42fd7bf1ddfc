import { placesIn } from './argument-places.js'
import type { Tool } from './tools-input.js'
import { valueTypes } from './value-types.js'

/**
 * The first of these words that stands in the arguments where the schema takes no strings; undefined if none does.
 * @example misfitWord(['then'], { nights: 'then' }, tool) // 'then', since nights is an integer
 */
export function misfitWord(
  words: readonly string[],
  args: Readonly<Record<string, unknown>>,
  tool: Tool | undefined,
): string | undefined {
  for (const { value, schema } of placesIn(args, tool)) {
    if (typeof value !== 'string' || !words.includes(value)) continue
    const types = valueTypes(schema, tool?.parameters)
    if (types.size > 0 && !types.has('string')) return value
  }
  return undefined
}
