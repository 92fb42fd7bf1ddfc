import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What the server is to answer: JSON (with status 200, if none is given), or a stream written piece by piece. */
export type Reply = { json: unknown; status?: number } | { pieces: string[] }

/** A server on loopback that answers every request with what the test says. */
export interface Loopback {
  url: string
  /** Bodies of the requests so far, parsed. */
  requests: Record<string, unknown>[]
  /** Sets the answer to the requests that follow. */
  answer(reply: (body: Record<string, unknown>) => Reply): void
  close(): Promise<void>
}

export async function startLoopback(): Promise<Loopback> {
  let reply: (body: Record<string, unknown>) => Reply = () => ({ json: {} })
  const requests: Record<string, unknown>[] = []
  const server = createServer(async (request, response) => {
    const body = JSON.parse((await readBody(request)) || '{}')
    requests.push(body)
    const answer = reply(body)
    if ('json' in answer) {
      response.writeHead(answer.status ?? 200, { 'content-type': 'application/json' }).end(JSON.stringify(answer.json))
      return
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    for (const piece of answer.pieces) response.write(piece)
    response.end()
  })
  // On a busy machine a client may come back just as the default of five seconds is over, and finds the connection closed.
  server.keepAliveTimeout = 120_000
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    answer: (next) => {
      reply = next
    },
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  let body = ''
  for await (const chunk of request.setEncoding('utf8')) body += chunk
  return body
}
