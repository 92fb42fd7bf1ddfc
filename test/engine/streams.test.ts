import { describe, expect, it } from 'vitest'
import { hermes } from '../../parsers/hermes.js'
import * as core from '../../src/core.js'
import {
  collect,
  createParser,
  formats,
  type ParseEvent,
  parse,
  parseBatches,
  parseStream,
  type StreamOptions,
  type TextSource,
} from '../../src/index.js'
import { fixturesOf } from '../promises/texts.js'
import { seeded, tokens } from '../support/seeded.js'

const TEXT = 'On it. <tool_call>{"name": "f", "arguments": {"a": 1}}</tool_call>'

it('core reads with a format that is given, and says what to do about a name', () => {
  expect(core.parse(TEXT, { format: hermes })).toEqual(parse(TEXT, { format: 'hermes' }))
  expect(() => core.createParser({ format: 'hermes' })).toThrow(/expected a Format value/)
})

it('a web stream is read like the text, and is cancelled when nobody reads on', async () => {
  let cancelled = false
  const source = new ReadableStream<string>({
    pull: (controller) => controller.enqueue(TEXT),
    cancel: () => {
      cancelled = true
    },
  })
  Object.defineProperty(source, Symbol.asyncIterator, { value: undefined })
  const plain = { getReader: () => source.getReader() } as ReadableStream<string>
  for await (const event of parseStream(plain, { format: 'hermes' })) if (event.type === 'call-end') break
  expect(cancelled).toBe(true)
})

it('a source that breaks ends the text as cut off, then throws its error', async () => {
  async function* broken() {
    yield TEXT.slice(0, -20)
    throw new Error('connection lost')
  }
  const types: string[] = []
  const reading = (async () => {
    for await (const event of parseStream(broken(), { format: 'hermes' })) {
      types.push(event.type === 'end' ? event.status : event.type)
    }
  })()
  await expect(reading).rejects.toThrow('connection lost')
  expect(types.at(-1)).toBe('truncated')
})

it('batches come in the order that they were asked for, and then no more', async () => {
  async function* chunks() {
    for (const chunk of ['a', '', 'b<tool', 'c', '']) yield chunk
  }
  const batches = parseBatches(chunks(), { format: 'hermes' })
  const asked = Array.from({ length: 6 }, () => batches.next())
  const text = (events: ParseEvent[] | undefined) =>
    events?.map((event) => (event.type === 'content' ? event.text : event.type)).join(' ')
  const answers = (await Promise.all(asked)).map(({ value }) => text(value))
  expect(answers).toEqual(['a', 'b', '<toolc', 'end', undefined, undefined])
  expect(await batches.next()).toEqual({ done: true, value: undefined })
})

it('whoever stops reading stops the source', async () => {
  let stopped = 0
  async function* chunks() {
    try {
      for (;;) yield TEXT
    } finally {
      stopped++
    }
  }
  for await (const events of parseBatches(chunks(), { format: 'hermes' })) if (events.length > 0) break
  expect(stopped).toBe(1)
})

it('a chunk that is no string ends the text as cut off, stops the source, and is told', async () => {
  let stopped = false
  async function* chunks() {
    try {
      yield 'Hello'
      yield 7 as unknown as string
    } finally {
      stopped = true
    }
  }
  const batches = parseBatches(chunks(), { format: 'hermes' })
  expect((await batches.next()).value).toHaveLength(1)
  expect((await batches.next()).value).toMatchObject([{ type: 'end', status: 'truncated' }])
  await expect(batches.next()).rejects.toThrow(/expected a string, got number/)
  expect(stopped).toBe(true)
  expect((await batches.next()).done).toBe(true)
})

it('wrong options reject the first batch, and leave the source alone', async () => {
  const source = new ReadableStream<string>()
  const batches = parseBatches(source, { format: 'hermes', depth: 1 } as never)
  await expect(batches.next()).rejects.toThrow(/depth/)
  expect(source.locked).toBe(false)
  expect((await batches.next()).done).toBe(true)
})

it.each(formats().map((format) => [format.id, format] as const))(
  '%s: bytes that are cut anywhere say what their text says',
  async (_, format) => {
    for (const [seed, { text, options }] of fixturesOf(format).slice(0, 8).entries()) {
      const bytes = new TextEncoder().encode(text)
      const whole = parse(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes), { ...options, format })
      const size = 1 + (seed % 7)
      const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
        bytes.subarray(i * size, (i + 1) * size),
      )
      const stream = new ReadableStream<Uint8Array>({
        start(controller) {
          for (const piece of pieces) controller.enqueue(piece)
          controller.close()
        },
      })
      const read = async (source: TextSource) => collect(await eventsFrom(source, { ...options, format }))
      expect(await read(stream), text).toEqual(whole)
      expect(stream.locked).toBe(false)
      expect(await read(iterated(pieces)), text).toEqual(whole)
    }
  },
)

describe('a signal', () => {
  /** A source that says one thing and then nothing; `told` counts who ended it. */
  function hanging() {
    const told: unknown[] = []
    const stream = new ReadableStream<string>({
      start: (controller) => controller.enqueue('Hi <tool_call>{"name": "f", "argu'),
      cancel: (reason) => void told.push(reason),
    })
    return { stream, told }
  }

  it('ends a text that is waited for: its last events come, then the reason, and the source is told', async () => {
    const { stream, told } = hanging()
    const control = new AbortController()
    const batches = parseBatches(stream, { format: 'hermes', signal: control.signal })
    await batches.next()
    const last = batches.next()
    control.abort(new Error('enough'))
    expect((await last).value?.at(-1)).toMatchObject({ type: 'end', status: 'truncated' })
    await expect(batches.next()).rejects.toThrow('enough')
    expect((await batches.next()).done).toBe(true)
    await new Promise((resolve) => setTimeout(resolve, 0))
    expect(told).toHaveLength(1)
    expect(stream.locked).toBe(false)
  })

  it('that has fired before ends it at once, and one that never fires changes nothing', async () => {
    const { stream, told } = hanging()
    const fired = parseStream(stream, { format: 'hermes', signal: AbortSignal.abort(new Error('before')) })
    expect(await readAll(fired)).toEqual([expect.objectContaining({ type: 'end' }), 'Error: before'])
    expect(told).toHaveLength(1)
    const control = new AbortController()
    const options = { format: 'hermes', signal: control.signal }
    expect(await readAll(parseStream(iterated(['Hi']), options))).toEqual(
      await readAll(parseStream(iterated(['Hi']), { format: 'hermes' })),
    )
    control.abort()
  })

  it('that is none is refused', async () => {
    const batches = parseBatches(iterated(['Hi']), { format: 'hermes', signal: 7 as never })
    await expect(batches.next()).rejects.toThrow('signal: expected an AbortSignal, got 7')
  })
})

async function* iterated<T>(pieces: readonly T[]): AsyncGenerator<T> {
  yield* pieces
}
async function eventsFrom(source: TextSource, options: StreamOptions): Promise<ParseEvent[]> {
  const events: ParseEvent[] = []
  for await (const event of parseStream(source, options)) events.push(event)
  return events
}

it.each(formats().map((format) => [format.id, format] as const))(
  '%s: a stream gives the events of its chunks, to its end or to where it breaks',
  async (_, format) => {
    for (const [seed, { text, options }] of fixturesOf(format).entries()) {
      const random = seeded(seed)
      const chunks = tokens(text, random, 24)
      const breaksAt = random() < 0.5 ? chunks.length : Math.floor(random() * chunks.length)
      const parser = createParser({ ...options, format })
      const batches = chunks.slice(0, breaksAt).map((chunk) => parser.push(chunk))
      batches.push(parser.end(breaksAt < chunks.length ? 'abort' : 'stop'))
      const source = () => streamOf(chunks, breaksAt)
      const error = breaksAt < chunks.length ? ['Error: connection lost'] : []
      const read = await readAll(parseBatches(source(), { ...options, format }))
      expect(read, text).toEqual([...batches.filter((events) => events.length > 0), ...error])
      expect(await readAll(parseStream(source(), { ...options, format })), text).toEqual([...batches.flat(), ...error])
    }
  },
)

/** Chunks that come now or later, up to where the source breaks. */
async function* streamOf(chunks: readonly string[], breaksAt: number): AsyncGenerator<string> {
  for (const [i, chunk] of chunks.entries()) {
    if (i === breaksAt) throw new Error('connection lost')
    if (i % 3 === 0) await Promise.resolve()
    yield chunk
  }
}

/** All that comes, and the error behind it. */
async function readAll<T>(source: AsyncIterable<T>): Promise<(T | string)[]> {
  const all: (T | string)[] = []
  try {
    for await (const one of source) all.push(one)
  } catch (error) {
    all.push(String(error))
  }
  return all
}
