import { isObject } from './is-object.js'
import type { Tool, ToolsInput } from './tools-input.js'

/** The tools of one parser, by name, as they were given. `toolOf` reads their schemas. */
export interface OfferedTools {
  /** False if no tools were given at all; true for an empty list. */
  readonly given: boolean
  /** In the order given. */
  readonly names: readonly string[]
  has(name: string): boolean
  /** Is the text a proper prefix of some name? */
  startsName(prefix: string): boolean
  source(name: string): ToolSource | undefined
}

/** One tool as it was given, in a list or a map. Checked, but not converted. */
export interface ToolSource {
  readonly name: string
  readonly description: unknown
  readonly schema: unknown
  /** The result of `toolOf`. Cached here, since a WeakMap shared by all parsers keeps finished ones alive for long. */
  read: Tool | undefined
  /** The result of `declaredOf`. */
  declared: Declared | 'nothing' | undefined
}

/** What a tool's schema says about the names of its arguments. */
export interface Declared {
  /** The names declared in any alternative. */
  readonly properties: ReadonlySet<string>
  /** The names that every call must have. */
  readonly required: readonly string[]
  /** Other names: the schema does not say (`unknown`), allows them (`taken`), or forbids them. */
  readonly others: 'unknown' | 'taken' | 'forbidden'
}

type Fields = Record<string, unknown>

const EXPECTED =
  "expected {type:'function', function:{name, parameters}}, {name, parameters}, {name, input_schema} or {name, inputSchema}"
const SCHEMA_FIELDS = ['parameters', 'input_schema', 'inputSchema', 'schema']

/**
 * Reads the tools that were offered. Of two tools with the same name the first counts, as in inference servers.
 * @throws TypeError for anything that is not a tool; it names the place and what is expected there
 * @example readOffered([{ name: 'search', inputSchema: { type: 'object' } }]).has('search') // true
 */
export function readOffered(input: ToolsInput | null | undefined): OfferedTools {
  const given = input !== undefined && input !== null
  if (!given) return NO_TOOLS
  const tools = new Map<string, ToolSource>()
  readInput(input, tools)
  return new ToolMap(true, tools)
}

/** A class, since each parser has one, and closures would take a third of its room. */
class ToolMap implements OfferedTools {
  readonly names: readonly string[]

  constructor(
    readonly given: boolean,
    private readonly tools: ReadonlyMap<string, ToolSource>,
  ) {
    this.names = [...tools.keys()]
  }

  has(name: string): boolean {
    return this.tools.has(name)
  }

  startsName(prefix: string): boolean {
    return this.names.some((name) => name.length > prefix.length && name.startsWith(prefix))
  }

  source(name: string): ToolSource | undefined {
    return this.tools.get(name)
  }
}

const NO_TOOLS = /* @__PURE__ */ new ToolMap(false, /* @__PURE__ */ new Map())

function readInput(input: unknown, tools: Map<string, ToolSource>): void {
  if (Array.isArray(input)) readList(input, 'tools', tools)
  else if (!isObject(input)) wrong('tools', `${kindOf(input)}; expected a list of tools or a map from name to schema`)
  else if (isStandardSchema(input)) wrong('tools', 'a schema; expected a map from name to schema, as {search: schema}')
  else if (Array.isArray(input.tools)) readList(input.tools, 'tools.tools', tools)
  else for (const [name, entry] of Object.entries(input)) readMapped(name, entry, tools)
}

function readList(list: readonly unknown[], place: string, tools: Map<string, ToolSource>): void {
  for (const [i, entry] of list.entries()) {
    const here = `${place}[${i}]`
    if (!isObject(entry)) wrong(here, `${kindOf(entry)}; ${EXPECTED}`)
    const fields = isObject(entry.function) ? entry.function : entry
    const { name } = fields
    if (typeof name === 'string' && name !== '') addTool(name, fields, `${here} (${name})`, tools)
    // A tool that the server runs itself has a type of its own and may have no name; the model's text never calls it.
    else if (name !== undefined || typeof entry.type !== 'string' || entry.type === 'function')
      wrong(here, `no name; ${EXPECTED}`)
  }
}

function readMapped(name: string, entry: unknown, tools: Map<string, ToolSource>): void {
  const place = `tools.${name}`
  if (name === '') wrong('tools', 'an empty name; each key of the map must be the name of a tool')
  const isPlain = isObject(entry) && !isStandardSchema(entry)
  if (isPlain && isObject(entry.function))
    wrong(place, 'a definition with a name of its own; put it into a list, as tools: [...]')
  const isTool = isPlain && SCHEMA_FIELDS.some((field) => Object.hasOwn(entry, field))
  addTool(name, isTool ? entry : { schema: entry }, place, tools)
}

function addTool(name: string, fields: Fields, place: string, tools: Map<string, ToolSource>): void {
  const schema = fields.parameters ?? fields.input_schema ?? fields.inputSchema ?? fields.schema
  if (
    schema !== undefined &&
    typeof schema !== 'boolean' &&
    typeof schema !== 'function' &&
    !isStandardSchema(schema)
  ) {
    if (!isObject(schema)) wrong(place, `the schema is ${kindOf(schema)}; expected a JSON Schema object`)
    const { properties } = schema
    if (!Object.hasOwn(schema, 'jsonSchema') && properties !== undefined && !isObject(properties))
      wrong(place, `properties is ${kindOf(properties)}; expected an object from name to schema`)
  }
  if (!tools.has(name))
    tools.set(name, { name, description: fields.description, schema, read: undefined, declared: undefined })
}

/** Is this a schema by the Standard Schema convention (zod, valibot, arktype…)? */
export function isStandardSchema(value: unknown): value is { readonly '~standard': unknown } {
  return ((typeof value === 'object' && value !== null) || typeof value === 'function') && '~standard' in value
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'string') return 'text (if it is JSON, pass JSON.parse of it)'
  return typeof value === 'object' || typeof value === 'undefined' ? typeof value : `a ${typeof value}`
}

function wrong(place: string, what: string): never {
  throw new TypeError(`${place}: ${what}`)
}
