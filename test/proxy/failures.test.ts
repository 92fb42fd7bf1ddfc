import { once } from 'node:events'
import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import Anthropic from '@anthropic-ai/sdk'
import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { type Both, bothForEachTest, chatRequest, joinStream, plainCalls, until } from './both.js'
import { bytes, chunk, eventText, inPieces, json, type Script, says, textChunks } from './upstream.js'

const CHAT = '/v1/chat/completions'
const CALL = '<tool_call>\n{"name": "get_tide", "arguments": {"port": "Brest"}}\n</tool_call>'
/** A stream that stays open behind these pieces of text. */
const hangs =
  (pieces: readonly string[], seen: { goneAfter?: number } = {}): Script =>
  async (response, _, gone) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    for (const content of pieces) response.write(`data: ${JSON.stringify(chunk({ content }))}\n\n`)
    await gone
    seen.goneAfter = performance.now()
  }
/** A stream whose connection breaks behind these pieces of text. */
const dies =
  (pieces: readonly string[]): Script =>
  async (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
    for (const content of pieces) response.write(`data: ${JSON.stringify(chunk({ content }))}\n\n`)
    await new Promise((resolve) => setTimeout(resolve, 20))
    response.destroy()
  }

const { start, forget } = bothForEachTest()
const ending = (both: Both) =>
  until(() => both.log.some(({ event }) => event === 'request')).then(() => both.log.at(-1)?.ending)

describe('errors of the upstream', () => {
  it.each([
    [429, { error: { message: 'slow down', type: 'rate_limit', code: 'x' } }],
    [500, { detail: 'CUDA out of memory' }],
    [404, { error: { message: 'no such model' } }],
  ])('pass as they are: status %i, body and headers', async (status, body) => {
    const both = await start()
    both.upstream.answer(json(body, status, { 'retry-after': '7', 'x-request-id': 'abc' }))
    for (const [path, request] of [
      [CHAT, chatRequest()],
      [CHAT, chatRequest({ stream: true })],
      ['/v1/responses', { model: 'm', input: 'Hi', stream: true }],
      ['/v1/messages', { model: 'm', max_tokens: 1, messages: [], stream: true }],
    ] as const) {
      const response = await both.post(path, request)
      expect(response.status).toBe(status)
      expect(response.headers.get('retry-after')).toBe('7')
      expect(response.headers.get('x-request-id')).toBe('abc')
      expect(await response.text()).toBe(JSON.stringify(body))
    }
  })

  it('are the errors that the clients know', async () => {
    const both = await start()
    both.upstream.answer(json({ error: { message: 'slow down' } }, 429))
    const openai = new OpenAI({ baseURL: `${both.proxy.url}/v1`, apiKey: 'k', maxRetries: 0 })
    const anthropic = new Anthropic({ baseURL: both.proxy.url, apiKey: 'k', maxRetries: 0 })
    const request = { model: 'm', messages: [] }
    await expect(openai.chat.completions.create(request)).rejects.toBeInstanceOf(OpenAI.RateLimitError)
    await expect(anthropic.messages.create({ ...request, max_tokens: 1 })).rejects.toBeInstanceOf(
      Anthropic.RateLimitError,
    )
  })

  it('in the middle of a stream reach the client, on each wire, and no call is made up', async () => {
    const both = await start()
    const error = { message: 'the engine died', type: 'InternalServerError', code: 500 }
    both.upstream.answer(
      bytes([eventText([...inPieces(CALL.slice(0, 50)).map((content) => chunk({ content })), { error }])]),
    )
    const joined = await joinStream(await both.post(CHAT, chatRequest({ stream: true })))
    expect(joined).toMatchObject({ errors: [error], done: true })
    expect(() => JSON.parse(joined.choices[0]?.calls[0]?.arguments ?? '')).toThrow()
    const openai = new OpenAI({ baseURL: `${both.proxy.url}/v1`, apiKey: 'k', maxRetries: 0 })
    const anthropic = new Anthropic({ baseURL: both.proxy.url, apiKey: 'k', maxRetries: 0 })
    await expect(openai.responses.stream({ model: 'm', input: 'Hi' }).finalResponse()).rejects.toThrow(
      'the engine died',
    )
    await expect(anthropic.messages.stream({ model: 'm', max_tokens: 1, messages: [] }).finalMessage()).rejects.toThrow(
      'the engine died',
    )
  })
})

describe('errors in the middle of a stream that are no chunks', () => {
  it.each([
    ['as llama.cpp writes them', 'error: {"code":400,"message":"no such grammar","type":"invalid_request_error"}\n\n'],
    ['as events of their own', 'event: error\ndata: {"code":400,"message":"no such grammar"}\n\n'],
    ['as plain words', 'event: error\ndata: no such grammar\n\n'],
    ['as a string', 'event: error\ndata: "no such grammar"\n\n'],
  ])('%s reach the client in the shape that it knows', async (_, text) => {
    const both = await start()
    both.upstream.answer(bytes([eventText([chunk({ content: 'So far' })]).replace('data: [DONE]\n\n', text)]))
    const openai = new OpenAI({ baseURL: `${both.proxy.url}/v1`, apiKey: 'k', maxRetries: 0 })
    const anthropic = new Anthropic({ baseURL: both.proxy.url, apiKey: 'k', maxRetries: 0 })
    const request = { model: 'm', messages: [{ role: 'user' as const, content: 'Hi' }] }
    await expect(openai.chat.completions.stream(request).finalMessage()).rejects.toThrow('no such grammar')
    await expect(anthropic.messages.stream({ ...request, max_tokens: 1 }).finalMessage()).rejects.toThrow(
      'no such grammar',
    )
    expect(await ending(both)).toBe('upstream-error')
  })

  it('count as errors, not as complete, where they come as chunks', async () => {
    const both = await start()
    both.upstream.answer(bytes([eventText([chunk({ content: 'So far' }), { error: { message: 'boom' } }])]))
    await (await both.post(CHAT, chatRequest({ stream: true }))).text()
    expect(await ending(both)).toBe('upstream-error')
    expect(both.log.at(-1)).toMatchObject({ level: 'error', problem: 'the upstream reported an error' })
  })
})

describe('an upstream that dies', () => {
  it.each(Array.from({ length: 9 }, (_, i) => Math.round((i / 8) * CALL.length)))(
    'behind %i characters gives an error, no finish reason, and no call that may not have been whole',
    async (length) => {
      const both = await start()
      both.upstream.answer(dies(inPieces(CALL.slice(0, length))))
      const joined = await joinStream(await both.post(CHAT, chatRequest({ stream: true })))
      expect(joined).toMatchObject({ done: true, errors: [{ code: 'upstream_died' }] })
      expect(joined.choices.flatMap(({ finish }) => finish)).toEqual([])
      const calls = joined.choices.flatMap((choice) => plainCalls(choice) ?? [])
      expect(calls).toEqual(length > CALL.indexOf('</') ? [{ name: 'get_tide', arguments: '{"port": "Brest"}' }] : [])
      expect(await ending(both)).toBe('upstream-died')
    },
  )

  it('gives the text that was held back: it is no call', async () => {
    const both = await start()
    both.upstream.answer(dies(['Let me see', ' <tool_']))
    const joined = await joinStream(await both.post(CHAT, chatRequest({ stream: true })))
    expect(joined.choices[0]?.content).toBe('Let me see <tool_')
  })

  it('in a call that it has parsed itself gives an error as well', async () => {
    const both = await start()
    const call = { index: 0, id: 'a', type: 'function', function: { name: 'f', arguments: '{"a":' } }
    both.upstream.answer(async (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(`data: ${JSON.stringify(chunk({ tool_calls: [call] }))}\n\n`)
      await new Promise((resolve) => setTimeout(resolve, 20))
      response.destroy()
    })
    const joined = await joinStream(await both.post(CHAT, chatRequest({ stream: true })))
    expect(joined).toMatchObject({ done: true, errors: [{ code: 'upstream_died' }] })
    expect(joined.choices[0]?.finish).toEqual([])
  })

  it('is no death if it only leaves out the [DONE]', async () => {
    const both = await start()
    both.upstream.answer(bytes([eventText(textChunks([CALL])).replace('data: [DONE]\n\n', '')]))
    const joined = await joinStream(await both.post(CHAT, chatRequest({ stream: true })))
    expect(joined).toMatchObject({ done: true, comments: [] })
    expect(joined.choices[0]?.finish).toEqual(['tool_calls'])
    expect(await ending(both)).toBe('complete')
  })

  it('before its first byte is an error that names the setting', async () => {
    const both = await start()
    await both.upstream.close()
    const response = await both.post(CHAT, chatRequest({ stream: true }))
    expect(response.status).toBe(502)
    const { error } = (await response.json()) as { error: { message: string; code: string } }
    expect(error.code).toBe('upstream_unreachable')
    expect(error.message).toContain('ECONNREFUSED')
    expect(error.message).toContain('setting upstream')
    forget()
    await both.proxy.close(0)
  })

  it('by silence ends the stream, or is a 504 before it has begun', async () => {
    const both = await start({ timeout: 150, keepAlive: false })
    both.upstream.answer(hangs(inPieces(CALL.slice(0, 60))))
    const joined = await joinStream(await both.post(CHAT, chatRequest({ stream: true })))
    expect(joined).toMatchObject({
      errors: [{ code: 'upstream_timeout', message: expect.stringContaining('silent for 0.15 s') }],
    })
    both.upstream.answer(() => new Promise(() => undefined))
    const response = await both.post(CHAT, chatRequest())
    expect(response.status).toBe(504)
    expect(await response.text()).toContain('setting timeout')
  })

  it('with an event without end is cut off, and memory with it', async () => {
    const both = await start({ replyLimit: 10_000 })
    both.upstream.answer(bytes(['data: {"x": "', ...Array.from({ length: 40 }, () => 'x'.repeat(1000))]))
    const joined = await joinStream(await both.post(CHAT, chatRequest({ stream: true })))
    expect(joined).toMatchObject({ errors: [{ message: expect.stringContaining('more than 10000 bytes') }] })
    both.upstream.answer(says('y'.repeat(20_000)))
    const response = await both.post(CHAT, chatRequest())
    expect(response.status).toBe(502)
    expect(await response.text()).toContain('replyLimit')
  })

  it('with something that is no JSON, or is compressed although that was not asked for, is told as such', async () => {
    const both = await start()
    both.upstream.answer((response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'))
    for (const more of [{}, { stream: true }]) {
      const response = await both.post(CHAT, chatRequest(more))
      expect(response.status).toBe(502)
      expect(await response.json()).toMatchObject({ error: { code: 'upstream_invalid' } })
    }
    both.upstream.answer((response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('{}')))
    expect(await (await both.post(CHAT, chatRequest())).text()).toContain('compresses')
    expect(both.upstream.seen.at(-1)?.headers['accept-encoding']).toBe('identity')
  })

  it('answers a streamed request whole: the client gets a stream', async () => {
    const both = await start()
    const message = { role: 'assistant', content: CALL }
    both.upstream.answer(json({ id: 'x', choices: [{ index: 0, message, finish_reason: 'stop' }] }))
    const joined = await joinStream(await both.post(CHAT, chatRequest({ stream: true })))
    expect(plainCalls(joined.choices[0])).toEqual([{ name: 'get_tide', arguments: '{"port": "Brest"}' }])
    expect(joined).toMatchObject({ done: true })
  })
})

describe('a client that goes', () => {
  it('ends the request to the upstream within 100 ms, in the middle of a stream', async () => {
    const both = await start()
    const seen: { goneAfter?: number } = {}
    both.upstream.answer(hangs(['Hello'], seen))
    const abort = new AbortController()
    const response = await both.post(CHAT, chatRequest({ stream: true }), { signal: abort.signal })
    await response.body?.getReader().read()
    const start_ = performance.now()
    abort.abort()
    await until(() => seen.goneAfter !== undefined)
    expect((seen.goneAfter ?? 0) - start_).toBeLessThan(100)
    expect(await ending(both)).toBe('client-gone')
  })

  it('ends it before the first byte as well', async () => {
    const both = await start()
    let goneAfter: number | undefined
    let asked = false
    both.upstream.answer(async (_, __, gone) => {
      asked = true
      await gone
      goneAfter = performance.now()
    })
    const abort = new AbortController()
    const asking = both.post(CHAT, chatRequest(), { signal: abort.signal })
    await until(() => asked)
    const begun = performance.now()
    abort.abort()
    await expect(asking).rejects.toThrow()
    await until(() => goneAfter !== undefined)
    expect((goneAfter ?? 0) - begun).toBeLessThan(100)
    expect(await ending(both)).toBe('client-gone')
  })
})

describe('the other direction', () => {
  it('tells the client of a dead upstream within 100 ms', async () => {
    const both = await start()
    let died = 0
    both.upstream.answer(async (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(`data: ${JSON.stringify(chunk({ content: 'Hello' }))}\n\n`)
      await new Promise((resolve) => setTimeout(resolve, 50))
      died = performance.now()
      response.destroy()
    })
    const joined = await joinStream(await both.post(CHAT, chatRequest({ stream: true })))
    expect(joined.done).toBe(true)
    expect(performance.now() - died).toBeLessThan(100)
  })

  it('reads no faster than the client: an upstream that floods has to wait', async () => {
    const both = await start()
    const piece = `data: ${JSON.stringify(chunk({ content: 'x'.repeat(8000) }))}\n\n`
    const most = 4000 // 32 MB
    let written = 0
    both.upstream.answer(async (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      for (; written < most; written++) {
        if (!response.write(piece)) await new Promise((resolve) => response.once('drain', resolve))
      }
      response.end(eventText([chunk({}, { finish_reason: 'stop' })]))
    })
    const socket = connect(both.proxy.port, '127.0.0.1')
    const body = JSON.stringify(chatRequest({ stream: true }))
    socket.write(
      `POST ${CHAT} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    )
    socket.pause()
    let before = -1
    while (before !== written || written === 0) {
      before = written
      await new Promise((resolve) => setTimeout(resolve, 300))
    }
    expect(written).toBeLessThan(most / 2)
    let received = 0
    let tail = ''
    socket.on('data', (data) => {
      received += data.length
      tail = (tail + data.toString('latin1')).slice(-200)
    })
    socket.resume()
    await once(socket, 'close')
    expect(written).toBe(most)
    expect(received).toBeGreaterThan(most * 8000)
    expect(tail).toContain('data: [DONE]')
  })

  it('sends comments while output is held back, and none while it flows', async () => {
    const both = await start({ keepAlive: 300 })
    const held = inPieces('<tool_call>{"arguments": {"port": "Brest"}, ')
    both.upstream.answer(async (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      for (const content of held) {
        response.write(`data: ${JSON.stringify(chunk({ content }))}\n\n`)
        await new Promise((resolve) => setTimeout(resolve, 60))
      }
      response.end(eventText(textChunks(['"name": "get_tide"}</tool_call>']).slice(1)))
    })
    const joined = await joinStream(await both.post(CHAT, chatRequest({ stream: true })))
    expect(joined.comments.filter((comment) => comment.includes('keep-alive')).length).toBeGreaterThanOrEqual(2)
    expect(plainCalls(joined.choices[0])).toEqual([{ name: 'get_tide', arguments: '{"port": "Brest"}' }])
    both.upstream.answer(async (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      for (const content of held.map(() => 'word ')) {
        response.write(`data: ${JSON.stringify(chunk({ content }))}\n\n`)
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
      response.end(eventText([chunk({}, { finish_reason: 'stop' })]))
    })
    expect((await joinStream(await both.post(CHAT, chatRequest({ stream: true })))).comments).toEqual([])
  })
})

describe('requests that are not taken', () => {
  it('too long: 413 with the setting, on each wire, whether or not the length is told', async () => {
    const both = await start({ bodyLimit: 1000 })
    both.upstream.answer(says('Hi'))
    const long = JSON.stringify(chatRequest({ x: 'y'.repeat(5000) }))
    for (const path of [CHAT, '/v1/responses', '/v1/messages', '/v1/embeddings']) {
      const response = await both.post(path, long)
      expect(response.status).toBe(413)
      expect(await response.text()).toContain('--body-limit')
    }
    const chunked = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode(long))
        controller.close()
      },
    })
    const response = await fetch(both.proxy.url + CHAT, {
      method: 'POST',
      body: chunked,
      duplex: 'half',
    } as RequestInit)
    expect(response.status).toBe(413)
    expect(both.upstream.seen).toEqual([])
    expect((await both.post(CHAT, chatRequest())).status).toBe(200)
  })

  it.each([
    ['{"model": ', 'not a JSON object'],
    ['[]', 'not a JSON object'],
    [JSON.stringify(chatRequest({ tools: [{ type: 'function', function: { name: '' } }] })), 'tools[0]'],
    [JSON.stringify(chatRequest({ tools: {} })), 'tools: expected a list'],
  ])('wrong: %s', async (body, message) => {
    const both = await start()
    const response = await both.post(CHAT, body)
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({
      error: { type: 'invalid_request_error', message: expect.stringContaining(message) },
    })
    expect(both.upstream.seen).toEqual([])
  })
})
