import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { known } from '../../src/formats/unread-formats.js'
import { createRegistry, formats } from '../../src/index.js'
import { optionsOf, readCases } from '../support/case.js'
import { chunkDifference } from '../support/run.js'

/** Known and not read whatever becomes of those that are: this one is made up. */
const MADE_UP = {
  id: 'lighthouse',
  aliases: [],
  wire: '<|lamp|>{…}',
  models: 'Lighthouse 1',
  modelPatterns: [/\blighthouse/i],
  flags: {},
  markers: ['<|lamp|>', 'Lamp Input:'],
}
const unread = [...known.unread, MADE_UP]
const { createParser, detect, explain, parse } = createRegistry(formats(), { ...known, unread })

const notesIn = (text: string, format = 'auto') =>
  parse(text, { format }).notes.filter(({ code }) => code === 'unread-call')

/** A call behind each mark of a format that is known and not read. */
const marked = unread.flatMap(({ id, markers }) =>
  markers.map((marker) => ({ id, marker, text: `I look.\n${marker}{"name": "zq", "arguments": {"a": 1}}` })),
)

describe('marks of formats that are known and not read', () => {
  it.each(marked)('$marker is named as one of $id', ({ id, marker, text }) => {
    if (detect(text).length > 0) return
    const [note] = notesIn(text)
    expect(note?.message).toContain(`is a mark of ${id} (`)
    expect(text.slice(note?.from, note?.to)).toBe(marker)
    expect(explain(text, { format: 'auto' }).advice.join('\n')).toContain('let the engine parse it')
  })

  it('are named whatever format was asked for, in every chunking', () => {
    for (const format of ['auto', 'hermes', 'mistral', 'harmony'])
      for (const { text } of marked.filter(({ text }) => detect(text).length === 0)) {
        expect(notesIn(text, format).length, `${format}: ${text}`).toBe(1)
        expect(chunkDifference(createParser, { format }, text, [text.split('')])).toBeUndefined()
      }
  })

  it.each([
    ['in inline code', 'Write `<TOOLCALL>[{"name": "f"}]</TOOLCALL>` to call it.'],
    ['in a fence', 'So:\n```\n<TOOLCALL>[{"name": "f"}]</TOOLCALL>\n```\nThat is all.'],
    ['in a quoted line', '> <TOOLCALL>[{"name": "f"}]</TOOLCALL>'],
    ['in prose', 'The tag <TOOLCALL> comes first.'],
    ['in reasoning that closed', '<think>\n<TOOLCALL>[{"name": "f"}]</TOOLCALL>\n</think>Hello.'],
  ])('are not named %s', (_, text) => expect(notesIn(text, 'hermes')).toEqual([]))
})

describe('markup of calls that is nobody’s', () => {
  it.each([
    ['<tool>', '<tool>{"name": "get_weather", "arguments": {}}</tool>'],
    ['<tool_use>', 'Yes.\n<tool_use>\n{"name": "f", "input": {}}\n</tool_use>'],
    ['<|call_start|>', '<|call_start|>f({"a": 1})<|call_end|>'],
    ['[FUNCTION_CALL]', '[FUNCTION_CALL]{"name": "f"}[/FUNCTION_CALL]'],
    ['<invoke_tool name="f">', '<invoke_tool name="f">\n<a>1</a>\n</invoke_tool>'],
    ['[tool:get_tide]', 'I look.\n[tool:get_tide] {"port": "Moss"}'],
    ['[function=get_tide]', '[function=get_tide]\n{"port": "Moss"}'],
  ])('%s is named', (tag, text) => {
    const [note] = notesIn(text)
    expect(note?.message).toBe(`${tag} looks like the markup of a call, but belongs to no known format`)
    expect(text.slice(note?.from, note?.to)).toBe(tag)
    expect(explain(text, { format: 'hermes' }).advice.join('\n')).toContain('defineFormat')
    expect(chunkDifference(createParser, { format: 'auto' }, text, [text.split('')])).toBeUndefined()
  })

  it.each([
    ['prose', 'I call the function f. [TODO] {"a": 1} <b>{bold}</b>'],
    ['HTML', '<div class="tool">{x}</div>\n<section>\n<p>call</p>'],
    ['a fence', '```xml\n<tool>{"name": "f"}</tool>\n```'],
    ['an echoed result', '<tool_response>{"ok": true}</tool_response>'],
    ['an unfinished mention', 'Use\n<tool> tags.'],
    ['a list behind a word in brackets', '[note: see below]\n{"a": 1}'],
    ['a message in a fence behind text', 'So:\n```json\n{"role": "assistant", "tool_calls": [{"name": "f"}]}\n```'],
    ['data with such a word', '{"text": "the tool_calls of a message"}'],
  ])('%s is none', (_, text) => expect(notesIn(text)).toEqual([]))
})

it('the name of a given tool on a line before an object is named, in every format', () => {
  const text = 'I look.\nget_tide\n{"port": "Moss"}'
  const tools = { get_tide: { type: 'object', properties: { port: { type: 'string' } } } }
  for (const { id } of formats()) {
    const { toolCalls, notes } = parse(text, { format: id, tools })
    if (toolCalls.length === 0)
      expect(
        notes.map(({ code }) => code),
        id,
      ).not.toEqual([])
  }
  const [note] = parse(text, { format: 'hermes', tools }).notes
  expect(note?.message).toMatch(/is how glm-4 \(.*cannot read yet/)
  expect(parse('get_tide\nis a tool.', { format: 'hermes', tools }).notes).toEqual([])
})

describe('the message of a chat API as text', () => {
  it.each([
    [
      'other members first',
      '{"role": "assistant", "content": null, "tool_calls": [{"id": "c1", "function": {"name": "f"}}]}',
    ],
    ['the older key', 'I look.\n{"function_call": {"name": "f", "arguments": "{}"}}'],
    ['in a fence that opens the text', '```json\n{"content": "", "tool_calls": [{"name": "f", "arguments": {}}]}\n```'],
  ])('is never passed over in silence: %s', (_, text) => {
    for (const { id } of formats()) expect(parse(text, { format: id }).notes, id).not.toEqual([])
    expect(notesIn(text)[0]?.message).toContain('like a message of a chat API')
    expect(explain(text, { format: 'auto' }).advice).not.toEqual([])
  })

  it('is read where its calls come first', () => {
    const text = '{"tool_calls": [{"type": "function", "function": {"name": "f", "arguments": "{\\"a\\": 1}"}}]}'
    for (const id of ['mistral', 'deepseek-json', 'xlam', 'auto'])
      expect(parse(text, { format: id }).toolCalls, id).toMatchObject([{ name: 'f', arguments: { a: 1 } }])
    for (const { id } of formats()) expect(parse(text, { format: id }).notes.length, id).toBeGreaterThan(0)
  })
})

it('no call that is read is named', () => {
  const folder = new URL('../../fixtures/', import.meta.url)
  const wrong = readdirSync(folder)
    .filter((file) => file.endsWith('.jsonl'))
    .flatMap((file) => readCases(new URL(file, folder)))
    .filter(({ finish, calls }) => finish === 'complete' && calls.length > 0)
    .filter((c) => parse(c.completion, optionsOf(c)).notes.some(({ code }) => code === 'unread-call'))
  expect(wrong.map(({ id }) => id)).toEqual([])
})

describe('a message that is text for its own look', () => {
  const tools = { f: { type: 'object', properties: {} } }
  const codes = (text: string, format: string) => parse(text, { format, tools }).notes.map(({ code }) => code)

  it.each(['pythonic', 'llama4-pythonic', 'hermes', 'auto'])(
    'is named as a list of calls without its tool in %s',
    (id) => {
      expect(codes('[sail(to="Moss"), rest()]', id)).toContain('unknown-tool')
      for (const text of ['[sail(x)] is a link', 'See [sail(to="Moss")]', '[sail(x)]'])
        expect(codes(text, id)).toEqual([])
    },
  )

  it('is named as a message of a chat API, also before a call', () => {
    const call = '[TOOL_CALLS]f[ARGS]{}'
    expect(codes(`{"role": "assistant", "content": "I look."}${call}`, 'mistral')).toEqual(['marker-in-text'])
    expect(codes(`The {"role": "assistant", "content": "I look."}${call}`, 'mistral')).toEqual([])
  })
})

it.each(['hermes', 'auto', 'kimi-k2'])(
  'data and the closer of a call, with none before it, are noted: %s',
  (format) => {
    const text = 'I look.\n{"port": "Moss"}</function>'
    expect(notesIn(text, format)).toMatchObject([{ from: 24, to: 35 }])
    expect(notesIn('The code:\n{"a": 1}</div>', format)).toEqual([])
    expect(notesIn('`{"a": 1}</function>`', format)).toEqual([])
  },
)
