import { describe, expect, it } from 'vitest'
import { bareJson } from '../../../src/families/bare-json/bare-json.js'
import type { BareJsonGrammar } from '../../../src/families/bare-json/bare-json-grammar.js'
import { createParser, defineFormat, formats, type ParseEvent, parse, RenderError, render } from '../../../src/index.js'
import { expectRow, type Row } from '../../support/reading.js'

const tools = [
  { name: 'tide', inputSchema: { type: 'object', properties: { port: { type: 'string' } } } },
  { name: 'list_boats', inputSchema: { type: 'object' } },
]
const TIDE = '{"name": "tide", "arguments": {"a": 1}}'
const BOATS = '{"name": "list_boats", "parameters": {}}'
const OTHER = '{"name": "other", "arguments": {}}'

function formatOf(grammar: BareJsonGrammar) {
  return defineFormat({ id: 'bare', stops: ['<stop>'], families: [bareJson(grammar)] })
}

function table(name: string, grammar: BareJsonGrammar, rows: readonly Row[], given: typeof tools | 'none' = tools) {
  const format = formatOf(grammar)
  const options = given === 'none' ? { format } : { format, tools: given }
  describe(name, () => {
    it.each(rows)('%s', (...row) => expectRow(options, row))
  })
}

const STREAMED: BareJsonGrammar = { where: 'anywhere', commit: 'arguments', lists: true, separators: ';,' }

table('streamed, anywhere', STREAMED, [
  ['behind words', `It is ${TIDE}!`, { content: 'It is !', calls: ['tide{"a": 1}'] }],
  ['in any order of keys', '{"parameters": {"b": 2}, "name": "tide"}', { calls: ['tide{"b": 2}'] }],
  [
    'arguments and parameters that differ',
    `{"name": "tide", "arguments": {"a": 1}, "parameters": {}}`,
    { status: 'malformed', incomplete: ['tide{"a": 1}'] },
  ],
  ['unless they are null', '{"name": "tide", "arguments": null, "parameters": {"b": 2}}', { calls: ['tide{"b": 2}'] }],
  ['a sequence', `${TIDE}; ${BOATS},\n${TIDE}`, { calls: ['tide{"a": 1}', 'list_boats{}', 'tide{"a": 1}'] }],
  ['a last semicolon is left out', `${TIDE}; <stop>`, { calls: ['tide{"a": 1}'] }],
  ['a semicolon before words is text', `${TIDE}; and`, { content: '; and', calls: ['tide{"a": 1}'] }],
  ['a list', `[${TIDE}, ${BOATS}]`, { calls: ['tide{"a": 1}', 'list_boats{}'] }],
  ['a list that turns into data', `[${TIDE}, ${OTHER}] x`, { content: `, ${OTHER}] x`, calls: ['tide{"a": 1}'] }],
  ['a list without its end', `[${TIDE}, {"na`, { status: 'truncated', calls: ['tide{"a": 1}'] }],
  ['an unknown name', `${OTHER} x`, { content: `${OTHER} x` }],
  [
    'a foreign key before the arguments',
    '{"name": "tide", "x": 1, "arguments": {}}',
    { content: '{"name": "tide", "x": 1, "arguments": {}}' },
  ],
  [
    'another type',
    '{"type": "object", "name": "tide", "arguments": {}}',
    { content: '{"type": "object", "name": "tide", "arguments": {}}' },
  ],
  ['no arguments', '{"name": "tide"}', { content: '{"name": "tide"}' }],
  [
    'arguments that are no object',
    '{"name": "tide", "arguments": [1]}',
    { content: '{"name": "tide", "arguments": [1]}' },
  ],
  ['an empty name', `{"name": "", "x": ${TIDE}}`, { content: `{"name": "", "x": ${TIDE}}` }],
  ['a call inside data', `{"x": [${TIDE}]} ${BOATS}`, { content: `{"x": [${TIDE}]} `, calls: ['list_boats{}'] }],
  ['a call inside data of Python', `{'x': ${TIDE}}`, { content: `{'x': ${TIDE}}` }],
  ['a lone quote does not hide what follows', `say {"x\n${TIDE}`, { content: 'say {"x\n', calls: ['tide{"a": 1}'] }],
  ['in a fence', `\`\`\`\n${TIDE}\n\`\`\``, { content: `\`\`\`\n${TIDE}\n\`\`\`` }],
  ['cut before its arguments', '{"name": "tide", "arg', { content: '{"name": "tide", "arg' }],
  [
    'cut in its arguments',
    '{"name": "tide", "arguments": {"a": "x',
    { status: 'truncated', incomplete: ['tide{"a": "x'] },
  ],
  [
    'only its last brace is missing',
    '{"name": "tide", "arguments": {}',
    { status: 'truncated', incomplete: ['tide{'] },
  ],
  [
    'cut in arguments that are a string',
    '{"name": "tide", "arguments": "{\\"a',
    { status: 'truncated', incomplete: ['tide'] },
  ],
  [
    'stopped in its arguments',
    '{"name": "tide", "arguments": {"a": 1<stop>',
    { status: 'malformed', incomplete: ['tide{"a": 1'] },
  ],
  [
    'damaged in its arguments',
    `{"name": "tide", "arguments": {"a": b}} ${BOATS}`,
    { status: 'malformed', calls: ['list_boats{}'], incomplete: ['tide{"a": '] },
  ],
])

table(
  'streamed, without tools',
  { ...STREAMED, withoutTools: 'behind-call' },
  [
    ['at the start, and behind a call', `\n${OTHER}; ${TIDE}`, { content: '\n', calls: ['other{}', 'tide{"a": 1}'] }],
    ['not behind words', `So: ${TIDE}`, { content: `So: ${TIDE}` }],
  ],
  'none',
)

const ENVELOPE: BareJsonGrammar = { where: 'line-start', commit: 'arguments', envelope: 'tool_calls' }

table('in an envelope', ENVELOPE, [
  ['a list', `{"tool_calls": [${TIDE}, ${BOATS}]}.`, { content: '.', calls: ['tide{"a": 1}', 'list_boats{}'] }],
  ['with other keys behind it', `{"tool_calls": [${TIDE}], "n": {"x": 1}}.`, { content: '.', calls: ['tide{"a": 1}'] }],
  ['that is no list', `{"tool_calls": ${TIDE}}`, { content: `{"tool_calls": ${TIDE}}` }],
  ['that comes second', `{"n": 1, "tool_calls": [${TIDE}]}`, { content: `{"n": 1, "tool_calls": [${TIDE}]}` }],
])

const HELD: BareJsonGrammar = {
  where: 'line-start',
  withoutTools: 'text-start',
  lists: true,
  separators: ',',
  close: ['</end>'],
  fences: { labels: ['', 'json'], withoutTools: 'whole-text' },
}

table('held to the end', HELD, [
  [
    'the rest of the text',
    `So:\n${TIDE}\n${BOATS} <stop>`,
    { content: 'So:\n ', calls: ['tide{"a": 1}', 'list_boats{}'] },
  ],
  ['words behind it', `So:\n${TIDE}\nand`, { content: `So:\n${TIDE}\nand` }],
  ['words before it', `So: ${TIDE}`, { content: `So: ${TIDE}` }],
  ['data behind it', `${TIDE}\n{"x": ${TIDE}}`, { content: `${TIDE}\n{"x": ${TIDE}}` }],
  ['a close marker proves it', `${OTHER}\n</end> x`, { content: ' x', calls: ['other{}'] }],
  [
    'a fence',
    `A\n\`\`\`json\n${TIDE},\n${BOATS}\n\`\`\`\n`,
    { content: 'A\n\n', calls: ['tide{"a": 1}', 'list_boats{}'] },
  ],
  ['a fence with a list', `\`\`\`\n[${TIDE}]\n\`\`\``, { calls: ['tide{"a": 1}'] }],
  ['a fence without its end', `\`\`\`\n${TIDE}\n`, { calls: ['tide{"a": 1}'] }],
  ['a fence of another language', `\`\`\`js\n${TIDE}\n\`\`\``, { content: `\`\`\`js\n${TIDE}\n\`\`\`` }],
  [
    'a fence that holds more',
    `\`\`\`\n${TIDE}\nx\n\`\`\`\n${BOATS}`,
    { content: `\`\`\`\n${TIDE}\nx\n\`\`\`\n`, calls: ['list_boats{}'] },
  ],
  [
    'cut in its arguments',
    `${TIDE}\n{"name": "tide", "arguments": {"a`,
    { status: 'truncated', calls: ['tide{"a": 1}'], incomplete: ['tide{"a'] },
  ],
  ['cut before its arguments', `${TIDE}\n{"nam`, { content: '\n{"nam', calls: ['tide{"a": 1}'] }],
  [
    'stopped in its arguments',
    '{"name": "tide", "arguments": {"a": 1<stop>',
    { status: 'malformed', incomplete: ['tide{"a": 1'] },
  ],
])

table(
  'held to the end, without tools',
  HELD,
  [
    ['the whole text', `\n${OTHER}\n`, { content: '\n\n', calls: ['other{}'] }],
    ['not behind words', `So:\n${OTHER}`, { content: `So:\n${OTHER}` }],
    ['the whole text in a fence', `\`\`\`json\n${OTHER}\n\`\`\`\n`, { content: '\n', calls: ['other{}'] }],
    ['not a fence among words', `So:\n\`\`\`json\n${OTHER}\n\`\`\``, { content: `So:\n\`\`\`json\n${OTHER}\n\`\`\`` }],
    ['not one that was cut', '{"name": "other", "arguments": {"a', { content: '{"name": "other", "arguments": {"a' }],
  ],
  'none',
)

describe('what comes out, and when', () => {
  const format = formatOf(STREAMED)

  function fed(text: string): { events: ParseEvent[]; shown: string } {
    const parser = createParser({ format, tools })
    const events = parser.push(text)
    return { events, shown: events.map((event) => (event.type === 'content' ? event.text : '')).join('') }
  }

  it.each([
    ['{"x', 'no key of a call begins like this'],
    ['{"name": "x', 'no tool begins like this'],
    ['{"name": 1', 'no name is a number'],
    ['{"type": "o', 'no type but function begins like this'],
    ['{"name": "tide", "arguments": 1', 'no arguments are a number'],
    ['{1', 'no key is a number'],
  ])('%s is text at once: %s', (text) => {
    expect(fed(text).shown.startsWith('{')).toBe(true)
  })

  it.each(['{', '{"na', '{"name": "ti', '{"name": "tide", "arguments": ', '['])('%s is held', (text) => {
    expect(fed(text).events).toEqual([])
  })

  it('announces a call when its arguments begin, and streams them', () => {
    const { events } = fed('{"name": "tide", "arguments": {"a": "some te')
    expect(events.map((event) => event.type)).toEqual(['call-start', 'arguments'])
    expect(events[1]).toMatchObject({ delta: '{"a": "some te' })
  })

  it('says that such a call stands without a marker', () => {
    const { toolCalls } = parse(TIDE, { format, tools })
    expect(toolCalls.map((call) => call.evidence)).toEqual(['bare'])
  })

  it('lists repairs, and makes none when they are off', () => {
    const text = "{'name': 'tide', 'arguments': {'a': None}}"
    expect(parse(text, { format, tools }).toolCalls[0]?.repairs.length).toBeGreaterThan(0)
    expect(parse(text, { format, tools, repair: false })).toMatchObject({ content: text, toolCalls: [] })
  })

  it('finds no calls where none are allowed', () => {
    expect(parse(TIDE, { format, tools, toolChoice: 'none' })).toMatchObject({ content: TIDE, toolCalls: [] })
  })

  it('reads lists with no more than so much space before their first call', () => {
    expect(parse(`[${' '.repeat(150)}${TIDE}]`, { format, tools }).toolCalls).toHaveLength(1)
    expect(parse(`[${' '.repeat(300)}${TIDE}]`, { format, tools }).content).toContain('[')
  })
})

describe('content in front of calls that are rendered', () => {
  const call = { name: 'tide', arguments: {} }
  const formatsOfBareCalls = formats().filter(({ families }) =>
    families.some(({ openers }) => openers.some(({ marker, bare }) => marker === '{' && bare === true)),
  )

  it.each(['hermes', 'llama3', 'mistral', 'xlam', 'gigachat3'])('%s: is refused where it is a call', (format) => {
    expect(() => render([], { format, content: TIDE, tools })).toThrow(RenderError)
  })

  it.each(formatsOfBareCalls.map(({ id }) => id))('%s: is refused, or is read as it is', (format) => {
    for (const content of [TIDE, '{"', '{"note: see [TOOL_CALLS]', '{"a": {"b": 1}, ']) {
      let text: string
      try {
        text = render([call], { format, content, tools })
      } catch (error) {
        expect(error).toBeInstanceOf(RenderError)
        continue
      }
      const read = parse(text, { format, tools })
      expect([read.content.trim(), read.toolCalls.map(({ name }) => name)]).toEqual([content.trim(), ['tide']])
    }
  })

  it.each(formatsOfBareCalls.map(({ id }) => id))('%s: is written where its data is closed', (format) => {
    const text = render([call], { format, content: '{"a": {"b": "{"}}\n' })
    const { content, toolCalls } = parse(text, { format, tools })
    expect([content.trim(), toolCalls.map(({ name }) => name)]).toEqual(['{"a": {"b": "{"}}', ['tide']])
  })
})

describe('calls of unknown tools without a marker that the text cuts before it could prove them', () => {
  it.each(formats().map(({ id }) => id))('%s: stay text', (format) => {
    for (const cut of [
      `[${OTHER}, {"name": "tide`,
      `[${OTHER}, {"name": "tide", "argu`,
      `${OTHER}\n{"name": "tide", "argu`,
    ]) {
      const { toolCalls } = parse(cut, { format, tools })
      expect(toolCalls.filter(({ known, evidence }) => !known && evidence === 'bare')).toEqual([])
    }
  })
})
