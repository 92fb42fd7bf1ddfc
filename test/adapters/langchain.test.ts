import { BaseChatModel } from '@langchain/core/language_models/chat_models'
import { AIMessage, AIMessageChunk } from '@langchain/core/messages'
import { ChatGenerationChunk, type ChatResult } from '@langchain/core/outputs'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type AIMessageChunkFields,
  type AIMessageFields,
  type AIMessageOptions,
  createAIMessageChunks,
  type LangChainUsage,
  streamAIMessageChunks,
  toAIMessage,
} from '../../src/adapters/langchain/langchain.js'
import { DONE, readServerSentEvents, writeServerSentEvent } from '../../src/adapters/sse/sse.js'
import type { ParseEvent } from '../../src/event/event.js'
import { batchesOf, call, content, eventsFrom, factsFrom, messages, reasoning, resultFrom, runs } from './events.js'
import { type Loopback, startLoopback } from './loopback.js'

const KEEP = { callIds: 'keep', id: 'run-1', model: 'm' } as const
const USAGE = { input_tokens: 3, output_tokens: 4, total_tokens: 7 }

function chunksOf(events: ParseEvent[], options: AIMessageOptions = KEEP, size = 3): AIMessageChunkFields[] {
  const encoder = createAIMessageChunks(options)
  return [...batchesOf(events, size).flatMap((batch) => encoder.push(batch)), ...encoder.end({ usage: USAGE })]
}
const joined = (chunks: AIMessageChunkFields[]) =>
  chunks.map(newChunk).reduce((message, chunk) => message.concat(chunk))

/** What a message says, without the chunks that it was made of. */
const plain = (message: AIMessage | AIMessageChunk) => {
  const { content, tool_calls, invalid_tool_calls, additional_kwargs, response_metadata, usage_metadata, id } = message
  // LangChain adds empty details to the usage when it joins it.
  const { input_tokens, output_tokens, total_tokens } = (usage_metadata ?? {}) as Partial<LangChainUsage>
  const usage = { input_tokens, output_tokens, total_tokens }
  const said = { content, tool_calls, invalid_tool_calls, additional_kwargs, response_metadata, usage, id }
  return JSON.parse(JSON.stringify(said))
}

const newMessage = (fields: AIMessageFields) => new AIMessage(fields)
const newChunk = (fields: AIMessageChunkFields) => new AIMessageChunk(fields)

describe('a whole message', () => {
  it('has complete calls in tool_calls, and no others anywhere', () => {
    const events = eventsFrom([
      reasoning('Hm.'),
      content('Hi'),
      call('f', '{"a": 1}'),
      call('g', '{"a": "ha', 'truncated'),
    ])
    expect(toAIMessage(events, { ...KEEP, usage: USAGE })).toEqual({
      id: 'run-1',
      content: 'Hi',
      additional_kwargs: { reasoning_content: 'Hm.', callsift: factsFrom(events) },
      response_metadata: { finish_reason: 'tool_calls', model_name: 'm' },
      tool_calls: [{ type: 'tool_call', id: 'call_0', name: 'f', args: { a: 1 } }],
      invalid_tool_calls: [],
      usage_metadata: USAGE,
    })
  })

  it('is the same from a result and from its events', () => {
    fc.assert(
      fc.property(messages, (events) => {
        expect(toAIMessage(resultFrom(events), KEEP)).toEqual(toAIMessage(events, KEEP))
      }),
      runs(100),
    )
  })
})

describe('the chunks of a stream, joined by @langchain/core', () => {
  it('are the whole message', () => {
    fc.assert(
      fc.property(messages, fc.integer({ min: 1, max: 5 }), (events, size) => {
        const whole = newMessage(toAIMessage(events, { ...KEEP, usage: USAGE }))
        expect(plain(joined(chunksOf(events, KEEP, size)))).toEqual(plain(whole))
      }),
      runs(300),
    )
  })

  it('never make a call of one that is not whole, wherever it was cut', () => {
    const whole = '{"path": "/srv/\\\\x\\u00e9", "list": [1, -2.5e3, true, null, {}], "": ""}'
    for (let cut = 0; cut <= whole.length; cut++) {
      const cutOff = eventsFrom([call('f', whole.slice(0, cut), 'truncated')])
      const message = joined(chunksOf(cutOff, { ...KEEP, incompleteCalls: 'mark' }))
      expect(message.tool_calls).toEqual([])
      expect(message.invalid_tool_calls).toMatchObject([{ name: 'f', id: 'call_0' }])
    }
  })

  it('hold no incomplete call unless asked to', () => {
    fc.assert(
      fc.property(messages, (events) => {
        const message = joined(chunksOf(events, KEEP))
        expect(message.invalid_tool_calls).toEqual([])
        expect(message.tool_calls?.map((one) => one.id)).toEqual(resultFrom(events).toolCalls.map((one) => one.id))
      }),
      runs(100),
    )
  })

  it('end in an invalid call when the parser never ended', () => {
    const encoder = createAIMessageChunks({ ...KEEP, incompleteCalls: 'mark' })
    const chunks = [...encoder.push(eventsFrom([call('f', '{"a": 1}')]).slice(0, 2)), ...encoder.end()]
    expect(joined(chunks).tool_calls).toEqual([])
    expect(joined(chunks).invalid_tool_calls?.length).toBe(1)
    expect([...encoder.end(), ...encoder.push([])]).toEqual([])
  })

  it('come in batches from an async source', async () => {
    const sent: AIMessageChunkFields[] = []
    const events = eventsFrom([content('Hello there'), call('f', '{"a": 1}')], 4)
    for await (const some of streamAIMessageChunks(batchesOf(events, 2), { ...KEEP, usage: USAGE })) sent.push(...some)
    expect(sent).toEqual(chunksOf(events))
  })
})

describe('a LangChain chat model over HTTP', () => {
  let server: Loopback
  beforeAll(async () => {
    server = await startLoopback()
  })
  afterAll(() => server.close())

  class LoopbackModel extends BaseChatModel {
    override _llmType() {
      return 'loopback'
    }
    override _generate(): Promise<ChatResult> {
      throw new Error('this model only streams')
    }
    override async *_streamResponseChunks() {
      const { body } = await fetch(server.url, { method: 'POST' })
      for await (const { data } of readServerSentEvents(body as ReadableStream<Uint8Array>)) {
        const message = new AIMessageChunk(JSON.parse(data))
        yield new ChatGenerationChunk({ message, text: String(message.content) })
      }
    }
  }

  it('gives the whole message', async () => {
    await fc.assert(
      fc.asyncProperty(messages, async (events) => {
        server.answer(() => ({ pieces: [...chunksOf(events), DONE].map((data) => writeServerSentEvent({ data })) }))
        let message: AIMessageChunk | undefined
        for await (const chunk of await new LoopbackModel({}).stream('Hi')) message = message?.concat(chunk) ?? chunk
        const whole = newMessage(toAIMessage(events, { ...KEEP, usage: USAGE }))
        expect(message && plain(message)).toEqual(plain(whole))
      }),
      runs(40),
    )
  })
})
