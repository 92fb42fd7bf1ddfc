import { describe, expect, it } from 'vitest'
import { functionTag } from '../../../src/families/code/function-tag.js'
import { createParser, defineFormat, parse } from '../../../src/index.js'
import { expectRow, type Row } from '../../support/reading.js'
import { characters, chunkDifference } from '../../support/run.js'

const format = defineFormat({ id: 'functions', stops: ['<stop>'], families: [functionTag()] })
const tools = { tide: {} }

const rows: readonly Row[] = [
  ['a call', 'A <function=tide>{"a": {"b": 1}}</function> B', { content: 'A  B', calls: ['tide{"a": {"b": 1}}'] }],
  [
    'several',
    '<function=tide>{}</function><function=x>\n{"a": "</function>"}\n</function>',
    { calls: ['tide{}', 'x{"a": "</function>"}'] },
  ],
  ['no arguments', '<function=tide> </function>', { calls: ['tide{}'] }],
  ['space and quotes around the name', '<function= "tide" >{}</function>', { calls: ['tide{}'] }],
  ['no close marker', '<function=tide>{"a": 1}\nB', { content: '\nB', calls: ['tide{"a": 1}'] }],
  [
    'no close marker on its line, and text',
    '<function=tide>{"a": 1} B',
    { status: 'malformed', content: ' B', incomplete: ['tide{"a": 1}'] },
  ],
  ['no end of the opener', '<function=tide{"a": 1}</function>', { calls: ['tide{"a": 1}'] }],
  ['a brace missing', '<function=tide>{"a": 1</function>', { calls: ['tide{"a": 1}'] }],
  [
    'other parameters',
    '<function=tide>\n<parameter=a>',
    { status: 'malformed', content: '<function=tide>\n<parameter=a>' },
  ],
  ['prose', 'the <function=name> tag', { content: 'the <function=name> tag' }],
  ['a template', '<function={{ name }}>', { status: 'malformed', content: '<function={{ name }}>' }],
  ['cut in its name', '<function=ti', { status: 'truncated' }],
  ['cut behind its name', '<function=tide>', { status: 'truncated', incomplete: ['tide'] }],
  ['cut in its close marker', '<function=tide></fun', { status: 'truncated', incomplete: ['tide'] }],
  ['cut in its arguments', '<function=tide>{"a": "x', { status: 'truncated', incomplete: ['tide{"a": "x'] }],
  ['stopped in its arguments', '<function=tide>{"a": 1<stop>', { status: 'malformed', incomplete: ['tide{"a": 1'] }],
  [
    'damaged',
    '<function=tide>{"a": b}</function> B',
    { status: 'malformed', content: ' B', incomplete: ['tide{"a": '] },
  ],
  [
    'an unknown name in a fence',
    '```\n<function=x>{}</function>\n```',
    { content: '```\n<function=x>{}</function>\n```' },
  ],
]

describe('function tags', () => {
  it.each(rows)('%s', (...row) => expectRow({ format, tools }, row))

  it('lists what it mends, and mends nothing when repairs are off', () => {
    const text = '<function=tide{}</function>'
    expect(parse(text, { format }).toolCalls[0]?.repairs).toMatchObject([{ kind: 'missing-closer', after: '>' }])
    expect(parse(text, { format, repair: false })).toMatchObject({ content: text, toolCalls: [] })
  })
})

const weather = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] }
const offered = { get_weather: weather }
const object = '{"city": "Paris"}'

/** What models write for `<function=get_weather>{"city": "Paris"}</function>`: hosted Llama 3 above all. */
const headers = [
  `<function=get_weather(${object})</function>`,
  `<function=get_weather(${object})></function>`,
  `<function=get_weather[${object}]></function>`,
  `<function=get_weather, ${object}</function>`,
  `<function=get_weather:${object}></function>`,
  `<function=[get_weather]>${object}</function>`,
  `<function=get_weather>(${object})</function>`,
  `<function>get_weather${object}</function>`,
  `<function(get_weather)>${object}</function>`,
  `<function: get_weather>${object}</function>`,
  `<function get_weather>${object}</function>`,
  `<function/get_weather${object}</function>`,
  `<function name="get_weather">${object}</function>`,
  `<function=get_weather/>${object}</function>`,
]
const closers = ['<function/>', '<function>', '</function=get_weather>', '</get_weather>', '</func>', ';</function>']

/** The events do not depend on the chunks. */
function expectSame(text: string): void {
  expect(chunkDifference(createParser, { format: 'llama3', tools: offered }, text, [characters(text)])).toBeUndefined()
}

describe('function tags as models write them', () => {
  it.each(headers)('%s is the call of the tool that it names', (text) => {
    const result = parse(text, { format: 'llama3', tools: offered })
    expect(result).toMatchObject({ status: 'complete', content: '', incomplete: [] })
    expect(result.toolCalls).toMatchObject([{ name: 'get_weather', arguments: { city: 'Paris' } }])
    expect(result.toolCalls[0]?.repairs.map(({ kind }) => kind)).toContain('misspelt-header')
    expectSame(text)
  })

  it.each(headers)('%s is no call where nothing says which tool is meant', (text) => {
    for (const options of [{}, { tools: { get_time: {} } }, { tools: offered, repair: false }]) {
      const { toolCalls, content } = parse(text, { format: 'llama3', ...options })
      expect([toolCalls, content]).toEqual([[], text])
    }
  })

  it.each(closers)('%s ends the call', (closer) => {
    const text = `<function=get_weather>${object}${closer}\nDone.`
    const result = parse(text, { format: 'llama3', tools: offered })
    expect(result).toMatchObject({
      status: 'complete',
      content: '\nDone.',
      toolCalls: [{ arguments: { city: 'Paris' } }],
    })
    expectSame(text)
  })

  it('that is damaged holds no calls in its strings, and another one may follow it', () => {
    const text = `<function=get_weather{>{"city": "<function=get_weather>{}</function>"}</function>\n<function=get_weather>${object}</function>`
    const { toolCalls, incomplete } = parse(text, { format: 'llama3', tools: offered })
    expect(incomplete.map(({ name, status }) => [name, status])).toEqual([['get_weather', 'malformed']])
    expect(toolCalls.map((call) => call.arguments)).toEqual([{ city: 'Paris' }])
    expectSame(text)
  })
})

describe('arguments that go on behind their last brace', () => {
  const whole = [
    '<function=tide [{"a": 1}]</function>',
    '<function=tide>{"a": 1}\nAnd {"b": 2}',
    '<function=tide>{"a": 1}\n<b>"x": 1</b>',
  ]
  const halves = [
    '<function=tide [{"a": 1}, {"b": 2}]</function>',
    '<function=tide>[{"a": 1}, {"b": 2}]</function>',
    '<function=tide>{"a": 1}, "b": 2}</function>',
    '<function=tide>{"a": 1} and {"b": 2}',
    '<function=tide>{"a": 1}\n{"b": 2}</function>',
  ]

  it.each(halves)('leave the call malformed: %j', (text) => {
    const { toolCalls, incomplete, status } = parse(text, { format, tools })
    expect({ calls: toolCalls, status }).toEqual({ calls: [], status: 'malformed' })
    expect(incomplete).toMatchObject([{ name: 'tide', status: 'malformed' }])
  })

  it.each(whole)('are none in %j', (text) => {
    expect(parse(text, { format, tools }).toolCalls).toMatchObject([{ name: 'tide', arguments: { a: 1 } }])
  })

  it('are told alike in any pieces', () => {
    for (const text of [...whole, ...halves])
      expect(chunkDifference(createParser, { format, tools }, text, [characters(text)]), text).toBeUndefined()
  })
})
