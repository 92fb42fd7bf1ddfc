import { createServer, request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { createNodeListener } from '../../src/proxy/server/node.js'
import { bothForEachTest, chatRequest, gate, joinStream, plainCalls, TEXT, until } from './both.js'
import { chunk, eventText, inPieces, json, type Script, says } from './upstream.js'

const CHAT = '/v1/chat/completions'
/** A stream that goes on when it is told to. */
function steps() {
  const begun = gate()
  const going = gate()
  const script: Script = async (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(`data: ${JSON.stringify(chunk({ content: 'Hello' }))}\n\n`)
    begun.open()
    await going.passed
    response.end(eventText([chunk({ content: ' world' }), chunk({}, { finish_reason: 'stop' })]))
  }
  return { script, next: going.open, begun: begun.passed }
}

const { start } = bothForEachTest()
/** A request with headers that `fetch` would not send. */
const raw = (port: number, path: string, headers: Record<string, string>): Promise<number> =>
  new Promise((resolve, reject) => {
    httpRequest({ host: '127.0.0.1', port, path, headers }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
      .on('error', reject)
      .end()
  })

describe('the server', () => {
  it('listens on loopback', async () => {
    const both = await start()
    expect(both.proxy.url).toBe(`http://127.0.0.1:${both.proxy.port}`)
  })

  it('is called by addresses, localhost and names that are allowed, and by no others', async () => {
    const { proxy } = await start({ allowedHosts: ['box.lan'] })
    const statusOf = (host: string) => raw(proxy.port, '/health', { host })
    expect(
      await Promise.all(
        ['localhost:1', 'a.localhost', '127.0.0.1:8787', '[::1]:8787', 'box.lan', 'BOX.lan:80'].map(statusOf),
      ),
    ).toEqual(Array(6).fill(200))
    expect(
      await Promise.all(['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example'].map(statusOf)),
    ).toEqual([403, 403, 403])
  })

  it('can be a listener of a server of one’s own', async () => {
    const both = await start()
    both.upstream.answer(says('Hi'))
    const server = createServer(createNodeListener({ upstream: both.upstream.url, format: 'hermes' }))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const response = await fetch(`http://127.0.0.1:${port}${CHAT}`, {
      method: 'POST',
      body: JSON.stringify(chatRequest()),
    })
    expect(await response.json()).toMatchObject({ choices: [{ message: { content: 'Hi' } }] })
    server.closeAllConnections()
    server.close()
  })
})

describe('/health and /metrics', () => {
  it('say how it is and what has been done', async () => {
    const both = await start()
    both.upstream.answer(says(TEXT))
    await joinStream(await both.post(CHAT, chatRequest({ stream: true })))
    await (await both.post('/v1/messages', { model: 'm', max_tokens: 1, messages: [] })).text()
    both.upstream.answer(json({}, 429))
    await (await both.post(CHAT, chatRequest())).text()
    both.upstream.answer(says('<tool_call>{"name": "nobody_offered", "arguments": {'))
    await (await both.post(CHAT, chatRequest())).text()
    expect(await (await fetch(`${both.proxy.url}/health`)).json()).toEqual({ status: 'ok' })
    const response = await fetch(`${both.proxy.url}/metrics`)
    expect(response.headers.get('content-type')).toContain('version=0.0.4')
    const text = await response.text()
    for (const line of [
      'callsift_requests_total{wire="chat",status="200"} 2',
      'callsift_requests_total{wire="chat",status="429"} 1',
      'callsift_requests_total{wire="messages",status="200"} 1',
      'callsift_requests_running 0',
      'callsift_calls_total{model="m",format="hermes",status="complete"} 2',
      'callsift_calls_total{model="m",format="hermes",status="truncated"} 1',
      'callsift_notes_total{code="unknown-tool"} 1',
      'callsift_notes_total{code="truncated-call"} 1',
      'callsift_time_to_first_byte_seconds_count{wire="chat"} 3',
      'callsift_endings_total{ending="upstream-error"} 1',
    ]) {
      expect(text.split('\n')).toContain(line)
    }
    expect(text).toMatch(/callsift_added_latency_seconds_count [1-9]/)
  })

  it('are text that Prometheus reads: each sample belongs to a family, buckets only grow', async () => {
    const both = await start()
    both.upstream.answer(says(TEXT))
    for (let i = 0; i < 3; i++) await joinStream(await both.post(CHAT, chatRequest({ stream: true })))
    const lines = (await (await fetch(`${both.proxy.url}/metrics`)).text()).trimEnd().split('\n')
    const types = new Map<string, string>()
    let bucket = { series: '', value: 0 }
    for (const line of lines) {
      const [, name = '', type = ''] = /^# TYPE (\S+) (\S+)$/.exec(line) ?? []
      if (name !== '') types.set(name, type)
      if (line.startsWith('#')) continue
      const [, sample = '', labels = '', value = ''] = /^([a-z_]+)(\{[^}]*\})? (-?[0-9.e+-]+)$/.exec(line) ?? []
      expect(types.has(sample) || types.get(sample.replace(/_(?:bucket|sum|count)$/, '')) === 'histogram', line).toBe(
        true,
      )
      if (!sample.endsWith('_bucket')) continue
      const series = sample + labels.replace(/,?le="[^"]*"/, '')
      if (series === bucket.series) expect(Number(value)).toBeGreaterThanOrEqual(bucket.value)
      bucket = { series, value: Number(value) }
    }
    expect(types.size).toBeGreaterThan(6)
  })
})

describe('the log', () => {
  it('has a record for each request, without contents', async () => {
    const both = await start()
    both.upstream.answer(says(TEXT))
    await joinStream(await both.post(`${CHAT}?key=secret`, chatRequest({ stream: true })))
    expect(both.log).toHaveLength(1)
    expect(both.log[0]).toMatchObject({
      level: 'info',
      event: 'request',
      wire: 'chat',
      method: 'POST',
      path: CHAT,
      status: 200,
      ending: 'complete',
      model: 'm',
      format: 'hermes',
      stream: true,
      calls: { 'hermes complete': 2 },
      finish: 'tool_calls',
    })
    expect(both.log[0]?.firstByteMs).toBeGreaterThan(0)
    expect(JSON.stringify(both.log)).not.toMatch(/Brest|tide|Let me see|secret|Hi/)
  })

  it('has the text of the model where that was asked for', async () => {
    const both = await start({ logContents: true })
    both.upstream.answer(says(TEXT))
    await joinStream(await both.post(CHAT, chatRequest({ stream: true })))
    expect(both.log[0]?.text).toBe(TEXT)
  })
})

describe('stopping', () => {
  it('lets running streams end, says so on /health, and then is over', async () => {
    const both = await start()
    const { script, next, begun } = steps()
    both.upstream.answer(script)
    const joining = both.post(CHAT, chatRequest({ stream: true })).then(joinStream)
    await begun
    let closed = false
    const closing = both.proxy.close().then(() => {
      closed = true
    })
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(closed).toBe(false)
    await expect(fetch(`${both.proxy.url}/health`)).rejects.toThrow()
    next()
    const joined = await joining
    expect(joined.choices[0]).toMatchObject({ content: 'Hello world', finish: ['stop'] })
    await closing
    expect(closed).toBe(true)
  })

  it('ends streams that go on after the grace in an error that says so', async () => {
    const both = await start()
    const { script, begun } = steps()
    both.upstream.answer(script)
    const joining = both.post(CHAT, chatRequest({ stream: true })).then(joinStream)
    await begun
    await both.proxy.close(100)
    const joined = await joining
    expect(joined).toMatchObject({ done: true, errors: [{ code: 'stopping' }] })
    expect(joined.choices[0]).toMatchObject({ content: 'Hello', finish: [] })
  })

  it('waits for no connection that only stays open', async () => {
    const both = await start()
    both.upstream.answer(says('Hi'))
    await (await both.post(CHAT, chatRequest())).text()
    const start_ = performance.now()
    await both.proxy.close()
    expect(performance.now() - start_).toBeLessThan(1000)
  })
})

describe('many at once', () => {
  it('warns of nothing', async () => {
    const warnings: string[] = []
    const note = (warning: Error) => warnings.push(String(warning))
    process.on('warning', note)
    const both = await start()
    const { script, next } = steps()
    both.upstream.answer(script)
    const joining = Promise.all(
      Array.from({ length: 40 }, async () => joinStream(await both.post(CHAT, chatRequest({ stream: true })))),
    )
    await until(() => both.upstream.seen.length === 40)
    next()
    await joining
    process.off('warning', note)
    expect(warnings).toEqual([])
  })

  it('mixes nothing up: each stream carries its own numbers', async () => {
    const both = await start()
    both.upstream.answer(async (response, seen) => {
      const text = `<tool_call>{"name": "get_tide", "arguments": {"port": "${seen.body.model}"}}</tool_call>`
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      for (const content of inPieces(text, 2)) {
        response.write(`data: ${JSON.stringify(chunk({ content }))}\n\n`)
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 3))
      }
      response.end(eventText([chunk({}, { finish_reason: 'stop' })]))
    })
    const models = Array.from({ length: 60 }, (_, i) => `stream-${i}`)
    const joined = await Promise.all(
      models.map(async (model) => joinStream(await both.post(CHAT, chatRequest({ model, stream: true })))),
    )
    expect(joined.map(({ choices }) => plainCalls(choices[0]))).toEqual(
      models.map((model) => [{ name: 'get_tide', arguments: `{"port": "${model}"}` }]),
    )
    await until(() => both.log.length === 60)
  })
})
