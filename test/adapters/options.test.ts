import { describe, expect, it } from 'vitest'
import { createChatChunks, toChatMessage } from '../../src/adapters/openai/openai.js'
import { collect, createParser, type ParseEvent, type ParserOptions, parse } from '../../src/index.js'

// What the options of a parser leave out or hold back comes out of no adapter, whole or streamed.

const tools = { f: { type: 'object', properties: { a: { type: 'integer' } } } }
const call = (a: string, name = 'f') => `<tool_call>{"name": "${name}", "arguments": {"a": ${a}}}</tool_call>`

function eventsOf(text: string, options: ParserOptions, end: 'stop' | 'length'): ParseEvent[] {
  const parser = createParser(options)
  return [...text].flatMap((character) => parser.push(character)).concat(parser.end(end))
}

interface Row {
  readonly name: string
  readonly text: string
  readonly options: Omit<ParserOptions, 'format'>
  readonly end?: 'length'
  readonly calls: readonly string[]
  readonly content: string | null
}

const rows: Row[] = [
  {
    name: 'parallelCalls',
    text: call('1') + call('2'),
    options: { parallelCalls: false },
    calls: ['{"a": 1}'],
    content: null,
  },
  {
    name: 'trust',
    text: call('1') + call('2', 'g'),
    options: { trust: 'cautious' },
    calls: ['{"a": 1}'],
    content: null,
  },
  { name: 'validate', text: call('"x"'), options: { validate: true }, calls: ['{"a": "x"}'], content: null },
  {
    name: 'separators: drop',
    text: `<think>\nx\n</think>\n\nHi\n${call('1')}\n`,
    options: {},
    calls: ['{"a": 1}'],
    content: 'Hi',
  },
  {
    name: 'separators: keep',
    text: `<think>\nx\n</think>\n\nHi\n${call('1')}\n`,
    options: { separators: 'keep' },
    calls: ['{"a": 1}'],
    content: '\n\nHi\n\n',
  },
  {
    name: 'startInReasoning',
    text: 'I think.</think>Hi',
    options: { startInReasoning: 'detect' },
    calls: [],
    content: 'Hi',
  },
  {
    name: 'end',
    text: `Hi${call('1')}<tool_call>{"name": "f", "arg`,
    options: {},
    end: 'length',
    calls: ['{"a": 1}'],
    content: 'Hi',
  },
]

describe.each(rows)('$name', ({ text, options, end, calls, content }) => {
  const reason = end ?? ('stop' as const)
  const given = { format: 'hermes', tools, ...options }

  it('of a whole message', () => {
    const message = toChatMessage(parse(text, { ...given, end: reason }))
    expect((message.tool_calls ?? []).map((one) => one.function.arguments)).toEqual(calls)
    expect(message.content ?? null).toBe(content)
  })

  it('of a stream', () => {
    const events = eventsOf(text, given, reason)
    const encoder = createChatChunks({ model: 'm' })
    const chunks = [...encoder.push(events), ...encoder.end({})]
    const deltas = chunks.flatMap(({ choices }) => choices.map(({ delta }) => delta))
    const written = deltas.flatMap((delta) => delta.tool_calls ?? [])
    const joined = new Map<number, string>()
    for (const { index, function: part } of written)
      joined.set(index, (joined.get(index) ?? '') + (part?.arguments ?? ''))
    expect([...joined.values()]).toEqual(calls)
    expect(deltas.map((delta) => delta.content ?? '').join('')).toBe(content ?? '')
    expect(collect(events)).toEqual(parse(text, { ...given, end: reason }))
  })
})

it('validate says what the schema does not take, and nothing of what it takes', () => {
  const issues = (text: string) => parse(text, { format: 'hermes', tools, validate: true }).toolCalls[0]?.issues
  expect(issues(call('1'))).toEqual([])
  expect(issues(call('"x"'))).toMatchObject([{ path: 'a', expected: 'integer' }])
})
