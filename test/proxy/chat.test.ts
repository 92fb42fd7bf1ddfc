import fc from 'fast-check'
import OpenAI from 'openai'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/proxy/wire/json.js'
import { parameters } from '../support/runs.js'
import { type Both, CALLS, chatRequest, joinStream, plainCalls, startBoth, TEXT, TOOLS } from './both.js'
import { bytes, chunk, eventText, inPieces, json, says, stream, textChunks, USAGE } from './upstream.js'

let both: Both
beforeAll(async () => {
  both = await startBoth()
})
afterAll(() => both.close())

const CHAT = '/v1/chat/completions'
const ask = async (chunks: JsonObject[], more: JsonObject = {}) => {
  both.upstream.answer(stream(chunks))
  return joinStream(await both.post(CHAT, chatRequest({ stream: true, ...more })))
}

describe('a streamed chat completion', () => {
  it('has reasoning, content and calls, and all that the upstream said beside the text', async () => {
    const joined = await ask(textChunks(inPieces(TEXT)))
    expect(joined.choices).toHaveLength(1)
    expect(joined.choices[0]).toMatchObject({
      content: 'Let me see.',
      reasoning: 'The tide, then the bell.',
      finish: ['tool_calls'],
    })
    expect(plainCalls(joined.choices[0])).toEqual(CALLS)
    expect(new Set(joined.choices[0]?.calls.map(({ id }) => id)).size).toBe(2)
    expect(joined.usage).toEqual([USAGE])
    expect(joined.done).toBe(true)
    for (const one of joined.chunks)
      expect(one).toMatchObject({ id: 'chatcmpl-up', created: 7, model: 'm', system_fingerprint: 'fp' })
    expect(joined.chunks.at(-2)).toMatchObject({ choices: [{ stop_reason: null }] })
  })

  it('is the same wherever the bytes are cut, with any line ends and with comments between', async () => {
    const chunks = textChunks(inPieces(TEXT, 5))
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 }),
        fc.boolean(),
        async (lineEnd, cuts, comments) => {
          const events = comments ? chunks.flatMap((one) => [': ping', one]) : chunks
          const whole = new TextEncoder().encode(eventText(events, lineEnd))
          const places = [0, ...cuts.map((cut) => Math.floor(cut * whole.length)).sort((a, b) => a - b), whole.length]
          both.upstream.answer(bytes(places.slice(1).map((end, i) => whole.slice(places[i], end))))
          const joined = await joinStream(await both.post(CHAT, chatRequest({ stream: true })))
          expect(plainCalls(joined.choices[0])).toEqual(CALLS)
          expect(joined.choices[0]).toMatchObject({ content: 'Let me see.', finish: ['tool_calls'] })
          expect(joined.usage).toEqual([USAGE])
        },
      ),
      parameters(60),
    )
  })

  it('is the same with each byte in a packet of its own', async () => {
    const whole = new TextEncoder().encode(eventText(textChunks([TEXT])))
    both.upstream.answer(bytes([...whole].map((byte) => Uint8Array.of(byte))))
    const joined = await joinStream(await both.post(CHAT, chatRequest({ stream: true })))
    expect(plainCalls(joined.choices[0])).toEqual(CALLS)
  })

  it('reads data that is spread over several lines, and writes it so that it can be read', async () => {
    const chunks = textChunks(inPieces(TEXT))
    const spread = chunks.map((one) => JSON.stringify(one, null, 1).replace(/^/gm, 'data: '))
    both.upstream.answer(bytes([eventText(spread)]))
    const joined = await joinStream(await both.post(CHAT, chatRequest({ stream: true })))
    expect(plainCalls(joined.choices[0])).toEqual(CALLS)
    expect(joined.usage).toEqual([USAGE])
    expect(joined.choices[0]).toMatchObject({ content: 'Let me see.', finish: ['tool_calls'] })
  })

  it('has text chunks exactly as they came', async () => {
    const plain = chunk({ content: ' word' }, { token_ids: [1, 2], logprobs: null })
    const joined = await ask([
      chunk({ role: 'assistant', content: '' }),
      plain,
      plain,
      chunk({}, { finish_reason: 'stop' }),
    ])
    expect(joined.chunks.slice(1, 3)).toEqual([plain, plain])
  })

  it('keeps several choices apart, each with its own calls and end', async () => {
    const other = 'No call here.'
    const pieces = inPieces(TEXT).map((content, i) => [
      chunk({ content }, { index: 0 }),
      ...(i < other.length ? [chunk({ content: other.charAt(i) }, { index: 1 })] : []),
    ])
    const ends = [chunk({}, { index: 1, finish_reason: 'length' }), chunk({}, { index: 0, finish_reason: 'stop' })]
    const joined = await ask([...pieces.flat(), ...ends], { n: 2 })
    expect(plainCalls(joined.choices[0])).toEqual(CALLS)
    expect(joined.choices[0]?.finish).toEqual(['tool_calls'])
    expect(joined.choices[1]).toMatchObject({ content: other, calls: [], finish: ['length'] })
  })

  it('reads two choices of one chunk', async () => {
    const two = (delta: JsonObject, finish: string | null = null) => ({
      ...chunk({}),
      choices: [0, 1].map((index) => ({ index, delta, finish_reason: finish })),
    })
    const joined = await ask([
      two({ content: '<tool_call>{"name": "get_tide", ' }),
      two({ content: '"arguments": {}}</tool_call>' }),
      two({}, 'stop'),
    ])
    for (const choice of joined.choices) expect(plainCalls(choice)).toEqual([{ name: 'get_tide', arguments: '{}' }])
    expect(joined.choices.map(({ finish }) => finish)).toEqual([['tool_calls'], ['tool_calls']])
  })

  it('keeps every log probability, those of held text with what comes out next', async () => {
    const tokens = inPieces(TEXT, 4).map((token, i) => ({ token, logprob: -1 - i, bytes: null, top_logprobs: [] }))
    const chunks = tokens.map((one) => chunk({ content: one.token }, { logprobs: { content: [one] } }))
    const joined = await ask([...chunks, chunk({}, { finish_reason: 'stop' })])
    expect(joined.choices[0]?.logprobs).toEqual(tokens)
  })

  it('passes what it does not know: other fields of deltas, choices and chunks', async () => {
    const joined = await ask([
      chunk({ content: 'Hi', annotations: [1] }, { token_ids: [5] }),
      { ...chunk({}, { finish_reason: 'stop', matched_stop: 9 }), x: 1 },
    ])
    expect(JSON.stringify(joined.chunks)).toContain('"annotations":[1]')
    expect(joined.chunks.at(-1)).toMatchObject({ x: 1, choices: [{ matched_stop: 9, finish_reason: 'stop' }] })
  })

  it('passes reasoning that the upstream has split off, and reads the text behind it from its beginning', async () => {
    const thinking = await startBoth({ startInReasoning: true })
    const call = '<tool_call>{"name": "get_tide", "arguments": {}}</tool_call>'
    const chunks = [
      chunk({ role: 'assistant' }),
      chunk({ reasoning_content: 'Hm.' }),
      ...inPieces(call).map((content) => chunk({ content })),
    ]
    thinking.upstream.answer(stream([...chunks, chunk({}, { finish_reason: 'stop' })]))
    const joined = await joinStream(await thinking.post(CHAT, chatRequest({ stream: true })))
    await thinking.close()
    expect(joined.choices[0]).toMatchObject({ reasoning: 'Hm.', content: null, finish: ['tool_calls'] })
    expect(plainCalls(joined.choices[0])).toEqual([{ name: 'get_tide', arguments: '{}' }])
  })

  it('reads content that comes as a list of parts, streamed and whole', async () => {
    const text = (piece: string) => ({ type: 'text', text: piece })
    const thinking = { type: 'thinking', thinking: [text('Hm.')] }
    const call = '<tool_call>{"name": "get_tide", "arguments": {}}</tool_call>'
    const chunks = [[thinking], ...inPieces(`So. ${call}`).map((piece) => [text(piece)])].map((content) =>
      chunk({ content }),
    )
    const joined = await ask([...chunks, chunk({}, { finish_reason: 'stop' })])
    expect(joined.choices[0]).toMatchObject({ reasoning: 'Hm.', content: 'So.', finish: ['tool_calls'] })
    expect(plainCalls(joined.choices[0])).toEqual([{ name: 'get_tide', arguments: '{}' }])

    const message = { role: 'assistant', content: [thinking, text('So. '), text(call)] }
    both.upstream.answer(json({ object: 'chat.completion', choices: [{ index: 0, message, finish_reason: 'stop' }] }))
    const [choice] = (await (await both.post(CHAT, chatRequest())).json()).choices
    expect(choice).toMatchObject({
      finish_reason: 'tool_calls',
      message: { reasoning_content: 'Hm.', content: 'So.', tool_calls: [{ function: { name: 'get_tide' } }] },
    })
  })

  it('derives the finish reason: length where a call was cut off, never tool_calls without a call', async () => {
    const cut = await ask(textChunks(inPieces(TEXT.slice(0, 100)), 'length'))
    expect(cut.choices[0]?.finish).toEqual(['length'])
    expect(cut.choices[0]?.calls).toEqual([])
    const behind = await ask(textChunks(inPieces(`${TEXT}\nAnd then`), 'length'))
    expect(behind.choices[0]?.finish).toEqual(['length'])
    expect(plainCalls(behind.choices[0])).toEqual(CALLS)
    const none = await ask(textChunks(['Just text.'], 'tool_calls'))
    expect(none.choices[0]).toMatchObject({ content: 'Just text.', calls: [], finish: ['stop'] })
  })
})

describe('calls that the upstream has parsed', () => {
  const NATIVE = [
    chunk({ role: 'assistant', content: 'Let me see. <tool_' }),
    chunk({
      tool_calls: [
        { index: 0, id: 'chatcmpl-tool-1', type: 'function', function: { name: 'get_tide', arguments: '' } },
      ],
    }),
    chunk({ tool_calls: [{ index: 0, function: { arguments: '{"port":' } }] }),
    chunk({ tool_calls: [{ index: 0, function: { arguments: '"<tool_call>"}' } }] }),
    chunk({}, { finish_reason: 'tool_calls' }),
  ]

  it('pass untouched, and text that was held comes out as text', async () => {
    const joined = await ask(NATIVE)
    const calls = (one: JsonObject) => JSON.stringify(one).includes('tool_calls')
    expect(joined.chunks.filter(calls)).toEqual(NATIVE.filter(calls))
    expect(joined.choices[0]).toMatchObject({ content: 'Let me see. <tool_', finish: ['tool_calls'] })
    expect(joined.choices[0]?.calls).toEqual([
      { id: 'chatcmpl-tool-1', name: 'get_tide', arguments: '{"port":"<tool_call>"}' },
    ])
  })

  it('end reading: a half-read call in front of them is text, and text behind them stays text', async () => {
    const behind = chunk({ content: '<tool_call>{"name": "ring_bell", "arguments": {}}</tool_call>' })
    const held = chunk({ content: '<tool_call>{"arguments": {"a": 1}, ' })
    const joined = await ask([held, ...NATIVE.slice(1, -1), behind, ...NATIVE.slice(-1)])
    expect(joined.choices[0]?.calls).toHaveLength(1)
    expect(joined.choices[0]?.content).toBe(
      '<tool_call>{"arguments": {"a": 1}, <tool_call>{"name": "ring_bell", "arguments": {}}</tool_call>',
    )
  })

  it('are never mixed with calls of the text: those that were there first stay', async () => {
    const text = '<tool_call>{"name": "ring_bell", "arguments": {}}</tool_call>'
    const joined = await ask([chunk({ content: text }), ...NATIVE.slice(1)])
    expect(plainCalls(joined.choices[0])).toEqual([{ name: 'ring_bell', arguments: '{}' }])
    expect(joined.choices[0]?.finish).toEqual(['tool_calls'])
    expect(both.log.at(-1)).toMatchObject({ nativeCallsLeftOut: 3 })
  })

  it('pass in a whole completion as well, to the last byte of the choice', async () => {
    const message = {
      role: 'assistant',
      content: null,
      tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{ }' } }],
    }
    const body = {
      id: 'x',
      object: 'chat.completion',
      choices: [{ index: 0, message, finish_reason: 'tool_calls', x: 1 }],
      usage: USAGE,
    }
    both.upstream.answer(json(body))
    expect(await (await both.post(CHAT, chatRequest())).json()).toEqual(body)
  })
})

describe('what the request allows', () => {
  it('tool_choice none: the text stays as it is', async () => {
    const joined = await ask(textChunks(inPieces(TEXT)), { tool_choice: 'none' })
    expect(joined.choices[0]).toMatchObject({ calls: [], finish: ['stop'], content: TEXT.slice(TEXT.indexOf('Let')) })
    expect(both.upstream.seen.at(-1)?.body.tool_choice).toBe('none')
  })

  it('no tools: the text stays as it is, for agents that keep their tools in the prompt', async () => {
    const joined = await ask(textChunks(inPieces(TEXT)), { tools: undefined })
    expect(joined.choices[0]).toMatchObject({ calls: [], finish: ['stop'], content: TEXT.slice(TEXT.indexOf('Let')) })
  })

  it('leaves messages and tools to the engine and asks it to keep special tokens', async () => {
    await ask(textChunks(['Hi']), { temperature: 0.5, stream_options: { include_usage: true } })
    expect(both.upstream.seen.at(-1)?.body).toEqual({
      ...chatRequest({ stream: true, temperature: 0.5, stream_options: { include_usage: true } }),
      skip_special_tokens: false,
      spaces_between_special_tokens: false,
    })
  })
})

describe('the openai client', () => {
  const client = () => new OpenAI({ baseURL: `${both.proxy.url}/v1`, apiKey: 'k', maxRetries: 0 })
  const request = { model: 'm', messages: [{ role: 'user' as const, content: 'Hi' }], tools: TOOLS }

  it('joins the stream to what the whole completion says', async () => {
    both.upstream.answer(says(TEXT))
    const whole = await client().chat.completions.create(request)
    const runner = client().chat.completions.stream({ ...request, stream_options: { include_usage: true } })
    const streamed = await runner.finalChatCompletion()
    const plain = (completion: OpenAI.ChatCompletion) =>
      completion.choices.map(({ message, finish_reason }) => ({
        content: message.content,
        calls: message.tool_calls?.map(
          (call) => call.type === 'function' && { name: call.function.name, arguments: call.function.arguments },
        ),
        finish_reason,
      }))
    expect(plain(streamed)).toEqual(plain(whole))
    expect(plain(whole)).toEqual([{ content: 'Let me see.', calls: CALLS, finish_reason: 'tool_calls' }])
    expect(whole.choices[0]?.message).toMatchObject({ reasoning_content: 'The tide, then the bell.' })
    expect([whole.usage, streamed.usage]).toEqual([USAGE, USAGE])
  })

  it('has null content when there are only calls', async () => {
    both.upstream.answer(says('\n<tool_call>{"name": "ring_bell", "arguments": {"times": 2}}</tool_call>\n'))
    const { choices } = await client().chat.completions.create(request)
    const streamed = await client().chat.completions.stream(request).finalChatCompletion()
    expect([choices[0]?.message.content, streamed.choices[0]?.message.content]).toEqual([null, null])
  })
})
