import { createServer, type Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import type { ProxyOptions } from '../../../src/proxy/server/handler.js'
import { isObject, type JsonObject, objectsOf } from '../../../src/proxy/wire/json.js'
import { json, startUpstream, stream } from '../upstream.js'
import { closing, type HostName, listening, rawly, startHost } from './hosts.js'

// What an upstream answers, whatever it is, leads no client elsewhere, is told as what it is, and is one on all wires.

const HOSTS: readonly HostName[] = ['server', 'handler']
const CHAT = '/v1/chat/completions'
const WIRES = [CHAT, '/v1/responses', '/v1/messages']
const opened = closing()
const BODY = { model: 'm', messages: [], input: 'Hi', max_tokens: 1 }
const post = (more: object = {}): RequestInit => ({ method: 'POST', body: JSON.stringify({ ...BODY, ...more }) })

/** A proxy before an upstream that answers each request with the same bytes. */
async function beforeBytes(name: HostName, bytes: string, options: Partial<ProxyOptions> = {}) {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined).once('data', () => socket.write(bytes, 'latin1')))
  })
  const port = await listening(server as never)
  const close = async () => {
    server.close()
    for (const socket of sockets) socket.destroy()
  }
  await opened(Promise.resolve({ close }))
  return opened(startHost(name, { upstream: `http://127.0.0.1:${port}/v1`, ...options }))
}

describe.each(HOSTS)('an upstream that redirects, before the %s', (name) => {
  it.each([301, 302, 303, 307, 308])('with %i leads nobody elsewhere, on any path', async (status) => {
    const upstream = await opened(startUpstream())
    upstream.answer(json({}, status, { location: 'http://evil.example/steal?a=b' }))
    const host = await opened(startHost(name, { upstream: upstream.url }))
    for (const [path, init] of [...WIRES.map((wire) => [wire, post()] as const), ['/v1/models', {}] as const]) {
      const answer = await host.ask(path, { ...init, redirect: 'manual' })
      expect(answer.status, path).toBe(502)
      expect(answer.headers.get('location')).toBe(null)
      expect(await answer.text()).toContain('redirects to http://evil.example, which is not followed')
    }
    expect(host.log.map(({ ending }) => ending)).toEqual(Array(4).fill('upstream-error'))
  })
})

describe('an upstream whose answer is no sound HTTP', () => {
  it.each([
    ['SSH-2.0-OpenSSH\r\n'],
    ['HTTP/1.1 000 X\r\nContent-Length: 0\r\n\r\n'],
    ['HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 3\r\n\r\nhello'],
    ['HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n'],
    ['HTTP/1.1 200 OK\r\nX-A: a\x01b\r\nContent-Length: 0\r\n\r\n'],
  ])('is told so, not that it cannot be reached: %j', async (bytes) => {
    const host = await beforeBytes('server', bytes)
    for (const path of [CHAT, '/v1/embeddings']) {
      const answer = await host.ask(path, post())
      expect(answer.status).toBe(502)
      expect(await answer.json()).toMatchObject({ error: { code: 'upstream_invalid' } })
    }
  })

  it.each(HOSTS)('nor is a status that is none, before the %s', async (name) => {
    const host = await beforeBytes(name, 'HTTP/1.1 999 X\r\nContent-Length: 0\r\n\r\n')
    for (const path of [CHAT, '/v1/embeddings']) expect((await host.ask(path, post())).status).toBe(502)
  })

  it('has no length beside a 204, by which the next reply would be its body', async () => {
    const host = await beforeBytes('server', 'HTTP/1.1 204 No Content\r\nContent-Length: 500\r\n\r\n')
    const said = await rawly(host.port, 'GET /v1/x HTTP/1.1\r\nHost: localhost\r\n\r\n')
    expect(said).toContain('HTTP/1.1 204 ')
    expect(said.toLowerCase()).not.toContain('content-length')
  })

  it.each([-1, 1.5, 1e300])('counts no tokens when it says %d', async (input_tokens) => {
    const upstream = await opened(startUpstream())
    upstream.answer(json({ input_tokens, count: input_tokens }))
    const host = await opened(startHost('server', { upstream: upstream.url }))
    const answer = await host.ask('/v1/messages/count_tokens', post({ messages: [{ role: 'user', content: 'Hi' }] }))
    expect(answer.headers.get('x-callsift-counted-by')).toBe('estimate')
    expect(((await answer.json()) as { input_tokens: number }).input_tokens).toBeGreaterThan(0)
  })
})

const native = (name: string, args: string) => [
  { index: 0, id: 'up-1', type: 'function', function: { name, arguments: args } },
]
const said = (content: string | null, tool_calls: object[], part: 'delta' | 'message') => ({
  object: part === 'delta' ? 'chat.completion.chunk' : 'chat.completion',
  choices: [{ index: 0, [part]: { role: 'assistant', content, tool_calls }, finish_reason: 'tool_calls' }],
})
const TOOLS: Readonly<Record<string, object[]>> = {
  [CHAT]: [{ type: 'function', function: { name: 'f' } }],
  '/v1/responses': [{ type: 'function', name: 'f' }],
  '/v1/messages': [{ name: 'f', input_schema: { type: 'object' } }],
}

describe.each(WIRES)('calls that the upstream has parsed, on %s', (wire) => {
  async function answers(content: string | null, calls: object[]): Promise<{ whole: JsonObject; streamed: string }> {
    const upstream = await opened(startUpstream())
    const host = await opened(startHost('server', { upstream: upstream.url }))
    upstream.answer(json(said(content, calls, 'message')))
    const whole = (await (await host.ask(wire, post({ tools: TOOLS[wire] }))).json()) as JsonObject
    upstream.answer(stream([said(content, calls, 'delta')]))
    const streamed = await (await host.ask(wire, post({ tools: TOOLS[wire], stream: true }))).text()
    return { whole, streamed }
  }

  it('are left out beside a call of the text, whole as streamed', async () => {
    const text = '<tool_call>\n{"name": "f", "arguments": {"own": 1}}\n</tool_call>'
    const { whole, streamed } = await answers(text, native('rm_rf', '{"evil": 1}'))
    for (const reply of [JSON.stringify(whole), streamed]) {
      expect(reply).toContain('own')
      expect(reply).not.toContain('rm_rf')
      expect(reply).not.toContain('<tool_call>')
    }
  })

  it('stand behind text that holds no call, whose reasoning is split off, whole as streamed', async () => {
    const { whole, streamed } = await answers('<think>Hm.</think>Well. <tool_', native('f', '{"theirs": 1}'))
    for (const reply of [JSON.stringify(whole), streamed]) {
      expect(reply).toContain('theirs')
      expect(reply).toContain('Hm.')
      expect(reply).not.toContain('think>')
    }
    expect(JSON.stringify(whole)).toContain('Well. <tool_')
  })

  // On the upstream's own wire they are texts, which pass to the last byte.
  if (wire === CHAT) return
  it('are none where their arguments are nested without end', async () => {
    const deep = `${'{"a": '.repeat(5000)}1${'}'.repeat(5000)}`
    const { whole, streamed } = await answers(null, native('f', deep))
    const parts = objectsOf(whole.content ?? whole.output)
    expect(parts.map(({ type }) => type)).not.toContain('tool_use')
    expect(parts.map(({ type }) => type)).not.toContain('function_call')
    const events = streamed
      .split('\n')
      .flatMap((line) => (line.startsWith('data: {') ? [JSON.parse(line.slice(6))] : []))
    const args = events.map(({ delta }) => (isObject(delta) ? (delta.partial_json ?? '') : (delta ?? ''))).join('')
    expect(() => JSON.parse(args)).toThrow()
  })
})
