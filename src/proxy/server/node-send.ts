import type { ServerResponse } from 'node:http'
import type { Pump } from '../replies/pump.js'
import type { Reply } from './exchange.js'
import { createPatience, type Patience } from './patience.js'

/** What holds for a client that takes its reply too slowly. */
export interface Slowness {
  /** Milliseconds that it may take nothing. */
  readonly writeTimeout: number
  /** Ends it. */
  readonly cut: () => void
}

/**
 * Writes a reply as fast as the client reads, and no faster. A client that takes nothing for too long is cut off.
 *
 * @example await sendReply(await exchange.answer(client), response, 'whole', slowness)
 */
export async function sendReply(
  { status, headers, body }: Reply,
  response: ServerResponse,
  part: 'whole' | 'head',
  slowness: Slowness,
): Promise<void> {
  if (response.destroyed) return
  const patience = watch(response, slowness)
  // A 204 has no body, and so no length of one: whoever went by it would take the next reply for the body.
  if (status === 204) headers.delete('content-length')
  for (const [name, value] of headers) response.appendHeader(name, value)
  response.writeHead(status)
  if (typeof body === 'string') {
    response.end(part === 'head' ? undefined : body)
    patience.wait()
    return
  }
  response.flushHeaders()
  if (!(Symbol.asyncIterator in body)) return pour(body, response, patience)
  for await (const piece of body) {
    if (response.destroyed) return
    if (!response.write(piece)) await writable(response, patience)
  }
  response.end()
  patience.wait()
}

/** Lets a pump run into a response: where both are ready, from the socket of one to that of the other without a promise. */
function pour(pump: Pump, response: ServerResponse, patience: Patience): Promise<void> {
  return new Promise((resolve, reject) => {
    const ask = () => pump.next(take)
    function take(text: string | undefined, error?: unknown): void {
      if (text !== undefined && !response.destroyed) {
        if (response.write(text)) ask()
        else writable(response, patience).then(ask)
        return
      }
      pump.close()
      if (error !== undefined) reject(error)
      else {
        response.end()
        patience.wait()
        resolve()
      }
    }
    ask()
  })
}

function writable(response: ServerResponse, patience: Patience): Promise<void> {
  patience.wait()
  return new Promise((resolve) => {
    const done = () => {
      patience.rest()
      response.off('drain', done)
      response.off('close', done)
      resolve()
    }
    response.on('drain', done)
    response.on('close', done)
  })
}

/** Not the timeout of the socket: it begins anew with whatever the client sends. */
function watch(response: ServerResponse, { writeTimeout, cut }: Slowness): Patience {
  let left = Number.POSITIVE_INFINITY
  const patience = createPatience(writeTimeout, () => {
    const before = left
    left = untaken(response)
    // The second of two pipelined replies waits for the first, and a long one may go out piece by piece.
    if (response.socket === null || left < before) patience.wait()
    else cut()
  })
  response.once('close', patience.stop)
  return {
    ...patience,
    wait() {
      left = untaken(response)
      patience.wait()
    },
  }
}

/** Bytes that the system has not taken yet. Node tells it of its handles only, where its own timeout looks too. */
function untaken({ socket, writableLength }: ServerResponse): number {
  const { _handle: handle } = (socket ?? {}) as { _handle?: { writeQueueSize?: number } | null }
  return handle?.writeQueueSize ?? writableLength
}
