import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** Requests that may wait behind one on the same connection. Hardly any client sends a second one before its answer. */
const MOST = 32

/**
 * Lets the requests of one connection begin one after the other, as their replies go out. Node announces all that a
 * client has written ahead at once, and of a reply that still waits for its turn it never says that the connection is
 * closed: its stream would be held for ever. More than a few are too many for one connection.
 *
 * @example createPipeline(tooMany)(request, response, begin)
 */
export function createPipeline(
  tooMany: (socket: Socket) => void,
): (request: IncomingMessage, response: ServerResponse, begin: () => void) => void {
  const lines = new WeakMap<Socket, (() => void)[]>()
  return ({ socket }, response, begin) => {
    const run = (): void => {
      response.once('close', () => {
        const next = lines.get(socket)?.shift()
        if (next === undefined || socket.destroyed) lines.delete(socket)
        else next()
      })
      begin()
    }
    const line = lines.get(socket)
    if (line === undefined) {
      lines.set(socket, [])
      run()
    } else if (line.length < MOST) line.push(run)
    else if (!socket.destroyed) tooMany(socket)
  }
}
