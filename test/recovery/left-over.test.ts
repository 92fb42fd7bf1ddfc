import { describe, expect, it } from 'vitest'
import { explain, parse } from '../../src/index.js'

const string = { type: 'string' }
const tools = {
  get_weather: { type: 'object', properties: { city: string }, required: ['city'] },
  list_files: { type: 'object', properties: {} },
  bash: { type: 'object', properties: { command: string }, required: ['command'] },
} as const
const read = (format: string, text: string, options = {}) => parse(text, { format, tools: tools as never, ...options })
const paris = '{"city": "Paris"}'

describe('the name of a given tool as the only key of a call', () => {
  it.each([
    ['hermes', (call: string) => `<tool_call>${call}</tool_call>`],
    ['llama3', (call: string) => `<|python_tag|>${call}`],
    ['mistral', (call: string) => `[TOOL_CALLS][${call}]`],
    ['jamba', (call: string) => `<tool_calls>[${call}]</tool_calls>`],
  ])('names it in %s', (format, write) => {
    const { toolCalls, status } = read(format, write(`{"get_weather": ${paris}}`))
    expect(toolCalls).toMatchObject([{ name: 'get_weather', argumentsText: paris, repairs: [{ kind: 'name-key' }] }])
    expect(status).toBe('complete')
    expect(read(format, write('{"list_files": {}}')).toolCalls).toMatchObject([{ name: 'list_files', arguments: {} }])
    for (const other of [
      '{"get_weather": {"town": "Paris"}}',
      '{"get_weather": {}}',
      '{"get_weather": "Paris"}',
      `{"other": ${paris}}`,
      `{"get_weather": ${paris}, "list_files": {}}`,
      '{"get_weather": {"city": {"type": "string"}}}',
    ])
      expect([other, read(format, write(other)).toolCalls]).toEqual([other, []])
    expect(read(format, write(`{"get_weather": ${paris}}`), { repair: false }).toolCalls).toEqual([])
  })
})

describe('arguments in one value', () => {
  const T = ']<]minimax[>['
  const tree = (name: string, value: string) =>
    `${T}<tool_call>\n${T}<invoke name="${name}">${value}${T}</invoke>\n${T}</tool_call>`
  const element = (key: string, value: string) => `${T}<${key}>${value}${T}</${key}>`

  it('are unwrapped in a tree, as between other tags', () => {
    for (const key of ['arguments', 'parameters', 'input'])
      expect(read('minimax-m3', tree('get_weather', element(key, paris)))).toMatchObject({
        toolCalls: [{ argumentsText: paris, repairs: [{ kind: 'wrapped-arguments' }] }],
        notes: [],
      })
    expect(read('minimax-m3', tree('bash', element('input', 'ls'))).toolCalls).toMatchObject([
      { arguments: { command: 'ls' } },
    ])
  })

  it('are not where the schema or another value speaks against it', () => {
    for (const value of [element('arguments', '{"town": "x"}'), element('arguments', paris) + element('days', '2')]) {
      const [call] = read('minimax-m3', tree('get_weather', value)).toolCalls
      expect(call?.repairs).toEqual([])
      expect(Object.keys(call?.arguments ?? {})).toContain('arguments')
    }
  })
})

it('the namespace before a name is left out in messages that hold a block of calls', () => {
  const invoke =
    '<atem:function_calls>\n<atem:invoke name="functions.get_weather">\n<atem:parameter name="city">Paris</atem:parameter>\n</atem:invoke>\n</atem:function_calls><|eom|>'
  for (const format of ['glimmer', 'muse'])
    for (const to of ['functions.get_weather', 'get_weather'])
      expect(read(format, `<|start|>assistant to=${to}<|message|>${invoke}`)).toMatchObject({
        toolCalls: [{ name: 'get_weather', arguments: { city: 'Paris' } }],
        status: 'complete',
      })
})

it('a character by its name is no value in Python, but in a raw string', () => {
  expect(read('pythonic', '[get_weather(city="\\N{BULLET} x")]')).toMatchObject({ toolCalls: [], status: 'malformed' })
  for (const [text, city] of [
    ['r"\\N{BULLET}"', '\\N{BULLET}'],
    ['"\\N x"', '\\N x'],
  ])
    expect(read('pythonic', `[get_weather(city=${text})]`).toolCalls).toMatchObject([{ arguments: { city } }])
})

it('what is left of a wrapper around calls has a note', () => {
  for (const text of [
    `<TOOLCALL foo="1">[{"name": "get_weather", "arguments": ${paris}}]</TOOLCALL>`,
    '<toolcall>\n<function=list_files>\n</function>\n</tool_call>',
  ]) {
    const { toolCalls, notes } = read('auto', text)
    expect([toolCalls.length, notes.map(({ code }) => code)]).toEqual([1, ['marker-in-text']])
  }
})

it('explain names the word that is no value, and the tool that was not given', () => {
  const said = (format: string, text: string) => explain(text, { format, tools: tools as never }).advice[0]
  expect(said('hermes', '<tool_call>{"name": "get_weather", "arguments": {"city": NaN}}</tool_call>')).toContain(
    'expected a value ("NaN" is none in JSON)',
  )
  expect(said('minicpm5', '<function name="create_doc"><param name="path">n.md</param></function>')).toContain(
    'it names no tool that was given',
  )
})
