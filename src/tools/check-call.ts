import type { Status } from '../event/event.js'
import { type CallIssue, issueAt } from './call-issue.js'
import { checkValue } from './check-value.js'
import { isObject } from './is-object.js'
import { isStandardSchema, type Tools } from './schema.js'
import type { Tool } from './tools-input.js'
import { subschema, valueTypes } from './value-types.js'

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
export type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly StandardIssue[] }

/** What is validated: a `ToolCall` of a parser, or anything with a name and arguments. */
export interface CallLike {
  readonly name: string
  readonly arguments: unknown
  readonly status?: Status
}

/**
 * Checks a call against the tools: its name, then its arguments, by the Standard Schema or else by the JSON Schema of its
 * tool. The answer of a Standard Schema may be a promise.
 */
export function beginCheck(
  read: Tools,
  standard: StandardSchema | undefined,
  call: CallLike,
): CallIssue[] | StandardResult<unknown> | Promise<StandardResult<unknown>> {
  if (call.status !== undefined && call.status !== 'complete') {
    return [issueAt([], 'a complete call', call.arguments, `the call is ${call.status}: it must not be executed`)]
  }
  const tool = read.get(call.name)
  if (tool === undefined) {
    const expected = read.names.length > 0 ? `one of ${read.names.join(', ')}` : 'no call, as there are no tools'
    return [{ path: '', expected, received: call.name, message: `there is no tool ${call.name}; expected ${expected}` }]
  }
  if (standard !== undefined) return standard['~standard'].validate(call.arguments)
  if (!isObject(call.arguments)) return [issueAt([], 'object', call.arguments)]
  const issues = tool.parameters === undefined ? [] : checkValue(call.arguments, tool.parameters)
  return issues.length > 0 ? issues : { value: call.arguments }
}

/** Is this a promise, of any library? */
export function isPromise(value: object): value is PromiseLike<unknown> {
  return 'then' in value && typeof value.then === 'function'
}

/** The Standard Schema of a tool as it was given, if it has one. */
export function standardOf(entry: unknown): StandardSchema | undefined {
  if (isStandardSchema(entry)) return entry as StandardSchema
  if (typeof entry !== 'object' || entry === null) return undefined
  const { schema, inputSchema, parameters } = entry as Record<string, unknown>
  return [schema, inputSchema, parameters].find(isStandardSchema) as StandardSchema | undefined
}

/** The issues of a call, from the answer of `beginCheck`; empty if the call is valid. */
export function issuesOf(
  result: CallIssue[] | StandardResult<unknown>,
  args: unknown,
  tool: Tool | undefined,
): CallIssue[] {
  if (Array.isArray(result)) return result
  return (result.issues ?? []).map((issue) => fromStandardIssue(issue, args, tool))
}

/** A Standard Schema tells the path and a message; the expected type is read from the JSON Schema. */
function fromStandardIssue(issue: StandardIssue, value: unknown, tool: Tool | undefined): CallIssue {
  const path = (issue.path ?? []).map((step) => (typeof step === 'object' ? step.key : step))
  let received: unknown = value
  let schema = tool?.parameters
  for (const key of path) {
    const isMember = typeof received === 'object' && received !== null && Object.hasOwn(received, key)
    received = isMember ? (received as Record<PropertyKey, unknown>)[key] : undefined
    if (schema !== undefined) schema = subschema(schema, tool?.parameters, typeof key === 'number' ? key : String(key))
  }
  const types = [...valueTypes(schema, tool?.parameters)]
  return issueAt(path, types.length > 0 ? types.join(' or ') : issue.message, received, issue.message)
}
