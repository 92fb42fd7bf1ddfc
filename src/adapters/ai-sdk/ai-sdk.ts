/**
 * Vercel AI SDK: a language model middleware that reads calls and reasoning out of a model's text, and the parts on
 * their own. One structural middleware serves ai 6 and ai 7.
 *
 * Only a complete call becomes a `tool-call` part, which is what the SDK runs. Calls that the provider itself returned
 * pass untouched, and from the first of them on the text of that step is not searched for more.
 */

import type { ParseEvent, ParseResult } from '../../event/event.js'
import { type Encoder, encodeBatches, type SourceEnd } from '../message/encoder.js'
import { eventsOf, type MessageSource } from '../message/events-of.js'
import type { MessageFacts } from '../message/facts.js'
import { deriveFinish, type SourceReason } from '../message/finish.js'
import {
  type ContentPart,
  createParts,
  type JsonOf,
  joinParts,
  type PartOptions,
  type TextStreamPart,
} from './ai-sdk-parts.js'

export type { CallIds } from '../message/call-ids.js'
export type { CallOptions, FailedCalls, IncompleteCalls, OnNotes } from '../message/call-options.js'
export type { CallPolicy, CallRules } from '../message/call-policy.js'
export type { Encoder, SourceEnd } from '../message/encoder.js'
export type { MessageSource } from '../message/events-of.js'
export type { CallFacts, FailedCall, MessageFacts, ToldCall } from '../message/facts.js'
export type { SourceReason } from '../message/finish.js'
export type { DescribeTools } from './ai-sdk-families.js'
export { createToolMiddleware, type ToolMiddlewareOptions } from './ai-sdk-middleware.js'
export type { CallMetadata, ContentPart, PartOptions, TextStreamPart, ToolCallPart } from './ai-sdk-parts.js'
export type { FunctionTool, ToolRequest } from './ai-sdk-prompt.js'
export type { CallOptionsShape } from './ai-sdk-request.js'

/** Why a step ended, as models of ai 6 and later report it. */
export interface FinishReason {
  unified: 'stop' | 'length' | 'content-filter' | 'tool-calls' | 'error' | 'other'
  raw: string | undefined
}

/** Token counts as models of the AI SDK report them. */
export interface Usage {
  inputTokens: { total: number | undefined; noCache: undefined; cacheRead: undefined; cacheWrite: undefined }
  outputTokens: { total: number | undefined; text: undefined; reasoning: undefined }
}

/** A part of the stream that `createStreamParts` makes. */
export type StreamPart =
  | TextStreamPart
  | {
      type: 'finish'
      finishReason: FinishReason
      usage: Usage
      /** What is known of the calls of the step, and which failed. */
      providerMetadata?: { callsift: JsonOf<MessageFacts> }
    }

const REASONS = { calls: 'tool-calls', length: 'length', filter: 'content-filter', stop: 'stop' } as const

const UNKNOWN_USAGE: Usage = {
  inputTokens: { total: undefined, noCache: undefined, cacheRead: undefined, cacheWrite: undefined },
  outputTokens: { total: undefined, text: undefined, reasoning: undefined },
}

/**
 * The finish reason of a result: `tool-calls` exactly when it has a complete call.
 *
 * @example finishReason(parse(text, options)) // { unified: 'tool-calls', raw: undefined }
 */
export function finishReason(result: ParseResult, reason?: SourceReason): FinishReason {
  return { unified: REASONS[deriveFinish(result.toolCalls.length, result.status, reason)], raw: undefined }
}

/**
 * A parsed message as the content of a generated step: text, reasoning and tool-call parts.
 *
 * @example toContent(parse(text, options)) // [{ type: 'tool-call', toolCallId: …, toolName: 'f', input: '{}' }]
 */
export function toContent(source: MessageSource, options: PartOptions = {}): ContentPart[] {
  const parts = createParts(options)
  // What joins to nothing else than these: the parts are all our own.
  return joinParts([...parts.push(eventsOf(source)), ...parts.close().parts]) as ContentPart[]
}

/**
 * Makes the stream parts of one step, for a provider of your own; the last is `finish`.
 *
 * @throws TypeError for options that are none of their words
 * @example
 * const parts = createStreamParts()
 * for await (const events of parseBatches(text, options)) send(parts.push(events))
 * send(parts.end({ reason: 'stop' }))
 */
export function createStreamParts(options: PartOptions = {}): Encoder<StreamPart, Usage> {
  const parts = createParts(options)
  let ended = false
  return {
    push: (events) => (ended ? [] : parts.push(events)),
    end(source = {}) {
      if (ended) return []
      ended = true
      const { parts: closing, end } = parts.close(source.reason)
      const reason: FinishReason = { unified: REASONS[end.finish], raw: undefined }
      const metadata = end.facts && { providerMetadata: { callsift: end.facts } }
      return [...closing, { type: 'finish', finishReason: reason, usage: source.usage ?? UNKNOWN_USAGE, ...metadata }]
    },
  }
}

/**
 * The same over batches of events, for `for await`.
 *
 * @example for await (const parts of streamParts(parseBatches(text, options))) for (const part of parts) controller.enqueue(part)
 */
export function streamParts(
  batches: AsyncIterable<Iterable<ParseEvent>> | Iterable<Iterable<ParseEvent>>,
  options: PartOptions & SourceEnd<Usage> = {},
): AsyncGenerator<StreamPart[], void, undefined> {
  return encodeBatches(batches, createStreamParts(options), options)
}
