import { describe, expect, it } from 'vitest'
import { createProxyHandler, type LogRecord, type ProxyOptions } from '../../src/proxy/server/handler.js'
import { CALLS, chatRequest, joinStream, plainCalls, TEXT } from './both.js'
import { chunk, eventText, inPieces, textChunks } from './upstream.js'

const post = (body: object, init: RequestInit = {}) =>
  new Request('https://worker.example/v1/chat/completions', { method: 'POST', body: JSON.stringify(body), ...init })

function handlerOver(answer: (request: Request) => Response | Promise<Response>, options: Partial<ProxyOptions> = {}) {
  const asked: Request[] = []
  const log: LogRecord[] = []
  const handler = createProxyHandler({
    upstream: 'http://upstream.example/base/v1/',
    format: 'hermes',
    log: (record) => log.push(record),
    fetch: async (input, init) => {
      const request = new Request(input as string, init)
      asked.push(request)
      return answer(request)
    },
    ...options,
  })
  return { handler, asked, log }
}
const events = (text: string) => new Response(text, { headers: { 'content-type': 'text/event-stream' } })

describe('the web-standard handler', () => {
  it('answers a request with a response, without any server', async () => {
    const { handler, asked } = handlerOver(() => events(eventText(textChunks(inPieces(TEXT)))))
    const response = await handler(post(chatRequest({ stream: true })))
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    expect(plainCalls((await joinStream(response)).choices[0])).toEqual(CALLS)
    expect(asked[0]?.url).toBe('http://upstream.example/base/v1/chat/completions')
  })

  it.each([
    ['/v1/models?limit=2', 'http://upstream.example/base/v1/models?limit=2'],
    ['/v1', 'http://upstream.example/base/v1'],
    ['/tokenize', 'http://upstream.example/base/tokenize'],
    ['/v1/../../etc', 'http://upstream.example/base/etc'],
    ['/v1/completions', 'http://upstream.example/base/v1/completions'],
  ])('passes %s through to %s, and to no other host', async (path, url) => {
    const { handler, asked } = handlerOver(() => new Response('as it is', { status: 203, headers: { 'x-a': 'b' } }))
    const response = await handler(new Request(`https://worker.example${path}`, { headers: { accept: 'x/y' } }))
    expect(asked[0]?.url).toBe(url)
    expect(asked[0]?.headers.get('accept')).toBe('x/y')
    expect([response.status, response.headers.get('x-a'), await response.text()]).toEqual([203, 'b', 'as it is'])
  })

  it('passes methods and bodies through, of any kind', async () => {
    const { handler, asked } = handlerOver(() => new Response(null, { status: 204 }))
    const bytes = Uint8Array.of(0, 255, 13, 10)
    const response = await handler(new Request('https://worker.example/v1/files/1', { method: 'PUT', body: bytes }))
    expect(response.status).toBe(204)
    expect(asked[0]?.method).toBe('PUT')
    expect(new Uint8Array((await asked[0]?.arrayBuffer()) ?? new ArrayBuffer(0))).toEqual(bytes)
  })

  it('reads from the upstream only what the client takes', async () => {
    let pulled = 0
    const encoder = new TextEncoder()
    const body = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          pulled++
          controller.enqueue(encoder.encode(`data: ${JSON.stringify(chunk({ content: `word ${pulled}` }))}\n\n`))
        },
      },
      { highWaterMark: 0 },
    )
    const { handler } = handlerOver(() => new Response(body, { headers: { 'content-type': 'text/event-stream' } }))
    const response = await handler(post(chatRequest({ stream: true })))
    const reader = (response.body as ReadableStream<Uint8Array>).getReader()
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(pulled).toBeLessThanOrEqual(1)
    for (let i = 0; i < 5; i++) await reader.read()
    expect(pulled).toBeLessThanOrEqual(7)
    await reader.cancel()
  })

  it.each(['cancel', 'abort'] as const)(
    'ends the request to the upstream when the client leaves by %s',
    async (how) => {
      let signal: AbortSignal | undefined
      const { handler, log } = handlerOver((request) => {
        signal = request.signal
        const begun = new ReadableStream<Uint8Array>({
          start(controller) {
            controller.enqueue(new TextEncoder().encode(`data: ${JSON.stringify(chunk({ content: 'Hello' }))}\n\n`))
          },
        })
        return new Response(begun, { headers: { 'content-type': 'text/event-stream' } })
      })
      const client = new AbortController()
      const response = await handler(post(chatRequest({ stream: true }), { signal: client.signal }))
      const reader = (response.body as ReadableStream<Uint8Array>).getReader()
      await reader.read()
      expect(signal?.aborted).toBe(false)
      if (how === 'cancel') await reader.cancel()
      else client.abort()
      await new Promise((resolve) => setTimeout(resolve, 5))
      expect(signal?.aborted).toBe(true)
      expect(log.at(-1)).toMatchObject({ ending: 'client-gone' })
    },
  )

  it('ends running streams in an error, and refuses new requests, when it is told to stop', async () => {
    const stop = new AbortController()
    const held = '<tool_call>{"name": "get_tide", "arguments": {"port": "Br'
    const { handler, log } = handlerOver(
      () => {
        const begun = new ReadableStream<Uint8Array>({
          start(controller) {
            controller.enqueue(new TextEncoder().encode(`data: ${JSON.stringify(chunk({ content: held }))}\n\n`))
          },
        })
        return new Response(begun, { headers: { 'content-type': 'text/event-stream' } })
      },
      { stop: stop.signal },
    )
    const response = await handler(post(chatRequest({ stream: true })))
    setTimeout(() => stop.abort(), 30)
    const joined = await joinStream(response)
    expect(joined).toMatchObject({ done: true, errors: [{ code: 'stopping' }] })
    expect(joined.choices.flatMap(({ calls, finish }) => [...calls, ...finish])).toEqual([])
    expect(log.at(-1)).toMatchObject({ ending: 'stopped' })
    expect((await handler(post(chatRequest()))).status).toBe(503)
    expect((await handler(new Request('https://worker.example/health'))).status).toBe(503)
  })

  it('never throws: what goes wrong is a reply', async () => {
    const { handler } = handlerOver(() => {
      throw new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code: 'ENOTFOUND' }) })
    })
    const response = await handler(post(chatRequest()))
    expect(response.status).toBe(502)
    expect(await response.text()).toContain('ENOTFOUND')
  })

  it('keeps replies of different requests apart', async () => {
    const { handler } = handlerOver(async (request) => {
      const { model } = (await request.json()) as { model: string }
      const call = `<tool_call>{"name": "get_tide", "arguments": {"port": "${model}"}}</tool_call>`
      return events(eventText(textChunks(inPieces(call, 2))))
    })
    const models = Array.from({ length: 50 }, (_, i) => `m${i}`)
    const joined = await Promise.all(
      models.map(async (model) => joinStream(await handler(post(chatRequest({ model, stream: true }))))),
    )
    expect(joined.map(({ choices }) => choices[0]?.calls[0]?.arguments)).toEqual(
      models.map((model) => `{"port": "${model}"}`),
    )
    expect(new Set(joined.map(({ choices }) => choices[0]?.calls[0]?.id)).size).toBe(50)
  })
})
