import { isObject, type JsonObject, objectsOf, without } from '../wire/json.js'
import { Problem } from '../wire/problem.js'
import { addSystemWords } from './system-words.js'

/** Fields of a Responses request that chat completions do not have, or have under another name. */
const OWN_FIELDS = [
  'input',
  'instructions',
  'max_output_tokens',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'text',
  'reasoning',
  'previous_response_id',
  'conversation',
  'background',
  'store',
  'include',
  'metadata',
  'truncation',
  'service_tier',
  'prompt',
  'prompt_cache_key',
  'prompt_cache_retention',
  'safety_identifier',
  'max_tool_calls',
  'top_logprobs',
  'stream_options',
]

/** What needs a server that remembers; this one does not. */
const STORED = ['previous_response_id', 'conversation', 'prompt']

/**
 * A Responses request as one of chat completions. Fields that this API does not know (`top_k`, `chat_template_kwargs`)
 * pass. Tools that take free text (`custom`) become functions with one string; tools that OpenAI runs itself are left out.
 *
 * @throws Problem for what only a server with a memory can do, and for a choice of a tool that is not taken
 * @example chatFromResponses({ model: 'm', input: 'Hi' }).messages // [{ role: 'user', content: 'Hi' }]
 */
export function chatFromResponses(request: JsonObject): JsonObject {
  for (const field of STORED) {
    if (request[field] === undefined || request[field] === null) continue
    throw new Problem('invalid_request', `${field}: this server stores nothing; send the whole conversation as input`)
  }
  if (request.background === true)
    throw new Problem('invalid_request', 'background: this server only answers synchronously')
  const chat = { ...without(request, OWN_FIELDS), messages: messagesOf(request) } as JsonObject
  const tools = objectsOf(request.tools).filter(isTaken).map(chatTool)
  // A choice without tools goes along as well: whoever reads it says what is wrong with it.
  if (tools.length > 0 || isObject(request.tool_choice) || request.tool_choice === 'required')
    setIf(chat, 'tool_choice', chatToolChoice(request.tool_choice))
  if (tools.length > 0) {
    chat.tools = tools
    setIf(chat, 'parallel_tool_calls', request.parallel_tool_calls)
  }
  setIf(chat, 'max_tokens', request.max_output_tokens)
  if (isObject(request.reasoning)) setIf(chat, 'reasoning_effort', request.reasoning.effort)
  if (isObject(request.text)) setIf(chat, 'response_format', responseFormat(request.text.format))
  return chat
}

function setIf(object: JsonObject, field: string, value: unknown): void {
  if (value !== undefined && value !== null) object[field] = value
}

/**
 * Whether a tool of a Responses request can be offered to the model.
 *
 * @example isTaken({ type: 'web_search' }) // false
 */
export function isTaken({ type, name }: JsonObject): boolean {
  return type === 'function' || (type === 'custom' && typeof name === 'string')
}

/** The names of the tools that take free text. */
export function customNames(tools: unknown): string[] {
  return objectsOf(tools).flatMap(({ type, name }) => (type === 'custom' && typeof name === 'string' ? [name] : []))
}

function chatTool(given: JsonObject): JsonObject {
  const { name, description, parameters, strict } = given
  if (given.type === 'custom') return customTool(given)
  const tool: JsonObject = { name }
  setIf(tool, 'description', description)
  setIf(tool, 'parameters', parameters)
  setIf(tool, 'strict', strict)
  return { type: 'function', function: tool }
}

/** A tool that takes free text, as a function with that text as its one argument. */
function customTool({ name, description, format }: JsonObject): JsonObject {
  const grammar = isObject(format) && typeof format.definition === 'string' ? format : undefined
  const shape =
    grammar === undefined ? '' : ` It follows this grammar (${String(grammar.syntax)}):\n${grammar.definition}`
  const input = { type: 'string', description: `The whole input of the tool, as plain text.${shape}` }
  const parameters = { type: 'object', properties: { input }, required: ['input'], additionalProperties: false }
  const tool: JsonObject = { name }
  setIf(tool, 'description', description)
  return { type: 'function', function: { ...tool, parameters } }
}

function chatToolChoice(choice: unknown): unknown {
  if (!isObject(choice)) return choice
  const { type, name, mode } = choice
  if (type === 'function' || type === 'custom') return { type: 'function', function: { name } }
  if (type === 'allowed_tools') return typeof mode === 'string' ? mode : 'auto'
  const kind = typeof type === 'string' ? type : 'an object without a type'
  throw new Problem(
    'invalid_request',
    `tool_choice: ${kind} is not supported here; name a tool of type function or custom, or say auto, required or none`,
  )
}

function responseFormat(format: unknown): unknown {
  if (!isObject(format) || format.type === 'text') return undefined
  if (format.type !== 'json_schema') return format
  const { type, ...schema } = format
  return { type, json_schema: schema }
}

function messagesOf({ instructions, input }: JsonObject): JsonObject[] {
  const messages: JsonObject[] = []
  if (typeof instructions === 'string') addSystemWords(messages, instructions)
  if (typeof input === 'string') return [...messages, { role: 'user', content: input }]
  if (!Array.isArray(input)) throw new Problem('invalid_request', 'input: expected a string or a list of items')
  input.forEach((item: unknown, i) => {
    if (!isObject(item)) throw new Problem('invalid_request', `input[${i}]: expected an item`)
    addItem(messages, item, `input[${i}]`)
  })
  return messages
}

function addItem(messages: JsonObject[], item: JsonObject, place: string): void {
  const last = messages.at(-1)
  switch (item.type ?? 'message') {
    case 'message':
      addMessage(messages, item)
      return
    case 'reasoning': {
      const text = contentOf(item.content) || contentOf(item.summary)
      if (typeof text === 'string' && text !== '')
        messages.push({ role: 'assistant', content: null, reasoning_content: text })
      return
    }
    case 'function_call': {
      const assistant = last?.role === 'assistant' ? last : { role: 'assistant', content: null }
      if (assistant !== last) messages.push(assistant)
      const call = { name: item.name, arguments: item.arguments }
      const calls = objectsOf((assistant as JsonObject).tool_calls)
      ;(assistant as JsonObject).tool_calls = [...calls, { id: item.call_id, type: 'function', function: call }]
      return
    }
    case 'custom_tool_call':
      addItem(
        messages,
        { ...item, type: 'function_call', arguments: JSON.stringify({ input: item.input ?? '' }) },
        place,
      )
      return
    case 'custom_tool_call_output':
    case 'function_call_output':
      messages.push({ role: 'tool', tool_call_id: item.call_id, content: contentOf(item.output) })
      return
    case 'item_reference':
      throw new Problem(
        'invalid_request',
        `${place}: this server stores nothing; send the item itself, as clients do that are told store: false`,
      )
    default:
      // Traces of tools that OpenAI runs itself: nothing that a chat template knows.
      return
  }
}

function addMessage(messages: JsonObject[], item: JsonObject): void {
  const { role } = item
  const content = contentOf(item.content)
  const last = messages.at(-1)
  if (role === 'developer' || role === 'system') addSystemWords(messages, content)
  else if (
    role === 'assistant' &&
    last?.role === 'assistant' &&
    last.content === null &&
    last.tool_calls === undefined
  ) {
    last.content = content
  } else messages.push({ role, content })
}

/** A text alone stays a text: not every server takes a list for every role. */
function contentOf(content: unknown): unknown {
  if (!Array.isArray(content)) return content ?? ''
  const parts = objectsOf(content).map(chatPart)
  return parts.every(({ type }) => type === 'text') ? parts.map(({ text }) => text).join('') : parts
}

function chatPart(part: JsonObject): JsonObject {
  switch (part.type) {
    case 'input_image':
      return {
        type: 'image_url',
        image_url: { url: part.image_url, ...(part.detail === undefined ? {} : { detail: part.detail }) },
      }
    case 'input_file':
      return { type: 'file', file: without(part, ['type']) }
    case 'input_audio':
      return part
    default:
      return { type: 'text', text: part.text ?? part.refusal ?? '' }
  }
}
