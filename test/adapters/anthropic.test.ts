import Anthropic from '@anthropic-ai/sdk'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  createMessageEvents,
  type MessageStreamEvent,
  streamMessageEvents,
  toMessage,
} from '../../src/adapters/anthropic/anthropic.js'
import { writeServerSentEvent } from '../../src/adapters/sse/sse.js'
import type { ParseEvent } from '../../src/event/event.js'
import { batchesOf, call, content, eventsFrom, factsFrom, messages, reasoning, resultFrom, runs } from './events.js'
import { type Loopback, startLoopback } from './loopback.js'

const HEAD = { model: 'm', id: 'msg_1', callIds: 'keep' } as const
const USAGE = { input_tokens: 3, output_tokens: 4 }
const DIRECT = { type: 'direct' }
/** What only Anthropic's own servers know. */
const UNKNOWN = { stop_details: null, container: null }
const UNKNOWN_USAGE = {
  cache_creation: null,
  cache_creation_input_tokens: null,
  cache_read_input_tokens: null,
  inference_geo: null,
  output_tokens_details: null,
  server_tool_use: null,
  service_tier: null,
  speed: null,
}

function stream(events: ParseEvent[], options: object = {}, size = 3): MessageStreamEvent[] {
  const encoder = createMessageEvents({ ...HEAD, ...options })
  return [...batchesOf(events, size).flatMap((batch) => encoder.push(batch)), ...encoder.end({ usage: USAGE })]
}
const stopReason = (events: MessageStreamEvent[]) =>
  events.flatMap((event) => (event.type === 'message_delta' ? [event.delta.stop_reason] : []))

describe('a whole message', () => {
  it('has its blocks in the order of the text', () => {
    const events = eventsFrom([
      reasoning('Hm.'),
      content('Wait. '),
      call('f', '{"a": 1}'),
      content('And: '),
      call('g', '{}'),
    ])
    expect(toMessage(events, { ...HEAD, usage: USAGE })).toEqual({
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: 'm',
      content: [
        { type: 'thinking', thinking: 'Hm.', signature: '' },
        { type: 'text', text: 'Wait. ', citations: [] },
        { type: 'tool_use', id: 'call_0', name: 'f', input: { a: 1 }, caller: DIRECT },
        { type: 'text', text: 'And: ', citations: [] },
        { type: 'tool_use', id: 'call_1', name: 'g', input: {}, caller: DIRECT },
      ],
      stop_reason: 'tool_use',
      stop_sequence: null,
      ...UNKNOWN,
      diagnostics: null,
      usage: { ...USAGE, ...UNKNOWN_USAGE },
      callsift: factsFrom(events),
    })
  })

  it('has no block of blank text', () => {
    const events = eventsFrom([content('\n'), call('f', '{}'), content('\n'), call('g', '{}')])
    expect(toMessage(events, HEAD).content.map((block) => block.type)).toEqual(['tool_use', 'tool_use'])
  })

  it('never has an incomplete call, and stops for tools exactly when there is a complete one', () => {
    fc.assert(
      fc.property(messages, (events) => {
        const result = resultFrom(events)
        const message = toMessage(events, HEAD)
        const uses = message.content.flatMap((block) => (block.type === 'tool_use' ? [block] : []))
        expect(uses.map(({ id, name, input }) => ({ id, name, input }))).toEqual(
          result.toolCalls.map(({ id, name, arguments: input }) => ({ id, name, input })),
        )
        expect(message.stop_reason === 'tool_use').toBe(uses.length > 0)
      }),
      runs(200),
    )
  })

  it('says why it stopped', () => {
    const of = (...list: Parameters<typeof eventsFrom>[0]) => toMessage(eventsFrom(list), HEAD).stop_reason
    expect(of(content('Hi'))).toBe('end_turn')
    expect(of(call('f', '{', 'truncated'))).toBe('max_tokens')
    expect(toMessage(eventsFrom([content('Hi')]), { ...HEAD, reason: 'length' }).stop_reason).toBe('max_tokens')
    expect(toMessage(eventsFrom([content('Hi')]), { ...HEAD, reason: 'content_filter' }).stop_reason).toBe('refusal')
  })

  it('makes ids that the API takes', () => {
    const ids = toMessage(eventsFrom([call('f', '{}')]), { model: 'm' }).content.map(
      (block) => 'id' in block && block.id,
    )
    expect(ids).toEqual([expect.stringMatching(/^toolu_[A-Za-z0-9]{24}$/)])
  })
})

describe('the events of a stream', () => {
  it('follow the order of the API', () => {
    const source = eventsFrom([content('Hello'), call('f', '{"a": 1}')], 5)
    expect(stream(source)).toEqual([
      {
        type: 'message_start',
        message: {
          id: 'msg_1',
          type: 'message',
          role: 'assistant',
          model: 'm',
          content: [],
          stop_reason: null,
          stop_sequence: null,
          ...UNKNOWN,
          diagnostics: null,
          usage: { input_tokens: 0, output_tokens: 0, ...UNKNOWN_USAGE },
        },
      },
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '', citations: [] } },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hello' } },
      { type: 'content_block_stop', index: 0 },
      {
        type: 'content_block_start',
        index: 1,
        content_block: { type: 'tool_use', id: 'call_0', name: 'f', input: {}, caller: DIRECT },
      },
      { type: 'content_block_delta', index: 1, delta: { type: 'input_json_delta', partial_json: '{"a":' } },
      { type: 'content_block_delta', index: 1, delta: { type: 'input_json_delta', partial_json: ' 1}' } },
      { type: 'content_block_stop', index: 1 },
      {
        type: 'message_delta',
        delta: { stop_reason: 'tool_use', stop_sequence: null, ...UNKNOWN },
        usage: { ...USAGE, ...UNKNOWN_USAGE },
        callsift: factsFrom(source),
      },
      { type: 'message_stop' },
    ])
  })

  it('hold blocks that never overlap, with dense indexes', () => {
    fc.assert(
      fc.property(messages, fc.integer({ min: 1, max: 5 }), (events, size) => {
        let open: number | undefined
        let blocks = 0
        for (const event of stream(events, {}, size)) {
          if (event.type === 'content_block_start') {
            expect([open, event.index]).toEqual([undefined, blocks])
            open = event.index
          } else if ('index' in event) expect(event.index).toBe(open)
          if (event.type === 'content_block_stop') {
            open = undefined
            blocks++
          }
        }
        expect(open).toBeUndefined()
      }),
      runs(200),
    )
  })

  it('hold blocks that never overlap even if the calls of the parser did', () => {
    const [start0, delta0, end0, start1, delta1, end1, end] = eventsFrom([call('f', '{"a": 1}'), call('g', '{"b": 2}')])
    const text = eventsFrom([content('between')])[0]
    const mixed = [start0, start1, delta1, text, delta0, end1, end0, end] as ParseEvent[]
    expect(toMessage(mixed, HEAD).content).toEqual([
      { type: 'tool_use', id: 'call_0', name: 'f', input: { a: 1 }, caller: DIRECT },
      { type: 'tool_use', id: 'call_1', name: 'g', input: { b: 2 }, caller: DIRECT },
      { type: 'text', text: 'between', citations: [] },
    ])
  })

  it('stop for the reason that the whole message has, whatever is shown of calls that are not whole', () => {
    fc.assert(
      fc.property(messages, fc.constantFrom('stop', 'length', 'abort', 'content_filter'), (events, reason) => {
        const whole = toMessage(events, { ...HEAD, reason }).stop_reason
        for (const incompleteCalls of ['omit', 'mark'] as const) {
          const encoder = createMessageEvents({ ...HEAD, incompleteCalls })
          encoder.push(events)
          expect(stopReason(encoder.end({ reason }))).toEqual([whole])
        }
        if (reason === 'length') expect(whole).toBe('max_tokens')
      }),
      runs(200),
    )
  })

  it('close what is open when the parser never ended', () => {
    const encoder = createMessageEvents({ ...HEAD, incompleteCalls: 'mark' })
    encoder.push(eventsFrom([call('f', '{}')]).slice(0, 2))
    const closing = encoder.end()
    expect(closing.map((event) => event.type)).toEqual([
      'content_block_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ])
    expect(stopReason(closing)).toEqual(['max_tokens'])
    expect([...encoder.end(), ...encoder.push([])]).toEqual([])
  })

  it('come in batches from an async source', async () => {
    const sent: MessageStreamEvent[] = []
    const events = eventsFrom([content('Hello there'), call('f', '{"a": 1}')], 4)
    for await (const some of streamMessageEvents(batchesOf(events, 2), { ...HEAD, usage: USAGE })) sent.push(...some)
    expect(sent).toEqual(stream(events))
  })
})

describe('the @anthropic-ai/sdk package over HTTP', () => {
  let server: Loopback
  let client: Anthropic
  beforeAll(async () => {
    server = await startLoopback()
    client = new Anthropic({ apiKey: 'none', baseURL: server.url, maxRetries: 0 })
  })
  afterAll(() => server.close())

  const request = { model: 'm', max_tokens: 100, messages: [{ role: 'user' as const, content: 'Hi' }] }
  const sse = (events: MessageStreamEvent[]) =>
    events.map((event) => writeServerSentEvent({ event: event.type, data: event }))

  it('joins the stream into the whole message', async () => {
    await fc.assert(
      fc.asyncProperty(messages, async (events) => {
        server.answer((body) =>
          body.stream === true
            ? { pieces: sse(stream(events, { incompleteCalls: 'omit' })) }
            : { json: toMessage(events, { ...HEAD, usage: USAGE }) },
        )
        const whole = await client.messages.create(request)
        const joined = await client.messages.stream(request).finalMessage()
        const plain = ({ content, stop_reason, usage, id, role }: Anthropic.Message) =>
          JSON.parse(
            JSON.stringify({ content, stop_reason, usage, id, role }, (key, value) =>
              key.startsWith('parsed') ? undefined : value,
            ),
          )
        expect(plain(joined)).toEqual(plain(whole))
      }),
      runs(60),
    )
  })

  it('gives up a message that shows a call which is not whole: the reason why none is shown unless asked to', async () => {
    await fc.assert(
      fc.asyncProperty(messages, async (events) => {
        fc.pre(resultFrom(events).incomplete.length > 0)
        server.answer(() => ({ pieces: sse(stream(events, { incompleteCalls: 'mark' })) }))
        await expect(client.messages.stream(request).finalMessage()).rejects.toThrow('JSON')
      }),
      runs(40),
    )
  })
})
