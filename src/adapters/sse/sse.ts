/**
 * Server-sent events, read from text or bytes in any cut and written as text.
 *
 * Reading follows the WHATWG rules (comments, CR, LF and CRLF, several data lines, a byte order mark) and rests on
 * eventsource-parser; an event whose blank line never comes is discarded, since its data may be half.
 */
import { createParser, type EventSourceMessage } from 'eventsource-parser'
import { readStream } from '../../text/read-stream.js'

/** One event. `data` holds the data lines joined by line feeds. */
export interface ServerSentEvent {
  event?: string
  id?: string
  data: string
}

/** Reads one stream. `push` gives the events that became whole, `end` those that only waited for the end. */
export interface SseReader {
  push(chunk: string | Uint8Array): ServerSentEvent[]
  end(): ServerSentEvent[]
}

/** The data of the event that ends a stream on OpenAI's wires. It is no JSON. */
export const DONE = '[DONE]'

/**
 * Whether this is the event that ends a stream.
 *
 * @example isDone({ data: '[DONE]' }) // true
 */
export function isDone(event: { data: string }): boolean {
  return event.data.trim() === DONE
}

/**
 * Makes a reader for one stream. Chunks may be cut anywhere, bytes also inside a character; give one kind only.
 * `onComment` gets the text of comments, which servers send to keep a connection alive, `onField` the fields that the
 * wire does not know: llama.cpp reports errors as `error: {…}`.
 *
 * @example createSseReader().push('data: {"a":1}\n\n') // [{ data: '{"a":1}' }]
 */
export function createSseReader(
  options: { onComment?: (comment: string) => void; onField?: (field: string, value: string) => void } = {},
): SseReader {
  let events: ServerSentEvent[] = []
  const parser = createParser({
    onEvent: (message) => events.push(plain(message)),
    onComment: options.onComment,
    onError: ({ type, field, value }) => type === 'unknown-field' && options.onField?.(field ?? '', value ?? ''),
  })
  const decoder = new TextDecoder()
  let atStart = true
  let endsInReturn = false

  function feed(text: string): void {
    if (text === '') return
    // The parser looks for the bytes of a byte order mark; text that was decoded elsewhere may hold the character.
    const rest = atStart && text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
    atStart = false
    if (rest === '') return
    endsInReturn = rest.endsWith('\r')
    parser.feed(rest)
  }
  function take(): ServerSentEvent[] {
    const whole = events
    events = []
    return whole
  }

  return {
    push(chunk) {
      feed(typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true }))
      return take()
    },
    end() {
      feed(decoder.decode())
      // A carriage return at the end of a chunk waits for a line feed that may belong to it. None will come.
      if (endsInReturn) feed('\n')
      return take()
    },
  }
}

function plain({ data, event, id }: EventSourceMessage): ServerSentEvent {
  return { ...(event === undefined ? {} : { event }), ...(id === undefined ? {} : { id }), data }
}

/**
 * Reads the events of a response body (or of any stream of text or bytes), up to the end of the stream or to `[DONE]`,
 * which is not handed out. The source is cancelled when the consumer stops early.
 *
 * @example for await (const { data } of readServerSentEvents(response.body)) use(JSON.parse(data))
 */
export async function* readServerSentEvents(
  source: ReadableStream<Uint8Array | string> | AsyncIterable<Uint8Array | string>,
  options: { onComment?: (comment: string) => void } = {},
): AsyncGenerator<ServerSentEvent, void, undefined> {
  const reader = createSseReader(options)
  for await (const chunk of 'getReader' in source ? readStream(source) : source) {
    for (const event of reader.push(chunk)) {
      if (isDone(event)) return
      yield event
    }
  }
  for (const event of reader.end()) {
    if (isDone(event)) return
    yield event
  }
}

/**
 * The text of one event. Data of several lines becomes several data lines; anything that is no string is written as JSON.
 *
 * @throws TypeError for an event name or id with a line break, which the wire cannot express
 * @example writeServerSentEvent({ data: { a: 1 } }) // 'data: {"a":1}\n\n'
 */
export function writeServerSentEvent(message: { data: unknown; event?: string; id?: string }): string {
  const data = typeof message.data === 'string' ? message.data : JSON.stringify(message.data)
  if (data === undefined) throw new TypeError('data: expected a string or a value that JSON can express')
  let text = ''
  if (message.event !== undefined) text += `event: ${oneLine('event', message.event)}\n`
  if (message.id !== undefined) text += `id: ${oneLine('id', message.id)}\n`
  for (const line of data.split(LINE_BREAK)) text += `data: ${line}\n`
  return `${text}\n`
}

/**
 * The text of a comment, which clients skip: something to send while there is nothing to say.
 *
 * @example writeSseComment('keep-alive') // ': keep-alive\n\n'
 */
export function writeSseComment(comment = ''): string {
  return `${comment
    .split(LINE_BREAK)
    .map((line) => `: ${line}\n`)
    .join('')}\n`
}

const LINE_BREAK = /\r\n|\r|\n/

function oneLine(field: string, text: string): string {
  if (/[\r\n\0]/.test(text))
    throw new TypeError(`${field}: a line break or NUL cannot be written in a server-sent event`)
  return text
}
