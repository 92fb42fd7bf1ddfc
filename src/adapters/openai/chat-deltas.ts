import type { CallEndEvent, CallStartEvent, ParseEvent, Status } from '../../event/event.js'
import { createCallGate, type WireEvent } from '../message/call-gate.js'
import type { CallOptions } from '../message/call-options.js'
import type { MessageFacts } from '../message/facts.js'
import { deriveFinish, type SourceReason } from '../message/finish.js'
import type { ChatDelta, ChatFinishReason, ChatToolCallDelta } from './openai-shape.js'

/** What `toChatMessage` takes. */
export interface ChatMessageOptions extends CallOptions {
  /** The key for reasoning text. Default `reasoning_content`; newer servers write `reasoning`; `none` leaves it out. */
  reasoningKey?: 'reasoning_content' | 'reasoning' | 'none' | undefined
}

/** The wire's words for how a message ended. */
export const FINISH_REASONS = { calls: 'tool_calls', length: 'length', filter: 'content_filter', stop: 'stop' } as const

/** Turns the events of one message into what its chunks say. */
export interface ChatDeltas {
  push(events: Iterable<ParseEvent>): ChatDelta[]
  /** What is left when no more events come: a call that the parser never ended, or blank text that is all there was. */
  close(): ChatDelta[]
  /** The finish reason, once all events were pushed. */
  finish(reason?: SourceReason): ChatFinishReason
  /** What the message tells of its calls, once all events were pushed; undefined where there is nothing. */
  facts(): MessageFacts | undefined
}

/**
 * Makes the deltas of one message: what its chunks say, without the envelope that every chunk has and without the role.
 *
 * @throws TypeError for options that are none of their words
 * @example createChatDeltas().push(parser.push('Hi')) // [{ content: 'Hi' }]
 */
export function createChatDeltas(options: ChatMessageOptions = {}): ChatDeltas {
  const gate = createCallGate(options, 'call_', 'text')
  const reasoningKey = options.reasoningKey ?? 'reasoning_content'
  if (reasoningKey !== 'reasoning_content' && reasoningKey !== 'reasoning' && reasoningKey !== 'none') {
    throw new TypeError(
      `reasoningKey: expected 'reasoning_content', 'reasoning' or 'none', got ${String(reasoningKey)}`,
    )
  }
  let started = 0
  let complete = 0
  let status: Status = 'truncated' // until the parser says otherwise
  // Blank text in front of the first word waits: models put a line break before a call, and `content` is to be null then.
  let blank: string | undefined = ''

  function content(text: string): ChatDelta[] {
    if (blank === undefined) return [{ content: text }]
    blank += text
    if (blank.trim() === '') return []
    const whole = blank
    blank = undefined
    return [{ content: whole }]
  }
  function startCall(event: CallStartEvent): ChatDelta[] {
    const call: ChatToolCallDelta = {
      index: started++,
      id: event.id,
      type: 'function',
      function: { name: event.name, arguments: '' },
    }
    return [{ tool_calls: [call] }]
  }
  const argumentsDelta = (text: string): ChatDelta[] =>
    text === '' ? [] : [{ tool_calls: [{ index: started - 1, function: { arguments: text } }] }]
  function endCall({ call }: CallEndEvent): ChatDelta[] {
    if (call.status === 'complete') complete++
    return []
  }
  function deltasOf(event: WireEvent): ChatDelta[] {
    switch (event.type) {
      case 'content':
        return content(event.text)
      case 'reasoning':
        return reasoningKey === 'none' || event.text === '' ? [] : [{ [reasoningKey]: event.text }]
      case 'call-start':
        return startCall(event)
      case 'arguments':
        return argumentsDelta(event.delta)
      case 'call-end':
        return endCall(event)
      case 'end':
        status = event.status
        return []
    }
  }

  return {
    push: (events) => gate.push(events).flatMap(deltasOf),
    close() {
      const rest = gate.close().flatMap(deltasOf)
      return started === 0 && blank ? [...rest, { content: blank }] : rest
    },
    finish: (reason) => FINISH_REASONS[deriveFinish(complete, status, reason)],
    facts: gate.facts,
  }
}
