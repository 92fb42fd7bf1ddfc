import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ParserOptions } from '../../src/engine/options.js'
import { parse } from '../../src/index.js'
import type { JsonObject } from '../../src/proxy/wire/json.js'
import { type Folded, foldChat, foldMessage, foldResponse, type InProcess, startInProcess } from './in-process.js'
import { chunk, eventText } from './upstream.js'

interface Fixture {
  id: string
  format: string
  completion: string
  tools?: { type: 'function'; function: { name: string; parameters?: object } }[]
  options?: { toolChoice?: unknown; startInReasoning?: unknown; limits?: object }
}

const folder = new URL('../../fixtures/', import.meta.url)
const fixtures: Fixture[] = readdirSync(folder)
  .filter((file) => file.endsWith('.jsonl'))
  .flatMap((file) => readFileSync(new URL(file, folder), 'utf8').trim().split('\n'))
  .map((line) => JSON.parse(line) as Fixture)
  .filter(({ options }) => options?.toolChoice === undefined && options?.limits === undefined)

/** Tools for a fixture that has none: with no tools in the request the proxy reads no calls. */
function toolsOf({ tools, completion, format }: Fixture): NonNullable<Fixture['tools']> {
  if (tools) return tools
  const result = parse(completion, { format })
  const names = new Set([...result.toolCalls, ...result.incomplete].map(({ name }) => name))
  return [...names, 'never_called'].map((name) => ({ type: 'function', function: { name } }))
}

/** A text as models write it, and as it gets damaged: cut, a piece lost or said twice, a marker out of place. */
const completions = fc
  .record({
    fixture: fc.constantFrom(...fixtures),
    harm: fc.constantFrom('none', 'none', 'cut', 'cut', 'lost', 'twice', 'marker'),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.integer({ min: 1, max: 12 }),
    marker: fc.constantFrom('<tool_call>', '</think>', '"}', '[TOOL_CALLS]', '<|im_end|>', '\\', '}}\n'),
  })
  .map(({ fixture, harm, at, length, marker }) => {
    const { completion } = fixture
    const from = Math.floor(at * completion.length)
    const [head, piece, tail] = [
      completion.slice(0, from),
      completion.slice(from, from + length),
      completion.slice(from + length),
    ]
    if (harm === 'cut') return { fixture, text: head }
    if (harm === 'lost') return { fixture, text: head + tail }
    if (harm === 'twice') return { fixture, text: head + piece + piece + tail }
    return { fixture, text: harm === 'marker' ? head + marker + piece + tail : completion }
  })

/** Where to cut: lengths that repeat. */
const sizes = (max: number) => fc.array(fc.integer({ min: 1, max }), { minLength: 1, maxLength: 8 })

function cutText(text: string, lengths: readonly number[]): string[] {
  const pieces: string[] = []
  for (let at = 0, i = 0; at < text.length; i++) {
    const end = at + (lengths[i % lengths.length] ?? 1)
    pieces.push(text.slice(at, end))
    at = end
  }
  return pieces
}

function cutBytes(text: string, lengths: readonly number[]): Uint8Array[] {
  const bytes = new TextEncoder().encode(text)
  const pieces: Uint8Array[] = []
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const end = at + (lengths[i % lengths.length] ?? 1)
    pieces.push(bytes.slice(at, end))
    at = end
  }
  return pieces
}

type Tools = NonNullable<Fixture['tools']>

/** A message as each of the clients has it, whole and streamed. */
async function fromAll({ openai, anthropic }: InProcess, tools: Tools): Promise<Record<string, Folded>> {
  const messages = [{ role: 'user' as const, content: 'Hi' }]
  const chat = { model: 'm', messages, tools: tools as never[] }
  const flat = tools.map(({ function: { name, parameters = {} } }) => ({
    type: 'function' as const,
    name,
    parameters,
    strict: false,
  }))
  const response = { model: 'm', input: 'Hi', tools: flat as never[] }
  const input_schema = { type: 'object' as const }
  const own = tools.map(({ function: { name, parameters } }) => ({
    name,
    input_schema: { ...input_schema, ...parameters },
  }))
  const message = { model: 'm', max_tokens: 9, messages, tools: own as never[] }
  return {
    chat: foldChat(await openai.chat.completions.create(chat)),
    chatStream: foldChat(await openai.chat.completions.stream(chat).finalChatCompletion()),
    responses: foldResponse(await openai.responses.create(response)),
    responsesStream: foldResponse((await openai.responses.stream(response).finalResponse()) as never),
    messages: foldMessage(await anthropic.messages.create(message)),
    messagesStream: foldMessage(await anthropic.messages.stream(message).finalMessage()),
  }
}

/** Text blocks of nothing but white space are no blocks on two of the wires. */
const words = (text: string) => text.replace(/\s+/g, '')

const RUNS = { numRuns: 40 * Number(process.env.CALLSIFT_RUNS ?? 1) }

describe('one text on three wires, whole and streamed', () => {
  it.each(['omit', 'mark'] as const)(
    'is the same message (incompleteCalls: %s)',
    async (incompleteCalls) => {
      await fc.assert(
        fc.asyncProperty(
          completions,
          fc.constantFrom('stop', 'stop', 'length', 'content_filter'),
          sizes(9),
          sizes(200),
          fc.constantFrom('\n', '\r\n'),
          async ({ fixture, text }, finish, textSizes, byteSizes, lineEnd) => {
            const { format, options } = fixture
            const startInReasoning = options?.startInReasoning === true
            const both = startInProcess({ format, startInReasoning, incompleteCalls: 'omit' })
            const marking = startInProcess({ format, startInReasoning, incompleteCalls })
            const answer = ({ stream }: JsonObject) => {
              const message = { role: 'assistant', content: text }
              if (stream !== true)
                return { whole: { id: 'x', choices: [{ index: 0, message, finish_reason: finish }] } }
              const chunks = cutText(text, textSizes).map((content) => chunk({ content }))
              const wire = eventText([...chunks, chunk({}, { finish_reason: finish })], lineEnd)
              return { pieces: cutBytes(wire, byteSizes) }
            }
            both.answer(answer)
            marking.answer(answer)
            const tools = toolsOf(fixture)
            const all = await fromAll(both, tools)
            const end = finish === 'length' ? 'length' : 'stop'
            const result = parse(text, { format, startInReasoning, end, tools: tools as ParserOptions['tools'] })
            const expected = all.chat as Folded
            expect(expected.calls.length).toBeLessThanOrEqual(result.toolCalls.length)
            if (finish === 'length') expect(expected.finish).toBe('length')
            for (const [wire, folded] of Object.entries(all)) {
              expect(folded.calls, wire).toEqual(expected.calls)
              expect(words(folded.content), wire).toBe(words(expected.content))
              expect(folded.finish, wire).toBe(expected.finish)
            }
            expect(all.chatStream).toEqual(all.chat)
            expect(all.responsesStream).toEqual(all.responses)
            expect(all.messagesStream).toEqual(all.messages)
            if (incompleteCalls === 'omit' || result.incomplete.length > 0) return
            // Nothing was cut: what is streamed as it is written is the same in the end.
            expect(await fromAll(marking, tools)).toEqual(all)
          },
        ),
        RUNS,
      )
    },
    120_000,
  )
})

/** Data that no upstream should send, and some do. */
const rubbish = fc.oneof(
  fc.constantFrom(
    'nonsense',
    '{"choices": [',
    '7',
    'null',
    '[]',
    '"text"',
    '{}',
    '{"choices": null}',
    '{"choices": "none"}',
    '{"choices": {"0": 1}}',
    '{"choices": [null, 7, "x"]}',
    '{"id": 7, "created": "x", "model": null, "object": [], "usage": "none", "choices": []}',
  ),
  fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.stringify({ choices: value })),
  fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.stringify({ choices: [{ index: 0, delta: value }] })),
  fc
    .record(
      {
        content: fc.constantFrom<unknown>(7, null, {}, true),
        tool_calls: fc.constantFrom<unknown>('x', {}, 7, [null], [{}], [{ index: 'a' }], [{ index: 999, function: 7 }]),
        role: fc.constantFrom<unknown>(7, null, []),
        reasoning_content: fc.constantFrom<unknown>(7, {}, []),
        function_call: fc.constantFrom<unknown>('x', 7, null),
      },
      { requiredKeys: [] },
    )
    .map((delta) => JSON.stringify({ choices: [{ index: 0, delta, finish_reason: null, logprobs: 'none' }] })),
  fc.constantFrom<unknown>('a', -1, 1.5, 128, null).map((index) => JSON.stringify({ choices: [{ index, delta: {} }] })),
)

describe('data that is no sound chunk', () => {
  it.each(['text', 'native'] as const)(
    'breaks no client on any wire, and changes nothing of the rest (%s)',
    async (kind) => {
      const both = startInProcess()
      const text = 'So. <tool_call>{"name": "get_tide", "arguments": {"port": "Brest"}}</tool_call>'
      const tools: Tools = [{ type: 'function', function: { name: 'get_tide' } }]
      const start = { index: 0, id: 'up', type: 'function', function: { name: 'get_tide', arguments: '{"port": ' } }
      const sound =
        kind === 'text'
          ? cutText(text, [7]).map((content) => chunk({ content }))
          : [
              chunk({ content: 'So. ' }),
              chunk({ tool_calls: [start] }),
              chunk({ tool_calls: [{ index: 0, function: { arguments: '"Brest"}' } }] }),
            ]
      const chunks = [...sound, chunk({}, { finish_reason: kind === 'text' ? 'stop' : 'tool_calls' })]
      const expected = {
        // White space before a call that was read from text is the template's.
        content: kind === 'text' ? 'So.' : 'So. ',
        calls: [{ name: 'get_tide', arguments: { port: 'Brest' } }],
        finish: 'calls',
      }
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.tuple(fc.nat({ max: chunks.length }), rubbish), { maxLength: 6 }),
          async (wrong) => {
            both.answer(({ stream }) => {
              if (stream !== true) {
                const call = { ...start, function: { name: 'get_tide', arguments: '{"port": "Brest"}' } }
                const message = kind === 'text' ? { content: text } : { content: 'So. ', tool_calls: [call] }
                const finish_reason = kind === 'text' ? 'stop' : 'tool_calls'
                return { whole: { id: 'x', choices: [{ index: 0, message, finish_reason }] } }
              }
              const lines = chunks.map((one) => `data: ${JSON.stringify(one)}\n\n`)
              for (const [at, data] of wrong) lines.splice(at, 0, `data: ${data}\n\n`)
              return { pieces: [`${lines.join('')}data: [DONE]\n\n`] }
            })
            for (const [wire, folded] of Object.entries(await fromAll(both, tools)))
              expect(folded, wire).toEqual(expected)
          },
        ),
        RUNS,
      )
      expect(both.log.some(({ wrongData }) => Number(wrongData) > 0)).toBe(true)
    },
    120_000,
  )
})
