import { describe, expect, it } from 'vitest'
import { startNodeEcho } from './echo-upstream.js'
import { closing, rawly, startHost, statusesOf } from './hosts.js'

// What a path names lies under the configured base, whoever reads it in whatever way.

const opened = closing()

const LEAVING = [
  '/v1/../../tenantB/x',
  '/v1/..',
  '/../x',
  '/v1/./x',
  '/v1/%2e%2e/x',
  '/v1/%2E./x',
  '/v1/.%2e/x',
  '/v1/%2e%2e%2fx',
  '/v1/..%2fx',
  '/v1/..%5cx',
  '/v1/%2e%2e%5cx',
  '/v1/..\\x',
  '/v1\\..\\x',
  '/v1/x\\y',
  '/v1/%252e%252e/x',
  '/v1/%25252e%25252e/x',
  '/v1/%2525252525252e%2e/x',
  '/v1/..%252fx',
  '/v1/%5c%5cevil',
  '/v1//x',
  '//evil.com/v1/x',
  '/v1/%2f/x',
  '/v1/..;/x',
  '/v1/..;a=b/x',
  '/v1/;../x',
  '/v1/%2e%2e;/x',
  '/v1/x;/../y',
  '/v1/..%00/x',
  '/v1/%00',
  '/v1/%0d%0aHost:%20x',
  '/v1/..%20/x',
  '/v1/..%09/x',
  '/v1/%c0%ae%c0%ae/x',
  '/v1/%e0%80%ae./x',
  '/v1/%ef%bc%8e%ef%bc%8e/x',
  '/v1/..%ef%bc%8fx',
  '/v1/%u002e%u002e/x',
  '/v1/%25u002e%25u002e/x',
  '/v1/%',
  '/v1/%2',
  '/v1/x#/../y',
]

const NORMAL = [
  '/v1/models',
  '/v1',
  '/v1/models/Qwen%2FQwen3-8B',
  '/v1/models/gpt-4.1',
  '/v1/models/...',
  '/v1/models/a..b',
  '/v1/.well-known',
  '/v1/models/%E4%BD%A0%e5%a5%bd',
  '/v1/models/100%25',
  '/v1/models/a%20b;v=1',
  "/v1/files/a+b,c~d!e'(f)*@:$&=",
  '/v1/x/?a=../..&b=%2e%2e/\\c//d%',
  '/tokenize',
  '/v1/models/',
]

describe.each(['server', 'listener'] as const)('before the %s', (name) => {
  it('what would leave the base is refused, and never reaches the upstream', async () => {
    const upstream = await opened(startNodeEcho())
    const base = `http://127.0.0.1:${upstream.port}/tenantA/v1`
    const host = await opened(startHost(name, { upstream: base, apiKey: 'k' }))
    for (const path of LEAVING) {
      const said = await rawly(host.port, `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`)
      expect(statusesOf(said), path).toEqual([400])
      expect(said, path).toContain('the path of the request has')
    }
    expect(await upstream.heard()).toEqual([])
    expect(await host.metric('callsift_refused_total{reason="path"}')).toBe(LEAVING.length)
    expect(host.log).toHaveLength(LEAVING.length)
  })

  it('what does not passes byte for byte', async () => {
    const upstream = await opened(startNodeEcho())
    const base = `http://127.0.0.1:${upstream.port}/tenantA/v1`
    const host = await opened(startHost(name, { upstream: base }))
    for (const path of NORMAL) {
      const said = await rawly(host.port, `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`)
      expect(statusesOf(said), path).toEqual([200])
      expect((await upstream.heard()).at(-1)?.path).toBe(`/tenantA${path}`)
    }
  })
})

describe('before the handler', () => {
  it('every path stays under the base, however its platform has read it', async () => {
    const upstream = await opened(startNodeEcho())
    const base = `http://127.0.0.1:${upstream.port}/tenantA/v1`
    const host = await opened(startHost('handler', { upstream: base }))
    let refused = 0
    for (const path of LEAVING) {
      const answer = await host.ask(path)
      await answer.text()
      if (answer.status === 400) refused++
    }
    // The platform itself resolves the plain ones.
    expect(refused).toBeGreaterThan(15)
    for (const { path } of await upstream.heard()) {
      expect(path).toMatch(/^\/tenantA(\/|$)/)
      expect(decodeURIComponent(decodeURIComponent(path))).not.toMatch(/\.\.|\/\/|\\/)
    }
    for (const path of NORMAL) {
      await (await host.ask(path)).text()
      expect((await upstream.heard()).at(-1)?.path).toBe(
        `/tenantA${path.replace("'", path.includes('?') ? '%27' : "'")}`,
      )
    }
  })
})
