import fc from 'fast-check'
import OpenAI from 'openai'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type ChatChunk,
  type ChatMessageOptions,
  createChatChunks,
  finishReason,
  streamChatChunks,
  toChatCompletion,
  toChatMessage,
} from '../../src/adapters/openai/openai.js'
import { DONE, writeServerSentEvent } from '../../src/adapters/sse/sse.js'
import type { ParseEvent } from '../../src/event/event.js'
import { batchesOf, call, content, eventsFrom, messages, reasoning, resultFrom, runs } from './events.js'
import { type Loopback, startLoopback } from './loopback.js'

const KEEP = { callIds: 'keep', model: 'm', id: 'chatcmpl-1', created: 1 } as const
const USAGE = { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 }

function chunksOf(events: ParseEvent[], options: ChatMessageOptions = {}, size = 3): ChatChunk[] {
  const encoder = createChatChunks({ ...KEEP, ...options })
  return [...batchesOf(events, size).flatMap((batch) => encoder.push(batch)), ...encoder.end({ usage: USAGE })]
}
const callDeltas = (chunks: ChatChunk[]) =>
  chunks.flatMap((chunk) => chunk.choices.flatMap((choice) => choice.delta.tool_calls ?? []))
const isJson = (text: string) => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

describe('a whole message', () => {
  it('has content, reasoning and calls', () => {
    const events = eventsFrom([reasoning('Hm.'), content('Let me see. '), call('f', '{"a": 1}')])
    expect(toChatMessage(resultFrom(events), { callIds: 'keep' })).toEqual({
      role: 'assistant',
      content: 'Let me see. ',
      refusal: null,
      reasoning_content: 'Hm.',
      tool_calls: [{ id: 'call_0', type: 'function', function: { name: 'f', arguments: '{"a": 1}' } }],
    })
  })

  it('has null content when there are only calls, even with line breaks round them', () => {
    const events = eventsFrom([content('\n\n'), call('f', '{}'), content('\n'), call('g', '{}')])
    const message = toChatMessage(events)
    expect(message.content).toBeNull()
    expect(message.tool_calls?.map((one) => one.function)).toEqual([
      { name: 'f', arguments: '{}' },
      { name: 'g', arguments: '{}' },
    ])
  })

  it('keeps blank text that is all there is', () => {
    expect(toChatMessage(eventsFrom([content('\n\n')])).content).toBe('\n\n')
  })

  it('writes reasoning under the key that is asked for, or not at all', () => {
    const events = eventsFrom([reasoning('Hm.'), content('Hi')])
    expect(toChatMessage(events, { reasoningKey: 'reasoning' })).toMatchObject({ reasoning: 'Hm.' })
    expect(Object.keys(toChatMessage(events, { reasoningKey: 'none' }))).toEqual(['role', 'content', 'refusal'])
  })

  it('passes usage, model, id and time on', () => {
    expect(toChatCompletion(eventsFrom([content('Hi')]), { ...KEEP, usage: USAGE })).toEqual({
      id: 'chatcmpl-1',
      object: 'chat.completion',
      created: 1,
      model: 'm',
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: 'Hi', refusal: null },
          finish_reason: 'stop',
          logprobs: null,
        },
      ],
      usage: USAGE,
    })
  })
})

describe('the finish reason', () => {
  const of = (segments: Parameters<typeof eventsFrom>[0], status?: 'truncated') =>
    finishReason(resultFrom(eventsFrom(segments, 5, status)))

  it('is tool_calls exactly when there is a complete call', () => {
    expect(of([call('f', '{}')])).toBe('tool_calls')
    expect(of([content('Hi')])).toBe('stop')
    expect(of([call('f', '{"a"', 'truncated')])).toBe('length')
    expect(of([call('f', '7', 'malformed')])).toBe('stop')
    expect(of([call('f', '{}'), call('g', '{"a"', 'truncated')])).toBe('tool_calls')
    expect(of([reasoning('Hm')], 'truncated')).toBe('length')
  })

  it('takes what the server said for plain text', () => {
    const result = resultFrom(eventsFrom([content('Hi')]))
    expect(finishReason(result, 'length')).toBe('length')
    expect(finishReason(result, 'abort')).toBe('length')
    expect(finishReason(result, 'content_filter')).toBe('content_filter')
  })
})

describe('the chunks of a stream', () => {
  it('announce a call once, with index, id, type and name', () => {
    const chunks = chunksOf(eventsFrom([call('f', '{"a": 1}'), call('f', '{}')], 4))
    expect(callDeltas(chunks)).toEqual([
      { index: 0, id: 'call_0', type: 'function', function: { name: 'f', arguments: '' } },
      { index: 0, function: { arguments: '{"a"' } },
      { index: 0, function: { arguments: ': 1}' } },
      { index: 1, id: 'call_1', type: 'function', function: { name: 'f', arguments: '' } },
      { index: 1, function: { arguments: '{}' } },
    ])
  })

  it('have one finish reason, on the last chunk before usage, and nothing after end', () => {
    fc.assert(
      fc.property(messages, fc.integer({ min: 1, max: 5 }), (events, size) => {
        const encoder = createChatChunks(KEEP)
        const chunks = batchesOf(events, size).flatMap((batch) => encoder.push(batch))
        expect(chunks.flatMap((chunk) => chunk.choices).filter((choice) => choice.finish_reason !== null)).toEqual([])
        const [last, usage] = encoder.end({ usage: USAGE }).slice(-2)
        expect(last?.choices[0]?.finish_reason).toBe(finishReason(resultFrom(events)))
        expect(usage).toMatchObject({ choices: [], usage: USAGE })
        expect([...encoder.end(), ...encoder.push(events)]).toEqual([])
      }),
      runs(200),
    )
  })

  it('have a role and a finish reason even when no event came', () => {
    const chunks = createChatChunks(KEEP).end({ reason: 'abort' })
    expect(chunks.map((chunk) => chunk.choices[0])).toEqual([
      { index: 0, delta: { role: 'assistant', content: null }, finish_reason: null, logprobs: null },
      { index: 0, delta: {}, finish_reason: 'length', logprobs: null },
    ])
  })

  it('give an empty call the arguments {}', () => {
    const events = eventsFrom([call('f', '{}')]).filter((event) => event.type !== 'arguments')
    const end = events.find((event) => event.type === 'call-end')
    if (end?.type === 'call-end') end.call.argumentsText = ''
    expect(toChatMessage(events).tool_calls?.[0]?.function.arguments).toBe('{}')
  })

  it('leave no incomplete call readable, and every complete one exact, where both are shown', () => {
    fc.assert(
      fc.property(messages, (events) => {
        const ends = events.flatMap((event) => (event.type === 'call-end' ? [event.call] : []))
        const deltas = callDeltas(chunksOf(events, { incompleteCalls: 'mark' }))
        expect(deltas.filter(({ id }) => id !== undefined).length).toBe(ends.length)
        ends.forEach((one, index) => {
          const mine = deltas.filter((delta) => delta.index === index)
          const text = mine.map((delta) => delta.function.arguments).join('')
          expect(mine[0]?.function.name).toBe(one.name)
          if (one.status === 'complete') expect(text).toBe(one.argumentsText)
          else {
            expect(text.startsWith(one.argumentsText.replace(/\}\s*$/, ''))).toBe(true)
            expect(isJson(text)).toBe(false)
          }
        })
      }),
      runs(300),
    )
  })

  it('never show an incomplete call unless asked to, and number the others densely', () => {
    fc.assert(
      fc.property(messages, (events) => {
        const complete = resultFrom(events).toolCalls
        const deltas = callDeltas(chunksOf(events))
        const starts = deltas.filter((delta) => delta.id !== undefined)
        expect(starts.map((delta) => [delta.index, delta.id])).toEqual(complete.map((one, index) => [index, one.id]))
        complete.forEach((one, index) => {
          const mine = deltas.filter((delta) => delta.index === index)
          expect(mine.map((delta) => delta.function.arguments).join('')).toBe(one.argumentsText)
        })
      }),
      runs(200),
    )
  })

  it('spoil a call that the parser never ended', () => {
    const encoder = createChatChunks({ ...KEEP, incompleteCalls: 'mark' })
    const shown = callDeltas(encoder.push(eventsFrom([call('f', '{"a": 1}')]).slice(0, 2)))
    const text = [...shown, ...callDeltas(encoder.end())].map((delta) => delta.function.arguments).join('')
    expect(text.startsWith('{"a": 1, "\\u<truncated>"')).toBe(true)
  })

  it('come in batches from an async source', async () => {
    const events = eventsFrom([content('Hello there'), call('f', '{}')], 4)
    const chunks: ChatChunk[] = []
    for await (const some of streamChatChunks(batchesOf(events, 2), { ...KEEP, usage: USAGE })) chunks.push(...some)
    expect(chunks).toEqual(chunksOf(events))
  })
})

describe('ids', () => {
  it('differ from message to message unless they are kept or made by a function', () => {
    const events = eventsFrom([call('f', '{}'), call('f', '{}')])
    const idsOf = (options?: ChatMessageOptions) => toChatMessage(events, options).tool_calls?.map((one) => one.id)
    const fresh = [...(idsOf() ?? []), ...(idsOf() ?? [])]
    expect(new Set(fresh).size).toBe(4)
    expect(fresh.every((id) => /^call_[A-Za-z0-9]{24}$/.test(id))).toBe(true)
    expect(idsOf({ callIds: 'keep' })).toEqual(['call_0', 'call_1'])
    expect(idsOf({ callIds: ({ index, name }) => `${name}-${index}` })).toEqual(['f-0', 'f-1'])
  })

  it('stay nine letters or digits where the format asks for that', () => {
    const events = eventsFrom([call('f', '{}')])
    for (const event of events) if (event.type === 'call-start') event.id = 'abcDEF123'
    const id = toChatMessage(events).tool_calls?.[0]?.id
    expect(id).toMatch(/^[A-Za-z0-9]{9}$/)
    expect(id).not.toBe('abcDEF123')
  })
})

it('wrong options throw where the encoder is made', () => {
  const wrong = (options: object) => () => createChatChunks({ ...KEEP, ...options })
  expect(wrong({ callIds: 'random' })).toThrow(/callIds: expected 'fresh', 'keep' or a function, got random/)
  expect(wrong({ incompleteCalls: 'drop' })).toThrow(/incompleteCalls: expected 'omit' or 'mark', got drop/)
  expect(wrong({ reasoningKey: 'thinking' })).toThrow(/reasoningKey: expected/)
  expect(() => toChatMessage(eventsFrom([call('f', '{}')]), { callIds: () => '' })).toThrow(/non-empty/)
})

describe('the openai package over HTTP', () => {
  let server: Loopback
  let client: OpenAI
  beforeAll(async () => {
    server = await startLoopback()
    client = new OpenAI({ apiKey: 'none', baseURL: server.url, maxRetries: 0 })
  })
  afterAll(() => server.close())

  const request = { model: 'm', messages: [{ role: 'user' as const, content: 'Hi' }] }
  function answerWith(events: ParseEvent[]): void {
    server.answer(({ stream }) => {
      if (stream !== true) return { json: toChatCompletion(events, { ...KEEP, usage: USAGE }) }
      const pieces = chunksOf(events).map((chunk) => writeServerSentEvent({ data: chunk }))
      return { pieces: [...pieces, writeServerSentEvent({ data: DONE })] }
    })
  }

  it('joins the stream into the whole message', async () => {
    await fc.assert(
      fc.asyncProperty(messages, async (events) => {
        answerWith(events)
        const whole = await client.chat.completions.create(request)
        const joined = await client.chat.completions.stream(request).finalChatCompletion()
        // The client keeps only the last delta of keys that it does not know.
        const known = ({ choices, ...rest }: OpenAI.ChatCompletion) => ({
          ...rest,
          choices: choices.map(({ message: { content, role, tool_calls, refusal }, ...choice }) => ({
            ...choice,
            message: {
              content,
              role,
              refusal,
              tool_calls: tool_calls?.map(({ id, type, ...one }) => ({
                id,
                type,
                name: 'function' in one && one.function.name,
                arguments: 'function' in one && one.function.arguments,
              })),
            },
          })),
        })
        expect(known(joined)).toEqual(known(whole))
      }),
      runs(60),
    )
  })

  it('runs the tools of a stream', async () => {
    const seen: unknown[] = []
    const steps = [eventsFrom([call('get_tide', '{"harbour": "Stavanger"}')], 3), eventsFrom([content('High.')], 3)]
    let step = 0
    server.answer(() => ({
      pieces: [...chunksOf(steps[step++] ?? []), DONE].map((data) => writeServerSentEvent({ data })),
    }))
    const runner = client.chat.completions.runTools({
      ...request,
      stream: true,
      tools: [
        {
          type: 'function',
          function: {
            name: 'get_tide',
            description: 'The tide at a harbour',
            parameters: { type: 'object' },
            parse: JSON.parse,
            function: (input: object) => {
              seen.push(input)
              return 'high'
            },
          },
        },
      ],
    })
    expect(await runner.finalContent()).toBe('High.')
    expect(seen).toEqual([{ harbour: 'Stavanger' }])
  })
})
