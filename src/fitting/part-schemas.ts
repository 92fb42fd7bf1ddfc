import type { JsonSchema } from '../tools/tools-input.js'
import {
  isAlone,
  NO_TYPES,
  soleType,
  subschema,
  tupleLength,
  type ValueTypes,
  valueTypes,
} from '../tools/value-types.js'

/** The schemas of this many keys of an object are cached. */
const MEMORY_LIMIT = 1000

/**
 * The schemas of the parts of a value, and their types. Those that refer to others or combine them are cached, since the
 * elements of a list ask for the same ones, and resolving may be slow.
 */
export class PartSchemas {
  private types: Map<JsonSchema, ValueTypes> | undefined
  /** By schema and key. */
  private children: Map<JsonSchema, Map<string | number, JsonSchema | undefined>> | undefined
  private tuples: Map<JsonSchema, number> | undefined

  constructor(readonly root: JsonSchema) {}

  /** The types that a schema takes; empty if nothing is known. */
  typesOf(schema: JsonSchema | undefined): ValueTypes {
    if (schema === undefined) return NO_TYPES
    const only = soleType(schema)
    if (only !== undefined) return only
    this.types ??= new Map()
    let types = this.types.get(schema)
    if (types === undefined) this.types.set(schema, (types = valueTypes(schema, this.root)))
    return types
  }

  /** The schema of a property, or of an item by its index. */
  child(schema: JsonSchema | undefined, key: string | number): JsonSchema | undefined {
    if (schema === undefined) return undefined
    if (isAlone(schema)) return subschema(schema, this.root, key)
    const place = typeof key === 'number' ? Math.min(key, this.tupleOf(schema)) : key
    this.children ??= new Map()
    let children = this.children.get(schema)
    if (children === undefined) this.children.set(schema, (children = new Map()))
    if (children.has(place)) return children.get(place)
    const child = subschema(schema, this.root, place)
    // A text may have any number of keys, so the cache is bounded.
    if (children.size < MEMORY_LIMIT) children.set(place, child)
    return child
  }

  private tupleOf(schema: JsonSchema): number {
    this.tuples ??= new Map()
    let length = this.tuples.get(schema)
    if (length === undefined) this.tuples.set(schema, (length = tupleLength(schema, this.root)))
    return length
  }
}
