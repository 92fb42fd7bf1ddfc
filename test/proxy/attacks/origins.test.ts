import { describe, expect, it } from 'vitest'
import type { ProxyOptions } from '../../../src/proxy/server/handler.js'
import { startProxy } from '../../../src/proxy/server/node.js'
import { type EchoUpstream, startNodeEcho } from './echo-upstream.js'
import { closing, type Host, type HostName, rawly, startHost, statusesOf } from './hosts.js'

// A web page of somebody else uses neither the proxy nor the upstream's key.

const HOSTS: readonly HostName[] = ['server', 'listener', 'handler']
const CHAT = '/v1/chat/completions'
const opened = closing()

async function both(
  name: HostName,
  options: Partial<ProxyOptions> = {},
): Promise<{ upstream: EchoUpstream; host: Host }> {
  const upstream = await opened(startNodeEcho())
  return {
    upstream,
    host: await opened(startHost(name, { upstream: upstream.url, apiKey: 'upstream-key', ...options })),
  }
}
const post = (headers: Record<string, string>, body = '{"model": "m", "messages": []}'): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'text/plain', ...headers },
  body,
})

describe.each(HOSTS)('a page of another origin, before the %s', (name) => {
  it.each([
    { origin: 'http://evil.com' },
    { origin: 'https://127.0.0.1.evil.com' },
    { origin: 'null' },
    { origin: 'http://localhost:3000', 'sec-fetch-site': 'same-site' },
    { origin: 'http://evil.com', 'sec-fetch-site': 'same-origin' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'app://obsidian.md' },
    { origin: '' },
    { origin: 'http://' },
  ])('is refused: %j', async (headers) => {
    const { upstream, host } = await both(name)
    for (const [path, init] of [
      [CHAT, post(headers as Record<string, string>)],
      ['/v1/messages', post(headers as Record<string, string>)],
      ['/v1/models', { headers }],
      ['/health', { headers }],
      ['/metrics', { headers }],
      [CHAT, { method: 'OPTIONS', headers: { ...headers, 'access-control-request-method': 'POST' } }],
    ] as [string, RequestInit][]) {
      // Bytes where there is a port: `fetch` would not send some of these headers.
      const answer = host.port === 0 ? await host.ask(path, init) : await byHand(host, path, init)
      expect(answer.status, path).toBe(403)
      expect(answer.headers.get('access-control-allow-origin')).toBe(null)
      const text = await answer.text()
      expect(text).toContain('--allow-origin')
      expect(text).toContain('allowedOrigins')
    }
    expect(await upstream.heard()).toEqual([])
    expect(host.log[0]).toMatchObject({ level: 'warn', status: 403, ending: 'refused' })
    expect(await host.metric('callsift_refused_total{reason="origin"}')).toBe(6)
  })

  it('is let in by name, and may read what it asked for', async () => {
    const allowedOrigins = ['http://localhost:3000', 'app://obsidian.md', 'null', 'HTTP://Chat.Example:80']
    const { host } = await both(name, { allowedOrigins })
    for (const origin of ['http://localhost:3000', 'app://obsidian.md', 'null', 'http://chat.example']) {
      const headers = { origin, 'sec-fetch-site': 'cross-site' }
      for (const [path, init] of [
        ['/v1/echo', post(headers)],
        ['/health', { headers }],
        ['/v1/%2e%2e/x', { headers }],
        ['/metrics', { headers }],
      ] as [string, RequestInit][]) {
        const answer = host.port === 0 ? await host.ask(path, init) : await byHand(host, path, init)
        expect(answer.status).toBe(path.includes('%') ? (name === 'handler' ? 200 : 400) : 200)
        expect(answer.headers.get('access-control-allow-origin')).toBe(origin)
        expect(answer.headers.get('access-control-expose-headers')).toContain('content-type')
        expect(answer.headers.get('vary')).toMatch(/origin/i)
      }
    }
    const other = { origin: 'http://localhost:3001' }
    expect((await host.ask('/health', { headers: other })).status).toBe(403)
  })

  it('gets its preflight answered here, if it is allowed', async () => {
    const { upstream, host } = await both(name, { allowedOrigins: ['http://localhost:3000'], clientKey: 'client-key' })
    const answer = await host.ask(CHAT, {
      method: 'OPTIONS',
      headers: {
        origin: 'http://localhost:3000',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization, content-type, x-stainless-os',
        'access-control-request-private-network': 'true',
      },
    })
    expect(answer.status).toBe(204)
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'access-control-allow-origin': 'http://localhost:3000',
      'access-control-allow-methods': expect.stringContaining('POST'),
      'access-control-allow-headers': 'authorization, content-type, x-stainless-os',
      'access-control-allow-private-network': 'true',
      'access-control-max-age': expect.stringMatching(/^\d+$/),
      vary: expect.stringMatching(/origin/i),
    })
    expect(await upstream.heard()).toEqual([])
  })

  it('of all origins, where a key is asked for', async () => {
    const { host } = await both(name, { allowedOrigins: ['*'], clientKey: 'client-key' })
    const headers = { origin: 'http://any.example' }
    const without = await host.ask('/v1/echo', post(headers))
    expect([without.status, without.headers.get('access-control-allow-origin')]).toEqual([401, 'http://any.example'])
    expect((await host.ask('/v1/echo', post({ ...headers, 'x-api-key': 'client-key' }))).status).toBe(200)
  })
})

describe.each(HOSTS)('the %s', (name) => {
  it('takes requests of its own origin, of programs, and from the address bar', async () => {
    const { host } = await both(name)
    const own = `http://127.0.0.1:${host.port || 8787}`
    for (const headers of [{}, { origin: own }, { 'sec-fetch-site': 'none' }, { 'sec-fetch-site': 'same-origin' }])
      expect((await host.ask('/v1/echo', { headers: headers as Record<string, string> })).status).toBe(200)
  })

  it('hands on no CORS headers of the upstream, and none of the browser to it', async () => {
    const upstream = await opened(startNodeEcho())
    const open = async () =>
      new Response('{}', {
        headers: {
          'access-control-allow-origin': '*',
          'access-control-allow-credentials': 'true',
          'access-control-expose-headers': 'x-key',
          'timing-allow-origin': '*',
          'x-other': 'stays',
        },
      })
    const asked: Headers[] = []
    const host = await opened(
      startHost(name, {
        upstream: upstream.url,
        allowedOrigins: ['http://localhost:3000'],
        fetch: (_, init) => {
          asked.push(new Headers(init?.headers))
          return open()
        },
      }),
    )
    const plain = await host.ask('/v1/models')
    const names = [...plain.headers.keys()]
    expect(names.filter((one) => one.startsWith('access-control-') || one === 'timing-allow-origin')).toEqual([])
    expect(plain.headers.get('x-other')).toBe('stays')
    const allowed = await host.ask('/v1/models', { headers: { origin: 'http://localhost:3000' } })
    expect(allowed.headers.get('access-control-allow-origin')).toBe('http://localhost:3000')
    expect(allowed.headers.get('access-control-allow-credentials')).toBe(null)
    expect(asked.at(-1)?.has('origin')).toBe(false)
  })
})

describe.each(HOSTS)('a key of the clients, before the %s', (name) => {
  it('is asked for on each wire in its own shape, on /metrics, and not on /health', async () => {
    const { upstream, host } = await both(name, { clientKey: 'client-key' })
    for (const headers of [
      {},
      { authorization: 'Bearer wrong' },
      { 'x-api-key': 'client-ke' },
      { 'x-api-key': 'client-keyy' },
    ]) {
      const chat = await host.ask(CHAT, post(headers as Record<string, string>))
      expect([chat.status, chat.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
      expect(await chat.json()).toMatchObject({ error: { type: 'authentication_error', code: 'invalid_client_key' } })
      const message = await host.ask('/v1/messages', post(headers as Record<string, string>))
      expect(await message.json()).toMatchObject({ type: 'error', error: { type: 'authentication_error' } })
      expect((await host.ask('/metrics', { headers })).status).toBe(401)
      expect((await host.ask('/v1/models', { headers })).status).toBe(401)
      expect((await host.ask('/health', { headers })).status).toBe(200)
    }
    expect(await upstream.heard()).toEqual([])
    const headers = { authorization: 'Bearer client-key' }
    expect(await host.metric('callsift_refused_total{reason="client-key"}', { headers })).toBe(16)
    for (const right of [headers, { 'x-api-key': 'client-key' }, { authorization: 'bearer client-key' }])
      expect((await host.ask('/v1/echo', post(right as Record<string, string>))).status).toBe(200)
    for (const heard of await upstream.heard()) {
      expect(JSON.stringify(heard.headers)).not.toContain('client-key')
      expect(heard.headers.authorization).toBe('Bearer upstream-key')
    }
  })

  it('never reaches the upstream, also where credentials are passed on', async () => {
    const { upstream, host } = await both(name, {
      clientKey: 'client=key',
      apiKey: undefined,
      forwardCredentials: true,
    })
    for (const headers of [
      { authorization: 'Bearer client=key', 'x-api-key': 'own' },
      { authorization: 'Bearer own', 'x-api-key': 'client=key' },
      { authorization: 'Bearer client=key', 'x-other': 'client=key', cookie: 'a=b; c=client=key' },
    ]) {
      expect((await host.ask('/v1/echo', post(headers as Record<string, string>))).status).toBe(200)
      const heard = (await upstream.heard()).at(-1)?.headers ?? {}
      expect(JSON.stringify(heard)).not.toContain('client=key')
      expect(heard.authorization).toBe('x-api-key' in headers ? 'Bearer own' : undefined)
    }
  })
})

describe('a page that has given its own name the address of the proxy', () => {
  it.each(['server', 'listener'] as const)('is refused by the %s', async (name) => {
    const { upstream, host } = await both(name)
    for (const bytes of [
      'GET /v1/models HTTP/1.1\r\nHost: evil.com\r\n\r\n',
      `POST ${CHAT} HTTP/1.1\r\nHost: evil.com:80\r\nOrigin: http://evil.com\r\nContent-Length: 2\r\n\r\n{}`,
    ])
      expect(statusesOf(await rawly(host.port, bytes))).toEqual([403])
    expect(await upstream.heard()).toEqual([])
    expect(await host.metric('callsift_refused_total{reason="host"}')).toBe(2)
  })

  it('is refused by the handler, unless its name has a certificate', async () => {
    const { host } = await both('handler')
    expect((await host.ask('/v1/echo', post({ origin: 'http://127.0.0.1:8787' }))).status).toBe(200)
    const upstream = await opened(startNodeEcho())
    const { createProxyHandler } = await import('../../../src/proxy/server/handler.js')
    const handler = createProxyHandler({ upstream: upstream.url })
    const from = (origin: string) => handler(new Request(`${origin}/v1/echo`, post({ origin })))
    expect((await from('http://evil.com')).status).toBe(403)
    expect((await from('https://worker.example')).status).toBe(200)
  })
})

describe('a proxy that everybody reaches', () => {
  it('with a key of the upstream and none of its own says so, loudly', async () => {
    const upstream = await opened(startNodeEcho())
    const warnings = async (options: object) => {
      const said: unknown[] = []
      const proxy = await startProxy({ upstream: upstream.url, port: 0, log: (one) => said.push(one), ...options })
      await proxy.close(0)
      return said
    }
    // An address of loopback that does not look like one: nobody else is let in for a test.
    const host = '0x7f.1'
    expect(await warnings({ host, apiKey: 'k' })).toMatchObject([
      { level: 'warn', event: 'start', message: expect.stringContaining('--client-key-env') },
    ])
    expect(await warnings({ host, apiKey: 'k', clientKey: 'c' })).toEqual([])
    expect(await warnings({ host })).toEqual([])
    expect(await warnings({ apiKey: 'k' })).toEqual([])
  })
})

/** A request as bytes, and its reply as a `Response`. */
async function byHand(
  host: Host,
  path: string,
  { method = 'GET', headers = {}, body = '' }: RequestInit,
): Promise<Response> {
  const own = { host: `127.0.0.1:${host.port}`, connection: 'close', 'content-length': String(String(body).length) }
  const lines = Object.entries({ ...own, ...(headers as Record<string, string>) }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  )
  const text = await rawly(host.port, `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`)
  const [head = '', ...rest] = text.split('\r\n\r\n')
  const said = head
    .split('\r\n')
    .slice(1)
    .map((line) => line.split(': ') as [string, string])
  return new Response(rest.join('\r\n\r\n'), { status: statusesOf(head)[0] ?? 599, headers: said })
}
