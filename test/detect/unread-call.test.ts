import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { known } from '../../src/formats/unread-formats.js'
import { createParser, detect, explain, parse } from '../../src/index.js'
import { optionsOf, readCases } from '../support/case.js'
import { chunkDifference } from '../support/run.js'

const notesIn = (text: string, format = 'auto') =>
  parse(text, { format }).notes.filter(({ code }) => code === 'unread-call')

/** A call behind each mark of a format that is known and not read. */
const marked = known.unread.flatMap(({ id, markers }) =>
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
  ])('%s is named', (tag, text) => {
    const [note] = notesIn(text)
    expect(note?.message).toBe(`${tag} looks like the markup of a call, and belongs to no format that is known`)
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
  ])('%s is none', (_, text) => expect(notesIn(text)).toEqual([]))
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
