import fc from 'fast-check'
import OpenAI from 'openai'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  createResponseEvents,
  type OutputOptions,
  type ResponseEvent,
  streamResponseEvents,
  toOutputItems,
  toResponse,
} from '../../src/adapters/responses/responses.js'
import { writeServerSentEvent } from '../../src/adapters/sse/sse.js'
import type { ParseEvent } from '../../src/event/event.js'
import { batchesOf, call, content, eventsFrom, messages, reasoning, resultFrom, runs } from './events.js'
import { type Loopback, startLoopback } from './loopback.js'

const HEAD = { model: 'm', id: 'resp_1', createdAt: 1, callIds: 'keep' } as const
const USAGE = {
  input_tokens: 3,
  output_tokens: 4,
  total_tokens: 7,
  input_tokens_details: { cached_tokens: 0 },
  output_tokens_details: { reasoning_tokens: 0 },
}

function stream(events: ParseEvent[], options: OutputOptions = {}, size = 3): ResponseEvent[] {
  const encoder = createResponseEvents({ ...HEAD, ...options })
  return [...batchesOf(events, size).flatMap((batch) => encoder.push(batch)), ...encoder.end({ usage: USAGE })]
}
/** Ids of items are random: what they are does not matter, only that each item keeps its own. */
const withoutIds = (value: unknown) =>
  JSON.parse(JSON.stringify(value, (key, inner) => (key === 'id' || key === 'item_id' ? 'ID' : inner)))

const MESSAGE = [reasoning('Hm.'), content('Let me see.'), call('f', '{"a": 1}'), content('And: '), call('g', '{}')]

describe('a whole response', () => {
  it('has its items in the order of the text', () => {
    expect(withoutIds(toOutputItems(eventsFrom(MESSAGE), { callIds: 'keep' }))).toEqual([
      {
        type: 'reasoning',
        id: 'ID',
        status: 'completed',
        summary: [],
        content: [{ type: 'reasoning_text', text: 'Hm.' }],
      },
      {
        type: 'message',
        id: 'ID',
        role: 'assistant',
        status: 'completed',
        content: [{ type: 'output_text', text: 'Let me see.', annotations: [], logprobs: [] }],
      },
      { type: 'function_call', id: 'ID', call_id: 'call_0', name: 'f', arguments: '{"a": 1}', status: 'completed' },
      {
        type: 'message',
        id: 'ID',
        role: 'assistant',
        status: 'completed',
        content: [{ type: 'output_text', text: 'And: ', annotations: [], logprobs: [] }],
      },
      { type: 'function_call', id: 'ID', call_id: 'call_1', name: 'g', arguments: '{}', status: 'completed' },
    ])
  })

  it('puts reasoning and content of a result in front of its calls', () => {
    const items = toOutputItems(resultFrom(eventsFrom(MESSAGE)))
    expect(items.map((item) => item.type)).toEqual(['reasoning', 'message', 'function_call', 'function_call'])
    expect(toResponse(resultFrom(eventsFrom(MESSAGE)), HEAD).output_text).toBe('Let me see.And: ')
  })

  it('makes no item of blank text between calls', () => {
    const events = eventsFrom([content('\n'), call('f', '{}'), content('\n\n'), call('g', '{}'), content('\n')])
    expect(toOutputItems(events).map((item) => item.type)).toEqual(['function_call', 'function_call'])
  })

  it('is incomplete when the text was cut off, and holds complete calls only', () => {
    const response = toResponse(eventsFrom([call('f', '{}'), call('g', '{"a": 1}', 'truncated')]), {
      ...HEAD,
      reason: 'length',
    })
    expect(response).toMatchObject({ status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } })
    expect(response.output).toMatchObject([{ status: 'completed', arguments: '{}' }])
  })

  it.each(['length', 'abort', 'content_filter'] as const)('says of the text, too, that %s cut it off', (reason) => {
    const statuses = (source: { reason?: typeof reason }) =>
      toResponse(eventsFrom([reasoning('Hm.'), content('Let me')]), { ...HEAD, ...source }).output.map(
        ({ status }) => status,
      )
    expect(statuses({ reason })).toEqual(['completed', 'incomplete'])
    expect(statuses({})).toEqual(['completed', 'completed'])
  })

  it('is complete without a call that was spoilt', () => {
    const response = toResponse(eventsFrom([call('f', '7', 'malformed')]), HEAD)
    expect(response).toMatchObject({ status: 'completed', incomplete_details: null })
    expect(response.output).toEqual([])
  })

  it('tells of a failed call of free text in words, since such a text is run whatever it says', () => {
    const failed = eventsFrom([call('patch', '{"input": ', 'malformed'), call('f', '{"a": ', 'malformed')])
    for (const incompleteCalls of ['omit', 'mark'] as const) {
      const options = { customTools: ['patch'], failedCalls: 'report', incompleteCalls } as const
      const last = stream(failed, options).at(-1)
      const whole = toResponse(failed, { ...HEAD, ...options })
      for (const { output, output_text } of [whole, last?.type === 'response.completed' ? last.response : whole]) {
        expect(output_text).toContain('[callsift: the call of "patch" cannot be read')
        expect(output.filter(({ type }) => type !== 'message')).toMatchObject([{ name: 'f', status: 'incomplete' }])
      }
    }
  })

  it('takes what the server said about the end, and repeats fields of the request', () => {
    const events = eventsFrom([content('Hi')])
    expect(toResponse(events, { ...HEAD, reason: 'length' }).status).toBe('incomplete')
    expect(toResponse(events, { ...HEAD, reason: 'content_filter' }).incomplete_details).toEqual({
      reason: 'content_filter',
    })
    expect(toResponse(events, { ...HEAD, usage: USAGE, echo: { temperature: 0.5 } })).toMatchObject({
      usage: USAGE,
      temperature: 0.5,
      status: 'completed',
    })
  })
})

describe('the events of a stream', () => {
  it('follow the order of the API', () => {
    expect(stream(eventsFrom([content('Hello'), call('f', '{}')], 3)).map((event) => event.type)).toEqual([
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.content_part.added',
      'response.output_text.delta',
      'response.output_text.delta',
      'response.output_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.output_item.added',
      'response.function_call_arguments.delta',
      'response.function_call_arguments.done',
      'response.output_item.done',
      'response.completed',
    ])
  })

  it('are numbered, keep to one open item, and add up to the response', () => {
    fc.assert(
      fc.property(messages, fc.integer({ min: 1, max: 5 }), (events, size) => {
        const sent = stream(events, {}, size)
        expect(sent.map((event) => event.sequence_number)).toEqual(sent.map((_, index) => index))
        let open: string | undefined
        let items = 0
        for (const event of sent) {
          if (event.type === 'response.output_item.added') {
            expect(open).toBeUndefined()
            expect(event.output_index).toBe(items)
            open = event.item.id
          } else if (event.type === 'response.output_item.done') {
            expect([event.item.id, event.output_index]).toEqual([open, items])
            open = undefined
            items++
          } else if ('item_id' in event) expect([event.item_id, event.output_index]).toEqual([open, items])
        }
        const last = sent.at(-1)
        const response = last !== undefined && 'response' in last ? last.response : undefined
        expect(response?.output.length).toBe(items)
        expect(withoutIds(response)).toEqual(withoutIds(toResponse(events, { ...HEAD, usage: USAGE })))
      }),
      runs(200),
    )
  })

  it('never call the arguments of an incomplete call done', () => {
    fc.assert(
      fc.property(messages, (events) => {
        const sent = stream(events, { incompleteCalls: 'mark' })
        const done = sent.flatMap((event) => ('arguments' in event ? [event.arguments] : []))
        const complete = resultFrom(events).toolCalls
        expect(done).toEqual(complete.map((one) => one.argumentsText))
        const items = sent.flatMap((event) => (event.type === 'response.output_item.done' ? [event.item] : []))
        for (const item of items) {
          if (item.type !== 'function_call' || item.status !== 'incomplete') continue
          expect(() => JSON.parse(item.arguments)).toThrow()
        }
        const calls = items.filter((item) => item.type === 'function_call')
        expect(calls.filter((item) => item.status === 'completed').length).toBe(complete.length)
      }),
      runs(200),
    )
  })

  it('close what is open when the parser never ended', () => {
    const encoder = createResponseEvents({ ...HEAD, incompleteCalls: 'mark' })
    encoder.push(eventsFrom([call('f', '{"a": 1}')]).slice(0, 2))
    const closing = encoder.end()
    expect(closing.map((event) => event.type)).toEqual([
      'response.function_call_arguments.delta',
      'response.output_item.done',
      'response.incomplete',
    ])
    expect([...encoder.end(), ...encoder.push([])]).toEqual([])
  })

  it('come in batches from an async source', async () => {
    const sent: ResponseEvent[] = []
    const events = eventsFrom(MESSAGE, 4)
    for await (const some of streamResponseEvents(batchesOf(events, 2), { ...HEAD, usage: USAGE })) sent.push(...some)
    expect(withoutIds(sent)).toEqual(withoutIds(stream(events)))
  })
})

describe('the openai package over HTTP', () => {
  let server: Loopback
  let client: OpenAI
  beforeAll(async () => {
    server = await startLoopback()
    client = new OpenAI({ apiKey: 'none', baseURL: server.url, maxRetries: 0 })
  })
  afterAll(() => server.close())

  it('joins the stream into the whole response', async () => {
    await fc.assert(
      fc.asyncProperty(messages, async (events) => {
        server.answer((body) =>
          body.stream === true
            ? { pieces: stream(events).map((event) => writeServerSentEvent({ event: event.type, data: event })) }
            : { json: toResponse(events, { ...HEAD, usage: USAGE }) },
        )
        const deltas: string[] = []
        const runner = client.responses.stream({ model: 'm', input: 'Hi' })
        runner.on('response.output_text.delta', (event) => deltas.push(event.delta))
        const joined = await runner.finalResponse()
        const whole = await client.responses.create({ model: 'm', input: 'Hi' })
        const plain = ({
          output,
          status,
          usage,
          output_text,
        }: Pick<typeof whole, 'output' | 'status' | 'usage' | 'output_text'>) =>
          withoutIds({
            output: JSON.parse(JSON.stringify(output, (key, value) => (key.startsWith('parsed') ? undefined : value))),
            status,
            usage,
            output_text,
          })
        expect(plain(joined)).toEqual(plain(whole))
        expect(deltas.join('')).toBe(whole.output_text)
      }),
      runs(60),
    )
  })
})
