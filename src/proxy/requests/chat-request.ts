import type { ParserOptions } from '../../engine/options.js'
import type { ToolsInput } from '../../tools/tools-input.js'
import { isObject, type JsonObject, objectsOf } from '../wire/json.js'
import { Problem } from '../wire/problem.js'
import { checkToolChoice, chosenName } from './left-out.js'

/** What a request says about the calls that it allows. */
export interface CallRules {
  /** The tools of the request; none is an empty list, since a text then holds no calls, whatever it looks like. */
  readonly tools: ToolsInput
  readonly toolChoice: NonNullable<ParserOptions['toolChoice']>
  /** Where the client wants one call at a time. Engines keep to that only if their own parser of calls is on. */
  readonly parallelCalls?: false
}

/**
 * What a chat request says about calls. A request without tools allows none, so that text of agents which describe their
 * tools in the prompt stays as it is.
 *
 * @throws Problem for tools that are no list, and for a choice of a tool that is not among them
 * @example callRules({ tools: [], tool_choice: 'auto' }) // { tools: [], toolChoice: 'auto' }
 */
export function callRules(request: JsonObject, leftOut: readonly string[] = []): CallRules {
  const { tools } = request
  if (tools !== undefined && tools !== null && !Array.isArray(tools))
    throw new Problem('invalid_request', 'tools: expected a list')
  const choice = toolChoice(request.tool_choice)
  const names = objectsOf(tools).map(nameOf)
  if (typeof choice === 'object') checkToolChoice(choice.name, names, leftOut)
  if (choice === 'required' && names.length === 0 && leftOut.length > 0)
    throw new Problem(
      'invalid_request',
      `tool_choice: a call is required, but no tool is left; these kinds are not supported: ${leftOut.join(', ')}`,
    )
  const rules = { tools: objectsOf(tools) as ToolsInput, toolChoice: choice }
  return request.parallel_tool_calls === false ? { ...rules, parallelCalls: false } : rules
}

function nameOf({ name, function: named }: JsonObject): string {
  return String(isObject(named) ? named.name : name)
}

function toolChoice(choice: unknown): CallRules['toolChoice'] {
  if (choice === 'none' || choice === 'required') return choice
  if (choice === undefined || choice === null || typeof choice === 'string') return 'auto'
  if (!isObject(choice)) throw noChoice('it is neither a string nor an object')
  const name = chosenName(choice)
  if (name !== undefined) return { name }
  if ('function' in choice || 'custom' in choice || choice.type === 'function' || choice.type === 'custom')
    throw noChoice('it names no tool')
  const allowed = isObject(choice.allowed_tools) ? choice.allowed_tools : choice
  return allowed.mode === 'required' ? 'required' : 'auto'
}

/** To go on as if nothing had been chosen would let the model call what the client meant to keep from it. */
function noChoice(why: string): Problem {
  const expected = 'say auto, required or none, or name a tool: {"type": "function", "function": {"name": "…"}}'
  return new Problem('invalid_request', `tool_choice: ${why}; ${expected}`, 'body')
}

/**
 * Whether the model can be asked again about its answer: there is one answer, in which calls are read, and the request does not
 * hold the beginning of it.
 *
 * @example canAskAgain({ messages: [{ role: 'user', content: 'Hi' }], tools: [{ … }] }) // true
 */
export function canAskAgain({ messages, n, tools }: JsonObject): boolean {
  if (!Array.isArray(messages) || objectsOf(tools).length === 0) return false
  return (n === undefined || n === null || n === 1) && objectsOf(messages).at(-1)?.role !== 'assistant'
}

/** The request with what the model wrote and what it is told about that. */
export function withCorrection(request: JsonObject, { text, words }: { text: string; words: string }): JsonObject {
  const messages = Array.isArray(request.messages) ? request.messages : []
  const more = [
    { role: 'assistant', content: text },
    { role: 'user', content: words },
  ]
  return { ...request, messages: [...messages, ...more] }
}

/** How requests to the upstream differ from those of the clients. */
export interface RequestChanges {
  readonly model: string | undefined
  /** Fields to set; null removes one. */
  readonly fields: Readonly<JsonObject>
  /** Say `none`, whatever the client says. */
  readonly noToolChoice: boolean
  /** Ask for token counts at the end of a stream, for a wire that always has them. */
  readonly usage: boolean
}

/**
 * The body of the request to the upstream. Messages and tools stay as they are: the prompt is the engine's business.
 *
 * @example upstreamBody(request, { model: undefined, fields: {}, noToolChoice: false, usage: false })
 */
export function upstreamBody(request: JsonObject, { model, fields, noToolChoice, usage }: RequestChanges): JsonObject {
  const body: JsonObject = { ...request, ...(model === undefined ? {} : { model }) }
  if (noToolChoice && objectsOf(request.tools).length > 0) body.tool_choice = 'none'
  if (usage && body.stream === true) {
    body.stream_options = { ...(isObject(body.stream_options) ? body.stream_options : {}), include_usage: true }
  }
  for (const [field, value] of Object.entries(fields)) {
    if (value === null) delete body[field]
    else body[field] = value
  }
  return body
}
