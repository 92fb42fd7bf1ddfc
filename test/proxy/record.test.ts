import { describe, expect, it } from 'vitest'
import type { Capture } from '../../src/proxy/metrics/capture.js'
import { bothForEachTest, CALLS, chatRequest, joinStream, plainCalls, TEXT, TOOLS, until } from './both.js'
import { bytes, eventText, json, says, textChunks, USAGE } from './upstream.js'

const both = bothForEachTest()

/** A proxy that records, and what it recorded. */
async function recording(options: Parameters<typeof both.start>[0] = {}) {
  const captures: Capture[] = []
  const running = await both.start({ record: (capture) => captures.push(capture), ...options })
  return {
    ...running,
    captures,
    async first(): Promise<Capture> {
      await until(() => captures.length > 0)
      return captures[0] as Capture
    },
  }
}

describe('a capture', () => {
  it('holds what the client asked, what the upstream said, and what was made of it', async () => {
    const { upstream, post, first } = await recording({ parser: { repair: false } })
    upstream.answer(says(TEXT))
    const request = chatRequest({ stream: true, max_tokens: 5 })
    const reply = await post('/v1/chat/completions?key=hush-hush', request)
    const got = await reply.clone().text()
    expect(plainCalls((await joinStream(reply)).choices[0])).toEqual(CALLS)
    const capture = await first()
    expect(capture).toMatchObject({
      type: 'callsift-capture',
      version: 1,
      request: { wire: 'chat', path: '/v1/chat/completions', body: request },
      reading: { format: 'hermes', options: { repair: false, toolChoice: 'auto' } },
      upstream: [{ path: '/v1/chat/completions', status: 200, type: 'text/event-stream', body: { max_tokens: 5 } }],
      reply: { status: 200, text: got },
      log: { event: 'request', ending: 'complete', calls: { 'hermes complete': 2 } },
    })
    for (const { text, chunks } of [...capture.upstream, capture.reply]) {
      expect(chunks.reduce((sum, [, units]) => sum + units, 0)).toBe(text.length)
      expect(chunks.map(([ms]) => ms)).toEqual(chunks.map(([ms]) => ms).sort((a, b) => a - b))
    }
    expect(capture.upstream[0]?.text).toContain('data: [DONE]')
    expect(capture.cut).toBeUndefined()
  })

  it('is made on every wire, of whole replies, of each answer of a retry, and of failures', async () => {
    const { upstream, post, captures } = await recording({ retry: 1 })
    const bad = '<tool_call>{"name": "get_tide", "arguments": {"port": </tool_call>'
    let asked = 0
    upstream.answer((...all) => says(asked++ === 0 ? bad : TEXT)(...all))
    await (await post('/v1/messages', { model: 'm', max_tokens: 9, messages: [], tools: anthropicTools })).text()
    await until(() => captures.length === 1)
    expect(captures[0]?.upstream.map(({ text }) => text.includes('ring_bell'))).toEqual([false, true])
    upstream.answer(says('Hi'))
    await (await post('/v1/responses', { model: 'm', input: 'Hi', stream: true })).text()
    upstream.answer(json({ error: { message: 'no' } }, 500))
    await (await post('/v1/chat/completions', chatRequest())).text()
    upstream.answer((response) => {
      response
        .writeHead(200, { 'content-type': 'text/event-stream' })
        .write(eventText(textChunks(['Hi'])).slice(0, 400))
      setTimeout(() => response.destroy(), 20)
    })
    await (await post('/v1/chat/completions', chatRequest({ stream: true }))).text()
    await (await post('/v1/chat/completions', chatRequest({ tools: 5 }))).text()
    await until(() => captures.length === 5)
    expect(captures.map(({ request, reply, log }) => [request.wire, reply.status, log.ending])).toEqual([
      ['messages', 200, 'complete'],
      ['responses', 200, 'complete'],
      ['chat', 500, 'upstream-error'],
      ['chat', 200, 'upstream-died'],
      ['chat', 400, 'refused'],
    ])
    expect(captures[3]?.upstream[0]?.died).toBeTypeOf('string')
    expect(captures[4]?.upstream).toEqual([])
  })

  it('holds no secret, wherever somebody repeats it', async () => {
    const keys = { apiKey: 'upstream-key-1', clientKey: 'client-key-"2"' }
    const { upstream, post, first } = await recording(keys)
    // An upstream that tells all it was told, in pieces that cut each key.
    upstream.answer((response, seen, gone) => {
      const told = `${seen.headers.authorization} ${keys.clientKey} cookie-value-3 extra-value-4`
      const chunks = textChunks([told, told])
      const text = eventText([...chunks, { choices: [], usage: USAGE, error_hint: keys.apiKey }])
      return bytes(text.match(/[\s\S]{1,7}/g) ?? [])(response, seen, gone)
    })
    const mcp = {
      type: 'mcp',
      server_label: 'm',
      server_url: 'https://h/?k=u-r-l',
      authorization: 'a-u-t-h',
      headers: { type: 'h-e-a-d' },
    }
    const schema = {
      type: 'object',
      properties: { token: { type: 'string', description: 'kept' } },
      required: ['token'],
    }
    const named = { type: 'function', function: { name: 'log_in', parameters: schema } }
    const headers = {
      authorization: `Bearer ${keys.clientKey}`,
      cookie: 'a=b; session=cookie-value-3',
      'x-api-token': 'extra-value-4',
      'user-agent': 'test',
    }
    const body = chatRequest({
      stream: true,
      max_tokens: 7,
      tools: [named, mcp],
      user: `I am ${keys.clientKey}`,
      api_key: 'p-r-o-p',
    })
    await (await post('/v1/chat/completions', body, { headers })).text()
    const capture = await first()
    const text = JSON.stringify(capture)
    for (const secret of [
      ...Object.values(keys),
      'cookie-value-3',
      'extra-value-4',
      'u-r-l',
      'a-u-t-h',
      'h-e-a-d',
      'p-r-o-p',
    ])
      expect(text).not.toContain(JSON.stringify(secret).slice(1, -1))
    expect(capture.request).toMatchObject({
      headers: { 'user-agent': 'test' },
      body: { max_tokens: 7, tools: [named, { type: 'mcp', authorization: '(left out)' }] },
    })
    const [answer] = capture.upstream
    expect(answer?.chunks.reduce((sum, [, units]) => sum + units, 0)).toBe(answer?.text.length)
    expect(answer?.text).toContain('Bearer ██████████████ ')
  })

  it('is bounded, and says that it was cut', async () => {
    const { upstream, post, captures } = await recording({ recordLimit: 4000 })
    const long = 'x'.repeat(3000)
    upstream.answer(says(long))
    const reply = await post('/v1/chat/completions', chatRequest({ stream: true }))
    expect((await joinStream(reply)).choices[0]?.content).toBe(long)
    await (await post('/v1/chat/completions', chatRequest({ user: 'y'.repeat(5000) }))).text()
    await until(() => captures.length === 2)
    for (const capture of captures) {
      expect(capture.cut).toBe(true)
      expect(JSON.stringify(capture).length).toBeLessThan(12_000)
    }
  })

  it('that cannot be kept is told once, and breaks no reply', async () => {
    const { upstream, post, log } = await recording({
      record() {
        throw new Error('no room')
      },
    })
    upstream.answer(says('Hi'))
    for (let i = 0; i < 3; i++) expect((await post('/v1/chat/completions', chatRequest())).status).toBe(200)
    await until(() => log.length >= 4)
    expect(log.filter(({ event }) => event === 'record')).toMatchObject([
      { level: 'warn', message: expect.stringContaining('no room') },
    ])
  })
})

const anthropicTools = TOOLS.map(({ function: { name, parameters } }) => ({ name, input_schema: parameters }))
