import {
  createMessageEvents,
  type Message,
  type MessageOptions,
  toMessage,
} from '../../adapters/anthropic/anthropic.js'
import { randomId } from '../../adapters/message/call-ids.js'
import { readPolicy } from '../../adapters/message/call-policy.js'
import type { ParseEvent, ToolCall } from '../../event/event.js'
import type { JsonObject } from '../wire/json.js'
import { problemError } from '../wire/problem.js'
import { createEventStream, errorOf, type Repeated, writeEvent } from './event-reply.js'
import { createFirstChoice, type FirstChoice } from './first-choice.js'
import type { Reading } from './reading.js'
import type { StreamRewriter } from './rewriter.js'
import { wholeAsChunk } from './upstream-chunk.js'
import { messageUsage } from './usage.js'

/**
 * Writes a stream of chat completions as the events of an Anthropic stream.
 *
 * @example createMessageStream(reading, repeated).push(chunk, data) // 'event: message_start\ndata: …'
 */
export function createMessageStream(reading: Reading, repeated: Repeated): StreamRewriter {
  const choice = createFirstChoice(reading)
  const encoder = createMessageEvents(messageOptions(choice, reading, repeated))
  const error = (error: object): string => writeEvent({ type: 'error', error })
  return createEventStream(choice, {
    write: (events) => encoder.push(events).map(writeEvent).join(''),
    fail: (said) => error({ type: 'api_error', message: errorOf(said).message }),
    die: (death) => error(problemError(death, 'messages')),
    finish() {
      const last = encoder.end({ reason: choice.reason, usage: messageUsage(choice.usage) })
      for (const event of last) {
        if (event.type !== 'message_delta') continue
        if (choice.native) delete event.callsift
        Object.assign(event.delta, stopOf(choice, repeated, event.delta.stop_reason))
        reading.finished(String(event.delta.stop_reason))
      }
      return last.map(writeEvent).join('')
    },
  })
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

function messageOptions(choice: FirstChoice, reading: Reading, { model }: Repeated): MessageOptions {
  return { ...reading.callOptions, model, callIds: choice.callId('toolu_') }
}

/** Which stop sequence ended the message, where the upstream says so (vLLM and SGLang do). */
function stopOf({ stopSequence }: FirstChoice, { stopSequences }: Repeated, reason: unknown): object {
  if (reason !== 'end_turn' || stopSequence === undefined || !stopSequences.includes(stopSequence)) return {}
  return { stop_reason: 'stop_sequence', stop_sequence: stopSequence }
}
