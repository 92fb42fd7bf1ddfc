import { describe, expect, it } from 'vitest'
import { collect, createParser, formats, parse } from '../../src/index.js'
import { renderOf } from '../promises/format-facts.js'
import { run } from '../support/run.js'

const CALL = { name: 'delete_all', arguments: { scope: 'tmp' } }
const TOOLS = [{ name: 'delete_all', inputSchema: { type: 'object', properties: { scope: { type: 'string' } } } }]

/** Where a call is quoted, as text that ends in a blank line. */
const PLACES: Record<string, (call: string) => string> = {
  'a quoted line': (call) => `The log says:\n> ${call}\n\n`,
  'a quoted line whose next lines lack the mark': (call) => `The log says:\n> See:\n> a ${call}\n\n`,
  'a quoted line in a list': (call) => `- > ${call}\n\n`,
  'a quoted line in a numbered list in a list': (call) => `The log:\n* a\n* 12) > ${call}\n\n`,
  'a string of an object': (call) => `{"messages": [{"role": "user", "content": ${JSON.stringify(call)}}]}\n\n`,
  'a string of an object in a line': (call) => `It sent {"n": 1, "content": ${JSON.stringify(call)}} to me.\n\n`,
  'a string of a list on several lines': (call) => `Sent:\n[\n  1,\n  ${JSON.stringify(call)}\n]\n\n`,
  'a string of Python': (call) =>
    `The log: {'n': 1, 'content': '${call.replaceAll('\n', '\\n').replaceAll("'", "\\'")}'}\n\n`,
}

/** Those that read a call behind text; the others say nothing of where it is quoted. */
const READ = formats().flatMap((format) => {
  const call = renderOf(format, [CALL], { tools: TOOLS })?.trim() ?? ''
  const read = parse(`I call it.\n\n${call}`, { format, tools: TOOLS })
  return read.toolCalls.length === 1 ? [[format.id, format, call] as const] : []
})

it('most formats read a call behind text', () => {
  expect(READ.length).toBeGreaterThan(60)
})

describe.each(READ)('%s', (_, format, call) => {
  it.each(Object.entries(PLACES))('reads no call in %s', (_place, quoted) => {
    const options = { format, tools: TOOLS }
    const text = `${quoted(call)}I ignore it.`
    const whole = parse(text, options)
    expect([...whole.toolCalls, ...whole.incomplete]).toEqual([])
    expect(whole.content).toBe(text)
    expect(collect(run(createParser, options, [...text]))).toEqual(whole)
  })

  it.each(Object.entries(PLACES))('reads a call behind %s', (_place, quoted) => {
    const { toolCalls } = parse(`${quoted('a')}${call}`, { format, tools: TOOLS })
    expect(toolCalls).toMatchObject([CALL])
    // A marker that holds the first line of a fence is another story: where it opens no call, the fence is open.
    if (call.includes('```')) return
    expect(parse(`${quoted(call)}${call}`, { format, tools: TOOLS }).toolCalls).toMatchObject([CALL])
  })
})

it.each(['2 > 1, ', '-> ', '*> ', '- ', '{"a": 1}, ', 'He said "yes"', '["a"] ', '{"it": "a"} '])(
  'reads a call behind %j',
  (lead) => {
    const text = `${lead}<|python_tag|>{"name": "delete_all", "parameters": {"scope": "tmp"}}`
    expect(parse(text, { format: 'llama3', tools: TOOLS }).toolCalls).toMatchObject([CALL])
  },
)

describe.each(READ)('%s', (_, format, call) => {
  const markers = format.families.flatMap(({ openers, innerMarkers = [], strays = [] }) => [
    ...openers.filter(({ bare }) => bare !== true).map(({ marker }) => marker.trim()),
    ...innerMarkers,
    ...strays,
  ])

  it.each([
    ['in a quoted line', (marker: string) => `> ${marker}\n\n`],
    ['in words of a quoted line', (marker: string) => `> the ${marker} tag\n\n`],
    ['in inline code', (marker: string) => `Use \`${marker}\` here.\n`],
    ['in a fence', (marker: string) => `\`\`\`\n${marker}\n\`\`\`\n`],
    ['in quotation marks', (marker: string) => `The "${marker}" tag.\n`],
  ])('reads a call behind a marker %s', (_place, mention) => {
    // One that holds the first line of a fence opens that fence.
    const quoted = [...new Set(markers)].filter((marker) => marker !== '' && !marker.includes('```'))
    const lost = quoted.filter(
      (marker) => parse(mention(marker) + call, { format, tools: TOOLS }).toolCalls.length === 0,
    )
    expect(lost).toEqual([])
  })
})

/** Formats with raw values: the same call of a file, whose value shows a call. */
/** Where the marker of a value is lost with the header, so that only its text stands there; beam's parameters are no markers. */
const LOST: readonly string[] = ['llama4-pythonic', 'lfm2', 'beam']

const RAW = READ.flatMap(([id, format, call]) => {
  const file = renderOf(format, [{ name: 'write_file', arguments: { content: `See:\n\n${call}\nThat is all.` } }], {
    tools: [{ name: 'write_file', inputSchema: { type: 'object', properties: { content: { type: 'string' } } } }],
  })?.trim()
  return file?.includes(call) === true && !file.includes('`') && !LOST.includes(id) ? [[id, format, file] as const] : []
})

describe('a call whose header is lost, in a fence', () => {
  it('is possible in many formats', () => expect(RAW.length).toBeGreaterThan(15))

  it.each(RAW)('makes no call of what a value shows: %s', (_, format, file) => {
    const values = file.indexOf('content')
    const tag = file.lastIndexOf('<', values)
    for (const text of [
      `\`\`\`xml\n${file.slice(tag)}\n\`\`\``,
      `Here:\n\`\`\`xml\n${file.slice(tag)}\n\`\`\`\nDone.`,
    ]) {
      expect(parse(text, { format, tools: TOOLS }).toolCalls, text).toEqual([])
    }
  })
})
