import type { ParserOptions } from '../../engine/options.js'
import { render } from '../../index.js'

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

/** Writes the system text that tells a model of its tools. `example` is a call in the syntax of the format. */
export type DescribeTools = (request: ToolRequest, example: string) => string

/**
 * The default system text: the tools as JSON, one a line, and how to write a call.
 *
 * @example describeTools({ tools, toolChoice: 'auto' }, '<tool_call>…</tool_call>')
 */
export const describeTools: DescribeTools = ({ tools, toolChoice }, example) => {
  const lines = tools.map(({ name, description, inputSchema }) =>
    JSON.stringify({ type: 'function', function: { name, description, parameters: inputSchema } }),
  )
  const demand =
    typeof toolChoice === 'object'
      ? `\n\nYou must call the function ${toolChoice.name}.`
      : toolChoice === 'required'
        ? '\n\nYou must call at least one function.'
        : ''
  return `# Tools

You may call functions. These are the functions, as JSON, one a line:
<tools>
${lines.join('\n')}
</tools>

To call a function, write its name and its arguments exactly in this form:
${example}${demand}`
}

/**
 * Rewrites a prompt for a model that gets its tools as text: the tools go into the system message, earlier calls become
 * text in the syntax of the format, and results of tools become user messages.
 *
 * @throws what `render` throws for a format that has no way to write calls
 * @example toolsIntoPrompt(params.prompt, request, 'hermes', describeTools)
 */
export function toolsIntoPrompt(
  prompt: readonly PromptMessage[],
  request: ToolRequest,
  format: ParserOptions['format'],
  describe: DescribeTools,
): PromptMessage[] {
  const messages = prompt.map((message) => {
    if (message.role === 'assistant') return { ...message, content: callsAsText(partsOf(message), format) }
    if (message.role === 'tool') return { role: 'user', content: resultsAsText(partsOf(message)) }
    return message
  })
  if (request.tools.length === 0 || request.toolChoice === 'none') return messages
  return withSystemText(messages, describe(request, exampleCall(format)))
}

/** Shows how the format writes a call; also the check that it can write one at all. */
export function exampleCall(format: ParserOptions['format']): string {
  return render([{ name: 'function_name', arguments: { argument_name: 'value' } }], { format })
}

function withSystemText(messages: PromptMessage[], text: string): PromptMessage[] {
  const [first, ...rest] = messages
  if (first?.role !== 'system') return [{ role: 'system', content: text }, ...messages]
  return [{ ...first, content: `${String(first.content)}\n\n${text}` }, ...rest]
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

/** Calls of one message are written together, since many formats put all of them between one pair of markers. */
function callsAsText(parts: Part[], format: ParserOptions['format']): Part[] {
  const isCall = (part: Part) => part.type === 'tool-call' && part.providerExecuted !== true
  const calls = parts.filter(isCall).map(({ toolName, input }) => ({
    name: String(toolName),
    arguments: typeof input === 'object' && input !== null && !Array.isArray(input) ? { ...input } : {},
  }))
  const others = parts.filter((part) => !isCall(part))
  return calls.length === 0 ? others : [...others, { type: 'text', text: writeCalls(calls, format) }]
}

/** History must not stop a conversation: a call that the format cannot express (it came from elsewhere) is told as JSON. */
function writeCalls(
  calls: { name: string; arguments: Record<string, unknown> }[],
  format: ParserOptions['format'],
): string {
  try {
    return render(calls, { format })
  } catch {
    return calls.map((call) => JSON.stringify(call)).join('\n')
  }
}

function resultsAsText(parts: Part[]): Part[] {
  return parts
    .filter((part) => part.type === 'tool-result')
    .map(({ toolName, output }) => ({
      type: 'text',
      text: `<tool_response>\n${JSON.stringify({ name: toolName, content: textOfOutput(output) })}\n</tool_response>`,
    }))
}

function textOfOutput(output: unknown): unknown {
  if (typeof output !== 'object' || output === null || !('type' in output)) return output
  if (output.type === 'execution-denied') return 'The user did not allow this call.'
  const value = 'value' in output ? output.value : undefined
  if (output.type !== 'content' || !Array.isArray(value)) return value
  return value.map((part: Part) => (typeof part.text === 'string' ? part.text : `[${String(part.type)}]`)).join('\n')
}
