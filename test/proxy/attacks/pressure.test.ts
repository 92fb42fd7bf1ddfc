import { performance } from 'node:perf_hooks'
import { describe, expect, it } from 'vitest'
import type { ProxyOptions } from '../../../src/proxy/server/handler.js'
import { gate, until } from '../both.js'
import { says, startUpstream } from '../upstream.js'
import { closing, type HostName, startHost } from './hosts.js'

// Depth, size and number of what clients send, and of what the upstream says, are bounded.

const HOSTS: readonly HostName[] = ['server', 'listener', 'handler']
const CHAT = '/v1/chat/completions'
const PATHS = [CHAT, '/v1/responses', '/v1/messages']
const opened = closing()

async function both(name: HostName, options: Partial<ProxyOptions> = {}) {
  const upstream = await opened(startUpstream())
  upstream.answer(says('Hi'))
  const host = await opened(startHost(name, { upstream: upstream.url, ...options }))
  const post = (path: string, body: string | Uint8Array) => host.ask(path, { method: 'POST', body: body as BodyInit })
  return { upstream, host, post }
}

/** The longest time, in milliseconds, for which the loop of this process (where proxy and upstream live) was blocked. */
async function blockedDuring(work: () => Promise<unknown>): Promise<number> {
  let last = performance.now()
  let most = 0
  const look = () => {
    const now = performance.now()
    most = Math.max(most, now - last)
    last = now
  }
  const timer = setInterval(look, 1)
  await work()
  look()
  clearInterval(timer)
  return most
}

const deep = (levels: number) => `{"model": "m", "messages": [], "x": ${'['.repeat(levels)}${']'.repeat(levels)}}`

describe.each(HOSTS)('JSON that is nested without end, before the %s', (name) => {
  it('is refused with 400 in the shape of the wire, and stops nobody', async () => {
    const { upstream, host, post } = await both(name)
    for (const path of PATHS) {
      for (const body of [deep(10_000), deep(256), `{"x": ${'{"a": '.repeat(5000)}`, `["\\"", ${'['.repeat(3000)}`]) {
        const answer = await post(path, body)
        expect(answer.status).toBe(400)
        const said = (await answer.json()) as { type?: string; error: { type: string; message: string } }
        expect(said.error.message).toContain('256 levels')
        expect(said.error.type).toBe('invalid_request_error')
        expect(said.type).toBe(path === '/v1/messages' ? 'error' : undefined)
      }
    }
    expect(upstream.seen).toEqual([])
    expect(await host.metric('callsift_refused_total{reason="depth"}')).toBe(12)
    expect((await post(CHAT, deep(254))).status).toBe(200)
    const brackets = JSON.stringify({ model: 'm', messages: [{ role: 'user', content: `"${'[{\\"'.repeat(2000)}` }] })
    expect((await post(CHAT, brackets)).status).toBe(200)
  })

  it('of 22 MB takes less than a second, and so does 22 MB of brackets in a string', async () => {
    const { post } = await both(name)
    const body = new Uint8Array(22_000_000).fill(0x5b)
    let status = 0
    const blocked = await blockedDuring(async () => {
      status = (await post(CHAT, body)).status
    })
    expect(status).toBe(400)
    expect(blocked).toBeLessThan(1000)
  })
})

describe.each(HOSTS)('an upstream whose JSON is nested without end, before the %s', (name) => {
  it('gives a 502, or the end of the stream', async () => {
    const { upstream, host } = await both(name)
    const bottomless = `{"choices": ${'['.repeat(5000)}${']'.repeat(5000)}}`
    upstream.answer((response) => void response.writeHead(200, { 'content-type': 'application/json' }).end(bottomless))
    for (const path of PATHS) {
      const body = JSON.stringify({ model: 'm', messages: [], input: 'Hi', max_tokens: 1 })
      expect((await host.ask(path, { method: 'POST', body })).status).toBe(502)
      const streamed = await host.ask(path, { method: 'POST', body: body.replace('{', '{"stream": true, ') })
      expect(streamed.status).toBe(502)
    }
    upstream.answer((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.end(`data: ${bottomless}\n\ndata: [DONE]\n\n`)
    })
    const body = JSON.stringify({ model: 'm', messages: [], stream: true })
    expect(await (await host.ask(CHAT, { method: 'POST', body })).text()).toContain('data: [DONE]')
    expect(host.log.map(({ ending }) => ending)).not.toContain('proxy-error')
  })
})

describe.each(HOSTS)('bodies, before the %s', (name) => {
  it('are held up to a bound: 503 and retry-after for more, and room again afterwards', async () => {
    const { upstream, host, post } = await both(name, { bodyLimit: 100_000, bodiesLimit: 250_000 })
    const going = gate()
    upstream.answer(async (response, seen, gone) => {
      await going.passed
      await says('Hi')(response, seen, gone)
    })
    const body = JSON.stringify({ model: 'm', messages: [], x: 'y'.repeat(90_000) })
    const held = [post(CHAT, body), post('/v1/messages', body)]
    await until(() => upstream.seen.length === 2)
    const refused = await post('/v1/messages', body)
    expect(refused.status).toBe(503)
    expect(refused.headers.get('retry-after')).toBe('1')
    expect(await refused.json()).toMatchObject({
      type: 'error',
      error: { type: 'overloaded_error', message: expect.stringContaining('--bodies-limit') },
    })
    expect(await host.metric('callsift_refused_total{reason="bodies"}')).toBe(1)
    expect((await host.ask('/health')).status).toBe(200)
    going.open()
    expect((await Promise.all(held)).map(({ status }) => status)).toEqual([200, 200])
    for (let i = 0; i < 5; i++) expect((await post(CHAT, body)).status).toBe(200)
    expect((await post(CHAT, `${body}${' '.repeat(20_000)}`)).status).toBe(413)
    expect(await host.metric('callsift_refused_total{reason="body-too-large"}')).toBe(1)
  })

  it('that are refused are let go as well', async () => {
    const { post } = await both(name, { bodyLimit: 50_000, bodiesLimit: 60_000 })
    for (let i = 0; i < 4; i++) {
      expect((await post(CHAT, 'x'.repeat(49_000))).status).toBe(400)
      expect((await post(CHAT, new Uint8Array(70_000))).status).toBe(413)
    }
    expect((await post(CHAT, JSON.stringify({ model: 'm', messages: [], x: 'y'.repeat(40_000) }))).status).toBe(200)
  })
})

describe.each(HOSTS)('requests at once, before the %s', (name) => {
  it('are answered up to a number: 503 and retry-after for more, /health and /metrics all the while', async () => {
    const { upstream, host, post } = await both(name, { maxStreams: 3 })
    const going = gate()
    upstream.answer(async (response, seen, gone) => {
      await going.passed
      await says('Hi')(response, seen, gone)
    })
    const body = JSON.stringify({ model: 'm', messages: [] })
    const held = [1, 2, 3].map(() => post(CHAT, body))
    await until(() => upstream.seen.length === 3)
    for (let i = 0; i < 3; i++) {
      const refused = await post(CHAT, body)
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1'])
      expect(await refused.text()).toContain('--max-streams')
    }
    expect((await host.ask('/health')).status).toBe(200)
    expect(await host.metric('callsift_refused_total{reason="streams"}')).toBe(3)
    expect(await host.metric('callsift_requests_running')).toBe(3)
    expect(host.log.filter(({ status }) => status === 503)).toHaveLength(3)
    going.open()
    expect((await Promise.all(held)).map(({ status }) => status)).toEqual([200, 200, 200])
    expect((await post(CHAT, body)).status).toBe(200)
    expect(await host.metric('callsift_requests_running')).toBe(0)
  })
})

describe.each(HOSTS)('a request that may have been read, before the %s', (name) => {
  it('is sent once, and answered with 502', async () => {
    const { upstream, host, post } = await both(name)
    const body = JSON.stringify({ model: 'm', messages: [] })
    const used = new WeakSet<object>()
    for (const fresh of [true, false]) {
      // First on new connections, then on ones that have served before and are closed at the moment of their use.
      upstream.answer(async (response, seen, gone) => {
        const { socket } = response
        if (socket === null || fresh || used.has(socket)) return void socket?.resetAndDestroy()
        used.add(socket)
        await says('Hi')(response, seen, gone)
      })
      for (const [method, path] of [
        ['POST', CHAT],
        ['POST', '/v1/embeddings'],
        ['GET', '/v1/models'],
        ['DELETE', '/v1/files/1'],
      ] as const) {
        const before = upstream.seen.length
        const statuses: number[] = []
        for (let i = 0; i < 2; i++)
          statuses.push((await (method === 'POST' ? post(path, body) : host.ask(path, { method }))).status)
        expect(upstream.seen.length - before, `${method} ${path}`).toBe(2)
        // The platform's fetch may have taken new connections, where a request is answered.
        if (fresh) expect(statuses).toEqual([502, 502])
        else if (name !== 'handler') expect(statuses).toContain(502)
      }
    }
    upstream.answer((response) => void response.socket?.resetAndDestroy())
    const answer = await post(CHAT, body)
    expect(await answer.json()).toMatchObject({
      error: { code: 'upstream_closed', message: expect.stringContaining('not sent again') },
    })
  })

  it('is sent by a new connection where the old one was closed before', async () => {
    const { upstream, host, post } = await both(name)
    upstream.answer((response, seen, gone) => {
      response.setHeader('connection', 'keep-alive')
      response.once('finish', () => setTimeout(() => response.req.socket.destroy(), 5))
      return says('Hi')(response, seen, gone)
    })
    for (let i = 0; i < 5; i++) {
      expect((await post(CHAT, '{"model": "m", "messages": []}')).status).toBe(200)
      await new Promise((resolve) => setTimeout(resolve, 40))
    }
    expect(upstream.seen).toHaveLength(5)
    expect(host.log.map(({ ending }) => ending)).toEqual(Array(5).fill('complete'))
  })
})
