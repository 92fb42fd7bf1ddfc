import { readdirSync, readFileSync } from 'node:fs'
import Anthropic from '@anthropic-ai/sdk'
import { AIMessage, AIMessageChunk } from '@langchain/core/messages'
import { generateText, jsonSchema, streamText, type ToolSet, tool } from 'ai'
import OpenAI from 'openai'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createToolMiddleware } from '../../src/adapters/ai-sdk/ai-sdk.js'
import { createMessageEvents, toMessage } from '../../src/adapters/anthropic/anthropic.js'
import { createAIMessageChunks, toAIMessage } from '../../src/adapters/langchain/langchain.js'
import { createChatChunks, toChatCompletion, toChatMessage } from '../../src/adapters/openai/openai.js'
import { createResponseEvents, toResponse } from '../../src/adapters/responses/responses.js'
import { DONE, writeServerSentEvent } from '../../src/adapters/sse/sse.js'
import type { ParseEvent } from '../../src/event/event.js'
import { collect, createParser, type ParserOptions, parse } from '../../src/index.js'
import { askingOnce } from '../support/ask-once.js'
import { isHard } from '../support/runs.js'
import { type Loopback, startLoopback } from './loopback.js'
import { loopbackModel, writePieces } from './loopback-model.js'

// Every fixture of every format goes through one of the six checks, and in a harder run through all: cut into small pieces, it
// is joined by the wire's own client.

interface Fixture {
  id: string
  format: string
  tools?: ParserOptions['tools'] | null
  options?: Partial<ParserOptions>
  completion: string
}

const folder = new URL('../../fixtures/', import.meta.url)
const fixtures = readdirSync(folder)
  .filter((file) => file.endsWith('.jsonl'))
  .flatMap((file) => readFileSync(new URL(file, folder), 'utf8').split('\n'))
  .filter((line) => line.trim() !== '')
  .map((line): Fixture => JSON.parse(line))
const byFormat = [...new Set(fixtures.map((fixture) => fixture.format))].map(
  (format) => [format, fixtures.filter((fixture) => fixture.format === format)] as const,
)

/** At how many places a fixture is cut off. */
const CUTS = isHard ? 20 : 10

/** The fixtures that the check of a number takes. */
const shareOf = (list: readonly Fixture[], check: number): readonly Fixture[] =>
  isHard ? list : list.filter((_, i) => i % 6 === check)

const optionsOf = ({ format, tools, options }: Fixture): ParserOptions => ({
  format,
  ...options,
  ...(tools ? { tools } : {}),
})
const cut = (text: string): string[] => text.match(/[\s\S]{1,3}/g) ?? []

const create = askingOnce(createParser)

/** The events of a fixture whose text comes three characters at a time. */
function* batches(fixture: Fixture): Generator<ParseEvent[]> {
  const parser = create(optionsOf(fixture))
  for (const chunk of cut(fixture.completion)) yield parser.push(chunk)
  yield parser.end()
}
/** Everything that an encoder sends for a fixture. */
function sent<T>(fixture: Fixture, encoder: { push(events: ParseEvent[]): T[]; end(): T[] }): T[] {
  const messages: T[] = []
  for (const events of batches(fixture)) messages.push(...encoder.push(events))
  return [...messages, ...encoder.end()]
}
function eventsOf(fixture: Fixture): ParseEvent[] {
  const all: ParseEvent[] = []
  for (const events of batches(fixture)) all.push(...events)
  return all
}
const LANGCHAIN = { callIds: 'keep', id: 'run-1' } as const
function joinLangChain(fixture: Fixture): AIMessageChunk {
  const chunks = sent(fixture, createAIMessageChunks(LANGCHAIN)) as ConstructorParameters<typeof AIMessageChunk>[0][]
  return chunks.map((fields) => new AIMessageChunk(fields)).reduce((message, chunk) => message.concat(chunk))
}
function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
/** Without what clients add or leave out: random ids of items, parsed values, reasoning that openai overwrites. */
const plain = (value: unknown) =>
  JSON.parse(
    JSON.stringify(value, (key, inner) => {
      if (key === 'item_id' || /^(msg|rs|fc)_/.test(String(inner))) return 'ID'
      return key.startsWith('parsed') || key === 'output_parsed' || key.startsWith('reasoning') ? undefined : inner
    }),
  )

it('there are fixtures', () => {
  expect(fixtures.length).toBeGreaterThan(0)
})

describe.each(byFormat)('%s, joined by its client, is the whole message', (_, list) => {
  let server: Loopback
  beforeAll(async () => {
    server = await startLoopback()
  })
  afterAll(() => server.close())

  it('on chat completions, by openai', async () => {
    const client = new OpenAI({ apiKey: 'none', baseURL: server.url, maxRetries: 0 })
    for (const fixture of shareOf(list, 0)) {
      const head = { model: 'm', id: 'chatcmpl-1', created: 1, callIds: 'keep' } as const
      const pieces = [...sent(fixture, createChatChunks(head)), DONE].map((data) => writeServerSentEvent({ data }))
      server.answer(() => ({ pieces }))
      const runner = client.chat.completions.stream({ model: 'm', messages: [] })
      let reasoning = ''
      runner.on('chunk', (chunk) => {
        const delta = chunk.choices[0]?.delta
        if (delta !== undefined && 'reasoning_content' in delta) reasoning += String(delta.reasoning_content)
      })
      const result = parse(fixture.completion, optionsOf(fixture))
      const joined = await runner.finalChatCompletion()
      expect(plain(joined), fixture.id).toEqual(plain(toChatCompletion(result, head)))
      expect(reasoning, fixture.id).toBe(result.reasoning)
      expect(joined.choices[0]?.finish_reason === 'tool_calls', fixture.id).toBe(result.toolCalls.length > 0)
    }
  })

  it('on Responses, by openai', async () => {
    const client = new OpenAI({ apiKey: 'none', baseURL: server.url, maxRetries: 0 })
    for (const fixture of shareOf(list, 1)) {
      const head = { model: 'm', id: 'resp_1', createdAt: 1, callIds: 'keep' } as const
      const events = sent(fixture, createResponseEvents(head))
      server.answer(() => ({ pieces: events.map((event) => writeServerSentEvent({ event: event.type, data: event })) }))
      const joined = await client.responses.stream({ model: 'm', input: '' }).finalResponse()
      const whole = toResponse(eventsOf(fixture), head)
      expect(plain(joined), fixture.id).toEqual(plain(whole))
    }
  })

  it('on Anthropic messages, by @anthropic-ai/sdk', async () => {
    const client = new Anthropic({ apiKey: 'none', baseURL: server.url, maxRetries: 0 })
    for (const fixture of shareOf(list, 2)) {
      const head = { model: 'm', id: 'msg_1', callIds: 'keep' } as const
      const request = { model: 'm', max_tokens: 1, messages: [] }
      const events = sent(fixture, createMessageEvents(head))
      server.answer(() => ({ pieces: events.map((event) => writeServerSentEvent({ event: event.type, data: event })) }))
      const { callsift, ...whole } = toMessage(eventsOf(fixture), head)
      // This client leaves fields out that it does not know; they are in the event.
      expect(events.findLast((event) => event.type === 'message_delta')?.callsift, fixture.id).toEqual(callsift)
      expect(plain(await client.messages.stream(request).finalMessage()), fixture.id).toEqual(plain(whole))
    }
  })

  it('in LangChain, by @langchain/core', () => {
    for (const fixture of shareOf(list, 3)) {
      const whole = toAIMessage(parse(fixture.completion, optionsOf(fixture)), LANGCHAIN)
      const { content, tool_calls, invalid_tool_calls } = new AIMessage(whole as { content: string })
      const joined = joinLangChain(fixture)
      expect(joined, fixture.id).toMatchObject({ content, tool_calls, invalid_tool_calls })
      expect(joined.additional_kwargs).toEqual(whole.additional_kwargs)
    }
  })

  it('and cut off anywhere shows its whole calls as calls, and no other', () => {
    for (const fixture of shareOf(list, 4)) {
      const step = Math.max(1, Math.floor(fixture.completion.length / CUTS))
      for (let length = step; length < fixture.completion.length; length += step) {
        const prefix = { ...fixture, completion: fixture.completion.slice(0, length) }
        const events = eventsOf(prefix)
        const complete = collect(events).toolCalls
        const calls = complete.map(({ id, name, arguments: args }) => ({ id, name, args, type: 'tool_call' }))
        expect(joinLangChain(prefix).tool_calls, `${fixture.id} cut at ${length}`).toEqual(calls)
        const message = toChatMessage(events, { callIds: 'keep' })
        const readable = (message.tool_calls ?? []).filter((call) => isJson(call.function.arguments))
        expect(
          readable.map((call) => call.id),
          `${fixture.id} cut at ${length}`,
        ).toEqual(complete.map((call) => call.id))
      }
    }
  })

  it('under the AI SDK, which runs its tools', async () => {
    for (const fixture of shareOf(list, 5)) {
      const result = parse(fixture.completion, optionsOf(fixture))
      const names = result.toolCalls.map((call) => call.name)
      // Where a fixture gives no tools the SDK still needs some to run; with `toolChoice` the fixture is about something else.
      if (names.length === 0 || fixture.options?.toolChoice !== undefined) continue
      // Offering only the tools that are called makes other names unknown, which can change what is a call at all.
      const offered = names.map((name) => ({ name, inputSchema: { type: 'object' } }))
      const withTools = parse(fixture.completion, { ...optionsOf(fixture), tools: fixture.tools ?? offered })
      if (withTools.toolCalls.length !== names.length) continue
      // The SDK refuses input with such keys.
      if (/__proto__|"constructor"/.test(fixture.completion)) continue
      const seen: unknown[] = []
      const tools: ToolSet = {}
      for (const name of names) {
        const execute = (input: unknown) => {
          seen.push({ name, input })
          return 'done'
        }
        tools[name] = tool({ inputSchema: jsonSchema({ type: 'object' }), execute })
      }
      const middleware = createToolMiddleware({ ...optionsOf(fixture), tools: fixture.tools ?? undefined })
      server.answer(() => ({ pieces: writePieces(cut(fixture.completion)) }))
      const request = { model: loopbackModel(server, middleware), tools, prompt: '-' }
      const calls = result.toolCalls.map(({ name, arguments: input }) => ({ name, input }))
      await streamText(request).consumeStream()
      expect(seen.splice(0), fixture.id).toEqual(calls)
      await generateText(request)
      expect(seen, fixture.id).toEqual(calls)
    }
  })
})
