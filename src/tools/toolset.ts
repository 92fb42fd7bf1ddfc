import type { CallIssue } from './call-issue.js'
import {
  beginCheck,
  type CallLike,
  isPromise,
  issuesOf,
  type StandardResult,
  type StandardSchema,
  standardOf,
} from './check-call.js'
import { readTools } from './schema.js'
import type { JsonSchema, Tool, ToolsInput } from './tools-input.js'

export type { CallIssue } from './call-issue.js'
export type { CallLike, StandardSchema } from './check-call.js'
export type { JsonSchema, Tool } from './tools-input.js'

/**
 * What a toolset takes for each tool: a Standard Schema, a JSON Schema, or either under `schema` beside a description.
 * A schema that cannot be converted to JSON Schema (zod 3) may have its JSON Schema under `parameters`.
 */
export type ToolsetEntry =
  | StandardSchema
  | JsonSchema
  | { readonly description?: string; readonly schema: StandardSchema | JsonSchema; readonly parameters?: JsonSchema }

/** The type of the arguments of a valid call of this tool. */
export type ArgumentsOf<Entry> = Entry extends StandardSchema
  ? OutputOf<Entry>
  : Entry extends { readonly schema: infer Schema extends StandardSchema }
    ? OutputOf<Schema>
    : Record<string, unknown>
type OutputOf<Schema extends StandardSchema> = NonNullable<Schema['~standard']['types']>['output']

/** A call of any of the tools: compare `name`, and TypeScript knows `arguments`. */
export type CallOf<Entries> = {
  [Name in keyof Entries & string]: { name: Name; arguments: ArgumentsOf<Entries[Name]> }
}[keyof Entries & string]

export type CallResult<Entries, Call extends CallLike = CallLike> =
  | { ok: true; call: Omit<Call, 'name' | 'arguments'> & CallOf<Entries> }
  | { ok: false; issues: CallIssue[] }

export interface Toolset<Entries> {
  /** The tools with their JSON Schemas, so that the toolset itself can be given as the option `tools`. */
  readonly tools: Tool[]
  /** @throws TypeError if the tool's schema answers with a promise: use `validateCallAsync` */
  validateCall<Call extends CallLike>(call: Call): CallResult<Entries, Call>
  validateCallAsync<Call extends CallLike>(call: Call): Promise<CallResult<Entries, Call>>
}

/**
 * Tools with schemas, for three uses: as the option `tools` of a parser, to check the calls that come out, and to give
 * TypeScript the types of their arguments.
 *
 * A valid call comes back with its other fields, and with its arguments as the schema returns them (a Standard Schema
 * may apply defaults and transforms; a JSON Schema changes nothing). A call that is not complete is never valid.
 * `checkValue` lists which keywords of a JSON Schema are checked.
 * @throws TypeError that names the tool whose entry is not a schema
 * @example
 * const tools = toolset({ search: z.object({ query: z.string() }) })
 * const { toolCalls } = parse(text, { format: 'hermes', tools })
 * for (const call of toolCalls) {
 *   const checked = tools.validateCall(call)
 *   if (checked.ok && checked.call.name === 'search') search(checked.call.arguments.query)
 * }
 */
export function toolset<const Entries extends Readonly<Record<string, ToolsetEntry | object>>>(
  entries: Entries,
): Toolset<Entries> {
  const read = readTools(entries as ToolsInput)
  const standards = new Map(Object.entries(entries).map(([name, entry]) => [name, standardOf(entry)]))

  const begin = (call: CallLike) => beginCheck(read, standards.get(call.name), call)

  function finish<Call extends CallLike>(
    call: Call,
    result: CallIssue[] | StandardResult<unknown>,
  ): CallResult<Entries, Call> {
    const issues = issuesOf(result, call.arguments, read.get(call.name))
    if (issues.length > 0 || !('value' in result)) return { ok: false, issues }
    // The schema has just proved what the types of the entries claim.
    return {
      ok: true,
      call: { ...call, arguments: result.value } as unknown as Omit<Call, 'name' | 'arguments'> & CallOf<Entries>,
    }
  }

  return {
    tools: read.names.map((name) => read.get(name) as Tool),
    validateCall(call) {
      const result = begin(call)
      if (isPromise(result)) {
        Promise.resolve(result).catch(() => {})
        throw new TypeError(`the schema of ${call.name} returns a promise; use validateCallAsync`)
      }
      return finish(call, result)
    },
    async validateCallAsync(call) {
      return finish(call, await begin(call))
    },
  }
}
