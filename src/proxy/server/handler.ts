/**
 * A proxy in front of any inference server: it answers OpenAI chat completions, OpenAI Responses and Anthropic messages
 * with tool calls that it finds in the raw text of the model. This is the web-standard form of it, for Workers, Deno, Bun
 * and frameworks; `callsift/proxy/node` is a server for Node.
 */
import * as allFormats from '../../index.js'
import { piecesOf } from '../replies/pump.js'
import { type ProxyOptions, readProxyOptions } from '../settings/options.js'
import { createFetchTransport } from '../upstream/transport.js'
import { SILENT } from '../wire/client-request.js'
import { createExchange, type Reply } from './exchange.js'
import { createPatience } from './patience.js'

export type { Capture, CapturedAnswer, CapturedText } from '../metrics/capture.js'
export type { Log, LogRecord } from '../metrics/log.js'
export type { ModelRule, ModelRules } from '../settings/model-rules.js'
export type { MakePrompt, ProxyOptions } from '../settings/options.js'

/**
 * Makes the handler for one upstream. It answers the three wires, `/health` and `/metrics`; everything else passes
 * through. Errors of the upstream are replies as they are, and so are the proxy's own: the handler never throws.
 *
 * @throws TypeError for wrong options, which says what is wrong and what is expected
 * @example
 * const handler = createProxyHandler({ upstream: 'http://localhost:8000/v1' })
 * export default { fetch: (request: Request) => handler(request) }
 */
export function createProxyHandler(options: ProxyOptions): (request: Request) => Promise<Response> {
  const settings = readProxyOptions(options, allFormats)
  const given = options.fetch
  if (given !== undefined && typeof given !== 'function') throw new TypeError('fetch: expected a function')
  // Some platforms insist on their fetch being called as a global function.
  const exchange = createExchange(settings, createFetchTransport(given ?? ((...args) => fetch(...args))))
  return async (request) => {
    const { host, pathname, search } = new URL(request.url)
    const gone = new AbortController()
    request.signal.addEventListener('abort', () => gone.abort())
    if (request.signal.aborted) gone.abort()
    const reply = await exchange.answer({
      method: request.method,
      path: pathname + search,
      headers: request.headers,
      host,
      body: chunksOf(request.body),
      gone: gone.signal,
    })
    const { status } = reply
    const empty = request.method === 'HEAD' || status === 204 || status === 304
    return new Response(empty ? null : bodyOf(reply, gone, settings.writeTimeout), { status, headers: reply.headers })
  }
}

async function* chunksOf(stream: ReadableStream<Uint8Array> | null): AsyncGenerator<Uint8Array, void, undefined> {
  if (stream === null) return
  const reader = stream.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    yield value
  }
}

/**
 * The body is read from the upstream only as the client takes it. A client that stops taking it has gone; so has one that
 * only keeps it open, after a while.
 */
function bodyOf({ body }: Reply, gone: AbortController, writeTimeout: number): string | ReadableStream<Uint8Array> {
  if (typeof body === 'string') return body
  const pieces: AsyncIterable<string | Uint8Array> = Symbol.asyncIterator in body ? body : piecesOf(body)
  const iterator = pieces[Symbol.asyncIterator]()
  const encoder = new TextEncoder()
  // What waits for chunks and for the proxy's end is let go, also where nobody was reading just now.
  const leave = async (why?: string) => {
    gone.abort(why)
    await iterator.return?.()
  }
  let patience: ReturnType<typeof createPatience> | undefined
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        patience = createPatience(writeTimeout, () => {
          void leave(SILENT)
          controller.error(new Error(`nothing was read for ${writeTimeout / 1000} s`))
        })
        patience.wait()
      },
      async pull(controller) {
        patience?.rest()
        const { done, value } = await iterator.next()
        if (done === true) {
          patience?.stop()
          controller.close()
        } else {
          controller.enqueue(typeof value === 'string' ? encoder.encode(value) : value)
          patience?.wait()
        }
      },
      cancel() {
        patience?.stop()
        return leave()
      },
    },
    { highWaterMark: 0 },
  )
}
