/** A JSON Schema (any draft), or `true` and `false`. */
export type JsonSchema = { readonly [key: string]: unknown } | boolean

/**
 * One tool in the shape that the library works with. `parameters` is the JSON Schema of its arguments, if one is known.
 */
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
 * The tools that a model was offered, in any usual shape: a list of definitions, an object with such a list under
 * `tools` (an MCP result, a request body), or a map from name to an AI SDK tool, a JSON Schema or a Standard Schema
 * (zod, valibot, arktype…).
 */
export type ToolsInput =
  | readonly ToolDefinition[]
  | { readonly tools: readonly ToolDefinition[] }
  | { readonly [name: string]: object | boolean }
