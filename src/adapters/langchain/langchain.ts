/**
 * LangChain: the fields of an `AIMessage`, and of the `AIMessageChunk`s of a stream.
 *
 * LangChain joins the argument text of a call by `index` and closes open strings and braces itself, so a call that was
 * cut off would come out as a whole one. A message therefore holds complete calls only, and a stream holds each call back
 * until it is whole. With `incompleteCalls: 'mark'` arguments are streamed as they are written, and those of a call that
 * turns out cut off or spoilt end in text that is no JSON, which puts it into `invalid_tool_calls`.
 */
import type { ParseEvent, Status } from '../../event/event.js'
import { createCallGate, type WireEvent } from '../message/call-gate.js'
import type { CallOptions } from '../message/call-options.js'
import { type Encoder, encodeBatches, type SourceEnd } from '../message/encoder.js'
import { eventsOf, type MessageSource } from '../message/events-of.js'
import type { MessageFacts } from '../message/facts.js'
import { deriveFinish } from '../message/finish.js'

export type { CallIds } from '../message/call-ids.js'
export type { CallOptions, FailedCalls, IncompleteCalls, OnNotes } from '../message/call-options.js'
export type { CallPolicy, CallRules } from '../message/call-policy.js'
export type { Encoder, SourceEnd } from '../message/encoder.js'
export type { MessageSource } from '../message/events-of.js'
export type { CallFacts, FailedCall, MessageFacts, ToldCall } from '../message/facts.js'
export type { SourceReason } from '../message/finish.js'

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

/** What a message has beside the fields that LangChain knows. */
export type MessageKwargs = {
  reasoning_content?: string
  /** What is known of its calls, and which failed. */
  callsift?: MessageFacts
}

/**
 * What the constructor of `AIMessage` takes. With `usage` there is also `usage_metadata`, as a `LangChainUsage`: the type does
 * not say so, since under `exactOptionalPropertyTypes` LangChain's own has no value for it.
 */
export interface AIMessageFields {
  content: string
  id?: string
  additional_kwargs: MessageKwargs
  response_metadata: Record<string, unknown>
  tool_calls: LangChainToolCall[]
  invalid_tool_calls: LangChainInvalidToolCall[]
}

/** What the constructor of `AIMessageChunk` takes; `usage_metadata` as in `AIMessageFields`. */
export interface AIMessageChunkFields {
  content: string
  id?: string
  additional_kwargs: MessageKwargs
  response_metadata: Record<string, unknown>
  tool_call_chunks: LangChainToolCallChunk[]
}

/** The token counts of a message. */
interface Counted {
  usage_metadata?: LangChainUsage
}

/** What `toAIMessage` and `createAIMessageChunks` take. */
export interface AIMessageOptions extends CallOptions {
  /** Id of the message. */
  id?: string | undefined
  /** Goes into `response_metadata.model_name`. */
  model?: string | undefined
}

const REASONS = { calls: 'tool_calls', length: 'length', filter: 'content_filter', stop: 'stop' } as const

/**
 * A parsed message as the fields of an `AIMessage`. Calls that failed are in `invalid_tool_calls` with
 * `failedCalls: 'report'`, else in no field that a client runs.
 *
 * @example new AIMessage(toAIMessage(parse(text, options)))
 */
export function toAIMessage(
  source: MessageSource,
  options: AIMessageOptions & SourceEnd<LangChainUsage> = {},
): AIMessageFields {
  const whys = new Map<string, string>()
  const encoder = createChunks({ ...options, incompleteCalls: 'omit' }, whys)
  return joinChunks([...encoder.push(eventsOf(source)), ...encoder.end(options)], whys)
}

/** Joins chunks as LangChain does. `whys`: what is wrong with the calls that failed, whose arguments are no JSON, by their ids. */
function joinChunks(chunks: (AIMessageChunkFields & Counted)[], whys: ReadonlyMap<string, string>): AIMessageFields {
  const message: AIMessageFields & Counted = {
    content: '',
    additional_kwargs: {},
    response_metadata: {},
    tool_calls: [],
    invalid_tool_calls: [],
  }
  const calls: Required<LangChainToolCallChunk>[] = []
  for (const chunk of chunks) {
    message.content += chunk.content
    const { reasoning_content, callsift } = chunk.additional_kwargs
    if (callsift !== undefined) message.additional_kwargs.callsift = callsift
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
  for (const { id, name, args } of calls) {
    const error = whys.get(id)
    if (error === undefined) message.tool_calls.push({ type: 'tool_call', id, name, args: JSON.parse(args) })
    else message.invalid_tool_calls.push({ type: 'invalid_tool_call', id, name, args, error })
  }
  return message
}

/**
 * Makes the chunks of one streamed message. Joined with `concat` they are the message that `toAIMessage` gives, but for
 * calls that `mark` has shown.
 *
 * @throws TypeError for options that are none of their words
 * @example
 * const chunks = createAIMessageChunks()
 * for await (const events of parseBatches(text, options)) for (const fields of chunks.push(events)) yield new AIMessageChunk(fields)
 */
export function createAIMessageChunks(options: AIMessageOptions = {}): Encoder<AIMessageChunkFields, LangChainUsage> {
  return createChunks(options, new Map())
}

function createChunks(
  options: AIMessageOptions,
  whys: Map<string, string>,
): Encoder<AIMessageChunkFields, LangChainUsage> {
  const gate = createCallGate(options, 'call_', 'call')
  let started = 0
  let id = '' // of the open call
  let complete = 0
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
        id = event.id
        return callChunk({ id, name: event.name, args: '' })
      case 'arguments':
        return event.delta === '' ? [] : callChunk({ args: event.delta })
      case 'call-end':
        if (event.why !== undefined) whys.set(id, event.feedback ?? event.why)
        else if (event.call.status === 'complete') complete++
        return []
      case 'end':
        status = event.status
        return []
    }
  }

  return {
    push: (events) => (ended ? [] : gate.push(events).flatMap(chunksOf)),
    end(source = {}) {
      if (ended) return []
      ended = true
      const cut = gate.close().flatMap(chunksOf)
      const response_metadata = {
        finish_reason: REASONS[deriveFinish(complete, status, source.reason)],
        ...(options.model === undefined ? {} : { model_name: options.model }),
      }
      const usage = source.usage === undefined ? {} : { usage_metadata: source.usage }
      const facts = gate.facts()
      const additional_kwargs = facts === undefined ? {} : { callsift: facts }
      return [...cut, chunk({ additional_kwargs, response_metadata, ...usage })]
    },
  }
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
