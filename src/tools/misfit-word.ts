import type { JsonSchema, Tool } from './tools-input.js'
import { subschema, valueTypes } from './value-types.js'

/** At most this many values are checked. */
const WORK_LIMIT = 10_000

/**
 * The first of these words that stands in the arguments where the schema takes no strings; undefined if none does.
 * @example misfitWord(['then'], { nights: 'then' }, tool) // 'then', since nights is an integer
 */
export function misfitWord(
  words: readonly string[],
  args: Readonly<Record<string, unknown>>,
  tool: Tool | undefined,
): string | undefined {
  const root = tool?.parameters
  const open: { value: unknown; schema: JsonSchema | undefined }[] = [{ value: args, schema: root }]
  for (let work = 0; open.length > 0 && work < WORK_LIMIT; work++) {
    const { value, schema } = open.pop() as (typeof open)[number]
    if (schema === undefined) continue
    if (typeof value === 'string') {
      const types = valueTypes(schema, root)
      if (types.size > 0 && !types.has('string') && words.includes(value)) return value
    } else if (typeof value === 'object' && value !== null) {
      const members = Array.isArray(value) ? value.entries() : Object.entries(value)
      for (const [key, member] of members) open.push({ value: member, schema: subschema(schema, root, key) })
    }
  }
  return undefined
}
