import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type ParserOptions, parse } from '../../src/index.js'
import { createProxyHandler } from '../../src/proxy/server/handler.js'
import type { JsonObject } from '../../src/proxy/wire/json.js'
import { isHard } from '../support/runs.js'
import { seeded } from '../support/seeded.js'
import { joinStream, plainCalls } from './both.js'
import { eventText, inPieces, textChunks } from './upstream.js'

// Every second fixture, and in a harder run every one, goes through the proxy, whole and streamed with its bytes cut at random,
// and is what the parser says.

interface Fixture {
  id: string
  format: string
  tools?: readonly object[] | null
  options?: Partial<ParserOptions>
  completion: string
}

const folder = new URL('../../fixtures/', import.meta.url)
const files = readdirSync(folder).filter((file) => file.endsWith('.jsonl'))
const read = (file: string): Fixture[] =>
  readFileSync(new URL(file, folder), 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line))

/** Tools for a fixture that has none: with no tools in the request the proxy reads no calls. */
function toolsOf({ tools, completion, format, options }: Fixture): JsonObject[] {
  if (tools) return tools as JsonObject[]
  const result = parse(completion, { ...options, format })
  const names = new Set([...result.toolCalls, ...result.incomplete].map(({ name }) => name))
  return [...names, 'never_called'].map((name) => ({ type: 'function', function: { name } }))
}

/** Cuts bytes anywhere. */
function* cutAt(bytes: Uint8Array, random: () => number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; ) {
    const end = at + 1 + Math.floor(random() * 90)
    yield bytes.slice(at, end)
    at = end
  }
}

describe.each(files)('%s', (file) => {
  const fixtures = read(file)
    .filter(
      ({ options }) =>
        options?.toolChoice === undefined && options?.prompt === undefined && options?.startInReasoning !== 'detect',
    )
    .filter((_, i) => isHard || (i + files.indexOf(file)) % 2 === 0)

  it('comes through whole and streamed as the parser reads it', async () => {
    const random = seeded(7)
    for (const fixture of fixtures) {
      const { completion, format, options = {} } = fixture
      const { startInReasoning, toolChoice, limits, ...parser } = options
      const tools = toolsOf(fixture)
      const handler = createProxyHandler({
        upstream: 'http://upstream.example/v1',
        format,
        startInReasoning: startInReasoning === true,
        parser: { ...parser, ...(limits === undefined ? {} : { limits }) },
        fetch: async (_, init) => {
          const { stream } = JSON.parse(String(init?.body))
          const message = { role: 'assistant', content: completion }
          if (!stream) return Response.json({ id: 'x', choices: [{ index: 0, message, finish_reason: 'stop' }] })
          const bytes = new TextEncoder().encode(eventText(textChunks(inPieces(completion, 4))))
          const body = new ReadableStream({
            start(controller) {
              for (const piece of cutAt(bytes, random)) controller.enqueue(piece)
              controller.close()
            },
          })
          return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
        },
      })
      const ask = (stream: boolean) => {
        const body = JSON.stringify({ model: 'm', messages: [], tools, stream })
        return handler(new Request('http://proxy.example/v1/chat/completions', { method: 'POST', body }))
      }
      const { choices } = (await (await ask(false)).json()) as {
        choices: [{ message: JsonObject; finish_reason: string }]
      }
      const [{ message, finish_reason }] = choices
      const [streamed] = (await joinStream(await ask(true))).choices
      const calls = ((message.tool_calls ?? []) as { function: object }[]).map((call) => call.function)
      const result = parse(completion, { ...options, format, tools: tools as ParserOptions['tools'] })

      expect(plainCalls(streamed), fixture.id).toEqual(calls)
      expect(streamed, fixture.id).toMatchObject({ content: message.content, finish: [finish_reason] })
      expect(streamed?.reasoning, fixture.id).toBe(message.reasoning_content ?? '')
      expect(message.reasoning_content ?? '', fixture.id).toBe(result.reasoning)
      expect(((message.content ?? '') as string).trim(), fixture.id).toBe(result.content.trim())
      expect(finish_reason === 'tool_calls', fixture.id).toBe(result.toolCalls.length > 0)
      expect(calls, fixture.id).toHaveLength(result.toolCalls.length)
    }
  })
})
