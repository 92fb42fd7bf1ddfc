import { createParser, parseBatches } from '../src/index.js'
import { textOf, toolsOf } from './callsift.js'
import { sink } from './subject.js'
import { chunksOf, makeWorkload } from './workloads.js'

type Stream = (chunks: readonly string[], options: { format: string; tools: Record<string, object> }) => Promise<void>

async function* sourceOf(chunks: readonly string[]): AsyncGenerator<string> {
  yield* chunks
}

async function* passing(chunks: readonly string[]): AsyncGenerator<string> {
  for await (const chunk of sourceOf(chunks)) yield chunk
}

function readableOf(chunks: readonly string[]): ReadableStream<string> {
  let i = 0
  return new ReadableStream({
    pull(controller) {
      if (i === chunks.length) controller.close()
      else controller.enqueue(chunks[i++] as string)
    },
  })
}

async function drain(source: AsyncIterable<unknown>): Promise<void> {
  for await (const item of source) sink.last = item
}

/** The asynchronous ways to read, each beside what only passes the chunks on. */
export const STREAMS: Record<string, Stream> = {
  'pass-through generator': (chunks) => drain(passing(chunks)),
  parseBatches: (chunks, options) => drain(parseBatches(sourceOf(chunks), options)),
  'pass-through TransformStream': (chunks) => drain(readableOf(chunks).pipeThrough(new TransformStream())),
  TransformStream: (chunks, options) => {
    const parser = createParser(options)
    const transform = new TransformStream<string, unknown>({
      transform: (chunk, controller) => controller.enqueue(parser.push(chunk)),
      flush: (controller) => controller.enqueue(parser.end()),
    })
    return drain(readableOf(chunks).pipeThrough(transform))
  },
}

/** Nanoseconds for one chunk of the `100k` workload, in tokens. */
export async function streamTime(format: string, kind: string, ms: number): Promise<number> {
  const made = makeWorkload('100k')
  const chunks = chunksOf(textOf(format, made), 'tokens')
  const read = STREAMS[kind]
  if (read === undefined) return Number.NaN
  const options = { format, tools: toolsOf(made) }
  const samples: number[] = []
  const end = performance.now() + ms
  do {
    const start = performance.now()
    await read(chunks, options)
    samples.push(((performance.now() - start) * 1e6) / chunks.length)
  } while (performance.now() < end)
  return samples.sort((a, b) => a - b)[samples.length >> 1] as number
}
