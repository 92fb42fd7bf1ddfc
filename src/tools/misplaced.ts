import { type Place, placesIn } from './argument-places.js'
import { isObject } from './is-object.js'
import { pathText } from './path.js'
import type { JsonSchema, Tool } from './tools-input.js'
import { namesProperty, subschema, valueTypes } from './value-types.js'

/** A key is looked for in so many of the objects around its own. */
const MOST_AROUND = 8

/**
 * What shows that a bracket is missing or surplus somewhere, which a scalar of the wrong type does not: an object or a list where
 * the schema takes none, or a key in another object than the schema has it in. Undefined if there is neither.
 * @example misplacedIn({ tags: [['a']] }, tool) // 'an object or a list at tags[0], where the schema allows none'
 * @example misplacedIn({ filter: { lang: 'en', tags: ['a'] } }, tool) // 'tags at filter.tags, which belongs to another object'
 */
export function misplacedIn(args: Readonly<Record<string, unknown>>, tool: Tool | undefined): string | undefined {
  const root = tool?.parameters
  for (const place of placesIn(args, tool)) {
    const { value, schema, path } = place
    if (typeof value !== 'object' || value === null) continue
    const types = valueTypes(schema, root)
    if (types.size > 0 && !types.has(Array.isArray(value) ? 'array' : 'object'))
      return `an object or a list at ${pathText(path)}, where the schema allows none`
    const key = Array.isArray(value) ? undefined : Object.keys(value).find((key) => belongsElsewhere(key, place, root))
    if (key !== undefined)
      return `${JSON.stringify(key)} at ${pathText([...path, key])}, which the schema has in another object`
  }
  return undefined
}

/** Is this key not named where it stands, but in an object around it, or in one beside it, that lacks it? */
function belongsElsewhere(key: string, place: Place, root: JsonSchema | undefined): boolean {
  if (namesProperty(place.schema, root, key)) return false
  let { around } = place
  for (let i = 0; around !== undefined && i < MOST_AROUND; i++, around = around.around)
    if (lacks(around.value, around.schema, key, root)) return true
  const inside = Object.entries(place.value as object).slice(0, MOST_AROUND)
  return inside.some(([name, value]) => lacks(value, subschema(place.schema, root, name), key, root))
}

function lacks(value: unknown, schema: JsonSchema | undefined, key: string, root: JsonSchema | undefined): boolean {
  return isObject(value) && !Object.hasOwn(value, key) && namesProperty(schema, root, key)
}
