import { isObject } from './is-object.js'
import { isStandardSchema, type OfferedTools, readOffered, type ToolSource } from './offered-tools.js'
import type { JsonSchema, Tool, ToolsInput } from './tools-input.js'

export { isStandardSchema }

/** The tools of one parser, by name, with their schemas. */
export interface Tools extends OfferedTools {
  get(name: string): Tool | undefined
}

/** Like `readOffered`, with `toolOf` as `get`. */
export function readTools(input: ToolsInput | null | undefined): Tools {
  return withSchemas(readOffered(input))
}

/** The same tools, with `toolOf` as `get`. */
export function withSchemas(tools: OfferedTools): Tools {
  const { given, names } = tools
  return {
    given,
    names,
    has: (name) => tools.has(name),
    startsName: (prefix) => tools.startsName(prefix),
    source: (name) => tools.source(name),
    get: (name) => toolOf(tools, name),
  }
}

/**
 * An offered tool with its JSON Schema. Schemas that need converting (zod and other Standard Schemas) are converted on
 * first use; for one that cannot be converted (zod 3) `parameters` is undefined.
 * @example toolOf(readOffered([{ name: 'search', inputSchema: { type: 'object' } }]), 'search')?.parameters // { type: 'object' }
 */
export function toolOf(tools: OfferedTools, name: string): Tool | undefined {
  const source = tools.source(name)
  return source && (source.read ??= readTool(source))
}

function readTool({ name, description, schema }: ToolSource): Tool {
  const tool: Tool = { name }
  if (typeof description === 'string') tool.description = description
  const parameters = jsonSchemaOf(schema)
  if (parameters !== undefined) tool.parameters = parameters
  return tool
}

function jsonSchemaOf(value: unknown): JsonSchema | undefined {
  if (isStandardSchema(value)) return fromStandard(value)
  // The AI SDK's lazySchema() is a function that makes a schema; its jsonSchema() is an object that may hold a promise.
  if (typeof value === 'function') return fromLazy(value as () => unknown)
  return fromObject(isObject(value) && Object.hasOwn(value, 'jsonSchema') ? value.jsonSchema : value)
}

function fromLazy(make: () => unknown): JsonSchema | undefined {
  const made = make()
  return isStandardSchema(made) || isObject(made) ? jsonSchemaOf(made) : undefined
}

function fromObject(value: unknown): JsonSchema | undefined {
  return typeof value === 'boolean' || (isObject(value) && typeof value.then !== 'function') ? value : undefined
}

function fromStandard(schema: { readonly '~standard': unknown }): JsonSchema | undefined {
  const standard = schema['~standard']
  const converter = isObject(standard) ? standard.jsonSchema : undefined
  if (!isObject(converter) || typeof converter.input !== 'function') return undefined
  try {
    // zod's option `unrepresentable`: a type that JSON Schema lacks (a date) becomes a schema that takes anything.
    return fromObject(converter.input({ target: 'draft-2020-12', libraryOptions: { unrepresentable: 'any' } }))
  } catch {
    // The library refuses to convert this schema.
    return undefined
  }
}
