import { describe, expect, it } from 'vitest'
import { explain, type Format, formats, parse } from '../../src/index.js'
import { renderOf } from '../promises/format-facts.js'
import { readingOf } from '../support/reading.js'

const CALL = { name: 'get_weather', arguments: { city: 'Oslo' } }
const TOOLS = [{ name: 'get_weather', inputSchema: { type: 'object', properties: { city: { type: 'string' } } } }]
const callOf = (format: Format) => renderOf(format, [CALL], { tools: TOOLS })?.trim() ?? ''

const TAG = /<[^<>\n]{1,80}>/g
const wide = (text: string, pattern: RegExp) =>
  text.replace(pattern, (one) => String.fromCharCode(one.charCodeAt(0) + 0xfee0))

/** Ways in which something between the model and callsift changes all markers. */
const WAYS: Record<string, (call: string) => string> = {
  'HTML-escaped': (call) => call.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
  'HTML-escaped, quotes too': (call) =>
    call.replaceAll('<', '&#60;').replaceAll('>', '&#x3E;').replaceAll('"', '&quot;').replaceAll("'", '&#39;'),
  'escaped as in JSON': (call) => call.replaceAll('<', '\\u003c').replaceAll('>', '\\u003E'),
  'escaped with backslashes': (call) => call.replace(/[<>_]/g, '\\$&'),
  'with a character of no width in each': (call) => call.replace(/<(?=[^"])/g, '<\u200b'),
  'in full-width brackets': (call) => wide(call, /[<>]/g),
  'in full-width brackets and bars': (call) => wide(call, /[<>|]/g),
  'each in inline code': (call) => call.replace(TAG, '`$&`'),
}

/** Formats of whose calls the first marker is a tag. */
const withTags = formats().filter((format) => callOf(format).startsWith('<'))

describe.each(Object.entries(WAYS))('all markers of a call, %s', (way, respell) => {
  it.each(withTags.map((format) => [format.id, format] as const))('%s: text, and a note that says so', (id, format) => {
    const call = respell(callOf(format))
    const { toolCalls, content, status, notes } = parse(`So:\n${call}`, { format, tools: TOOLS })
    // Some formats read what is left without its marker.
    if (toolCalls.length > 0) return expect(toolCalls).toMatchObject([CALL])
    const isQuotation = way === 'each in inline code'
    const note = notes.find(({ message }) => message.startsWith(`the markers of ${id} are here`))
    expect(note).toMatchObject({ code: isQuotation ? 'quoted-call' : 'escaped-markers', from: 4 })
    expect(call.slice(0, (note?.to ?? 0) - 4)).toMatch(/get\\?_weather/)
    expect(status).toBe(isQuotation ? 'complete' : 'malformed')
    expect(content).toBe(`So:\n${call}`)
  })
})

it.each([
  ['mistral', '\\[TOOL_CALLS\\]get\\_weather\\[ARGS\\]{"city": "Oslo"}'],
  ['mistral', '［TOOL_CALLS］get_weather［ARGS］{"city": "Oslo"}'],
  ['react', 'Action：get_weather\nAction Input：{"city": "Oslo"}'],
  ['deepseek-json', '｛"name": "get_weather", "arguments": ｛"city": "Oslo"｝｝'],
  ['auto', '&lt;tool_call&gt;get_weather&lt;arg_key&gt;city&lt;/arg_key&gt;&lt;arg_value&gt;Oslo&lt;/arg_value&gt;'],
])('%s: %s', (format, text) => {
  const { status, notes } = parse(text, { format, tools: TOOLS })
  expect(status).toBe('malformed')
  expect(notes).toContainEqual(expect.objectContaining({ code: 'escaped-markers', from: 0 }))
})

it('explain says what to do', () => {
  const text = '&lt;tool_call&gt;{"name": "get_weather", "arguments": {}}&lt;/tool_call&gt;'
  expect(explain(text, { format: 'hermes' }).advice[0]).toBe(
    'the markers of hermes are here, HTML-escaped: something between the model and callsift escaped them (line 1, column 1): give callsift the text as the model wrote it',
  )
})

it.each([
  ['prose', 'Hermes writes &lt;tool_call&gt; before get_weather and &lt;/tool_call&gt; behind it.'],
  ['prose with code', 'Hermes writes `<tool_call>` before get_weather and `</tool_call>` behind it.'],
  ['HTML', '<pre>&lt;b&gt;get_weather&lt;/b&gt; &amp;c.</pre>'],
  ['another tool', '&lt;tool_call&gt;{"name": "other", "arguments": {}}&lt;/tool_call&gt;'],
  ['code', 'So:\n```\n&lt;tool_call&gt;{"name": "get_weather", "arguments": {}}&lt;/tool_call&gt;\n```'],
  ['a draft', '<think>&lt;tool_call&gt;{"name": "get_weather", "arguments": {}}&lt;/tool_call&gt;</think>No.'],
  ['Chinese prose', '请用 get_weather：城市是 Oslo，好的。Action：无'],
  ['the tag of a value', '\u200bget_weather: <b>\u200bOslo</b>, {"city": "Oslo"}'],
])('%s has no note of it', (_, text) => {
  for (const format of ['hermes', 'auto']) {
    const { status, notes } = parse(text, { format, tools: TOOLS })
    expect(status).toBe('complete')
    expect(notes.filter(({ code }) => code === 'escaped-markers' || code === 'quoted-call')).toEqual([])
  }
})

it('is a sentence, not a loss, in the middle of a line', () => {
  const text = 'So: &lt;tool_call&gt;{"name": "get_weather", "arguments": {}}&lt;/tool_call&gt; it is.'
  const { status, notes } = parse(text, { format: 'hermes', tools: TOOLS })
  expect([status, ...notes.map(({ code }) => code)]).toEqual(['complete', 'escaped-markers'])
})

it('says the same in any chunks', () => {
  const text = 'So:\n＜tool_call＞\n{"name": "get_weather", "arguments": {}}\n＜/tool_call＞'
  readingOf({ format: 'hermes', tools: TOOLS }, text)
})

/** Ways in which something between the model and callsift changes a whole message. */
const WHOLE: Record<string, (text: string) => string> = {
  'HTML-escaped': (text) => text.replace(/[&<>"']/g, (one) => `&#${one.charCodeAt(0)};`),
  'with HTML-escaped quotes': (text) => text.replaceAll('"', '&quot;').replaceAll("'", '&#39;'),
  'as a JSON string': (text) => JSON.stringify(text),
  'escaped as in a JSON string': (text) => JSON.stringify(text).slice(1, -1),
  'with escaped quotes': (text) => text.replaceAll('"', '\\"'),
}

describe.each(Object.entries(WHOLE))('a call %s', (_, way) => {
  it.each(formats().map((format) => [format.id, format] as const))('is no silent loss in %s', (_, format) => {
    const call = callOf(format)
    const text = way(call)
    if (text === call) return
    for (const by of [format, 'auto'] as const) {
      const { toolCalls, status } = parse(text, { format: by, tools: TOOLS })
      const isRead = toolCalls.some(({ arguments: args }) => JSON.stringify(args) === JSON.stringify(CALL.arguments))
      expect([text, isRead || (toolCalls.length === 0 && status !== 'complete')]).toEqual([text, true])
    }
  })
})
