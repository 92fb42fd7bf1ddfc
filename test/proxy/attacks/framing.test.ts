import { mkdirSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { type EchoUpstream, hasUvicorn, startNodeEcho, startUvicornEcho } from './echo-upstream.js'
import { closing, type HostName, listening, rawly, startHost, statusesOf } from './hosts.js'

// What a client sends is one request to the upstream, or none: nothing in it becomes a request of somebody else.

const SMUGGLED = 'GET /admin HTTP/1.1\r\nHost: x\r\n\r\n'
const CL = `Content-Length: ${SMUGGLED.length}`
const HOST = 'Host: localhost'
const lines = (...all: string[]) => `${all.join('\r\n')}\r\n\r\n`
const chunked = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`
const POST = 'POST /v1/x HTTP/1.1'

/** Requests that hide another, by what they try. */
const ATTACKS: Record<string, string> = {
  'GET with a body': lines('GET /v1/models HTTP/1.1', HOST, CL) + SMUGGLED,
  'HEAD with a body': lines('HEAD /v1/models HTTP/1.1', HOST, CL) + SMUGGLED,
  'DELETE with a body': lines('DELETE /v1/x HTTP/1.1', HOST, CL) + SMUGGLED,
  'OPTIONS with a body': lines('OPTIONS /v1/x HTTP/1.1', HOST, CL) + SMUGGLED,
  'GET with chunks': lines('GET /v1/models HTTP/1.1', HOST, 'Transfer-Encoding: chunked') + chunked(SMUGGLED),
  'DELETE with chunks': lines('DELETE /v1/x HTTP/1.1', HOST, 'Transfer-Encoding: chunked') + chunked(SMUGGLED),
  'PURGE with a body': lines('PURGE /v1/x HTTP/1.1', HOST, CL) + SMUGGLED,
  'TRACE with a body': lines('TRACE /v1/x HTTP/1.1', HOST, CL) + SMUGGLED,
  'the length named by Connection': lines('DELETE /v1/x HTTP/1.1', HOST, 'Connection: content-length', CL) + SMUGGLED,
  'the coding named by Connection':
    lines(POST, HOST, 'Connection: transfer-encoding', 'Transfer-Encoding: chunked') + chunked(SMUGGLED),
  'a length and chunks': lines(POST, HOST, 'Content-Length: 4', 'Transfer-Encoding: chunked') + chunked(SMUGGLED),
  'chunks and a length': `${lines(POST, HOST, 'Transfer-Encoding: chunked', CL)}0\r\n\r\n${SMUGGLED}`,
  'two lengths': lines(POST, HOST, 'Content-Length: 0', CL) + SMUGGLED,
  'a list of lengths': lines(POST, HOST, `Content-Length: 0, ${SMUGGLED.length}`) + SMUGGLED,
  'a length with a sign': lines(POST, HOST, `Content-Length: +${SMUGGLED.length}`) + SMUGGLED,
  'a coding that is none': lines(POST, HOST, 'Transfer-Encoding: xchunked', CL) + SMUGGLED,
  'a coding in front of chunked': lines(POST, HOST, 'Transfer-Encoding: gzip, chunked') + chunked(SMUGGLED),
  'a coding behind chunked': lines(POST, HOST, 'Transfer-Encoding: chunked, identity') + chunked(SMUGGLED),
  'a coding with a tab': `${lines(POST, HOST, 'Transfer-Encoding:\tchunked', CL)}0\r\n\r\n${SMUGGLED}`,
  'a coding with a blank before its colon': lines(POST, HOST, 'Transfer-Encoding : chunked', CL) + SMUGGLED,
  'a coding on a folded line': `${lines(POST, HOST, 'Transfer-Encoding:\r\n chunked', CL)}0\r\n\r\n${SMUGGLED}`,
  'a folded header': lines(POST, HOST, 'X-A: b\r\n Content-Length: 0', CL) + SMUGGLED,
  'bare line feeds': `POST /v1/x HTTP/1.1\nHost: localhost\nContent-Length: 0\n${CL}\n\n${SMUGGLED}`,
  'a bare line feed in a value': lines(POST, HOST, `X-A: b\n${CL}`) + SMUGGLED,
  'a bare return in a value': lines(POST, HOST, `X-A: b\r${CL}`) + SMUGGLED,
  'NUL in a value': lines(POST, HOST, 'X-A: b\0c', CL) + SMUGGLED,
  'a chunk with a bad length': `${lines(POST, HOST, 'Transfer-Encoding: chunked')}0x0\r\n\r\n${SMUGGLED}`,
  'a chunk with an extension': `${lines(POST, HOST, 'Transfer-Encoding: chunked')}0;a=b\nc\r\n\r\n${SMUGGLED}`,
  'an upgrade':
    lines(POST, HOST, 'Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AA', CL) + SMUGGLED,
  'an upgrade to a socket':
    lines('GET /v1/x HTTP/1.1', HOST, 'Connection: upgrade', 'Upgrade: websocket', CL) + SMUGGLED,
  'an expectation': lines('GET /v1/x HTTP/1.1', HOST, 'Expect: 100-continue', CL) + SMUGGLED,
  'an unknown expectation': lines(POST, HOST, 'Expect: a miracle', CL) + SMUGGLED,
  'two hosts': lines(POST, HOST, 'Host: evil', CL) + SMUGGLED,
  'no host': lines(POST, CL) + SMUGGLED,
  'a body of HTTP/1.0': lines('GET /v1/models HTTP/1.0', CL) + SMUGGLED,
  'a preface of HTTP/2': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  'a target with a line break': `GET /v1/x%0d%0aHost:%20y HTTP/1.1\r\n${HOST}\r\n\r\n`,
}

/** Requests that a forward proxy would take. */
const FORWARD: Record<string, string> = {
  CONNECT: lines('CONNECT evil:443 HTTP/1.1', 'Host: evil:443') + SMUGGLED,
  'a whole URL': lines('GET http://evil/admin HTTP/1.1', HOST),
  'a whole URL of this host': lines('GET http://localhost/v1/../admin HTTP/1.1', HOST),
  'a star': lines('OPTIONS * HTTP/1.1', HOST),
  'a target without a slash': lines('GET admin HTTP/1.1', HOST),
}

mkdirSync('node_modules/.cache', { recursive: true })
const upstreams: Record<string, () => Promise<EchoUpstream>> = {
  'node:http': startNodeEcho,
  ...(hasUvicorn() ? { uvicorn: startUvicornEcho } : {}),
}
const opened = closing()

describe.each(Object.entries(upstreams))('before %s', (_, startUpstream) => {
  it.each(['server', 'listener'] as const)(
    'nothing that is sent to the %s becomes a request of somebody else',
    async (name) => {
      const upstream = await opened(startUpstream())
      const host = await opened(startHost(name, { upstream: upstream.url }))
      for (const [what, bytes] of Object.entries({ ...ATTACKS, ...FORWARD })) {
        const before = (await upstream.heard()).length
        // No more of the attack than one request may be answered, so that the connection is not asked for the rest.
        // The server always answers, however late on a busy machine.
        const said = await rawly(host.port, bytes, { quiet: 60, first: name === 'server' ? 5000 : 240 })
        const heard = (await upstream.heard()).slice(before)
        expect(
          heard.map(({ path }) => path).filter((path) => path.includes('admin')),
          what,
        ).toEqual([])
        expect(heard.length, what).toBeLessThanOrEqual(1)
        // What the upstream got is one request with the whole body that the client said it sends.
        for (const one of heard) expect(['', SMUGGLED], what).toContain(one.body)
        // Two users that come after it get the answers to what they asked.
        for (const nonce of ['a', 'b']) {
          const answer = await host.ask(`/v1/echo?n=${nonce}`, { method: 'POST', body: nonce })
          expect(await answer.json(), what).toMatchObject({ heard: { path: `/v1/echo?n=${nonce}`, body: nonce } })
        }
        if (what in FORWARD) expect(heard, what).toEqual([])
        // Without an answer only where Node has closed what is no HTTP, or waits for the rest of it.
        if (name === 'server') expect(said.length, what).toBeGreaterThan(0)
      }
    },
  )

  it.each(['DELETE', 'OPTIONS', 'PUT', 'PATCH', 'POST'])(
    '%s with a body is one request, whatever the host',
    async (method) => {
      const upstream = await opened(startUpstream())
      for (const name of ['server', 'listener', 'handler'] as const) {
        const host = await opened(startHost(name, { upstream: upstream.url }))
        const answer = await host.ask('/v1/x', { method, body: SMUGGLED })
        expect(await answer.json()).toMatchObject({ heard: { method, path: '/v1/x', body: SMUGGLED } })
        const next = await host.ask('/v1/y')
        expect(await next.json()).toMatchObject({ heard: { method: 'GET', path: '/v1/y', body: '' } })
      }
      expect((await upstream.heard()).map(({ path }) => path)).toEqual([
        '/v1/x',
        '/v1/y',
        '/v1/x',
        '/v1/y',
        '/v1/x',
        '/v1/y',
      ])
    },
  )
})

describe('GET and HEAD with a body', () => {
  it.each(['server', 'listener'] as const)(
    'are refused by the %s with 400, a line in the log and a count',
    async (name) => {
      const upstream = await opened(startNodeEcho())
      const host = await opened(startHost(name, { upstream: upstream.url }))
      const said = await rawly(host.port, ATTACKS['GET with a body'] ?? '')
      expect(statusesOf(said)[0]).toBe(400)
      expect(said).toContain('a GET request with a body')
      expect(host.log[0]).toMatchObject({ level: 'warn', status: 400, ending: 'refused' })
      expect(await host.metric('callsift_refused_total{reason="framing"}')).toBe(1)
      expect((await upstream.heard()).map(({ path }) => path)).not.toContain('/v1/models')
    },
  )

  it('are refused by the handler, where headers say that there is one', async () => {
    const upstream = await opened(startNodeEcho())
    const host = await opened(startHost('handler', { upstream: upstream.url }))
    for (const headers of [{ 'content-length': '32' }, { 'content-length': '1, 2' }, { 'transfer-encoding': 'gzip' }]) {
      const answer = await host.ask('/v1/models', { headers })
      expect(answer.status).toBe(400)
      expect(await host.metric('callsift_refused_total{reason="framing"}')).toBeGreaterThan(0)
    }
    const short = await host.ask('/v1/x', { method: 'POST', body: 'abc', headers: { 'content-length': '2' } })
    expect(short.status).toBe(400)
    expect(await upstream.heard()).toEqual([])
  })
})

describe('what is no request', () => {
  it.each([
    ['not-http', 'HELLO\r\n\r\n', 400],
    ['not-http', ATTACKS['two lengths'] ?? '', 400],
    ['method', FORWARD.CONNECT ?? '', 405],
    ['headers-too-large', lines('GET / HTTP/1.1', HOST, `X-A: ${'a'.repeat(20_000)}`), 431],
  ] as const)('is counted as %s, logged and answered', async (reason, bytes, status) => {
    const upstream = await opened(startNodeEcho())
    const host = await opened(startHost('server', { upstream: upstream.url }))
    const said = await rawly(host.port, bytes)
    expect(statusesOf(said)).toEqual([status])
    expect(said.toLowerCase()).toContain('connection: close')
    expect(host.log).toMatchObject([{ level: 'warn', event: 'connection', refused: reason }])
    expect(await host.metric(`callsift_refused_total{reason="${reason}"}`)).toBe(1)
  })
})

/** An upstream of bytes, which says what a script tells it for each request head that it sees. */
async function startRawUpstream(answer: (socket: Socket, count: number) => void) {
  let requests = 0
  const connections = new Set<Socket>()
  const server = createServer((socket) => {
    connections.add(socket)
    socket.on('error', () => undefined)
    socket.on('data', () => answer(socket, requests++))
  })
  const port = await listening(server as never)
  return {
    url: `http://127.0.0.1:${port}/v1`,
    connections,
    async close() {
      for (const socket of connections) socket.destroy()
      server.close()
    },
  }
}
const saying = (text: string) => `HTTP/1.1 200 OK\r\nContent-Length: ${text.length}\r\n\r\n${text}`

describe('an upstream that says more than it was asked', () => {
  it.each([0, 5, 50])('%i ms later is not listened to, and its connection not used again', async (ms) => {
    const upstream = await opened(
      startRawUpstream((socket, count) => {
        socket.write(saying(`answer ${count}`))
        if (count === 0) setTimeout(() => socket.write(saying('forged')), ms)
      }),
    )
    for (const name of ['server', 'listener'] as HostName[]) {
      const host = await opened(startHost(name, { upstream: upstream.url }))
      const before = upstream.connections.size
      const first = await (await host.ask('/v1/a')).text()
      await new Promise((resolve) => setTimeout(resolve, ms + 30))
      const second = await (await host.ask('/v1/b')).text()
      expect([first, second].join()).not.toContain('forged')
      if (first === 'answer 0') expect(upstream.connections.size).toBe(before + 2)
    }
  })
})
