import type { ParserOptions } from '../../engine/options.js'
import { type RenderOptions, render } from '../../index.js'

/** A function tool as the AI SDK hands it to a model. */
export interface FunctionTool {
  type: 'function'
  name: string
  description?: string | undefined
  inputSchema: unknown
}

/** What the request says about tools. */
export interface ToolRequest {
  tools: FunctionTool[]
  toolChoice: 'auto' | 'none' | 'required' | { name: string }
}

/** A message of the AI SDK's prompt, as far as it matters here. */
export interface PromptMessage {
  role: string
  content: unknown
}

/** How a model is told of its tools, and where it expects that. All texts may be empty. */
export interface ToolPrompt {
  /** Right before the system text, and right behind it. */
  readonly beforeSystem: string
  readonly behindSystem: string
  /** Right before the text of the user's first message, and of the last. */
  readonly beforeFirst: string
  readonly beforeLast: string
  /** The system text of a conversation that has none. */
  readonly system: string
  /** Writes what a tool gave, for a message of the user. */
  readonly writeResult: WriteResult
}

/** Writes what a tool gave: text, or what JSON can express. */
export type WriteResult = (result: unknown, name: string) => string

/**
 * Rewrites a prompt for a model that gets its tools as text: `told` is written where it belongs, earlier calls become text in
 * the syntax of the format, and results of tools become messages of the user.
 *
 * @param told what the model is told of its tools, if it has any
 * @example toolsIntoPrompt(params.prompt, { format: 'hermes', tools, writeResult }, told)
 */
export function toolsIntoPrompt(
  prompt: readonly PromptMessage[],
  { writeResult, ...options }: RenderOptions & { readonly writeResult: WriteResult },
  told?: ToolPrompt,
): PromptMessage[] {
  const users = prompt.flatMap(({ role }, at) => (role === 'user' ? [at] : []))
  const messages = prompt.map((message, at) => {
    if (message.role === 'assistant') return { ...message, content: callsAsText(partsOf(message), options) }
    if (message.role === 'tool') return { role: 'user', content: resultsAsText(partsOf(message), writeResult) }
    if (told === undefined || message.role !== 'user') return message
    const before = (at === users[0] ? told.beforeFirst : '') + (at === users.at(-1) ? told.beforeLast : '')
    return before === '' ? message : { ...message, content: withTextBefore(partsOf(message), before) }
  })
  return told === undefined ? messages : withSystemText(messages, told)
}

/** Shows how the format writes a call; also the check that it can write one at all. */
export function exampleCall(format: ParserOptions['format']): string {
  return render([{ name: 'function_name', arguments: { argument_name: 'value' } }], { format })
}

/** A conversation without a system message gets one only if there is something to say in it. */
function withSystemText(messages: PromptMessage[], told: ToolPrompt): PromptMessage[] {
  const { beforeSystem, behindSystem, system } = told
  const [first, ...rest] = messages
  const around = (text: string) =>
    beforeSystem + text + (beforeSystem + text === '' ? behindSystem.trimStart() : behindSystem)
  if (first?.role === 'system') return [{ ...first, content: around(String(first.content)) }, ...rest]
  return beforeSystem + behindSystem === '' ? messages : [{ role: 'system', content: around(system) }, ...messages]
}

interface Part {
  type?: unknown
  text?: unknown
  toolName?: unknown
  input?: unknown
  output?: unknown
  providerExecuted?: unknown
}

function partsOf(message: PromptMessage): Part[] {
  return Array.isArray(message.content) ? message.content : [{ type: 'text', text: message.content }]
}

function withTextBefore(parts: Part[], text: string): Part[] {
  const [first, ...rest] = parts
  return first?.type === 'text'
    ? [{ ...first, text: text + String(first.text) }, ...rest]
    : [{ type: 'text', text }, ...parts]
}

/** Calls of one message are written together, since many formats put all of them between one pair of markers. */
function callsAsText(parts: Part[], options: RenderOptions): Part[] {
  const isCall = (part: Part) => part.type === 'tool-call' && part.providerExecuted !== true
  const calls = parts.filter(isCall).map(({ toolName, input }) => ({
    name: String(toolName),
    arguments: typeof input === 'object' && input !== null && !Array.isArray(input) ? { ...input } : {},
  }))
  const others = parts.filter((part) => !isCall(part))
  return calls.length === 0 ? others : [...others, { type: 'text', text: writeCalls(calls, options) }]
}

/** History must not stop a conversation: a call that the format cannot express (it came from elsewhere) is told as JSON. */
function writeCalls(calls: { name: string; arguments: Record<string, unknown> }[], options: RenderOptions): string {
  try {
    return render(calls, options)
  } catch {
    return calls.map((call) => JSON.stringify(call)).join('\n')
  }
}

function resultsAsText(parts: Part[], writeResult: WriteResult): Part[] {
  return parts
    .filter((part) => part.type === 'tool-result')
    .map(({ toolName, output }) => ({ type: 'text', text: writeResult(resultOf(output), String(toolName)) }))
}

function resultOf(output: unknown): unknown {
  if (typeof output !== 'object' || output === null || !('type' in output)) return output
  if (output.type === 'execution-denied') return 'The user did not allow this call.'
  const value = 'value' in output ? output.value : undefined
  if (output.type !== 'content' || !Array.isArray(value)) return value
  return value.map((part: Part) => (typeof part.text === 'string' ? part.text : `[${String(part.type)}]`)).join('\n')
}
