import { describe, expect, it } from 'vitest'
import {
  collect,
  createParser,
  createRegistry,
  defineFormat,
  getFormat,
  parse,
  parseBatches,
  parseStream,
} from '../../src/index.js'

const TEXT = 'Now: <tool_call>{"name": "f", "arguments": {"a": 1}}</tool_call>'
const options = { format: 'hermes' }

describe('push', () => {
  it('gives what the chunk settles, and nothing for nothing', () => {
    const parser = createParser(options)
    expect(parser.push('')).toEqual([])
    expect(parser.push('Now: <tool')).toEqual([{ type: 'content', text: 'Now:', from: 0, to: 4 }])
    expect(parser.push('_call>')).toEqual([])
    expect(parser.push('{"name": "f"')).toMatchObject([{ type: 'call-start', name: 'f', from: 26, to: 27 }])
  })

  it('throws after end, and for what is no string', () => {
    const parser = createParser(options)
    expect(() => parser.push(new Uint8Array([65]) as unknown as string)).toThrow(/expected a string.*TextDecoder/)
    parser.end()
    expect(() => parser.push('x')).toThrow(/push after end.*createParser/)
  })

  it('gives lists that belong to the caller', () => {
    const parser = createParser(options)
    const first = parser.push('')
    first.push({ type: 'content', text: 'x', from: 0, to: 1 })
    expect(parser.push('')).toEqual([])
    const events = parser.push('a')
    const before = events.length
    parser.push('b')
    expect(events).toHaveLength(before)
  })
})

describe('end', () => {
  it('comes once', () => {
    const parser = createParser(options)
    parser.push(TEXT)
    expect(parser.end()).toEqual([
      { type: 'end', status: 'complete', format: 'hermes', from: TEXT.length, to: TEXT.length },
    ])
    expect(parser.end()).toEqual([])
  })

  it.each(['length', 'abort'] as const)('by %s is truncated, and keeps the calls that are whole', (reason) => {
    const parser = createParser(options)
    const { toolCalls, status } = collect([...parser.push(TEXT), ...parser.end(reason)])
    expect(status).toBe('truncated')
    expect(toolCalls).toHaveLength(1)
  })

  it('refuses another reason', () => {
    expect(() => createParser(options).end('done' as 'stop')).toThrow(
      /expected 'stop', 'length' or 'abort', got "done"/,
    )
  })

  it('ends with an error where a reader waits for ever', () => {
    const waiting = {
      openers: [{ marker: '<wait>' }],
      create: () => ({
        opens: () => true,
        *read(): Generator<undefined, boolean> {
          for (;;) yield
        },
      }),
    }
    const format = { ...getFormat('hermes'), id: 'waiting', aliases: [], families: [waiting] }
    const parser = createRegistry([getFormat('hermes')]).createParser({ format })
    expect(parser.push('a <wait> b')).toMatchObject([{ type: 'content', text: 'a' }])
    expect(() => parser.end()).toThrow(/fault in callsift.*reader of waiting does not end at 8/)
    expect(parser.end().at(-1)).toMatchObject({ type: 'end', status: 'truncated' })
  })

  it('of an empty text is an empty result', () => {
    expect(parse('', options)).toEqual({
      format: 'hermes',
      content: '',
      reasoning: '',
      toolCalls: [],
      incomplete: [],
      notes: [],
      status: 'complete',
    })
  })
})

describe('a callback that throws', () => {
  it('is heard, and leaves a parser that can be ended', () => {
    const parser = createParser({
      ...options,
      generateId: () => {
        throw new Error('no ids left')
      },
    })
    expect(() => parser.push(TEXT)).toThrow('no ids left')
    const events = parser.end()
    expect(events[events.length - 1]?.type).toBe('end')
    expect(parser.end()).toEqual([])
  })
})

async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = []
  for await (const item of source) items.push(item)
  return items
}

async function* chunks(failing = false): AsyncGenerator<string> {
  for (let i = 0; i < TEXT.length; i += 7) yield TEXT.slice(i, i + 7)
  if (failing) throw new Error('the line broke')
}

describe('streams', () => {
  it('fold into what parse gives, event by event or in batches', async () => {
    expect(collect(await all(parseStream(chunks(), options)))).toEqual(parse(TEXT, options))
    const batches = await all(parseBatches(chunks(), options))
    expect(collect(batches.flat())).toEqual(parse(TEXT, options))
    expect(batches.every((batch) => batch.length > 0)).toBe(true)
  })

  it('take a ReadableStream, and cancel it when nobody reads on', async () => {
    let cancelled = false
    const stream = () =>
      new ReadableStream<string>({
        pull: (controller) => controller.enqueue('text '),
        cancel() {
          cancelled = true
        },
      })
    for await (const event of parseStream(stream(), options)) {
      expect(event.type).toBe('content')
      break
    }
    expect(cancelled).toBe(true)
  })

  it('give what they have, marked as cut, when their source breaks', async () => {
    const events: unknown[] = []
    const reading = (async () => {
      for await (const event of parseStream(chunks(true), options)) events.push(event)
    })()
    await expect(reading).rejects.toThrow('the line broke')
    expect(events[events.length - 1]).toMatchObject({ type: 'end', status: 'truncated' })
    expect(collect(events as never).toolCalls).toHaveLength(1)
  })
})

describe('a reader that begins at every place and takes nothing in', () => {
  it('ends, and leaves the text content', () => {
    const idle = {
      expects: 'anything',
      opens: () => true,
      *read() {
        yield* []
        return true
      },
    }
    const families = [{ openers: [{ marker: '', where: 'text-start' as const, bare: true }], create: () => idle }]
    const format = defineFormat({ id: 'idle', families, stops: ['<stop>'] })
    expect(parse('Hello.<stop>', { format })).toMatchObject({ content: 'Hello.', toolCalls: [], status: 'complete' })
    expect(parse('', { format })).toMatchObject({ content: '', status: 'complete' })
  })
})
