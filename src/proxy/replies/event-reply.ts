import {
  createMessageEvents,
  type Message,
  type MessageOptions,
  toMessage,
} from '../../adapters/anthropic/anthropic.js'
import { createCallIds, randomId } from '../../adapters/message/call-ids.js'
import { readPolicy } from '../../adapters/message/call-policy.js'
import type { SourceReason } from '../../adapters/message/finish.js'
import {
  createResponseEvents,
  type ResponseBody,
  type ResponseEvent,
  type ResponseOptions,
  toResponse,
} from '../../adapters/responses/responses.js'
import type { ParseEvent, ToolCall } from '../../event/event.js'
import { isObject, type JsonObject, objectsOf } from '../wire/json.js'
import { problemError } from '../wire/problem.js'
import type { Reading } from './reading.js'
import type { StreamRewriter } from './rewriter.js'
import { createNativeCalls } from './turn.js'
import { readParts, sourceReason, wholeAsChunk } from './upstream-chunk.js'
import { messageUsage, responseUsage } from './usage.js'

/** What a reply on these wires repeats of its request. */
export interface Repeated {
  readonly model: string
  readonly echo: ResponseOptions['echo'] | undefined
  readonly stopSequences: readonly string[]
  /** The tools of a Responses request that take free text. */
  readonly customTools: readonly string[]
}

/** The events of the first choice of a reply: from text, and from what the upstream has parsed itself. */
interface FirstChoice {
  push(chunk: JsonObject): ParseEvent[]
  /** What is left when the upstream has said all: nothing where it has ended the choice. */
  close(): ParseEvent[]
  /** The upstream has died: the text that was held back, and no call. */
  cut(): ParseEvent[]
  /** What the upstream has said is to be corrected: its next answer follows. */
  again(): void
  readonly begun: boolean
  readonly ended: boolean
  /** The calls are those that the upstream has parsed itself: nothing more is known of them. */
  readonly native: boolean
  /** The id of a call on the wire: the upstream's own, or a fresh one. */
  callId(prefix: string): (call: { index: number; id: string; name: string }) => string
  readonly reason: SourceReason
  readonly usage: JsonObject | undefined
  readonly stopSequence: string | undefined
}

function createFirstChoice(reading: Reading): FirstChoice {
  let turn = reading.openTurn(0)
  const natives = createNativeCalls()
  const at = { from: 0, to: 0 }
  let mode: 'text' | 'native' = 'text'
  let begun = false
  let ended = false
  let reason: SourceReason = 'stop'
  let usage: JsonObject | undefined
  let stopSequence: string | undefined

  function takeNative(native: JsonObject[]): ParseEvent[] {
    if (native.length === 0) return []
    if (turn.called) {
      reading.tally.nativeCallsLeftOut += native.length
      return []
    }
    const before = mode === 'text' ? turn.release() : []
    mode = 'native'
    reading.tally.nativeCalls += native.filter(({ id }) => typeof id === 'string').length
    return [...before, ...natives.push(native)]
  }
  function takeText(text: string): ParseEvent[] {
    if (text === '') return []
    reading.text(text)
    return mode === 'text' ? turn.push(text) : [{ type: 'content', text, ...at }]
  }
  function end(why: SourceReason): ParseEvent[] {
    ended = true
    reason = why
    if (mode === 'text') return turn.end(why)
    const events = natives.end(why === 'length' || why === 'abort')
    const cut = why === 'abort' || why === 'length'
    return [...events, { type: 'end', status: cut ? 'truncated' : 'complete', format: 'upstream', ...at }]
  }

  return {
    push(chunk) {
      if (isObject(chunk.usage)) usage = chunk.usage
      const choice = objectsOf(chunk.choices).find(({ index }) => index === 0 || index === undefined)
      if (choice === undefined || ended) return []
      begun = true
      const parts = readParts(choice.delta)
      const events: ParseEvent[] = []
      if (parts.reasoning !== '') {
        turn.reasoningApart()
        events.push({ type: 'reasoning', text: parts.reasoning, ...at })
      }
      events.push(...takeText(parts.text), ...takeNative(parts.native))
      if (choice.finish_reason === null || choice.finish_reason === undefined) return events
      if (typeof choice.stop_reason === 'string') stopSequence = choice.stop_reason
      return [...events, ...end(sourceReason(choice.finish_reason))]
    },
    close: () => (ended ? [] : end('stop')),
    cut: () => (ended || mode === 'native' ? [] : turn.cut()),
    again() {
      begun = false
      ended = false
      turn = reading.openTurn(0)
    },
    get begun() {
      return begun
    },
    get native() {
      return mode === 'native'
    },
    callId(prefix) {
      const fresh = createCallIds('fresh', prefix)
      return (call) => (mode === 'native' && call.id !== '' ? call.id : fresh(call))
    },
    get ended() {
      return ended
    },
    get reason() {
      return reason
    },
    get usage() {
      return usage
    },
    get stopSequence() {
      return stopSequence
    },
  }
}

/**
 * Writes a stream of chat completions as the events of a Responses stream.
 *
 * @example createResponseStream(reading, repeated).push(chunk, data) // 'event: response.created\ndata: …'
 */
export function createResponseStream(reading: Reading, repeated: Repeated): StreamRewriter {
  const choice = createFirstChoice(reading)
  const encoder = createResponseEvents(responseOptions(choice, reading, repeated))
  let failed = false
  let sequence = 0
  const write = (events: ResponseEvent[]): string => {
    sequence = (events.at(-1)?.sequence_number ?? sequence - 1) + 1
    for (const event of events) if ('response' in event && choice.native) delete event.response.callsift
    return events.map(writeEvent).join('')
  }
  /**
   * Clients know two ways to say it: some raise the event `error`, others wait for the response to fail. The field `error`
   * of the former is what the openai package looks at.
   */
  function fail(error: JsonObject): string {
    failed = true
    const { message, code } = errorOf(error)
    const event = { type: 'error', code, message, param: null, sequence_number: sequence, error }
    const last = encoder.fail({ code: 'server_error', message })
    return writeEvent(event) + write(last.map((one) => ({ ...one, sequence_number: one.sequence_number + 1 })))
  }
  return {
    push(chunk) {
      if (failed) return ''
      return isObject(chunk.error) ? fail(chunk.error) : write(encoder.push(choice.push(chunk)))
    },
    close: () => (failed ? '' : write(encoder.push(choice.close()))),
    again: choice.again,
    end(death) {
      if (failed) return ''
      if (death !== undefined) return write(encoder.push(choice.cut())) + fail(problemError(death, 'responses'))
      const before = write(encoder.push(choice.close()))
      const last = encoder.end({ reason: choice.reason, usage: responseUsage(choice.usage) })
      const body = last.at(-1)
      if (body !== undefined && 'response' in body) reading.finished(body.response.status)
      return before + write(last)
    },
    get failed() {
      return failed
    },
    get begun() {
      return failed || choice.begun
    },
    get whole() {
      return failed || choice.ended
    },
  }
}

/**
 * Writes a stream of chat completions as the events of an Anthropic stream.
 *
 * @example createMessageStream(reading, repeated).push(chunk, data) // 'event: message_start\ndata: …'
 */
export function createMessageStream(reading: Reading, repeated: Repeated): StreamRewriter {
  const choice = createFirstChoice(reading)
  const encoder = createMessageEvents(messageOptions(choice, reading, repeated))
  let failed = false
  function fail(error: JsonObject): string {
    failed = true
    const { message } = errorOf(error)
    return writeEvent({ type: 'error', error: { type: 'api_error', message } })
  }
  return {
    push(chunk) {
      if (failed) return ''
      return isObject(chunk.error) ? fail(chunk.error) : encoder.push(choice.push(chunk)).map(writeEvent).join('')
    },
    close: () => (failed ? '' : encoder.push(choice.close()).map(writeEvent).join('')),
    again: choice.again,
    end(death) {
      if (failed) return ''
      if (death !== undefined) {
        failed = true
        const rest = encoder.push(choice.cut()).map(writeEvent).join('')
        return rest + writeEvent({ type: 'error', error: problemError(death, 'messages') })
      }
      const before = encoder.push(choice.close())
      const last = encoder.end({ reason: choice.reason, usage: messageUsage(choice.usage) })
      for (const event of last) {
        if (event.type !== 'message_delta') continue
        if (choice.native) delete event.callsift
        Object.assign(event.delta, stopOf(choice, repeated, event.delta.stop_reason))
        reading.finished(String(event.delta.stop_reason))
      }
      return before.map(writeEvent).join('') + last.map(writeEvent).join('')
    },
    get failed() {
      return failed
    },
    get begun() {
      return failed || choice.begun
    },
    get whole() {
      return failed || choice.ended
    },
  }
}

/** What an upstream says of its error: the message is a text, whatever came. */
function errorOf({ message, code }: JsonObject): { message: string; code: unknown } {
  const said = typeof message === 'string' && message !== '' ? message : 'the upstream reported an error'
  return { message: said, code: code ?? null }
}

/** A whole chat completion as the body of a response. */
export function responseBody(body: JsonObject, reading: Reading, repeated: Repeated): ResponseBody {
  const choice = createFirstChoice(reading)
  const events = [...choice.push(wholeAsChunk(body)), ...choice.close()]
  const end = { reason: choice.reason, usage: responseUsage(choice.usage) }
  const response = toResponse(events, { ...responseOptions(choice, reading, repeated), ...end })
  if (choice.native) delete response.callsift
  reading.finished(response.status)
  return response
}

/** The text of a whole chat completion as an Anthropic message. */
export function messageText(body: JsonObject, reading: Reading, repeated: Repeated): string {
  const choice = createFirstChoice(reading)
  const events = [...choice.push(wholeAsChunk(body)), ...choice.close()]
  const end = { reason: choice.reason, usage: messageUsage(choice.usage) }
  const message = toMessage(events, { ...messageOptions(choice, reading, repeated), ...end })
  if (choice.native) delete message.callsift
  Object.assign(message, stopOf(choice, repeated, message.stop_reason))
  reading.finished(String(message.stop_reason))
  const judge = readPolicy(reading.callOptions.policy)
  return withInputs(message, events, (call) => call.status === 'complete' && (judge?.whole(call) ?? '') === '')
}

/** The message with the input of each call as the model wrote it, as a stream has it: `9007199254740993`, `-0`. */
function withInputs(message: Message, events: readonly ParseEvent[], isShown: (call: ToolCall) => boolean): string {
  const texts = events.flatMap((event) =>
    event.type === 'call-end' && isShown(event.call) ? [event.call.argumentsText || '{}'] : [],
  )
  const mark = randomId(24) // nobody can have written it into the text
  let calls = 0
  const content = message.content.map((block) =>
    block.type === 'tool_use' ? { ...block, input: `${mark}${calls++}.` } : block,
  )
  return JSON.stringify({ ...message, content }).replace(
    new RegExp(`"${mark}(\\d{1,9})\\."`, 'g'),
    (_, index: string) => texts[Number(index)] ?? '{}',
  )
}

function responseOptions(choice: FirstChoice, reading: Reading, repeated: Repeated): ResponseOptions {
  const { model, echo, customTools } = repeated
  const callIds = choice.callId('call_')
  return { ...reading.callOptions, model, callIds, customTools, ...(echo === undefined ? {} : { echo }) }
}

function messageOptions(choice: FirstChoice, reading: Reading, { model }: Repeated): MessageOptions {
  return { ...reading.callOptions, model, callIds: choice.callId('toolu_') }
}

/** Which stop sequence ended the message, where the upstream says so (vLLM and SGLang do). */
function stopOf({ stopSequence }: FirstChoice, { stopSequences }: Repeated, reason: unknown): object {
  if (reason !== 'end_turn' || stopSequence === undefined || !stopSequences.includes(stopSequence)) return {}
  return { stop_reason: 'stop_sequence', stop_sequence: stopSequence }
}

function writeEvent<Event extends { type: string }>(event: Event): string {
  return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`
}
