import {
  createResponseEvents,
  type ResponseBody,
  type ResponseEvent,
  type ResponseOptions,
  toResponse,
} from '../../adapters/responses/responses.js'
import type { JsonObject } from '../wire/json.js'
import { problemError } from '../wire/problem.js'
import { createEventStream, errorOf, type Repeated, writeEvent } from './event-reply.js'
import { createFirstChoice, type FirstChoice } from './first-choice.js'
import type { Reading } from './reading.js'
import type { StreamRewriter } from './rewriter.js'
import { wholeAsChunk } from './upstream-chunk.js'
import { responseUsage } from './usage.js'

/**
 * Writes a stream of chat completions as the events of a Responses stream.
 *
 * @example createResponseStream(reading, repeated).push(chunk, data) // 'event: response.created\ndata: …'
 */
export function createResponseStream(reading: Reading, repeated: Repeated): StreamRewriter {
  const choice = createFirstChoice(reading)
  const encoder = createResponseEvents(responseOptions(choice, reading, repeated))
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
    const { message, code } = errorOf(error)
    const event = { type: 'error', code, message, param: null, sequence_number: sequence, error }
    const last = encoder.fail({ code: 'server_error', message })
    return writeEvent(event) + write(last.map((one) => ({ ...one, sequence_number: one.sequence_number + 1 })))
  }
  return createEventStream(choice, {
    write: (events) => write(encoder.push(events)),
    fail,
    die: (death) => fail(problemError(death, 'responses')),
    finish() {
      const last = encoder.end({ reason: choice.reason, usage: responseUsage(choice.usage) })
      const body = last.at(-1)
      if (body !== undefined && 'response' in body) reading.finished(body.response.status)
      return write(last)
    },
  })
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

function responseOptions(choice: FirstChoice, reading: Reading, repeated: Repeated): ResponseOptions {
  const { model, echo, customTools } = repeated
  const callIds = choice.callId('call_')
  return { ...reading.callOptions, model, callIds, customTools, ...(echo === undefined ? {} : { echo }) }
}
