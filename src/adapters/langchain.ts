/**
 * LangChain: the fields of an `AIMessage`, and of the `AIMessageChunk`s of a stream.
 *
 * LangChain joins the argument text of a call by `index` and closes open strings and braces itself, so a call that was
 * cut off would come out as a whole one. Incomplete calls therefore end in a mark that no JSON reader takes, which puts
 * them into `invalid_tool_calls`; `incompleteCalls: 'omit'` holds each call until it is whole.
 */
import type { ParseEvent, Status } from '../event/event.js'
import { createCallGate, type IncompleteCalls, type WireEvent } from './call-gate.js'
import { type CallIds, createCallIds } from './call-ids.js'
import { type Encoder, encodeBatches, type SourceEnd } from './encoder.js'
import { eventsOf, type MessageSource } from './events-of.js'
import { deriveFinish } from './finish.js'
import { incompleteMark } from './unfinished-arguments.js'

export type { IncompleteCalls } from './call-gate.js'
export type { CallIds } from './call-ids.js'
export type { Encoder, SourceEnd } from './encoder.js'
export type { MessageSource } from './events-of.js'
export type { SourceReason } from './finish.js'

/** A complete call. */
export interface LangChainToolCall {
  type: 'tool_call'
  id: string
  name: string
  args: Record<string, unknown>
}
/** A call that was cut off or spoilt, with its text and a mark. */
export interface LangChainInvalidToolCall {
  type: 'invalid_tool_call'
  id: string
  name: string
  args: string
  error: string
}
/** A piece of a call; pieces with one index are joined. */
export interface LangChainToolCallChunk {
  type: 'tool_call_chunk'
  index: number
  id?: string
  name?: string
  args: string
}
/** Token counts. */
export interface LangChainUsage {
  input_tokens: number
  output_tokens: number
  total_tokens: number
}

/** What the constructor of `AIMessage` takes. */
export interface AIMessageFields {
  content: string
  id?: string
  additional_kwargs: { reasoning_content?: string }
  response_metadata: Record<string, unknown>
  tool_calls: LangChainToolCall[]
  invalid_tool_calls: LangChainInvalidToolCall[]
  usage_metadata?: LangChainUsage
}

/** What the constructor of `AIMessageChunk` takes. */
export interface AIMessageChunkFields {
  content: string
  id?: string
  additional_kwargs: { reasoning_content?: string }
  response_metadata: Record<string, unknown>
  tool_call_chunks: LangChainToolCallChunk[]
  usage_metadata?: LangChainUsage
}

/** What `toAIMessage` and `createAIMessageChunks` take. */
export interface AIMessageOptions {
  /** Id of the message. */
  id?: string | undefined
  /** Goes into `response_metadata.model_name`. */
  model?: string | undefined
  /** Where the ids of calls come from. Default `fresh`: random, so that they differ from message to message. */
  callIds?: CallIds | undefined
  /** What becomes of calls that were cut off or spoilt. Default `mark`: they are in `invalid_tool_calls`. */
  incompleteCalls?: IncompleteCalls | undefined
}

const REASONS = { calls: 'tool_calls', length: 'length', filter: 'content_filter', stop: 'stop' } as const

/**
 * A parsed message as the fields of an `AIMessage`: complete calls in `tool_calls`, all others in `invalid_tool_calls`.
 *
 * @example new AIMessage(toAIMessage(parse(text, options)))
 */
export function toAIMessage(
  source: MessageSource,
  options: AIMessageOptions & SourceEnd<LangChainUsage> = {},
): AIMessageFields {
  const { encoder, complete } = createChunks(options)
  const chunks = [...encoder.push(eventsOf(source)), ...encoder.end(options)]
  return joinChunks(chunks, complete)
}

/** Joins the chunks, as LangChain does, but for asking which calls are complete instead of trying to read their text. */
function joinChunks(chunks: AIMessageChunkFields[], complete: ReadonlySet<number>): AIMessageFields {
  const message: AIMessageFields = {
    content: '',
    additional_kwargs: {},
    response_metadata: {},
    tool_calls: [],
    invalid_tool_calls: [],
  }
  const calls: Required<LangChainToolCallChunk>[] = []
  for (const chunk of chunks) {
    message.content += chunk.content
    const { reasoning_content } = chunk.additional_kwargs
    if (reasoning_content !== undefined) {
      message.additional_kwargs.reasoning_content =
        (message.additional_kwargs.reasoning_content ?? '') + reasoning_content
    }
    Object.assign(message.response_metadata, chunk.response_metadata)
    if (chunk.id !== undefined) message.id = chunk.id
    if (chunk.usage_metadata !== undefined) message.usage_metadata = chunk.usage_metadata
    for (const { index, id = '', name = '', args } of chunk.tool_call_chunks) {
      calls[index] ??= { type: 'tool_call_chunk', index, id, name, args: '' }
      calls[index].args += args
    }
  }
  for (const { index, id, name, args } of calls) {
    if (complete.has(index)) message.tool_calls.push({ type: 'tool_call', id, name, args: JSON.parse(args) })
    // The words that LangChain itself uses for such a call; the mark at the end of `args` says what happened to it.
    else message.invalid_tool_calls.push({ type: 'invalid_tool_call', id, name, args, error: 'Malformed args.' })
  }
  return message
}

/**
 * Makes the chunks of one streamed message. Joined with `concat` they are the message that `toAIMessage` gives.
 *
 * @throws TypeError for options that are none of their words
 * @example
 * const chunks = createAIMessageChunks()
 * for await (const events of parseBatches(text, options)) for (const fields of chunks.push(events)) yield new AIMessageChunk(fields)
 */
export function createAIMessageChunks(options: AIMessageOptions = {}): Encoder<AIMessageChunkFields, LangChainUsage> {
  return createChunks(options).encoder
}

/** The encoder, and the indexes of the calls that turned out complete. */
function createChunks(options: AIMessageOptions) {
  const gate = createCallGate(options.incompleteCalls)
  const callId = createCallIds(options.callIds, 'call_')
  let started = 0
  const complete = new Set<number>()
  let callOpen = false
  let status: Status = 'truncated' // until the parser says otherwise
  let ended = false

  const chunk = (fields: Partial<AIMessageChunkFields>): AIMessageChunkFields => ({
    content: '',
    ...(options.id === undefined ? {} : { id: options.id }),
    additional_kwargs: {},
    response_metadata: {},
    tool_call_chunks: [],
    ...fields,
  })
  const callChunk = (fields: { id?: string; name?: string; args: string }): AIMessageChunkFields[] => [
    chunk({ tool_call_chunks: [{ type: 'tool_call_chunk', index: started - 1, ...fields }] }),
  ]
  function chunksOf(event: WireEvent): AIMessageChunkFields[] {
    switch (event.type) {
      case 'content':
        return event.text === '' ? [] : [chunk({ content: event.text })]
      case 'reasoning':
        return event.text === '' ? [] : [chunk({ additional_kwargs: { reasoning_content: event.text } })]
      case 'call-start':
        started++
        callOpen = true
        return callChunk({ id: callId(event), name: event.name, args: '' })
      case 'arguments':
        return event.delta === '' ? [] : callChunk({ args: event.delta })
      case 'call-end':
        callOpen = false
        if (event.call.status !== 'complete') return callChunk({ args: incompleteMark(event.call.status) })
        complete.add(started - 1)
        return []
      case 'end':
        status = event.status
        return []
    }
  }

  const encoder: Encoder<AIMessageChunkFields, LangChainUsage> = {
    push: (events) => (ended ? [] : gate.push(events).flatMap(chunksOf)),
    end(source = {}) {
      if (ended) return []
      ended = true
      const cut = callOpen ? callChunk({ args: incompleteMark('truncated') }) : []
      const response_metadata = {
        finish_reason: REASONS[deriveFinish(complete.size, status, source.reason)],
        ...(options.model === undefined ? {} : { model_name: options.model }),
      }
      const usage = source.usage === undefined ? {} : { usage_metadata: source.usage }
      return [...cut, chunk({ response_metadata, ...usage })]
    },
  }
  return { encoder, complete }
}

/**
 * The same over batches of events, for `for await`.
 *
 * @example for await (const chunks of streamAIMessageChunks(parseBatches(text, options))) for (const fields of chunks) …
 */
export function streamAIMessageChunks(
  batches: AsyncIterable<Iterable<ParseEvent>> | Iterable<Iterable<ParseEvent>>,
  options: AIMessageOptions & SourceEnd<LangChainUsage> = {},
): AsyncGenerator<AIMessageChunkFields[], void, undefined> {
  return encodeBatches(batches, createAIMessageChunks(options), options)
}
