import { createSseReader, isDone } from '../../adapters/sse/sse.js'
import { UsageError } from '../verb.js'
import { asObject, asText, type Fields, parseObject } from './fields.js'
import { rescueError } from './rescue-body.js'
import { joinTokens, type Token, tokensOf } from './rescue-tokens.js'
import { AlreadyRead, type Rescued } from './rescued.js'

/** A call that the server has read, as its deltas tell it. */
export interface StreamedCall {
  id: unknown
  name: unknown
  arguments: string
}

/** What the events of a stream come to. */
export interface Gathered {
  events: number
  content: string[]
  reasoning: string[]
  tokens: Token[]
  calls: Map<unknown, StreamedCall>
  rejected: Rescued | undefined
  model: string | undefined
  finish: string | undefined
  unreadable: number
}

const LOOKS = /^(?:data|event|id|retry):|^:/

/**
 * The model text of a dump of server-sent events (as `curl -N` writes it), each delta a chunk; undefined if the text is
 * none, which is so when no event in it has a shape that servers send.
 * @throws UsageError for a stream that holds no raw text
 */
export function rescueStream(text: string): Rescued | undefined {
  if (!LOOKS.test(text.trimStart().slice(0, 8))) return undefined
  const all = gather(text.trimStart())
  if (all.events === 0) return undefined
  const tokens = joinTokens(all.tokens)
  const chunks = tokens ?? all.content
  const how = [`a stream of server-sent events (${all.events} of them with data)`]
  if (tokens !== undefined) how.push(`its text was rebuilt from ${all.tokens.length} logprobs tokens`)
  const rest = { reason: reasonOf(all, how), model: all.model }
  if (all.rejected !== undefined) {
    how.push(`at its end ${all.rejected.what}`)
    return { chunks: [...chunks, ...all.rejected.chunks], what: how.join('; '), ...rest, reason: 'stop' }
  }
  if (tokens === undefined && all.calls.size > 0) throw new AlreadyRead(all.calls.size)
  if (chunks.length > 0) {
    if (tokens !== undefined || all.reasoning.length === 0) return { chunks, what: how.join('; '), ...rest }
    how.push('the server split off its reasoning, which is left out')
    return { chunks, what: how.join('; '), ...rest, startInReasoning: false }
  }
  if (all.reasoning.length === 0)
    throw new UsageError('the events of this stream hold no text; there is nothing to parse')
  how.push('all of its text is reasoning')
  return { chunks: all.reasoning, what: how.join('; '), ...rest, startInReasoning: true }
}

function reasonOf({ finish, unreadable }: Gathered, how: string[]): Rescued['reason'] {
  if (finish === undefined)
    how.push(unreadable > 0 ? 'it breaks off inside an event' : 'it breaks off without a finish reason')
  return endReason(finish)
}

/** Why a text ended, by the finish reason of its stream; without one the stream broke off. */
export function endReason(finish: string | undefined): Rescued['reason'] {
  if (finish === undefined) return 'abort'
  return finish === 'length' || finish === 'max_tokens' ? 'length' : 'stop'
}

/**
 * What the events of a dump hold, in any of the shapes that servers send.
 *
 * @example gather('data: {"choices":[{"delta":{"content":"Hi"}}]}').content // ['Hi']
 */
export function gather(text: string): Gathered {
  const all: Gathered = {
    events: 0,
    content: [],
    reasoning: [],
    tokens: [],
    calls: new Map(),
    rejected: undefined,
    model: undefined,
    finish: undefined,
    unreadable: 0,
  }
  const reader = createSseReader()
  // A dump may lack the blank line of its last event.
  for (const event of [...reader.push(`${text}\n\n`), ...reader.end()]) {
    if (isDone(event)) {
      all.finish ??= 'stop'
      continue
    }
    const data = parseObject(event.data)
    if (data === undefined) all.unreadable++
    else if (take(data, all)) all.events++
  }
  return all
}

/** Takes what an event adds; false for a shape that no server sends. */
function take(data: Fields, all: Gathered): boolean {
  all.model ??= asText(data.model) ?? asText(asObject(data.message)?.model) ?? asText(asObject(data.response)?.model)
  if (data.error !== undefined) {
    all.rejected ??= rescueError(data.error)
    return true
  }
  if (Array.isArray(data.choices)) {
    for (const choice of data.choices.map(asObject)) if ((choice?.index ?? 0) === 0) takeChoice(choice ?? {}, all)
    return true
  }
  if (typeof data.type === 'string') return takeTyped(data.type, data, all)
  // llama.cpp's own stream.
  if (typeof data.content !== 'string' || typeof data.stop !== 'boolean') return false
  add(all.content, data.content)
  if (data.stop) all.finish = data.stop_type === 'limit' || data.stopped_limit === true ? 'length' : 'stop'
  return true
}

function takeChoice(choice: Fields, all: Gathered): void {
  const delta = asObject(choice.delta) ?? {}
  add(all.content, delta.content)
  add(all.content, choice.text)
  add(all.reasoning, delta.reasoning_content ?? delta.reasoning)
  all.tokens.push(...tokensOf(choice.logprobs))
  for (const call of Array.isArray(delta.tool_calls) ? delta.tool_calls.map(asObject) : []) {
    const { name, arguments: args } = asObject(call?.function) ?? {}
    addCall(all, call?.index ?? 0, { id: call?.id, name, arguments: args })
  }
  all.finish = asText(choice.finish_reason) ?? all.finish
}

/** The events of Anthropic and Responses. */
function takeTyped(type: string, data: Fields, all: Gathered): boolean {
  const delta = asObject(data.delta)
  const item = asObject(data.item) ?? asObject(data.content_block)
  if (type === 'content_block_start' && item?.type === 'tool_use') addCall(all, data.index, item)
  else if (type === 'content_block_delta') {
    add(all.content, delta?.text)
    add(all.reasoning, delta?.thinking)
    if (delta?.type === 'input_json_delta') addCall(all, data.index, { arguments: delta.partial_json })
  } else if (type === 'message_delta') all.finish = asText(delta?.stop_reason) ?? all.finish
  else if (type === 'response.output_text.delta') add(all.content, data.delta)
  else if (type === 'response.reasoning_text.delta') add(all.reasoning, data.delta)
  else if (type === 'response.output_item.added' && item?.type === 'function_call')
    addCall(all, data.output_index, { id: item.call_id, name: item.name })
  else if (type === 'response.function_call_arguments.delta') addCall(all, data.output_index, { arguments: data.delta })
  else if (type === 'response.completed') all.finish = 'stop'
  else if (type === 'response.incomplete') all.finish = 'length'
  else return /^(?:message_|content_block_|response\.|ping)/.test(type)
  return true
}

function addCall({ calls }: Gathered, key: unknown, part: { id?: unknown; name?: unknown; arguments?: unknown }): void {
  const call = calls.get(key) ?? { id: part.id, name: part.name, arguments: '' }
  if (typeof part.arguments === 'string') call.arguments += part.arguments
  calls.set(key, call)
}

function add(chunks: string[], text: unknown): void {
  if (typeof text === 'string' && text !== '') chunks.push(text)
}
