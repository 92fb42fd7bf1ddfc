import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import type { Socket } from 'node:net'
import type { ReplyBody, Transport, UpstreamReply, UpstreamRequest } from './transport.js'

/** How long a connection to the upstream may take to be made (milliseconds). */
const CONNECT_TIMEOUT = 10_000

/**
 * The headers of a message.
 *
 * @example headersOf(request).get('content-type')
 */
export function headersOf({ headersDistinct }: IncomingMessage): Headers {
  const headers = new Headers()
  for (const [name, values] of Object.entries(headersDistinct))
    for (const value of values ?? []) headers.append(name, value)
  return headers
}

/**
 * A transport on `node:http`. Beside being faster than `fetch` for many small chunks, it has no time limits of its own
 * (`fetch` gives up after five minutes of silence, which long prompts take).
 *
 * @example createNodeTransport()({ url, method: 'GET', headers: new Headers(), body: undefined, signal })
 */
export function createNodeTransport(): Transport {
  const http = new HttpAgent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY })
  const https = new HttpsAgent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY })

  function once({ url, method, headers, body, signal }: UpstreamRequest, fresh: boolean): Promise<UpstreamReply> {
    return new Promise((resolve, reject) => {
      let replied = false
      const secure = url.startsWith('https:')
      const options = { method, headers: Object.fromEntries(headers), agent: fresh ? false : secure ? https : http }
      const request = (secure ? httpsRequest : httpRequest)(url, options)
      const timer = setTimeout(
        () => request.destroy(Object.assign(new Error('no connection'), { code: 'ETIMEDOUT' })),
        CONNECT_TIMEOUT,
      )
      const connected = () => clearTimeout(timer)
      request.on('socket', (socket: Socket) => {
        if (socket.connecting) socket.once(secure ? 'secureConnect' : 'connect', connected)
        else connected()
      })
      // Not the option `signal`: it destroys the socket with an error, which nobody hears once a whole reply has arrived.
      const abort = () => request.destroy(replied ? undefined : new Error('aborted'))
      signal.addEventListener('abort', abort)
      if (signal.aborted) abort()
      request.on('close', () => {
        connected()
        signal.removeEventListener('abort', abort)
      })
      request.on('error', (error) => reject(Object.assign(error, { reused: request.reusedSocket })))
      request.on('response', (message) => {
        // An abort is an error of the message too, and whoever read it may have stopped listening.
        message.on('error', () => undefined)
        replied = true
        resolve({ status: message.statusCode ?? 502, headers: headersOf(message), body: bodyOf(message) })
      })
      request.end(body)
    })
  }

  return async (request) => {
    try {
      return await once(request, false)
    } catch (error) {
      if (!isStale(error) || request.signal.aborted) throw error
      return once(request, true)
    }
  }
}

/** A message from the upstream as chunks: asked for one by one, it rests while nobody asks. */
function bodyOf(message: IncomingMessage): ReplyBody {
  return {
    [Symbol.asyncIterator]: () => message[Symbol.asyncIterator](),
    open(taker) {
      let asked = false
      message.on('data', (bytes: Buffer) => {
        asked = false
        taker.chunk(bytes)
        if (!asked) message.pause()
      })
      message.pause()
      message.on('end', taker.end)
      message.on('error', taker.died)
      return {
        next() {
          asked = true
          if (message.isPaused()) message.resume()
        },
      }
    },
  }
}

/**
 * A server may close a waiting connection at the moment when it is used again: that request was never read. (And so may
 * the next one that waits be, hence a new one.)
 */
function isStale(error: unknown): boolean {
  if (!(error instanceof Error) || !('reused' in error) || error.reused !== true || !('code' in error)) return false
  return error.code === 'ECONNRESET' || error.code === 'EPIPE'
}
