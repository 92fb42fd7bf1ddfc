import { describe, expect, it } from 'vitest'
import { createProxyHandler } from '../../src/proxy/server/handler.js'
import type { NodeProxyOptions } from '../../src/proxy/server/node.js'
import { type JsonObject, objectsOf, readJson } from '../../src/proxy/wire/json.js'
import { isHard } from '../support/runs.js'
import { type Both, bothForEachTest, chatRequest, TOOLS, until } from './both.js'
import { REQUESTS, type Reply, streamed, whole } from './on-wires.js'
import { bytes, chunk, eventText, inPieces, json, type Script, says, textChunks, USAGE } from './upstream.js'

// A model that is asked again about its calls: on each wire, whole and streamed.

const { start } = bothForEachTest()
const call = (inner: string) => `<tool_call>${inner}</tool_call>`
const GOOD = call('{"name": "get_tide", "arguments": {"port": "Brest"}}')
const BELL = call('{"name": "ring_bell", "arguments": {"times": 3}}')
const BAD = call('{"name": "get_tide", "arguments": {"port": "Oops" now}}')
const TIDE = { name: 'get_tide', input: '{"port":"Brest"}' }
const RING = { name: 'ring_bell', input: '{"times":3}' }

/** Texts with a call that failed, and what the model is told of it. */
const FAILURES: [string, string, string][] = [
  ['a spoilt call', `Well. ${BAD} Oops.`, 'Your call of "get_tide" was not run: expected `,`'],
  [
    'arguments that do not fit',
    `Well. ${call('{"name": "ring_bell", "arguments": {"times": "Oops"}}')}`,
    'Your call of "ring_bell" was not run: times: ',
  ],
  ['a tool that nobody gave', `Well. ${call('{"name": "Oops", "arguments": {}}')}`, 'There is no tool named "Oops"'],
  ['a call that the model breaks off', 'Well. <tool_call>{"name": "get_tide", "arguments": {"Oops', 'ended inside it'],
  [
    'a block that is no call',
    'Well.\n<tool_call>\n{"nam": "Oops"}\n</tool_call>',
    'What you wrote cannot be read as a call',
  ],
]

/** Answers with one text after the other; the last stays. */
function turns(texts: readonly string[], finish = 'stop'): Script {
  let asked = 0
  return (response, seen, gone) => says(texts[Math.min(asked++, texts.length - 1)] ?? '', finish)(response, seen, gone)
}
async function proxyWith(script: Script, options: Partial<NodeProxyOptions> = {}): Promise<Both> {
  const both = await start({ retry: 1, ...options })
  both.upstream.answer(script)
  return both
}
const spaced = ({ text, calls, facts }: Reply): Reply => ({
  text,
  calls: calls.map(({ name, input }) => ({ name, input: JSON.stringify(JSON.parse(input)) })),
  facts: facts && JSON.parse(JSON.stringify(facts).replace(/"id":"\w+"/g, '"id":""')),
})
async function ask(both: Both, wire: string, stream: boolean): Promise<Reply> {
  const [path, body] = REQUESTS[wire] ?? expect.fail('no such wire')
  const response = await both.post(path, { ...body, stream })
  return spaced(stream ? await streamed(wire, response) : whole(wire, (await response.json()) as JsonObject))
}
async function record(both: Both): Promise<JsonObject> {
  await until(() => both.log.some(({ event }) => event === 'request'))
  return both.log.findLast(({ event }) => event === 'request') ?? {}
}
const messagesOf = ({ upstream }: Both) => objectsOf(upstream.seen.at(-1)?.body.messages)

const WAYS = Object.keys(REQUESTS).flatMap((wire) => [
  [wire, 'whole', false] as const,
  [wire, 'streamed', true] as const,
])

describe.each(WAYS)('on %s, %s', (wire, _, stream) => {
  it.each(FAILURES)('%s is corrected in the same reply', async (_, text, words) => {
    const both = await proxyWith(turns([text, `Now. ${GOOD}`]))
    const reply = await ask(both, wire, stream)
    expect(reply.text).toMatch(stream ? /^Well\.\n{2,3}Now\.$/ : /^Now\.$/)
    expect(reply.calls).toEqual([TIDE])
    expect(reply.facts).toMatchObject({ status: 'complete', calls: [{ name: 'get_tide' }], failedCalls: [] })
    expect(JSON.stringify(reply)).not.toContain('Oops')
    const [wrote, told] = messagesOf(both).slice(-2)
    expect(wrote).toEqual({ role: 'assistant', content: text })
    expect(told).toMatchObject({ role: 'user', content: expect.stringContaining(words) })
    expect(both.upstream.seen).toHaveLength(2)
    expect(await record(both)).toMatchObject({ ending: 'complete', retries: 1, mended: true })
    const metrics = await (await fetch(`${both.proxy.url}/metrics`)).text()
    expect(metrics).toContain('callsift_retries_total{model="m",outcome="mended"} 1\n')
  })

  it('a call that is in order goes out once, whether the model repeats it or not', async () => {
    for (const second of [GOOD, BELL + GOOD, GOOD + BELL]) {
      const both = await proxyWith(turns([`${BAD}${BELL}`, second]))
      const { calls } = await ask(both, wire, stream)
      expect(calls).toEqual([RING, TIDE])
      expect(messagesOf(both).at(-1)?.content).toContain('("ring_bell") were accepted: do not write them again')
    }
  })

  it('the last failure is told as without retry', async () => {
    for (const failedCalls of ['omit', 'report', 'text'] as const) {
      const last = `Well. ${BAD}${BELL} Then.`
      const both = await proxyWith(turns([BAD, BAD, last]), { retry: 2, failedCalls })
      const plain = await proxyWith(says(last), { retry: 0, failedCalls, parser: { validate: true } })
      expect(await ask(both, wire, stream)).toEqual(await ask(plain, wire, stream))
      expect(both.upstream.seen).toHaveLength(3)
      expect(await record(both)).toMatchObject({ retries: 2, mended: false })
    }
  })

  it('an upstream that refuses to be asked again leaves the last failure', async () => {
    const refusals: Script[] = [
      json({ error: { message: 'too long' } }, 400),
      (response) => void response.socket?.destroy(),
      bytes(['data: {"error": {"message": "too long"}}\n\n']),
      bytes(['data: [DONE]\n\n']),
      says(''),
    ]
    for (const refusal of refusals) {
      let asked = 0
      const both = await proxyWith((...all) => (asked++ === 0 ? says(`Well. ${BAD}`) : refusal)(...all))
      const plain = await proxyWith(says(`Well. ${BAD}`), { retry: 0 })
      expect(await ask(both, wire, stream)).toEqual(await ask(plain, wire, stream))
      expect(asked).toBe(2)
      expect(await record(both)).toMatchObject({ ending: 'complete', retries: 1, mended: false })
    }
  })

  it('a call that a policy refuses is asked for again', async () => {
    const both = await proxyWith(turns([`{"name": "get_tide", "arguments": {"port": "Oops"}}`, GOOD]), {
      policy: { evidence: ['marker'] },
    })
    expect(await ask(both, wire, stream)).toMatchObject({ text: '', calls: [TIDE] })
    expect(messagesOf(both).at(-1)?.content).toContain('only marker is accepted')
  })

  it('a text that the length limit cut is not asked about', async () => {
    const both = await proxyWith(says(`${BAD}<tool_call>{"name": "get_tide", "argu`, 'length'))
    expect((await ask(both, wire, stream)).calls).toEqual([])
    expect(both.upstream.seen).toHaveLength(1)
  })

  it('with one call at a time nothing is asked once there is one', async () => {
    const both = await proxyWith(turns([BAD + GOOD, BELL]), { parser: { parallelCalls: false } })
    expect((await ask(both, wire, stream)).calls).toEqual([TIDE])
    expect(both.upstream.seen).toHaveLength(1)
  })

  it('token counts are those of all answers', async () => {
    const both = await proxyWith(turns([BAD, BAD, GOOD]), { retry: 2 })
    const [path, body] = REQUESTS[wire] ?? expect.fail('no such wire')
    const more = stream && wire === 'chat' ? { stream_options: { include_usage: true } } : {}
    const text = await (await both.post(path, { ...body, stream, ...more })).text()
    expect(text).toMatch(wire === 'chat' ? /"completion_tokens":12/ : /"output_tokens":12/)
    expect(text).toMatch(wire === 'chat' ? /"prompt_tokens":9/ : /"input_tokens":9/)
    expect(text.match(/"completion_tokens":/g) ?? []).toHaveLength(wire === 'chat' ? 1 : 0)
  })
})

describe('a stream that is cut anywhere', () => {
  const first = eventText(textChunks(inPieces(`Well.\n${BELL}${BAD}`, 7)))
  const second = eventText(textChunks(inPieces(`<think>Hm.</think>Now. ${GOOD}`, 7)))

  // Every fifteenth place on each of the three wires, others on the next one; a harder run tries all of these on each.
  it.each(Object.keys(REQUESTS))('says the same, and nothing of the failed call, on %s', async (wire) => {
    const [from, step] = isHard ? [1, 5] : [1 + 5 * Object.keys(REQUESTS).indexOf(wire), 15]
    const [path, body] = REQUESTS[wire] ?? expect.fail('no such wire')
    const seen = new Set<string>()
    for (let at = from; at < Math.max(first.length, second.length); at += step) {
      let asked = 0
      const handler = createProxyHandler({
        upstream: 'http://upstream.example/v1',
        format: 'hermes',
        retry: 1,
        fetch: async () => streamOf(asked++ === 0 ? first : second, at),
      })
      const request = new Request(`http://proxy.example${path}`, {
        method: 'POST',
        body: JSON.stringify({ ...body, stream: true }),
      })
      const response = await handler(request)
      const { text, calls } = spaced(await streamed(wire, response))
      seen.add(JSON.stringify({ text, calls }))
      expect(asked).toBe(2)
    }
    expect([...seen].map((one) => readJson(one))).toEqual([{ text: 'Well.\n\nNow.', calls: [RING, TIDE] }])
  })

  function streamOf(text: string, at: number): Response {
    const pieces = [text.slice(0, at), text.slice(at)].map((piece) => new TextEncoder().encode(piece))
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const piece of pieces) if (piece.length > 0) controller.enqueue(piece)
        controller.close()
      },
    })
    return new Response(stream, { headers: { 'content-type': 'text/event-stream' } })
  }
})

describe('chat completions', () => {
  it('the chunks of all answers are one message', async () => {
    const both = await proxyWith(turns([`Well. ${BAD}`, `Now. ${GOOD}`]))
    const response = await both.post('/v1/chat/completions', chatRequest({ stream: true }))
    const text = await response.text()
    const chunks = text
      .split('\n\n')
      .flatMap((event) => (event.startsWith('data: {') ? [JSON.parse(event.slice(6))] : []))
    expect(new Set(chunks.map(({ id }) => id)).size).toBe(1)
    const choices = chunks.flatMap(({ choices }) => choices)
    expect(choices.filter(({ delta }) => delta.role !== undefined)).toHaveLength(1)
    expect(choices.map(({ finish_reason }) => finish_reason).filter((reason) => reason !== null)).toEqual([
      'tool_calls',
    ])
    expect(text.endsWith('data: [DONE]\n\n')).toBe(true)
  })

  it('a call goes out in one delta, once it is complete, whatever incompleteCalls says', async () => {
    const both = await proxyWith(says(GOOD), { incompleteCalls: 'mark' })
    const text = await (await both.post('/v1/chat/completions', chatRequest({ stream: true }))).text()
    const deltas = text.split('\n\n').filter((event) => event.includes('"tool_calls":[{"index":0,"function"'))
    expect(deltas).toHaveLength(1)
  })

  it('several choices, no tools and the beginning of an answer are not asked about', async () => {
    const prefill = { role: 'assistant', content: 'Well' }
    for (const more of [{ n: 2 }, { tools: [] }, { messages: [...objectsOf(chatRequest().messages), prefill] }]) {
      const both = await proxyWith(says(BAD))
      for (const stream of [false, true]) {
        await (await both.post('/v1/chat/completions', chatRequest({ ...more, stream }))).text()
      }
      expect(both.upstream.seen).toHaveLength(2)
    }
  })

  it('calls that the upstream has parsed are not judged', async () => {
    const tool_calls = [
      { index: 0, id: 'a', type: 'function', function: { name: 'get_tide', arguments: '{"port": 7}' } },
    ]
    const both = await proxyWith(
      bytes([
        eventText([chunk({ content: 'Well.' }), chunk({ tool_calls }), chunk({}, { finish_reason: 'tool_calls' })]),
      ]),
    )
    const response = await both.post('/v1/chat/completions', chatRequest({ stream: true }))
    expect((await streamed('chat', response)).calls).toEqual([{ name: 'get_tide', input: '{"port": 7}' }])
    expect(both.upstream.seen).toHaveLength(1)
  })

  it('a retry over text completions renders the whole conversation', async () => {
    const prompts: unknown[] = []
    const both = await start({
      retry: 1,
      upstreamApi: 'completions',
      prompt: (request) => {
        prompts.push(objectsOf(request.messages).map(({ role }) => role))
        return 'p'
      },
    })
    let asked = 0
    both.upstream.answer((...all) => {
      const text = asked++ === 0 ? BAD : GOOD
      return json({ object: 'text_completion', choices: [{ index: 0, text, finish_reason: 'stop' }], usage: USAGE })(
        ...all,
      )
    })
    expect((await ask(both, 'chat', false)).calls).toEqual([TIDE])
    expect(prompts).toEqual([['user'], ['user', 'assistant', 'user']])
  })

  it('an answer longer than the reply limit is not asked about, and nothing of it stays behind', async () => {
    const long = 'word '.repeat(300)
    const both = await proxyWith(turns([`${BAD} ${long}`, GOOD]), { replyLimit: 1000 })
    const reply = await ask(both, 'chat', true)
    expect(reply.text.trim()).toBe(long.trim())
    expect(both.upstream.seen).toHaveLength(1)
  })
})

describe('the second answer', () => {
  /** The first answer fails; what follows is for a test to say. */
  const failsThen = (then: Script): Script => {
    let asked = 0
    return (...all) => (asked++ === 0 ? says(`Well. ${BAD}`) : then)(...all)
  }
  const begins = (then: 'reset' | 'hang'): Script => {
    return async (response, _, gone) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(`data: ${JSON.stringify(chunk({ content: 'Now' }))}\n\n`)
      await new Promise((resolve) => setTimeout(resolve, 20))
      if (then === 'reset') response.socket?.resetAndDestroy()
      else await gone
    }
  }
  const openStream = (both: Both, init?: RequestInit) =>
    both.post('/v1/chat/completions', chatRequest({ stream: true }), init)

  it('that dies is an error', async () => {
    const both = await proxyWith(failsThen(begins('reset')))
    const text = await (await openStream(both)).text()
    expect(text).toContain('"content":"\\n\\nNow"')
    expect(text).toContain('the connection to the upstream broke')
    expect(await record(both)).toMatchObject({ ending: 'upstream-died', retries: 1, mended: false })
  })

  it('that is silent is an error, whether it has begun or not, and the stream is kept alive until then', async () => {
    const silent: Script = async (_, __, gone) => gone
    for (const then of [begins('hang'), silent]) {
      const both = await proxyWith(failsThen(then), { timeout: 300, keepAlive: 50 })
      const text = await (await openStream(both)).text()
      expect(text).toContain(': keep-alive')
      expect(text).toContain('silent for 0.3 s')
      expect(await record(both)).toMatchObject({ ending: 'timeout' })
    }
    const both = await proxyWith(failsThen(silent), { timeout: 300 })
    expect((await both.post('/v1/chat/completions', chatRequest())).status).toBe(504)
  })

  it('ends with the client', async () => {
    let left = false
    const leaves: Script = async (_, __, gone) => {
      await gone
      left = true
    }
    for (const stream of [true, false]) {
      left = false
      const both = await proxyWith(failsThen(leaves))
      const client = new AbortController()
      const init = { signal: client.signal }
      const response = both.post('/v1/chat/completions', chatRequest({ stream }), init).then((one) => one.text())
      response.catch(() => {})
      await until(() => both.upstream.seen.length === 2)
      client.abort()
      await until(() => left)
      await expect(response).rejects.toThrow()
      expect(await record(both)).toMatchObject({ ending: 'client-gone' })
    }
  })

  it('ends with the proxy', async () => {
    const both = await proxyWith(failsThen(begins('hang')))
    const response = openStream(both).then((one) => one.text())
    await until(() => both.upstream.seen.length === 2)
    await both.proxy.close(0)
    expect(await response).toContain('the proxy was stopped')
  })

  it('is asked for without a client that waits for whole bodies of the first', async () => {
    // An upstream that says [DONE] and keeps its connection open is left to itself.
    let asked = 0
    const both = await proxyWith(async (response, seen, gone) => {
      if (asked++ > 0) return says(GOOD)(response, seen, gone)
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(eventText(textChunks([BAD])))
      await gone
    })
    expect(await ask(both, 'chat', true)).toMatchObject({ calls: [TIDE] })
  })
})

it('tools are the same in each request', async () => {
  const both = await proxyWith(turns([BAD, GOOD]))
  await ask(both, 'chat', false)
  expect(both.upstream.seen.map(({ body }) => body.tools)).toEqual([TOOLS, TOOLS])
})
