import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { ProxyOptions } from '../../../src/proxy/server/handler.js'
import { readAll } from '../../../src/proxy/wire/read-all.js'
import { says, startUpstream } from '../upstream.js'
import { closing, type HostName, rawly, startHost } from './hosts.js'

// What a client sends is understood as the upstream will understand it, or refused; and costs what its bytes cost.

const HOSTS: readonly HostName[] = ['server', 'handler']
const CHAT = '/v1/chat/completions'
const WIRES = [CHAT, '/v1/responses', '/v1/messages']
const opened = closing()
const BODY = { model: 'm', messages: [], input: 'Hi', max_tokens: 1 }

async function both(name: HostName, options: Partial<ProxyOptions> = {}) {
  const upstream = await opened(startUpstream())
  upstream.answer(says('Hi'))
  const host = await opened(startHost(name, { upstream: upstream.url, ...options }))
  return { upstream, host }
}

describe.each(HOSTS)('before the %s', (name) => {
  it('a compressed body is refused in words, and no plain one goes on that says it is compressed', async () => {
    const { upstream, host } = await both(name)
    const text = JSON.stringify(BODY)
    for (const path of [...WIRES, '/v1/messages/count_tokens']) {
      for (const body of [gzipSync(text), text]) {
        const answer = await host.ask(path, { method: 'POST', body, headers: { 'content-encoding': 'gzip' } })
        expect(answer.status).toBe(400)
        expect(await answer.text()).toContain('send it as plain JSON')
      }
    }
    expect(upstream.seen).toEqual([])
    const plain = { method: 'POST', body: text, headers: { 'content-encoding': 'identity' } }
    expect((await host.ask(CHAT, plain)).status).toBe(200)
  })

  it.each([7, true, ['f'], { function: { name: ['f'] } }, { type: 'function' }, { type: 'custom', custom: 'f' }])(
    'a tool choice that is none is refused, not taken for auto: %j',
    async (tool_choice) => {
      const { upstream, host } = await both(name)
      const tools = [{ type: 'function', function: { name: 'f' } }]
      const answer = await host.ask(CHAT, { method: 'POST', body: JSON.stringify({ ...BODY, tools, tool_choice }) })
      expect(answer.status).toBe(400)
      expect(await answer.text()).toContain('tool_choice: ')
      expect(upstream.seen).toEqual([])
    },
  )

  it.each([
    ['/v1/messages', { type: 'tool' }, { name: 'f', input_schema: {} }],
    ['/v1/messages', { type: 'tool', name: 7 }, { name: 'f', input_schema: {} }],
    ['/v1/messages', ['f'], { name: 'f', input_schema: {} }],
    ['/v1/responses', { type: 'function', name: 7 }, { type: 'function', name: 'f' }],
    ['/v1/responses', 7, { type: 'function', name: 'f' }],
  ])('nor on %s: %j', async (path, tool_choice, tool) => {
    const { upstream, host } = await both(name)
    const body = JSON.stringify({ ...BODY, tools: [tool], tool_choice })
    expect((await host.ask(path, { method: 'POST', body })).status).toBe(400)
    expect(upstream.seen).toEqual([])
  })

  it.each(['Cross-Site', 'SAME-SITE', 'cross-site, none', 'other'])(
    'a fetch mark that is not known to be good is foreign: %s',
    async (mark) => {
      const { upstream, host } = await both(name)
      const headers = { 'sec-fetch-site': mark }
      if (host.port === 0) expect((await host.ask('/v1/models', { headers })).status).toBe(403)
      else expect(await byHand(host.port, mark)).toContain('HTTP/1.1 403 ')
      expect(upstream.seen).toEqual([])
    },
  )

  it('the key of the clients goes on in no query, and no password in a header', async () => {
    const { upstream, host } = await both(name, { clientKey: 'the+key' })
    const headers = { authorization: 'Bearer the+key', 'x-password': 'p', dpop: 'd' }
    for (const path of ['/v1/models?api_key=the%2Bkey', '/v1/models?a=b&key=the+key'])
      expect((await host.ask(path, { headers })).status).toBe(400)
    expect(upstream.seen).toEqual([])
    expect((await host.ask('/v1/models?key=other', { headers })).status).toBe(200)
    expect(upstream.seen[0]?.headers).not.toHaveProperty('x-password')
    expect(upstream.seen[0]?.headers).not.toHaveProperty('dpop')
  })
})

it('a body in chunks of one byte takes no more memory than one in large chunks', async () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const CHUNKS = 50_000
  let held = 0
  async function* trickle() {
    collect()
    const before = process.memoryUsage().arrayBuffers
    // As the parser of a server gives them: each is a piece of a larger buffer.
    for (let i = 0; i < CHUNKS; i++) yield new Uint8Array(2048).fill(i % 251).subarray(0, 1)
    collect()
    held = process.memoryUsage().arrayBuffers - before
  }
  const body = await readAll(trickle(), CHUNKS)
  expect(body).toEqual(Uint8Array.from({ length: CHUNKS }, (_, i) => i % 251))
  // All the buffers that the pieces are of would be 100 MB.
  expect(held).toBeLessThan(30_000_000)
})

async function byHand(port: number, mark: string): Promise<string> {
  return rawly(port, `GET /v1/models HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: ${mark}\r\n\r\n`)
}
