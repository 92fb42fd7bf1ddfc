/**
 * Anthropic messages: the whole message and the events of a stream.
 *
 * Each run of content is a text block, each run of reasoning a thinking block (with an empty signature: nobody signed
 * it), each call a tool_use block, in the order of the text; blocks never overlap.
 *
 * This wire has no mark for a single block. A whole message therefore holds complete calls only, and a stream holds each
 * call back until it is whole. A failed call that is to be reported is a text block. With `incompleteCalls: 'mark'` input is streamed as it is written, and that of a call that
 * turns out cut off or spoilt ends in text that is no JSON: their client then gives up the whole message with an error.
 */
import type { CallStartEvent, ParseEvent } from '../../event/event.js'
import { type BlockEvent, createBlocks, type TextKind } from '../message/blocks.js'
import { randomId } from '../message/call-ids.js'
import type { CallOptions } from '../message/call-options.js'
import { type Encoder, encodeBatches, type SourceEnd } from '../message/encoder.js'
import { eventsOf, type MessageSource } from '../message/events-of.js'
import type { MessageFacts } from '../message/facts.js'

export type { CallIds } from '../message/call-ids.js'
export type { CallOptions, FailedCalls, IncompleteCalls, OnNotes } from '../message/call-options.js'
export type { CallPolicy, CallRules } from '../message/call-policy.js'
export type { Encoder, SourceEnd } from '../message/encoder.js'
export type { MessageSource } from '../message/events-of.js'
export type { CallFacts, FailedCall, MessageFacts, ToldCall } from '../message/facts.js'
export type { SourceReason } from '../message/finish.js'

/** The stop reasons that a parsed message can have. */
export type StopReason = 'end_turn' | 'max_tokens' | 'tool_use' | 'refusal'

/** A run of content. */
export interface TextBlock {
  type: 'text'
  text: string
  /** None: a list that is empty, since the API's types want one or null, and the AI SDK refuses null. */
  citations: never[]
}
/** A run of reasoning. */
export interface ThinkingBlock {
  type: 'thinking'
  thinking: string
  signature: string
}
/** A complete call; in a stream its input starts as `{}` and comes in deltas. */
export interface ToolUseBlock {
  type: 'tool_use'
  id: string
  name: string
  input: Record<string, unknown>
  /** The model itself, not code that it runs. */
  caller: { type: 'direct' }
}
/** A block of a message. */
export type ContentBlock = TextBlock | ThinkingBlock | ToolUseBlock

/** Token counts, as far as the server gives them. */
export interface MessageUsage {
  input_tokens: number
  output_tokens: number
}

/** Token counts as the API returns them. What only Anthropic's own servers know is null. */
export interface ReportedUsage extends MessageUsage {
  cache_creation: null
  cache_creation_input_tokens: null
  cache_read_input_tokens: null
  inference_geo: null
  output_tokens_details: null
  server_tool_use: null
  service_tier: null
  speed: null
}

/** A message as the API returns it. */
export interface Message {
  id: string
  type: 'message'
  role: 'assistant'
  model: string
  content: ContentBlock[]
  stop_reason: StopReason | null
  stop_sequence: string | null
  stop_details: null
  container: null
  diagnostics: null
  usage: ReportedUsage
  /** What is known of its calls, and which failed. */
  callsift?: MessageFacts
}

/** A piece of the open block. */
export type BlockDelta =
  | { type: 'text_delta'; text: string }
  | { type: 'thinking_delta'; thinking: string }
  | { type: 'input_json_delta'; partial_json: string }

/** An event of a stream; its `type` is also the `event` of the server-sent event. */
export type MessageStreamEvent =
  | { type: 'message_start'; message: Message }
  | { type: 'content_block_start'; index: number; content_block: ContentBlock }
  | { type: 'content_block_delta'; index: number; delta: BlockDelta }
  | { type: 'content_block_stop'; index: number }
  | {
      type: 'message_delta'
      delta: { stop_reason: StopReason; stop_sequence: null; stop_details: null; container: null }
      usage: ReportedUsage
      callsift?: MessageFacts
    }
  | { type: 'message_stop' }

/** What `toMessage` and `createMessageEvents` take. */
export interface MessageOptions extends CallOptions {
  /** The name of the model, as the client is to see it. */
  model: string
  /** Id of the message. Default: a random `msg_…`. */
  id?: string | undefined
  /** Token count of the prompt, if it is known when the stream starts. */
  inputTokens?: number | undefined
}

const REASONS = { calls: 'tool_use', length: 'max_tokens', filter: 'refusal', stop: 'end_turn' } as const

/**
 * A parsed message as an Anthropic message. Give the events instead of a result to keep text between calls in place.
 *
 * @example toMessage(parse(text, options), { model: 'qwen3' }) // { stop_reason: 'tool_use', content: [{ type: 'tool_use', … }] }
 */
export function toMessage(source: MessageSource, options: MessageOptions & SourceEnd<MessageUsage>): Message {
  const encoder = createMessageEvents({ ...options, incompleteCalls: 'omit' })
  return joinMessageEvents([...encoder.push(eventsOf(source)), ...encoder.end(options)])
}

/** Joins the events of a stream, as a client does. Input is parsed from its text: `__proto__` becomes an own key. */
function joinMessageEvents(events: MessageStreamEvent[]): Message {
  let message: Message | undefined
  let input = ''
  for (const event of events) {
    if (event.type === 'message_start') message = { ...event.message, content: [] }
    if (message === undefined) continue
    const block = message.content.at(-1)
    if (event.type === 'content_block_start') {
      message.content.push({ ...event.content_block })
      input = ''
    } else if (event.type === 'content_block_delta') {
      if (event.delta.type === 'text_delta' && block?.type === 'text') block.text += event.delta.text
      if (event.delta.type === 'thinking_delta' && block?.type === 'thinking') block.thinking += event.delta.thinking
      if (event.delta.type === 'input_json_delta') input += event.delta.partial_json
    } else if (event.type === 'content_block_stop' && block?.type === 'tool_use') {
      block.input = JSON.parse(input)
    } else if (event.type === 'message_delta') {
      message.stop_reason = event.delta.stop_reason
      message.usage = event.usage
      if (event.callsift !== undefined) message.callsift = event.callsift
    }
  }
  if (message === undefined) throw new Error('A message stream starts with its message')
  return message
}

/**
 * Makes the events of one streamed message: `message_start` with the first push, and from `end` whatever is open plus
 * `message_delta` with the stop reason and `message_stop`. On the wire each goes out as a server-sent event whose
 * `event` is its `type`.
 *
 * @throws TypeError for options that are none of their words
 * @example
 * const events = createMessageEvents({ model: 'qwen3' })
 * for await (const batch of parseBatches(text, options)) send(events.push(batch))
 * send(events.end({ usage }))
 */
export function createMessageEvents(options: MessageOptions): Encoder<MessageStreamEvent, MessageUsage> {
  const blocks = createBlocks(options, 'toolu_', 'text')
  const encodeBlock = createBlockEvents()
  const startUsage = reportedUsage({ input_tokens: options.inputTokens ?? 0, output_tokens: 0 })
  let begun = false
  let ended = false

  function begin(): MessageStreamEvent[] {
    if (begun) return []
    begun = true
    const id = options.id ?? `msg_${randomId(24)}`
    const nothing = { content: [], stop_reason: null, stop_sequence: null, ...UNKNOWN, diagnostics: null }
    const { model } = options
    return [
      {
        type: 'message_start',
        message: { id, type: 'message', role: 'assistant', model, ...nothing, usage: startUsage },
      },
    ]
  }

  return {
    push: (events) => (ended ? [] : [...begin(), ...blocks.push(events).flatMap(encodeBlock)]),
    end(source = {}) {
      if (ended) return []
      ended = true
      const { events, end } = blocks.close(source.reason)
      const delta = { stop_reason: REASONS[end.finish], stop_sequence: null, ...UNKNOWN }
      return [
        ...begin(),
        ...events.flatMap(encodeBlock),
        {
          type: 'message_delta',
          delta,
          usage: source.usage === undefined ? startUsage : reportedUsage(source.usage),
          ...(end.facts && { callsift: end.facts }),
        },
        { type: 'message_stop' },
      ]
    },
  }
}

/**
 * The same over batches of events, for `for await`.
 *
 * @example for await (const events of streamMessageEvents(parseBatches(text, options), { model })) send(events)
 */
export function streamMessageEvents(
  batches: AsyncIterable<Iterable<ParseEvent>> | Iterable<Iterable<ParseEvent>>,
  options: MessageOptions & SourceEnd<MessageUsage>,
): AsyncGenerator<MessageStreamEvent[], void, undefined> {
  return encodeBatches(batches, createMessageEvents(options), options)
}

/** What only Anthropic's own servers tell of a message. */
const UNKNOWN = { stop_details: null, container: null } as const

function reportedUsage({ input_tokens, output_tokens }: MessageUsage): ReportedUsage {
  return {
    input_tokens,
    output_tokens,
    cache_creation: null,
    cache_creation_input_tokens: null,
    cache_read_input_tokens: null,
    inference_geo: null,
    output_tokens_details: null,
    server_tool_use: null,
    service_tier: null,
    speed: null,
  }
}

function createBlockEvents() {
  let index = -1

  const start = (content_block: ContentBlock): MessageStreamEvent[] => [
    { type: 'content_block_start', index: ++index, content_block },
  ]
  const delta = (delta: BlockDelta): MessageStreamEvent[] => [{ type: 'content_block_delta', index, delta }]
  const startText = (kind: TextKind) =>
    start(
      kind === 'content'
        ? { type: 'text', text: '', citations: [] }
        : { type: 'thinking', thinking: '', signature: '' },
    )
  const startCall = ({ id, name }: CallStartEvent) =>
    start({ type: 'tool_use', id, name, input: {}, caller: { type: 'direct' } })

  return (event: BlockEvent): MessageStreamEvent[] => {
    switch (event.type) {
      case 'text-open':
        return startText(event.kind)
      case 'text':
        if (event.kind === 'content') return delta({ type: 'text_delta', text: event.text })
        return delta({ type: 'thinking_delta', thinking: event.text })
      case 'call-start':
        return startCall(event)
      case 'arguments':
        return delta({ type: 'input_json_delta', partial_json: event.delta })
      case 'text-close':
      case 'call-end':
      case 'call-cut':
        return [{ type: 'content_block_stop', index }]
    }
  }
}
