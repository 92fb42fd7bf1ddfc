import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  createSseReader,
  DONE,
  isDone,
  readServerSentEvents,
  type ServerSentEvent,
  writeServerSentEvent,
  writeSseComment,
} from '../../src/adapters/sse/sse.js'
import { runs } from './events.js'
import { type Loopback, startLoopback } from './loopback.js'

function read(chunks: readonly (string | Uint8Array)[]): ServerSentEvent[] {
  const reader = createSseReader()
  return [...chunks.flatMap((chunk) => reader.push(chunk)), ...reader.end()]
}

/** Cuts text or bytes at the places given; empty pieces stay in. */
function cutAt<T extends { length: number; slice(from: number, to?: number): T }>(whole: T, places: number[]): T[] {
  const sorted = places.map((place) => place % (whole.length + 1)).sort((a, b) => a - b)
  return [0, ...sorted].map((from, index) => whole.slice(from, sorted[index] ?? whole.length))
}

const places = fc.array(fc.nat(), { maxLength: 12 })
const line = fc.oneof(fc.constantFrom('', ' ', '{"a": "你好 👋"}', 'data: x', ':', DONE), fc.string({ unit: 'binary' }))
const oneLine = line.map((text) => text.replace(/[\r\n\0]/g, ''))
const message = fc.record(
  {
    data: fc.array(oneLine, { minLength: 1, maxLength: 3 }).map((lines) => lines.join('\n')),
    event: oneLine.filter((text) => text !== ''),
    id: oneLine,
  },
  { requiredKeys: ['data'] },
)

/** A stream of messages with comments between them, under any of the three line ends. */
const stream = fc.array(message, { maxLength: 5 }).chain((messages) =>
  fc.tuple(fc.constantFrom('\n', '\r', '\r\n'), fc.boolean(), fc.boolean()).map(([end, comments, mark]) => {
    const text = messages
      .map((one) => (comments ? writeSseComment('keep-alive') : '') + writeServerSentEvent(one))
      .join('')
    return { messages, text: (mark ? '\ufeff' : '') + text.replaceAll('\n', end) }
  }),
)

describe('reading', () => {
  it('gives back what was written, in any cut of the text', () => {
    fc.assert(
      fc.property(stream, places, ({ messages, text }, cuts) => {
        expect(read(cutAt(text, cuts))).toEqual(messages)
      }),
      runs(500),
    )
  })

  it('gives back what was written, in any cut of the bytes', () => {
    fc.assert(
      fc.property(stream, places, ({ messages, text }, cuts) => {
        const bytes = new TextEncoder().encode(text)
        // Lone surrogates have no bytes.
        fc.pre(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes) === text)
        expect(read(cutAt(bytes, cuts))).toEqual(messages)
      }),
      runs(500),
    )
  })

  it.each([
    ['a comment', ': hello\n\ndata: 1\n\n', [{ data: '1' }]],
    ['several data lines', 'data: a\ndata: b\ndata:\n\n', [{ data: 'a\nb\n' }]],
    ['no space behind the colon', 'data:1\n\n', [{ data: '1' }]],
    ['only the first space is markup', 'data:  1\n\n', [{ data: ' 1' }]],
    ['a field without a colon', 'data\n\n', [{ data: '' }]],
    ['CRLF', 'event: e\r\ndata: 1\r\n\r\n', [{ event: 'e', data: '1' }]],
    ['CR at the very end', 'data: 1\r\r', [{ data: '1' }]],
    ['an unknown field', 'nonce: 1\ndata: 2\n\n', [{ data: '2' }]],
    ['an event without data', 'event: e\n\ndata: 1\n\n', [{ data: '1' }]],
    ['an event whose blank line never came', 'data: 1\n\ndata: {"half', [{ data: '1' }]],
    ['an event that ends with its line', 'data: 1\n\ndata: 2\n', [{ data: '1' }]],
  ])('%s', (_, text, events) => {
    expect(read([text])).toEqual(events)
    expect(read([...text])).toEqual(events)
  })

  it('hands an event out with the chunk that ends it', () => {
    const reader = createSseReader()
    expect(reader.push('data: 1\n')).toEqual([])
    expect(reader.push('\n')).toEqual([{ data: '1' }])
  })

  it('tells of fields that the wire does not know, as llama.cpp reports errors', () => {
    const fields: string[][] = []
    const reader = createSseReader({ onField: (field, value) => fields.push([field, value]) })
    expect(reader.push('data: 1\n\nerror: {"code":500}\n\nretry: x\n\n')).toEqual([{ data: '1' }])
    expect(fields).toEqual([['error', '{"code":500}']])
  })

  it('tells of comments', () => {
    const comments: string[] = []
    const reader = createSseReader({ onComment: (comment) => comments.push(comment) })
    reader.push(': keep-alive\n\n')
    expect(comments).toEqual(['keep-alive'])
  })
})

describe('writing', () => {
  it('writes values as JSON and text as it is', () => {
    expect(writeServerSentEvent({ data: { a: 1 } })).toBe('data: {"a":1}\n\n')
    expect(writeServerSentEvent({ data: 'a\r\nb', event: 'e', id: '7' })).toBe('event: e\nid: 7\ndata: a\ndata: b\n\n')
    expect(writeServerSentEvent({ data: DONE })).toBe('data: [DONE]\n\n')
    expect(writeSseComment()).toBe(': \n\n')
  })

  it('refuses what the wire cannot hold', () => {
    expect(() => writeServerSentEvent({ data: '', event: 'a\nb' })).toThrow(/event: a line break/)
    expect(() => writeServerSentEvent({ data: '', id: 'a\0' })).toThrow(/id: /)
    expect(() => writeServerSentEvent({ data: undefined })).toThrow(/data: expected/)
  })
})

describe('a response body', () => {
  let server: Loopback
  beforeAll(async () => {
    server = await startLoopback()
  })
  afterAll(() => server.close())

  const body = (pieces: string[]) => {
    server.answer(() => ({ pieces }))
    return fetch(server.url, { method: 'POST' }).then((response) => response.body as ReadableStream<Uint8Array>)
  }
  async function all(source: Parameters<typeof readServerSentEvents>[0]): Promise<string[]> {
    const data: string[] = []
    for await (const event of readServerSentEvents(source)) data.push(event.data)
    return data
  }

  it('is read up to [DONE]', async () => {
    expect(await all(await body(['data: 1\n', '\ndata: 2\n\nda', 'ta: [DONE]\n\ndata: 3\n\n']))).toEqual(['1', '2'])
  })

  it('is read to its end if [DONE] never comes', async () => {
    expect(await all(await body([': hi\n\n', 'data: 1\r\r']))).toEqual(['1'])
  })

  it('is cancelled when the reader stops early', async () => {
    let cancelled = false
    const source = new ReadableStream<string>({
      pull: (controller) => controller.enqueue('data: 1\n\n'),
      cancel: () => {
        cancelled = true
      },
    })
    for await (const event of readServerSentEvents(source)) {
      expect(event).toEqual({ data: '1' })
      break
    }
    expect(cancelled).toBe(true)
  })

  it('may also be an async iterable', async () => {
    async function* source() {
      yield 'data: 1\n\n'
      yield new TextEncoder().encode('data: [DONE]\n\n')
    }
    expect(await all(source())).toEqual(['1'])
    expect(isDone({ data: ' [DONE]' })).toBe(true)
  })
})
