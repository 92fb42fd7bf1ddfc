import { isObject, type JsonObject, objectsOf, without } from '../wire/json.js'
import { Problem } from '../wire/problem.js'
import { addSystemWords } from './system-words.js'

/** Fields of an Anthropic request that chat completions do not have, or have under another name or in another shape. */
const OWN_FIELDS = [
  'messages',
  'system',
  'stop_sequences',
  'tools',
  'tool_choice',
  'metadata',
  'thinking',
  'service_tier',
  'container',
  'context_management',
  'mcp_servers',
  'output_config',
  'output_format',
  'betas',
  'speed',
  'inference_geo',
  'cache_control',
]

/**
 * An Anthropic messages request as one of chat completions. Fields that this API does not know (`min_p`,
 * `chat_template_kwargs`) pass. Tools that Anthropic runs itself are left out, and so is thinking that is not text.
 *
 * @throws Problem for messages that are none
 * @example chatFromMessages({ model: 'm', max_tokens: 9, messages: [{ role: 'user', content: 'Hi' }] }).messages
 */
export function chatFromMessages(request: JsonObject): JsonObject {
  if (!Array.isArray(request.messages)) throw new Problem('invalid_request', 'messages: expected a list')
  const messages: JsonObject[] = []
  addSystemWords(messages, textOf(request.system, '\n\n'))
  request.messages.forEach((message: unknown, i) => {
    if (!isObject(message)) throw new Problem('invalid_request', `messages[${i}]: expected a message`)
    if (message.role === 'assistant') messages.push(assistantMessage(message.content))
    else if (message.role === 'system') addSystemWords(messages, textOf(message.content, '\n\n'))
    else messages.push(...userMessages(message))
  })
  const chat: JsonObject = { ...without(request, OWN_FIELDS), messages }
  const tools = objectsOf(request.tools).filter(isClientTool).map(chatTool)
  if (tools.length > 0) chat.tools = tools
  const choice = chatToolChoice(request.tool_choice)
  // A choice without tools goes along only where it asks for a call: whoever reads it says what is wrong with it.
  if (tools.length > 0) Object.assign(chat, choice)
  else if (choice.tool_choice !== 'auto' && choice.tool_choice !== 'none') Object.assign(chat, choice)
  if (Array.isArray(request.stop_sequences) && request.stop_sequences.length > 0) chat.stop = request.stop_sequences
  const format = isObject(request.output_config) ? request.output_config.format : undefined
  const shape = responseFormat(format ?? request.output_format)
  if (shape !== undefined) chat.response_format = shape
  if (isObject(request.metadata) && typeof request.metadata.user_id === 'string') chat.user = request.metadata.user_id
  return chat
}

/**
 * Whether a tool is one that the client runs: Anthropic's own have no schema.
 *
 * @example isClientTool({ type: 'web_search_20250305', name: 'web_search' }) // false
 */
export function isClientTool({ input_schema: schema }: JsonObject): boolean {
  return schema !== undefined
}

function chatTool({ name, description, input_schema: parameters }: JsonObject): JsonObject {
  const about = description === undefined ? {} : { description }
  return { type: 'function', function: { name, ...about, parameters } }
}

const CHOICES: Readonly<Record<string, string>> = { auto: 'auto', any: 'required', none: 'none' }

function chatToolChoice(choice: unknown): JsonObject {
  // What is no choice goes along: whoever reads it says so.
  if (!isObject(choice)) return choice === undefined || choice === null ? {} : { tool_choice: choice }
  const parallel = choice.disable_parallel_tool_use === true ? { parallel_tool_calls: false } : {}
  if (choice.type === 'tool') return { tool_choice: { type: 'function', function: { name: choice.name } }, ...parallel }
  const word = CHOICES[String(choice.type)]
  return { ...(word === undefined ? {} : { tool_choice: word }), ...parallel }
}

/** The schema that the whole answer is to fit. Chat completions want a name for it. */
function responseFormat(format: unknown): JsonObject | undefined {
  if (!isObject(format) || format.type !== 'json_schema') return undefined
  return { type: 'json_schema', json_schema: { name: 'answer', schema: format.schema } }
}

/** What a user says, and the results of calls: those are messages of their own, where they stand. */
function userMessages({ role, content }: JsonObject): JsonObject[] {
  if (!Array.isArray(content)) return [{ role, content }]
  const messages: JsonObject[] = []
  let parts: JsonObject[] = []
  const flush = (): void => {
    if (parts.length > 0) messages.push({ role, content: contentOf(parts) })
    parts = []
  }
  for (const block of objectsOf(content)) {
    if (block.type === 'tool_result') {
      flush()
      messages.push({ role: 'tool', tool_call_id: block.tool_use_id, content: resultOf(block.content) })
    } else parts.push(...chatPart(block))
  }
  flush()
  return messages
}

function assistantMessage(content: unknown): JsonObject {
  if (!Array.isArray(content)) return { role: 'assistant', content }
  const blocks = objectsOf(content)
  const text = textOf(blocks, '')
  const thinking = blocks.flatMap(({ type, thinking }) =>
    type === 'thinking' && typeof thinking === 'string' ? [thinking] : [],
  )
  const calls = blocks
    .filter(({ type }) => type === 'tool_use')
    .map(({ id, name, input }) => {
      return { id, type: 'function', function: { name, arguments: JSON.stringify(input ?? {}) } }
    })
  const message: JsonObject = { role: 'assistant', content: text === '' ? null : text }
  if (thinking.length > 0) message.reasoning_content = thinking.join('')
  if (calls.length > 0) message.tool_calls = calls
  return message
}

function textOf(content: unknown, between: string): string {
  if (typeof content === 'string') return content
  return objectsOf(content)
    .flatMap(({ type, text }) => (type === 'text' && typeof text === 'string' ? [text] : []))
    .join(between)
}

function resultOf(content: unknown): unknown {
  if (!Array.isArray(content)) return content ?? ''
  return contentOf(objectsOf(content).flatMap(chatPart))
}

/** Text alone stays a text: not every server takes a list for every role. */
function contentOf(parts: JsonObject[]): unknown {
  return parts.every(({ type }) => type === 'text') ? parts.map(({ text }) => text).join('\n') : parts
}

/** What a block says, as parts of chat completions; nothing for traces of tools that Anthropic runs itself. */
function chatPart(block: JsonObject): JsonObject[] {
  const source = isObject(block.source) ? block.source : {}
  switch (block.type) {
    case 'text':
      return [textPart(block.text)]
    case 'tool_reference': // what a search for tools has found; the tool itself is in the request
      return [textPart(block.tool_name)]
    case 'search_result':
      return [textPart(`${block.title}\n${block.source}`), ...objectsOf(block.content).flatMap(chatPart)]
    case 'image':
      return [{ type: 'image_url', image_url: { url: urlOf(source) } }]
    case 'document':
      if (source.type === 'text') return [textPart(source.data)]
      if (source.type === 'content')
        return typeof source.content === 'string'
          ? [textPart(source.content)]
          : objectsOf(source.content).flatMap(chatPart)
      return [
        { type: 'file', file: { file_data: urlOf(source), ...(block.title == null ? {} : { filename: block.title }) } },
      ]
    default:
      return []
  }
}

const textPart = (text: unknown): JsonObject => ({ type: 'text', text })

function urlOf({ type, media_type, data, url }: JsonObject): unknown {
  return type === 'base64' ? `data:${media_type};base64,${data}` : url
}
