/**
 * OpenAI Responses: output items, the whole response, and the events of a stream.
 *
 * Each run of content is a message item, each run of reasoning a reasoning item, each call a function_call item, in the
 * order of the text. Every event carries the next sequence number. A whole response holds complete calls only, and a
 * stream holds each call back until it is whole; with `incompleteCalls: 'mark'` it does not, and a call that turns out cut
 * off or spoilt is an item with status `incomplete`, without `function_call_arguments.done`, its arguments no JSON, as is
 * any failed call with `failedCalls: 'report'`. A text
 * that was cut off ends in `response.incomplete`, unless the server said no such thing and there is a call to be run.
 */
import type { ParseEvent } from '../../event/event.js'
import { createBlocks, type MessageEnd } from '../message/blocks.js'
import { randomId } from '../message/call-ids.js'
import type { CallOptions } from '../message/call-options.js'
import { type Encoder, encodeBatches, type SourceEnd } from '../message/encoder.js'
import { eventsOf, type MessageSource } from '../message/events-of.js'
import { createOutput } from './responses-output.js'
import type {
  OutputItem,
  ReportedUsage,
  ResponseBody,
  ResponseError,
  ResponseEvent,
  ResponseEventBody,
  ResponseUsage,
} from './responses-shape.js'

export type { CallIds } from '../message/call-ids.js'
export type { CallOptions, FailedCalls, IncompleteCalls, OnNotes } from '../message/call-options.js'
export type { CallPolicy, CallRules } from '../message/call-policy.js'
export type { Encoder, SourceEnd } from '../message/encoder.js'
export type { MessageSource } from '../message/events-of.js'
export type { CallFacts, FailedCall, MessageFacts, ToldCall } from '../message/facts.js'
export type { SourceReason } from '../message/finish.js'
export type * from './responses-shape.js'

/** What `toOutputItems` takes. */
export interface OutputOptions extends CallOptions {
  /**
   * Names of tools that take free text (`type: 'custom'`), offered to the model as functions with one string `input`:
   * calls of these become `custom_tool_call` items.
   */
  customTools?: readonly string[] | undefined
}

/** What `toResponse` and `createResponseEvents` take. */
export interface ResponseOptions extends OutputOptions {
  /** The name of the model, as the client is to see it. */
  model: string
  /** Id of the response. Default: a random `resp_…`. */
  id?: string | undefined
  /** Unix time in seconds. Default: now. */
  createdAt?: number | undefined
  /** Fields of the request that the response repeats, such as `instructions`, `metadata`, `tools`, `temperature`. */
  echo?: Partial<
    Pick<
      ResponseBody,
      'instructions' | 'metadata' | 'parallel_tool_calls' | 'temperature' | 'tool_choice' | 'tools' | 'top_p'
    >
  >
}

/**
 * A parsed message as output items.
 *
 * @example toOutputItems(parse(text, options)) // [{ type: 'reasoning', … }, { type: 'function_call', … }]
 */
export function toOutputItems(source: MessageSource, options: OutputOptions = {}): OutputItem[] {
  return toResponse(source, { ...options, model: '' }).output
}

/**
 * A parsed message as the body of a response: what the last event of a stream carries, but for calls that `mark` has shown.
 *
 * @example toResponse(result, { model: 'qwen3', usage })
 */
export function toResponse(source: MessageSource, options: ResponseOptions & SourceEnd<ResponseUsage>): ResponseBody {
  const encoder = createResponseEvents({ ...options, incompleteCalls: 'omit' })
  encoder.push(eventsOf(source))
  const last = encoder.end(options).at(-1)
  if (last === undefined || !('response' in last)) throw new Error('A response stream ends in its response')
  return last.response
}

/** The encoder of a response, which may also end as failed. */
export interface ResponseEncoder extends Encoder<ResponseEvent, ResponseUsage> {
  /** Instead of `end`, where the text broke off for a reason of the server's: `response.failed`, with what there is. */
  fail(error: ResponseError): ResponseEvent[]
}

/**
 * Makes the events of one streamed response: `response.created` and `response.in_progress` with the first push, and
 * from `end` whatever is open plus `response.completed` or `response.incomplete`.
 *
 * @throws TypeError for options that are none of their words
 * @example
 * const events = createResponseEvents({ model: 'qwen3' })
 * for await (const batch of parseBatches(text, options)) send(events.push(batch))
 * send(events.end({ usage }))
 */
export function createResponseEvents(options: ResponseOptions): ResponseEncoder {
  const { customTools = [] } = options
  // Agents run an item that names a tool, and some break where they have none of that name. Free text is run whatever it says.
  const blocks = createBlocks(options, 'call_', ({ name }, notes) =>
    customTools.includes(name) || notes.some(({ code }) => code === 'unknown-tool') ? 'text' : 'call',
  )
  const output = createOutput(customTools)
  const body = emptyResponse(options)
  let sequence = 0
  let begun = false
  let ended = false

  const number = (events: ResponseEventBody[]): ResponseEvent[] =>
    events.map((event) => ({ ...event, sequence_number: sequence++ }))
  function begin(): ResponseEventBody[] {
    if (begun) return []
    begun = true
    return [
      { type: 'response.created', response: body },
      { type: 'response.in_progress', response: body },
    ]
  }

  return {
    push(events) {
      if (ended) return []
      return number([...begin(), ...blocks.push(events).flatMap(output.take)])
    },
    end(source = {}) {
      if (ended) return []
      ended = true
      const { events, end } = blocks.close(source.reason)
      const closing = [...begin(), ...events.flatMap(output.take)]
      const response = finished(body, output.items, end, source)
      return number([
        ...closing,
        { type: `response.${response.status === 'completed' ? 'completed' : 'incomplete'}`, response },
      ])
    },
    fail(error) {
      if (ended) return []
      ended = true
      const { events, end } = blocks.close('abort')
      const closing = [...begin(), ...events.flatMap(output.take)]
      const response = { ...finished(body, output.items, end, {}), status: 'failed' as const, error }
      return number([...closing, { type: 'response.failed', response: { ...response, incomplete_details: null } }])
    },
  }
}

/**
 * The same over batches of events, for `for await`.
 *
 * @example for await (const events of streamResponseEvents(parseBatches(text, options), { model })) send(events)
 */
export function streamResponseEvents(
  batches: AsyncIterable<Iterable<ParseEvent>> | Iterable<Iterable<ParseEvent>>,
  options: ResponseOptions & SourceEnd<ResponseUsage>,
): AsyncGenerator<ResponseEvent[], void, undefined> {
  return encodeBatches(batches, createResponseEvents(options), options)
}

function emptyResponse(options: ResponseOptions): ResponseBody {
  return {
    id: options.id ?? `resp_${randomId(24)}`,
    object: 'response',
    created_at: options.createdAt ?? Math.floor(Date.now() / 1000),
    status: 'in_progress',
    access_programs: null,
    error: null,
    incomplete_details: null,
    instructions: null,
    metadata: {},
    model: options.model,
    output: [],
    output_text: '',
    parallel_tool_calls: true,
    temperature: null,
    tool_choice: 'auto',
    tools: [],
    top_p: null,
    ...options.echo,
  }
}

function reportedUsage({ input_tokens_details, output_tokens_details, ...totals }: ResponseUsage): ReportedUsage {
  return {
    ...totals,
    input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0, ...input_tokens_details },
    output_tokens_details: { reasoning_tokens: 0, ...output_tokens_details },
  }
}

/** The response is incomplete where the message of another wire ends by its length, or by a filter. */
function finished(
  body: ResponseBody,
  items: OutputItem[],
  end: MessageEnd,
  source: SourceEnd<ResponseUsage>,
): ResponseBody {
  const reason = incompleteReason(end)
  const texts = items.flatMap((item) => (item.type === 'message' ? item.content.map((part) => part.text) : []))
  return {
    ...body,
    status: reason === undefined ? 'completed' : 'incomplete',
    incomplete_details: reason === undefined ? null : { reason },
    output: [...items],
    output_text: texts.join(''),
    ...(source.usage && { usage: reportedUsage(source.usage) }),
    ...(end.facts && { callsift: end.facts }),
  }
}

function incompleteReason({ finish }: MessageEnd): 'max_output_tokens' | 'content_filter' | undefined {
  if (finish === 'filter') return 'content_filter'
  return finish === 'length' ? 'max_output_tokens' : undefined
}
