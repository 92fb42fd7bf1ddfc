import { describe, expect, it } from 'vitest'
import { createParser, formats, parse } from '../../src/index.js'
import { renderOf } from '../promises/format-facts.js'
import { chunkDifference } from '../support/run.js'
import { shareOf } from '../support/runs.js'

const TOOLS = [
  { name: 'list_files', inputSchema: { type: 'object', properties: {} } },
  {
    name: 'get_weather',
    inputSchema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
]
const all = formats()
  .map((format) => ({
    id: format.id,
    first: renderOf(format, [{ name: 'list_files', arguments: {} }], { tools: TOOLS })?.trim() ?? '',
    call: renderOf(format, [{ name: 'get_weather', arguments: { city: 'Paris' } }], { tools: TOOLS })?.trim() ?? '',
  }))
  .filter(({ id, first }) => parse(first, { format: id, tools: TOOLS }).toolCalls.length === 1)

const INVOKE = '<invoke name="get_weather">\n<parameter name="city">Paris</parameter>\n</invoke>'
/** Calls of formats that have no wrapper, and of those that lost theirs. */
const BARE = {
  '<function=f>': '<function=get_weather>\n<parameter=city>Paris</parameter>\n</function>',
  '<invoke>': INVOKE,
  '<function_calls>': `<function_calls>\n${INVOKE}\n</function_calls>`,
  '<tool_calls>': `<tool_calls>\n${INVOKE}\n</tool_calls>`,
  'the message of a chat API':
    '{"tool_calls":[{"type":"function","function":{"name":"get_weather","arguments":{"city":"Paris"}}}]}',
}

/** Is the call that stands first read as it is alone? Bare ones are text behind words. */
const isRead = (text: string, format: string) => parse(text, { format, tools: TOOLS }).toolCalls.length === 1

/** Is the call of `get_weather` in a text read, or is the text malformed with a note on the call? */
function isKept(text: string, format: string, from: number): boolean {
  const { toolCalls, incomplete, status, notes } = parse(text, { format, tools: TOOLS })
  if ([...toolCalls, ...incomplete].some(({ name }) => name === 'get_weather')) return true
  return status === 'malformed' && notes.some((note) => note.to > from)
}

describe.each(Object.entries(BARE))('%s behind a call', (_, call) => {
  it.each([
    ['on the next line', (first: string) => `${first}\n`],
    ['on its line', (first: string) => first],
    ['on its line, behind words', (first: string) => `I look. ${first}`],
    ['behind a line of words', (first: string) => `${first}\nAnd then:\n`],
  ])('%s is lost in no format', (_, lead) => {
    const lost = shareOf(all).flatMap(({ id, first }) =>
      [id, 'auto']
        .filter((format) => isRead(lead(first), format) && !isKept(lead(first) + call, format, lead(first).length))
        .map((one) => [id, one]),
    )
    expect(lost).toEqual([])
  })

  const inline = call.replaceAll('\n', '')
  it.each([
    ['in a fence', `\nSo:\n\`\`\`xml\n${call}\n\`\`\`\nThat is all.`],
    ['in inline code', `\nUse \`${inline}\` for it.`],
    ['in a quoted line', `\n> ${inline}`],
    ['in quotation marks', `\nThe log says "${inline}" there.`],
    ['in quotation marks, on lines', `\nThe log says "${call}" there.`],
    ['in an echoed result', `\n<tool_response>\n${call}\n</tool_response>`],
    ['in a comment', `\n<!--\n${call}\n-->`],
  ])('%s is no lost one', (_, behind) => {
    const noted = shareOf(all, 1).flatMap(({ id, first }) =>
      [id, 'auto'].flatMap((format) => {
        const { notes } = parse(first + behind, { format, tools: TOOLS })
        return notes.filter(({ code }) => code === 'looks-like' || code === 'stripped-markers').map(() => [id, format])
      }),
    )
    expect(noted).toEqual([])
  })
})

it('prose, data and lists of tools behind a call are no lost call', () => {
  const listed = JSON.stringify({ type: 'function', function: { name: 'get_weather', parameters: {} } })
  for (const behind of [
    'I called get_weather and list_files (get_weather is quick).',
    `<tools>\n${listed}\n</tools>`,
    'for x in get_weather.cities: print(get_weather)',
  ])
    for (const { id, first } of shareOf(all, 3)) {
      const before = parse(first, { format: id, tools: TOOLS })
      const { notes, status } = parse(`${first}\n${behind}`, { format: id, tools: TOOLS })
      expect(
        notes.filter(({ code }) => code === 'looks-like'),
        id,
      ).toEqual([])
      if (behind.startsWith('I ')) expect(status, id).toBe(before.status)
    }
})

describe('a call that lost every `<`', () => {
  const tagged = shareOf(
    all.filter(({ call }) => call.includes('<')),
    2,
  )
  const without = (text: string) => text.replace(/<\/?/g, '')

  it('is lost in silence in no format, alone and behind a call', () => {
    const lost = tagged.flatMap(({ id, first, call }) =>
      [id, 'auto'].flatMap((format) =>
        [without(call), `${first}\n${without(call)}`]
          .filter((text) => {
            const { toolCalls, notes, status } = parse(text, { format, tools: TOOLS })
            return status === 'complete' && notes.length === 0 && !toolCalls.some(({ name }) => name === 'get_weather')
          })
          .map((text) => [format, text]),
      ),
    )
    expect(lost).toEqual([])
  })

  it('says so', () => {
    const text = 'invoke name="get_weather">\nparameter name="city">Parisparameter>\ninvoke>'
    for (const format of ['minimax-m2', 'auto']) {
      const { status, notes } = parse(text, { format, tools: TOOLS })
      expect(status).toBe('malformed')
      expect(notes[0]).toMatchObject({ code: 'stripped-markers', from: 0 })
      expect(notes[0]?.message).toMatch(/^a call lost the `<` of its markup/)
    }
  })
})

it.each([
  ['harmony', '+#+#+assistant to=functions.get_weather ...\n{"city":"Paris"}'],
  ['harmony', 'assistant to=functions.get_weather commentary json\n{"city":"Paris"}\nDone.'],
  ['gemma4', 'call:ns:get_weather{"city": "Paris"}'],
  ['functiongemma', 'call:ns:get_weather{"city": "Paris"}'],
])('%s: %s lost its special tokens', (id, text) => {
  for (const format of [id, 'auto']) {
    expect(parse(text, { format, tools: TOOLS }).status, format).toBe('malformed')
    expect(parse(text, { format, tools: TOOLS }).notes[0]?.code, format).toBe('stripped-markers')
    expect(chunkDifference(createParser, { format, tools: TOOLS }, text, [text.split('')])).toBeUndefined()
  }
})

it.each([
  ['pythonic', "[TOOL_RESULTS][list_files()][/TOOL_RESULTS][get_weather(city='Paris')]"],
  ['pythonic', "<!-- [list_files()] -->[get_weather(city='Paris')]"],
  ['llama3', '<tool_response>\n{}\n</tool_response>{"name": "get_weather", "parameters": {"city": "Paris"}}'],
])('auto reads what follows an echo on its line as %s does: %s', (id, text) => {
  for (const format of [id, 'auto'])
    expect(parse(text, { format, tools: TOOLS }).toolCalls, format).toMatchObject([{ name: 'get_weather' }])
})

describe('a tag of a call that is read, left in the text', () => {
  const withBlocks = all.filter(({ call }) => /^<[\w:]{0,20}(?:tool|function)_calls?>/.test(call))
  it.each(withBlocks.map(({ id, call }) => [id, call] as const))('%s: is noted with attributes', (id, call) => {
    const text = call.replace('>', ' id="1">')
    for (const format of [id, 'auto']) {
      const { content, notes, status } = parse(text, { format, tools: TOOLS })
      if (content.trim() !== '' && status === 'complete') expect(notes, format).not.toEqual([])
    }
  })

  it.each([
    ['kimi-k2', '<|tool_calls_section_begin|>', '<|tool_use_begin|>'],
    ['hermes', '<tool_call>', '<tool_call id="1">'],
  ])('%s: %s written as %s', (id, own, other) => {
    const call = all.find((one) => one.id === id)?.call.replace(own, other) ?? ''
    const { toolCalls, notes } = parse(call, { format: id, tools: TOOLS })
    expect(toolCalls).toMatchObject([{ name: 'get_weather' }])
    expect(notes).toMatchObject([{ code: 'marker-in-text', from: 0, to: other.length }])
  })

  it('in prose and code it is none', () => {
    const first = all.find(({ id }) => id === 'hermes')?.first ?? ''
    for (const behind of ['Use the <tool_use> tag.', '`<tool_use>`', '```\n<tool_use>\n```\nSo it is.', '> <tool_use>'])
      expect(parse(`${first}\n${behind}`, { format: 'hermes', tools: TOOLS }).notes, behind).toEqual([])
  })
})
