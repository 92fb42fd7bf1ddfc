/**
 * Model Context Protocol: a server's tools as tools for the parser and the prompt, a call as the parameters of
 * `tools/call`, and the server's answer as text for the model.
 */
import type { ParseResult, ToolCall } from '../../event/event.js'
import { createCallGate, type WireCallEnd } from '../message/call-gate.js'
import type { CallOptions, OnNotes } from '../message/call-options.js'
import type { CallPolicy } from '../message/call-policy.js'
import { eventsOf } from '../message/events-of.js'
import { type CallFacts, type FailedCall, factsOf } from '../message/facts.js'

export type { OnNotes } from '../message/call-options.js'
export type { CallPolicy, CallRules } from '../message/call-policy.js'
export type { CallFacts, FailedCall } from '../message/facts.js'

/** A tool as `tools/list` gives it, as far as it matters here. */
export interface McpTool {
  name: string
  title?: string | undefined
  description?: string | undefined
  inputSchema: Record<string, unknown>
}

/** A tool as chat completions take it. */
export interface ChatTool {
  type: 'function'
  function: { name: string; description?: string; parameters: Record<string, unknown> }
}

/** The parameters of `tools/call`. */
export interface CallToolParams {
  name: string
  arguments: Record<string, unknown>
}

/** One block of a tool's answer, as far as it matters here: a text block has `text`, a resource may have it. */
export interface McpContentBlock {
  type: string
  text?: unknown
  resource?: unknown
}

/**
 * The tools of an MCP server as chat tools, for a parser's `tools` option and for a request. Takes the answer of
 * `tools/list` or its `tools`.
 *
 * @example createParser({ format: 'hermes', tools: fromMcpTools(await client.listTools()) })
 */
export function fromMcpTools(list: { tools: readonly McpTool[] } | readonly McpTool[]): ChatTool[] {
  const tools = 'tools' in list ? list.tools : list
  return tools.map(({ name, description, inputSchema }) => ({
    type: 'function',
    function: { name, ...(description === undefined ? {} : { description }), parameters: inputSchema },
  }))
}

/**
 * The parameters of `tools/call` for one complete call.
 *
 * @throws TypeError for a call that was cut off or spoilt: those are never to be run, and are in `result.incomplete`
 * @example await client.callTool(toCallToolParams(call))
 */
export function toCallToolParams(call: ToolCall): CallToolParams {
  if (call.status !== 'complete') {
    throw new TypeError(
      `Call ${call.index} of ${call.name} is ${call.status} and must not be run; use result.toolCalls`,
    )
  }
  return { name: call.name, arguments: call.arguments }
}

/** What `toCallRequests` and `toFailedAnswers` take. */
export interface McpOptions {
  /** Which complete calls may be run. Default: all. */
  policy?: CallPolicy | undefined
  /** Called with the notes of each call that has some, or is not to be run, and with all other notes, without a call. */
  onNotes?: OnNotes | undefined
  /** Makes the words for the model about one failed call. Default: the reason. */
  feedback?: CallOptions['feedback']
}

/** A call that may be run: the id that its answer refers to, and what is known of it. */
export interface CallRequest {
  id: string
  params: CallToolParams
  callsift: CallFacts
}

/** The answer to a call that was not run, in the shape of what `tools/call` answers. */
export interface FailedAnswer {
  id: string
  name: string
  answer: { content: { type: 'text'; text: string }[]; isError: true }
  callsift: CallFacts & Pick<FailedCall, 'status' | 'why' | 'feedback'>
}

/**
 * The parameters of `tools/call` for every complete call of a message, each with the id that its answer refers to. Calls
 * that failed, or that the policy refuses, are not among them: `toFailedAnswers` has those.
 *
 * @throws TypeError for a policy that is none
 * @example for (const { id, params } of toCallRequests(result)) answers.set(id, await client.callTool(params))
 */
export function toCallRequests(result: ParseResult, options: McpOptions = {}): CallRequest[] {
  return judgedCalls(result, options).flatMap(({ call, why }) =>
    why === undefined ? [{ id: call.id, params: toCallToolParams(call), callsift: factsOf(call) }] : [],
  )
}

/**
 * An answer for every call of a message that is not to be run, as a server answers that could not run it: for the model,
 * so that it writes the call again. This is how failed calls are reported here.
 *
 * @throws TypeError for a policy that is none
 * @example for (const { id, answer } of toFailedAnswers(result)) answers.set(id, answer)
 */
export function toFailedAnswers(result: ParseResult, options: McpOptions = {}): FailedAnswer[] {
  return judgedCalls(result, options).flatMap(({ call, why, feedback }) => {
    const { id, name, status } = call
    if (why === undefined || status === 'complete') return []
    const content = [{ type: 'text' as const, text: feedback ?? `${why}. It was not run.` }]
    const callsift = { ...factsOf(call), status, why, ...(feedback === undefined ? {} : { feedback }) }
    return [{ id, name, answer: { content, isError: true as const }, callsift }]
  })
}

/** The calls of a message as every wire has them. `why`: what is wrong with one that is not to be run. */
function judgedCalls(result: ParseResult, { policy, onNotes, feedback }: McpOptions): WireCallEnd[] {
  const options = { policy, onNotes, feedback, failedCalls: 'report', callIds: 'keep', facts: 'none' } as const
  const gate = createCallGate(options, '', 'call')
  return gate.push(eventsOf(result)).flatMap((event) => (event.type === 'call-end' ? [event] : []))
}

/**
 * A tool's answer as text for the model: the text blocks and text resources joined by line breaks, else the structured
 * content as JSON. Images and sound are named by their type, since text cannot hold them.
 *
 * @example toToolText(await client.callTool(params)) // '18 °C and rain'
 */
export function toToolText(answer: object): string {
  const blocks: McpContentBlock[] = 'content' in answer && Array.isArray(answer.content) ? answer.content : []
  if (blocks.length > 0) return blocks.map(textOfBlock).join('\n')
  return 'structuredContent' in answer ? JSON.stringify(answer.structuredContent) : ''
}

function textOfBlock(block: McpContentBlock): string {
  if (typeof block.text === 'string') return block.text
  const { resource } = block
  if (typeof resource === 'object' && resource !== null && 'text' in resource && typeof resource.text === 'string') {
    return resource.text
  }
  return `[${block.type}]`
}
