import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { isObject, type JsonObject } from '../../src/proxy/wire/json.js'

/** A request that the fake inference server got. */
export interface Seen {
  method: string
  path: string
  headers: IncomingHttpHeaders
  body: JsonObject
}

/** How the fake server answers. `gone` resolves when the other side has closed the connection before the end. */
export type Script = (response: ServerResponse, seen: Seen, gone: Promise<void>) => void | Promise<void>

/** An inference server on loopback that does what a test says. */
export interface FakeUpstream {
  /** With `/v1` at the end. */
  url: string
  port: number
  seen: Seen[]
  /** Sets the answer to the requests that follow. */
  answer(script: Script): void
  close(): Promise<void>
}

export async function startUpstream(): Promise<FakeUpstream> {
  const seen: Seen[] = []
  let script: Script = json({})
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const chunk of request.setEncoding('utf8')) text += chunk
    const body: unknown = text.startsWith('{') ? JSON.parse(text) : {}
    const one = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      body: isObject(body) ? body : {},
    }
    seen.push(one)
    const gone = new Promise<void>((resolve) => {
      response.once('close', () => !response.writableFinished && resolve())
    })
    await script(response, one, gone)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/v1`,
    port,
    seen,
    answer(next) {
      script = next
    },
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

/** Answers with JSON. */
export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Script {
  return (response) =>
    void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
}

const ENVELOPE = {
  id: 'chatcmpl-up',
  object: 'chat.completion.chunk',
  created: 7,
  model: 'm',
  system_fingerprint: 'fp',
}
export const USAGE = { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 }

/** A chunk of a stream, as engines write it. */
export function chunk(delta: JsonObject, more: JsonObject = {}): JsonObject {
  const { index = 0, finish_reason = null, ...rest } = more
  return { ...ENVELOPE, choices: [{ index, delta, finish_reason, ...rest }] }
}

/** The chunks of a whole text, a piece in each, with role, finish reason and usage. */
export function textChunks(pieces: readonly string[], finish = 'stop'): JsonObject[] {
  return [
    chunk({ role: 'assistant', content: '' }),
    ...pieces.map((content) => chunk({ content })),
    chunk({}, { finish_reason: finish, stop_reason: null }),
    { ...ENVELOPE, choices: [], usage: USAGE },
  ]
}

/** Chunks as the text of a stream. */
export function eventText(chunks: readonly (JsonObject | string)[], lineEnd = '\n'): string {
  const events = chunks.map((one) => (typeof one === 'string' ? one : `data: ${JSON.stringify(one)}`))
  return [...events, 'data: [DONE]'].map((event) => event + lineEnd + lineEnd).join('')
}

/** Answers with a stream, its bytes in the pieces given, each in a packet of its own. */
export function bytes(pieces: readonly (string | Uint8Array)[]): Script {
  return async (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    for (const piece of pieces) {
      response.write(piece)
      await new Promise((resolve) => setImmediate(resolve))
    }
    response.end()
  }
}

/** Answers with the stream of some chunks. */
export const stream = (chunks: readonly JsonObject[]): Script => bytes([eventText(chunks)])

/** A text in pieces of some characters, as tokens come. */
export function inPieces(text: string, size = 3): string[] {
  return Array.from({ length: Math.ceil(text.length / size) }, (_, i) => text.slice(i * size, (i + 1) * size))
}

/** Answers a whole completion, or a stream of it, as the request asks. */
export function says(text: string, finish = 'stop'): Script {
  return (response, seen, gone) => {
    if (seen.body.stream === true) return stream(textChunks(inPieces(text), finish))(response, seen, gone)
    const message = { role: 'assistant', content: text }
    const choices = [{ index: 0, message, finish_reason: finish, stop_reason: null, logprobs: null }]
    return json({ ...ENVELOPE, object: 'chat.completion', choices, usage: USAGE })(response, seen, gone)
  }
}
