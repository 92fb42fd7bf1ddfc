/**
 * Model Context Protocol: a server's tools as tools for the parser and the prompt, a call as the parameters of
 * `tools/call`, and the server's answer as text for the model.
 */
import type { ParseResult, ToolCall } from '../../event/event.js'

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

/**
 * The parameters of `tools/call` for every complete call of a message, each with the id that its answer refers to.
 *
 * @example for (const { id, params } of toCallRequests(result)) answers.set(id, await client.callTool(params))
 */
export function toCallRequests(result: ParseResult): { id: string; params: CallToolParams }[] {
  return result.toolCalls.map((call) => ({ id: call.id, params: toCallToolParams(call) }))
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
