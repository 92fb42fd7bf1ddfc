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
  for (const [text, ...codes] of [
    [`<TOOLCALL foo="1">[{"name": "get_weather", "arguments": ${paris}}]</TOOLCALL>`, 'stray-marker', 'marker-in-text'],
    ['<toolcall>\n<function=list_files>\n</function>\n</tool_call>', 'marker-in-text'],
  ] as const) {
    const { toolCalls, notes } = read('auto', text)
    expect([toolCalls.length, notes.map(({ code }) => code)]).toEqual([1, codes])
  }
})

it('what looks like a tag of calls in another case of letters, and opens none, has a note in auto', () => {
  for (const tag of ['toolcall', 'Tool_Call', 'TOOL_CALLS', 'Function_Calls']) {
    const { toolCalls, notes } = read('auto', `<${tag}><shell>{"command": "pwd"}</shell></${tag}>`)
    expect([tag, toolCalls.length, notes.map(({ code }) => code)]).toEqual([tag, 0, ['unread-call']])
  }
})

it('several closers of others end a block of calls, each with a note', () => {
  const call = `<tool_call>\n{"name": "get_weather", "arguments": ${paris}}`
  for (const format of ['hermes', 'auto']) {
    const { content, toolCalls, notes } = read(format, `${call}\n</parameter>\n</function>\n</tool_call>`)
    expect([content, toolCalls.length]).toEqual(['', 1])
    expect(notes.map(({ code }) => code)).toEqual(['stray-marker', 'stray-marker', 'stray-marker'])
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

describe('a code fence', () => {
  const cut = '{"city": "Paris"```, "days": 3}'
  const whole = '{"city": "Paris"\n```'
  it.each([
    ['functionary-v2', '<|from|>assistant\n<|recipient|>get_weather\n<|content|>', ''],
    ['functionary-v3.2', '>>>get_weather\n', ''],
    ['harmony', '<|channel|>commentary to=functions.get_weather <|constrain|>json<|message|>', '<|call|>'],
    [
      'deepseek-v3.1',
      '<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>get_weather<｜tool▁sep｜>',
      '<｜tool▁call▁end｜><｜tool▁calls▁end｜>',
    ],
  ])('ends an object of %s only where its line ends', (format, open, close) => {
    expect(read(format, open + cut + close)).toMatchObject({ toolCalls: [], status: 'malformed' })
    for (const text of [open + whole + close, `${open}${whole.replace('\n', '')}${close}`])
      expect(read(format, text).toolCalls).toMatchObject([{ arguments: { city: 'Paris' } }])
  })
})

describe('the tag of an argument in capitals', () => {
  const days = { type: 'integer' }
  const given = { get_weather: { type: 'object', properties: { city: string, days }, required: ['city'] } } as never
  it.each([
    [
      'qwen3-coder',
      '<tool_call>\n<function=get_weather>\n<parameter=city>\nParis\n</parameter>\n<PARAMETER=DAYS>\n3\n</parameter>\n</function>\n</tool_call>',
    ],
    [
      'minimax-m2',
      '<minimax:tool_call>\n<invoke name="get_weather">\n<parameter name="city">Paris</parameter>\n<PARAMETER NAME="DAYS">3</parameter>\n</invoke>\n</minimax:tool_call>',
    ],
    [
      'glm-4.7',
      '<tool_call>get_weather<arg_key>city</arg_key><arg_value>Paris</arg_value><ARG_KEY>DAYS</ARG_KEY><ARG_VALUE>3</arg_value></tool_call>',
    ],
  ])('is no value in %s', (format, text) => {
    expect(parse(text, { format, tools: given })).toMatchObject({ toolCalls: [], status: 'malformed' })
  })
})

describe('the header of a message without its recipient', () => {
  const message = (header: string, text = paris) => `<|from|>assistant\n${header}\n<|content|>${text}`
  it('is an attempt before the text of a call', () => {
    for (const header of ['<|recipient|>', 'get_weather'])
      for (const format of ['functionary-v2', 'auto'])
        expect(read(format, message(header))).toMatchObject({ toolCalls: [], status: 'malformed' })
    expect(read('functionary-v2', message('<|recipient|>', 'Hi.'))).toMatchObject({
      content: 'Hi.',
      status: 'complete',
    })
  })

  it('is read where its mark is in capitals', () => {
    expect(read('functionary-v2', message('<|RECIPIENT|>get_weather')).toolCalls).toMatchObject([
      { name: 'get_weather', repairs: [{ kind: 'misspelt-header' }] },
    ])
  })
})

describe('a call without arguments whose opener was lost', () => {
  const after = '<tool_call>get_weather<arg_key>city</arg_key><arg_value>Paris</arg_value></tool_call>'
  it.each([
    ['glm-4.7', `list_files</tool_call>${after}`],
    ['glm-4.7', `<tool_calllist_files</tool_call>${after}`],
    ['gemma4', 'call:list_files{}<tool_call|><|tool_call>call:get_weather{city:<|"|>Paris<|"|>}<tool_call|>'],
    [
      'solar-open2',
      'list_files\n<|tool_call:end|>\n<|tool_call:start|>get_weather\n<|tool_arg:start|>city<|tool_arg:value|>Paris<|tool_arg:end|>\n<|tool_call:end|>',
    ],
  ])('is a loss in %s: %s', (format, text) => {
    for (const by of [format, 'auto']) {
      const { toolCalls, status, notes } = read(by, text)
      expect({ names: toolCalls.map(({ name }) => name), status }).toEqual({
        names: ['get_weather'],
        status: 'malformed',
      })
      expect(notes.length).toBeGreaterThan(0)
    }
  })

  it.each([
    'Tools: list_files</tool_call> is it.',
    '`list_files</tool_call>`',
    '<think>\nlist_files</tool_call>\n</think>No.',
    'list_files</list>',
    'other</tool_call>',
  ])('is none in %j', (text) => expect(read('glm-4.7', text).status).toBe('complete'))
})
