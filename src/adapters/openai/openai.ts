/**
 * OpenAI chat completions: the assistant message, the whole completion body, and the chunks of a stream.
 *
 * What the clients of this wire rely on, and what is therefore kept here: a call's first delta carries `index`, `id`,
 * `type` and the whole name, later ones only `index` and argument text; indexes are dense; arguments are a string and
 * `"{}"` for none; `content` is null when there are only calls; exactly one chunk carries a `finish_reason`.
 *
 * A whole message holds complete calls only. So does a stream, which holds each call back until it is whole: what was
 * announced cannot be taken back, and readers of partial JSON complete arguments that were cut. `incompleteCalls: 'mark'`
 * streams arguments as they are written, and ends those of a cut call in text that is no JSON.
 */
import type { ParseEvent, ParseResult } from '../../event/event.js'
import { randomId } from '../message/call-ids.js'
import { type Encoder, encodeBatches, type SourceEnd } from '../message/encoder.js'
import { eventsOf, type MessageSource } from '../message/events-of.js'
import { deriveFinish, type SourceReason } from '../message/finish.js'
import { type ChatMessageOptions, createChatDeltas, FINISH_REASONS } from './chat-deltas.js'
import type {
  ChatChoice,
  ChatChunk,
  ChatCompletion,
  ChatDelta,
  ChatFinishReason,
  ChatMessage,
  ChatToolCall,
  ChatUsage,
} from './openai-shape.js'

export type { CallIds } from '../message/call-ids.js'
export type { CallOptions, FailedCalls, IncompleteCalls, OnNotes } from '../message/call-options.js'
export type { CallPolicy, CallRules } from '../message/call-policy.js'
export type { Encoder, SourceEnd } from '../message/encoder.js'
export type { MessageSource } from '../message/events-of.js'
export type { CallFacts, FailedCall, MessageFacts, ToldCall } from '../message/facts.js'
export type { SourceReason } from '../message/finish.js'
export type { ChatMessageOptions } from './chat-deltas.js'
export type * from './openai-shape.js'

/** What `toChatCompletion` and `createChatChunks` take. */
export interface ChatOptions extends ChatMessageOptions {
  /** The name of the model, as the client is to see it. */
  model: string
  /** Id of the completion. Default: a random `chatcmpl-…`. */
  id?: string | undefined
  /** Unix time in seconds. Default: now. */
  created?: number | undefined
  /** Which of several choices this message is. Default 0. */
  choiceIndex?: number | undefined
}

/**
 * The finish reason of a result: `length` or `content_filter` where the server said so, else `tool_calls` where there is a
 * complete call, else `length` (cut off) or `stop`.
 *
 * @example finishReason(parse(text, options)) // 'tool_calls'
 */
export function finishReason(result: ParseResult, reason?: SourceReason): ChatFinishReason {
  return FINISH_REASONS[deriveFinish(result.toolCalls.length, result.status, reason)]
}

/**
 * A parsed message as the `message` of a chat completion, without what is known of its calls (`callsift` stands beside the
 * message, in the choice). It is the fold of the chunks that `createChatChunks` makes,
 * so a client that joins the stream gets the same message.
 *
 * @example toChatMessage(parse(text, { format: 'hermes' })) // { role: 'assistant', content: null, tool_calls: […] }
 */
export function toChatMessage(source: MessageSource, options: ChatMessageOptions = {}): ChatMessage {
  const encoder = createChatChunks({ ...options, incompleteCalls: 'omit', model: '', id: '', created: 0 })
  return joinChatChunks([...encoder.push(eventsOf(source)), ...encoder.end()], 0).message
}

/**
 * A parsed message as the body of a chat completion.
 *
 * @example toChatCompletion(result, { model: 'qwen3', usage: upstream.usage })
 */
export function toChatCompletion(source: MessageSource, options: ChatOptions & SourceEnd<ChatUsage>): ChatCompletion {
  const encoder = createChatChunks({ ...options, incompleteCalls: 'omit' })
  const chunks = [...encoder.push(eventsOf(source)), ...encoder.end(options)]
  const completion: ChatCompletion = {
    id: chunks[0]?.id ?? '',
    object: 'chat.completion',
    created: chunks[0]?.created ?? 0,
    model: options.model,
    choices: [joinChatChunks(chunks, options.choiceIndex ?? 0)],
  }
  if (options.usage !== undefined) completion.usage = options.usage
  return completion
}

/** Joins the chunks of one choice, as a client does. */
function joinChatChunks(chunks: ChatChunk[], choiceIndex: number): ChatChoice {
  const message: ChatMessage = { role: 'assistant', content: null, refusal: null }
  const calls: ChatToolCall[] = []
  const joined: ChatChoice = { index: choiceIndex, message, finish_reason: 'stop', logprobs: null }
  for (const choice of chunks.flatMap((chunk) => chunk.choices)) {
    const { delta } = choice
    if (delta.content) message.content = (message.content ?? '') + delta.content
    if (delta.reasoning_content) message.reasoning_content = (message.reasoning_content ?? '') + delta.reasoning_content
    if (delta.reasoning) message.reasoning = (message.reasoning ?? '') + delta.reasoning
    for (const { index, id, function: part } of delta.tool_calls ?? []) {
      calls[index] ??= { id: id ?? '', type: 'function', function: { name: part.name ?? '', arguments: '' } }
      calls[index].function.arguments += part.arguments
    }
    joined.finish_reason = choice.finish_reason ?? joined.finish_reason
    if (choice.callsift !== undefined) joined.callsift = choice.callsift
  }
  if (calls.length > 0) message.tool_calls = calls
  return joined
}

/**
 * Makes the chunks of one streamed message. `push` takes the events of each chunk of model text and gives the chunks
 * to send, `end` gives the last ones: what is still open, one chunk with the finish reason, and, if `usage` is given,
 * one with no choices that carries it.
 *
 * @throws TypeError for options that are none of their words
 * @example
 * const chunks = createChatChunks({ model: 'qwen3' })
 * for await (const events of parseBatches(text, options)) send(chunks.push(events))
 * send(chunks.end({ usage }))
 */
export function createChatChunks(options: ChatOptions): Encoder<ChatChunk, ChatUsage> {
  const message = createChatDeltas(options)
  const created = options.created ?? Math.floor(Date.now() / 1000)
  const head = { id: options.id ?? `chatcmpl-${randomId(24)}`, object: 'chat.completion.chunk' as const, created }
  const index = options.choiceIndex ?? 0
  let begun = false
  let ended = false

  const chunk = (delta: ChatDelta, finish: ChatFinishReason | null = null): ChatChunk => ({
    ...head,
    model: options.model,
    choices: [{ index, delta, finish_reason: finish, logprobs: null }],
  })
  function begin(): ChatChunk[] {
    if (begun) return []
    begun = true
    return [chunk({ role: 'assistant', content: null })]
  }

  return {
    push(events) {
      if (ended) return []
      const deltas = message.push(events)
      return deltas.length === 0 ? [] : [...begin(), ...deltas.map((delta) => chunk(delta))]
    },
    end(source = {}) {
      if (ended) return []
      ended = true
      const deltas = message.close().map((delta) => chunk(delta))
      const last = chunk({}, message.finish(source.reason))
      const facts = message.facts()
      if (facts !== undefined) for (const choice of last.choices) choice.callsift = facts
      const chunks = [...begin(), ...deltas, last]
      if (source.usage !== undefined) chunks.push({ ...head, model: options.model, choices: [], usage: source.usage })
      return chunks
    },
  }
}

/**
 * The same over batches of events, for `for await`.
 *
 * @example for await (const chunks of streamChatChunks(parseBatches(text, options), { model: 'qwen3' })) send(chunks)
 */
export function streamChatChunks(
  batches: AsyncIterable<Iterable<ParseEvent>> | Iterable<Iterable<ParseEvent>>,
  options: ChatOptions & SourceEnd<ChatUsage>,
): AsyncGenerator<ChatChunk[], void, undefined> {
  return encodeBatches(batches, createChatChunks(options), options)
}
