/** A JSON Schema (any draft), or `true` and `false`. */
export type JsonSchema = { readonly [key: string]: unknown } | boolean

/** One tool in the one shape that the library works with. `parameters` is the JSON Schema of its arguments, if there is one to read. */
export interface Tool {
  name: string
  description?: string
  parameters?: JsonSchema
}

/**
 * One tool of a list, in the shape of OpenAI chat (`{type:'function', function:{name, parameters}}`), OpenAI Responses
 * (`{type:'function', name, parameters}`), Anthropic (`{name, input_schema}`) or MCP (`{name, inputSchema}`). Tools that
 * the server runs itself (`{type:'web_search'}`: no name) are allowed and left out.
 */
export interface ToolDefinition {
  readonly type?: string | null | undefined
  readonly name?: string | undefined
  readonly description?: string | null | undefined
  readonly function?: {
    readonly name: string
    readonly description?: string | undefined
    readonly parameters?: unknown
  }
  readonly parameters?: unknown
  readonly input_schema?: unknown
  readonly inputSchema?: unknown
  readonly schema?: unknown
}

/**
 * The tools that a model was offered, in any of the shapes they are kept in: a list of definitions, an object with such a
 * list under `tools` (an MCP result, a request body), or a map from name to an AI SDK tool, a JSON Schema or a Standard
 * Schema (zod, valibot, arktype…).
 */
export type ToolsInput =
  | readonly ToolDefinition[]
  | { readonly tools: readonly ToolDefinition[] }
  | { readonly [name: string]: object | boolean }

/** The tools of one parser, by name. */
export interface Tools {
  /** False if no tools were given at all; true for an empty list. */
  readonly given: boolean
  /** In the order given. */
  readonly names: readonly string[]
  has(name: string): boolean
  get(name: string): Tool | undefined
  /** Is the text a proper prefix of some name? */
  startsName(prefix: string): boolean
}

type Fields = Record<string, unknown>

const EXPECTED =
  "expected {type:'function', function:{name, parameters}}, {name, parameters}, {name, input_schema} or {name, inputSchema}"
const SCHEMA_FIELDS = ['parameters', 'input_schema', 'inputSchema', 'schema'] as const

/**
 * Reads the tools that were offered. Of two tools with one name the first counts, as in the inference servers.
 * Schemas that need converting (zod and other Standard Schemas) are converted when they are first asked for; one that
 * cannot say what it takes (zod 3) leaves `parameters` undefined.
 * @throws TypeError that names the place and what is expected there, for anything that is no tool
 * @example readTools([{ name: 'search', inputSchema: { type: 'object' } }]).has('search') // true
 */
export function readTools(input: ToolsInput | null | undefined): Tools {
  const tools = new Map<string, () => Tool>()
  if (input !== undefined && input !== null) readInput(input, tools)
  const names = [...tools.keys()]
  const get = (name: string): Tool | undefined => tools.get(name)?.()
  return {
    given: input !== undefined && input !== null,
    names,
    has: (name) => tools.has(name),
    get,
    startsName: (prefix) => names.some((name) => name.length > prefix.length && name.startsWith(prefix)),
  }
}

function readInput(input: unknown, tools: Map<string, () => Tool>): void {
  if (Array.isArray(input)) {
    readList(input, 'tools', tools)
    return
  }
  if (!isObject(input)) {
    throw new TypeError(`tools: ${kindOf(input)}; expected a list of tools or a map from name to schema`)
  }
  if (isStandardSchema(input)) {
    throw new TypeError('tools: a schema; expected a map from name to schema, as {search: schema}')
  }
  if (Array.isArray(input.tools)) readList(input.tools, 'tools.tools', tools)
  else for (const [name, entry] of Object.entries(input)) readMapped(name, entry, tools)
}

function readList(list: readonly unknown[], place: string, tools: Map<string, () => Tool>): void {
  for (let i = 0; i < list.length; i++) {
    const entry = list[i]
    const here = `${place}[${i}]`
    if (!isObject(entry)) throw new TypeError(`${here}: ${kindOf(entry)}; ${EXPECTED}`)
    const fields = isObject(entry.function) ? entry.function : entry
    if (typeof fields.name === 'string' && fields.name !== '')
      addTool(fields.name, fields, `${here} (${fields.name})`, tools)
    // A tool that the server runs itself has a type of its own and may have no name; the model's text never calls it.
    else if (fields.name !== undefined || typeof entry.type !== 'string' || entry.type === 'function') {
      throw new TypeError(`${here}: no name; ${EXPECTED}`)
    }
  }
}

function readMapped(name: string, entry: unknown, tools: Map<string, () => Tool>): void {
  const place = `tools.${name}`
  if (name === '') throw new TypeError('tools: an empty name; each key of the map must be the name of a tool')
  if (isObject(entry) && !isStandardSchema(entry)) {
    if (isObject(entry.function)) {
      throw new TypeError(`${place}: a definition with a name of its own; put it into a list, as tools: [...]`)
    }
    if (SCHEMA_FIELDS.some((field) => Object.hasOwn(entry, field))) {
      addTool(name, entry, place, tools)
      return
    }
  }
  addTool(name, { schema: entry }, place, tools)
}

function addTool(name: string, fields: Fields, place: string, tools: Map<string, () => Tool>): void {
  const field = SCHEMA_FIELDS.find((field) => fields[field] !== undefined && fields[field] !== null) ?? 'schema'
  const schema = readSchema(fields[field], place)
  const { description } = fields
  let tool: Tool | undefined
  const read = (): Tool => {
    if (tool !== undefined) return tool
    tool = { name }
    if (typeof description === 'string') tool.description = description
    const parameters = schema()
    if (parameters !== undefined) tool.parameters = parameters
    return tool
  }
  if (!tools.has(name)) tools.set(name, read)
}

/** Checks a schema at once, and converts it (if it must be) when it is asked for. */
function readSchema(value: unknown, place: string): () => JsonSchema | undefined {
  if (value === undefined || value === null) return () => undefined
  if (typeof value === 'boolean') return () => value
  if (isStandardSchema(value)) return () => fromStandard(value)
  // The AI SDK's jsonSchema() (which may hold a promise) and lazySchema(), a function that makes one.
  if (typeof value === 'function') return () => fromLazy(value as () => unknown)
  if (!isObject(value)) throw new TypeError(`${place}: the schema is ${kindOf(value)}; expected a JSON Schema object`)
  if (Object.hasOwn(value, 'jsonSchema')) return () => fromObject(value.jsonSchema)
  if (value.properties !== undefined && !isObject(value.properties)) {
    throw new TypeError(`${place}: properties is ${kindOf(value.properties)}; expected an object from name to schema`)
  }
  return () => value
}

function fromLazy(make: () => unknown): JsonSchema | undefined {
  const made = make()
  if (isStandardSchema(made)) return fromStandard(made)
  return isObject(made) ? fromObject(Object.hasOwn(made, 'jsonSchema') ? made.jsonSchema : made) : undefined
}

function fromObject(value: unknown): JsonSchema | undefined {
  return typeof value === 'boolean' || (isObject(value) && typeof value.then !== 'function') ? value : undefined
}

function fromStandard(schema: { readonly '~standard': unknown }): JsonSchema | undefined {
  const standard = schema['~standard']
  const converter = isObject(standard) ? standard.jsonSchema : undefined
  if (!isObject(converter) || typeof converter.input !== 'function') return undefined
  try {
    // `unrepresentable` is zod's: what JSON Schema cannot say (a date) becomes a schema that says nothing.
    return fromObject(converter.input({ target: 'draft-2020-12', libraryOptions: { unrepresentable: 'any' } }))
  } catch {
    // The library refuses to convert this schema.
    return undefined
  }
}

/** Is this a schema by the Standard Schema convention (zod, valibot, arktype…)? */
export function isStandardSchema(value: unknown): value is { readonly '~standard': unknown } {
  return ((typeof value === 'object' && value !== null) || typeof value === 'function') && '~standard' in value
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'string') return 'text (if it is JSON, pass JSON.parse of it)'
  return typeof value === 'object' || typeof value === 'undefined' ? `${typeof value}` : `a ${typeof value}`
}
