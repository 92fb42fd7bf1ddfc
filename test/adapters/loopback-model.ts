import { type LanguageModelMiddleware, wrapLanguageModel } from 'ai'
import { DONE, readServerSentEvents, writeServerSentEvent } from '../../src/adapters/sse/sse.js'
import type { Loopback } from './loopback.js'

type Model = Exclude<Parameters<typeof wrapLanguageModel>[0]['model'], { specificationVersion: 'v2' }>
type Parts = Awaited<ReturnType<Model['doStream']>>['stream'] extends ReadableStream<infer P> ? P : never

/** A model whose text comes from the loopback server, a piece of it in each server-sent event. */
export function loopbackModel(server: Loopback, middleware: LanguageModelMiddleware) {
  const usage = {
    inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
    outputTokens: { total: 1, text: 1, reasoning: 0 },
  }
  async function* pieces(body: object) {
    const response = await fetch(server.url, { method: 'POST', body: JSON.stringify(body) })
    for await (const { data } of readServerSentEvents(response.body as ReadableStream<Uint8Array>))
      yield JSON.parse(data)
  }
  async function* parts({ prompt, tools, toolChoice }: Parameters<Model['doStream']>[0]): AsyncGenerator<Parts> {
    yield { type: 'stream-start', warnings: [] }
    yield { type: 'text-start', id: 'txt-0' }
    let reason: 'stop' | 'length' = 'stop'
    for await (const piece of pieces({ prompt, tools, toolChoice })) {
      if (typeof piece === 'string') yield { type: 'text-delta', id: 'txt-0', delta: piece }
      else if (piece.finish !== undefined) reason = piece.finish
      else yield piece
    }
    yield { type: 'text-end', id: 'txt-0' }
    yield { type: 'finish', finishReason: { unified: reason, raw: reason }, usage }
  }
  const inner: Model = {
    specificationVersion: 'v3',
    provider: 'loopback',
    modelId: 'm',
    supportedUrls: {},
    async doStream(options) {
      const source = parts(options)
      const stream = new ReadableStream<Parts>({
        async pull(controller) {
          const next = await source.next()
          if (next.done === true) controller.close()
          else controller.enqueue(next.value)
        },
      })
      return { stream }
    },
    async doGenerate(options) {
      let text = ''
      const others: Awaited<ReturnType<Model['doGenerate']>>['content'] = []
      for await (const part of parts(options)) {
        if (part.type === 'text-delta') text += part.delta
        if (part.type === 'tool-call' || part.type === 'reasoning-start') others.push(part as (typeof others)[number])
      }
      return {
        content: [{ type: 'text', text }, ...others],
        finishReason: { unified: 'stop', raw: 'stop' },
        usage,
        warnings: [],
      }
    },
  }
  return wrapLanguageModel({ model: inner, middleware })
}

/** The stream that `loopbackModel` reads: pieces of text, stream parts of the provider, or `{ finish: 'length' }`. */
export function writePieces(pieces: (string | object)[]): string[] {
  return [...pieces.map((piece) => JSON.stringify(piece)), DONE].map((data) => writeServerSentEvent({ data }))
}
