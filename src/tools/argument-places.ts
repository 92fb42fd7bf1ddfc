import type { JsonSchema, Tool } from './tools-input.js'
import { subschema } from './value-types.js'

/** At most this many values are looked at. */
const WORK_LIMIT = 10_000

/** A value in the arguments, with its schema and what it stands in. */
export interface Place {
  readonly value: unknown
  readonly schema: JsonSchema | undefined
  readonly path: readonly PropertyKey[]
  readonly around: Place | undefined
}

/** The arguments and all values in them, each before what it holds; without those of which the schema says nothing. */
export function* placesIn(args: Readonly<Record<string, unknown>>, tool: Tool | undefined): Iterable<Place> {
  const root = tool?.parameters
  const open: Place[] = [{ value: args, schema: root, path: [], around: undefined }]
  for (let work = 0; open.length > 0 && work < WORK_LIMIT; work++) {
    const place = open.pop() as Place
    const { value, schema, path } = place
    if (schema === undefined) continue
    yield place
    if (typeof value !== 'object' || value === null) continue
    const members = Array.isArray(value) ? value.entries() : Object.entries(value)
    for (const [key, member] of members)
      open.push({ value: member, schema: subschema(schema, root, key), path: [...path, key], around: place })
  }
}
