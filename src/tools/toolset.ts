import type { Status } from '../event/event.js'
import { type CallIssue, issueAt } from './call-issue.js'
import { checkValue } from './check-value.js'
import { isObject } from './is-object.js'
import { isStandardSchema, readTools } from './schema.js'
import type { JsonSchema, Tool, ToolsInput } from './tools-input.js'
import { subschema, valueTypes } from './value-types.js'

export type { CallIssue } from './call-issue.js'
export type { JsonSchema, Tool } from './tools-input.js'

/** The part of the Standard Schema convention that is used here: zod, valibot, arktype and others follow it. */
export interface StandardSchema<Input = unknown, Output = Input> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>
    readonly types?: { readonly input: Input; readonly output: Output } | undefined
  }
}

interface StandardIssue {
  readonly message: string
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}
type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly StandardIssue[] }

/**
 * What a toolset takes for each tool: a Standard Schema, a JSON Schema, or either under `schema` beside a description
 * (and, where the schema cannot say what it takes, as zod 3, its JSON Schema under `parameters`).
 */
export type ToolsetEntry =
  | StandardSchema
  | JsonSchema
  | { readonly description?: string; readonly schema: StandardSchema | JsonSchema; readonly parameters?: JsonSchema }

/** The arguments that a valid call of this tool has. */
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

/** What is validated: a `ToolCall` of a parser, or anything with a name and arguments. */
export interface CallLike {
  readonly name: string
  readonly arguments: unknown
  readonly status?: Status
}

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
 * Tools with schemas, for three uses: as the option `tools` of a parser, to check the calls that come out, and to have
 * TypeScript know their arguments.
 *
 * A valid call comes back with its other fields, and with the arguments as the schema gives them out (defaults and
 * transforms of a Standard Schema applied; a JSON Schema changes nothing). A call that is not complete is never valid.
 * JSON Schemas are checked by `checkValue`, which also says what is not checked.
 * @throws TypeError that names the tool, for what is no schema
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

  function begin(call: CallLike): CallIssue[] | StandardResult<unknown> | Promise<StandardResult<unknown>> {
    if (call.status !== undefined && call.status !== 'complete') {
      return [issueAt([], 'a complete call', call.arguments, `the call is ${call.status}: it must not be executed`)]
    }
    const tool = read.get(call.name)
    if (tool === undefined) {
      const expected = read.names.length > 0 ? `one of ${read.names.join(', ')}` : 'no call, as there are no tools'
      return [
        { path: '', expected, received: call.name, message: `there is no tool ${call.name}; expected ${expected}` },
      ]
    }
    const standard = standards.get(call.name)
    if (standard !== undefined) return standard['~standard'].validate(call.arguments)
    if (!isObject(call.arguments)) return [issueAt([], 'object', call.arguments)]
    const issues = tool.parameters === undefined ? [] : checkValue(call.arguments, tool.parameters)
    return issues.length > 0 ? issues : { value: call.arguments }
  }

  function finish<Call extends CallLike>(
    call: Call,
    result: CallIssue[] | StandardResult<unknown>,
  ): CallResult<Entries, Call> {
    if (Array.isArray(result)) return { ok: false, issues: result }
    if (result.issues !== undefined) {
      return {
        ok: false,
        issues: result.issues.map((issue) => fromStandardIssue(issue, call.arguments, read.get(call.name))),
      }
    }
    // The types of the entries say what the schema has just proved.
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
        throw new TypeError(`the schema of ${call.name} answers with a promise; use validateCallAsync`)
      }
      return finish(call, result)
    },
    async validateCallAsync(call) {
      return finish(call, await begin(call))
    },
  }
}

/** A promise of any library: what is none of JavaScript's own is no answer either. */
function isPromise(value: object): value is PromiseLike<unknown> {
  return 'then' in value && typeof value.then === 'function'
}

function standardOf(entry: unknown): StandardSchema | undefined {
  if (isStandardSchema(entry)) return entry as StandardSchema
  if (typeof entry !== 'object' || entry === null) return undefined
  const { schema, inputSchema, parameters } = entry as Record<string, unknown>
  return [schema, inputSchema, parameters].find(isStandardSchema) as StandardSchema | undefined
}

/** A Standard Schema says where and, in its own words, what; what was expected there is read from the JSON Schema. */
function fromStandardIssue(issue: StandardIssue, value: unknown, tool: Tool | undefined): CallIssue {
  const path = (issue.path ?? []).map((step) => (typeof step === 'object' ? step.key : step))
  let received: unknown = value
  let schema = tool?.parameters
  for (const key of path) {
    const holder =
      typeof received === 'object' && received !== null && Object.hasOwn(received, key) ? received : undefined
    received = (holder as Record<PropertyKey, unknown> | undefined)?.[key]
    if (schema !== undefined) schema = subschema(schema, tool?.parameters, typeof key === 'number' ? key : String(key))
  }
  const types = [...valueTypes(schema, tool?.parameters)]
  return issueAt(path, types.length > 0 ? types.join(' or ') : issue.message, received, issue.message)
}
