import { readStream } from '../../text/read-stream.js'
import type { ReplyBody } from './chunk-source.js'

/** A request to the upstream. */
export interface UpstreamRequest {
  readonly url: string
  readonly method: string
  readonly headers: Headers
  readonly body: string | Uint8Array | undefined
  /** Ends the request, and the reading of its reply, at once. */
  readonly signal: AbortSignal
}

/** The upstream's reply, its body not read yet. */
export interface UpstreamReply {
  readonly status: number
  readonly headers: Headers
  readonly body: ReplyBody
}

/** How requests reach the upstream. Redirects are never followed: they could lead credentials to another host. */
export type Transport = (request: UpstreamRequest) => Promise<UpstreamReply>

/**
 * A transport by the `fetch` of the platform.
 *
 * @example createFetchTransport(fetch)({ url, method: 'GET', headers: new Headers(), body: undefined, signal })
 */
export function createFetchTransport(fetchFunction: typeof fetch): Transport {
  return async ({ url, method, headers, body, signal }) => {
    const init: RequestInit = { method, headers, signal, redirect: 'manual' }
    if (body !== undefined) init.body = body as BodyInit
    const response = await fetchFunction(url, init)
    const plain = new Headers(response.headers)
    // fetch has decoded the body: what described the encoded one is no longer true.
    if (plain.has('content-encoding')) {
      plain.delete('content-encoding')
      plain.delete('content-length')
    }
    return { status: response.status, headers: plain, body: bytesOf(response.body) }
  }
}

async function* bytesOf(stream: ReadableStream<Uint8Array> | null): AsyncGenerator<Uint8Array, void, undefined> {
  if (stream !== null) yield* readStream(stream)
}
