import { isObject } from './is-object.js'
import { pathText } from './path.js'
import type { JsonSchema, Tool } from './tools-input.js'
import { subschema, typeOfValue, valueTypes } from './value-types.js'

/** At most this many values are checked. */
const WORK_LIMIT = 10_000

/**
 * The path of an object or list where the schema takes none: `{"tags": [["a"]]}` for a list of strings. It shows that a
 * bracket is missing or surplus somewhere, which a scalar of the wrong type does not. Undefined if there is none.
 * @example misplacedIn({ tags: [['a']] }, tool) // 'tags[0]'
 */
export function misplacedIn(args: Readonly<Record<string, unknown>>, tool: Tool | undefined): string | undefined {
  const root = tool?.parameters
  const open: { value: unknown; schema: JsonSchema | undefined; path: readonly PropertyKey[] }[] = [
    { value: args, schema: root, path: [] },
  ]
  for (let work = 0; open.length > 0 && work < WORK_LIMIT; work++) {
    const { value, schema, path } = open.pop() as (typeof open)[number]
    if (schema === undefined || typeof value !== 'object' || value === null) continue
    const types = valueTypes(schema, root)
    const type = typeOfValue(value)
    if (types.size > 0 && type !== undefined && !types.has(type)) return pathText(path)
    const members = Array.isArray(value) ? value.entries() : isObject(value) ? Object.entries(value) : []
    for (const [key, member] of members)
      if (typeof member === 'object')
        open.push({ value: member, schema: subschema(schema, root, key), path: [...path, key] })
  }
  return undefined
}
