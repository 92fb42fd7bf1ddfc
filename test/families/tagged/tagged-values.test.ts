import { describe, expect, it } from 'vitest'
import { type ParserOptions, parse } from '../../../src/index.js'

const property = (type: string | readonly string[]) => ({ type })
const tools = [
  {
    name: 'f',
    inputSchema: {
      type: 'object',
      properties: {
        text: property('string'),
        count: property('integer'),
        maybe: property(['integer', 'string']),
        list: property('array'),
        map: property('object'),
        on: property('boolean'),
      },
    },
  },
  { name: 'g', inputSchema: { type: 'object', properties: {} } },
]

/** Status, arguments and repairs of the call in a text, and the notes. */
function read(text: string, options: ParserOptions) {
  const { toolCalls, incomplete, notes } = parse(text, { tools, ...options })
  const [call] = [...toolCalls, ...incomplete]
  return [
    call?.status ?? 'none',
    call?.argumentsText ?? '',
    [...(call?.repairs ?? []).map(({ kind }) => kind), ...notes.map(({ code }) => code)].join(' '),
  ]
}

const qwen = (key: string, value: string) =>
  `<tool_call>\n<function=f>\n<parameter=${key}>\n${value}\n</parameter>\n</function>\n</tool_call>`

describe('a value that its schema does not allow', () => {
  it.each<[key: string, value: string, status: string, text: string, more: string]>([
    ['count', '12', 'complete', '{"count":12}', ''],
    ['count', 'abc', 'complete', '{"count":"abc"}', 'argument-type'],
    ['count', '< 3', 'complete', '{"count":"< 3"}', 'argument-type'],
    ['count', '<3', 'complete', '{"count":"<3"}', 'argument-type'],
    ['count', '<=3', 'complete', '{"count":"<=3"}', 'argument-type'],
    // Markup in a number has swallowed something.
    ['count', '3<b>', 'malformed', '{"count":"3<b>"', 'argument-type damaged-call'],
    ['count', '3">', 'malformed', '{"count":"3\\">"', 'argument-type damaged-call'],
    ['count', '3｜x', 'malformed', '{"count":"3｜x"', 'argument-type damaged-call'],
    ['on', 'true<b>', 'malformed', '{"on":"true<b>"', 'argument-type damaged-call'],
    // Lists and objects hold texts, and so may hold markup.
    ['list', 'x <b>', 'complete', '{"list":"x <b>"}', 'argument-type'],
    ['map', 'x <b>', 'complete', '{"map":"x <b>"}', 'argument-type'],
    ['maybe', '3<b>', 'complete', '{"maybe":"3<b>"}', ''],
    ['text', '3<b>', 'complete', '{"text":"3<b>"}', ''],
    ['list', '["<b>"]', 'complete', '{"list":["<b>"]}', ''],
  ])('%s: %s', (key, value, status, text, more) => {
    expect(read(qwen(key, value), { format: 'qwen3-coder' })).toEqual([status, text, more])
  })
})

const dsml = (key: string, value: string, string: 'true' | 'false' | undefined) =>
  `<｜DSML｜tool_calls>\n<｜DSML｜invoke name="f">\n<｜DSML｜parameter name="${key}"${string === undefined ? '' : ` string="${string}"`}>${value}</｜DSML｜parameter>\n</｜DSML｜invoke>\n</｜DSML｜tool_calls>`

describe('a value that says whether it is text', () => {
  it.each<
    [key: string, string: 'true' | 'false' | undefined, value: string, status: string, text: string, more: string]
  >([
    ['text', 'true', '12', 'complete', '{"text":"12"}', ''],
    ['count', 'false', '12', 'complete', '{"count":12}', ''],
    ['count', 'false', ' 12 ', 'complete', '{"count": 12 }', ''],
    ['map', 'false', '{"a": [1]}', 'complete', '{"map":{"a": [1]}}', ''],
    ['map', 'false', "{'a': True}", 'complete', '{"map":{"a": true}}', 'python-quotes python-quotes python-literal'],
    // What begins as JSON and is none cannot be meant as text.
    ['map', 'false', '{"a" 1}', 'malformed', '{"map":"{\\"a\\" 1}"', 'damaged-call'],
    ['map', 'false', ' {"a" 1}', 'malformed', '{"map":" {\\"a\\" 1}"', 'damaged-call'],
    ['list', 'false', '[1 2]', 'malformed', '{"list":"[1 2]"', 'damaged-call'],
    ['map', 'false', 'words', 'complete', '{"map":"words"}', 'argument-type'],
    ['count', 'false', '', 'complete', '{"count":""}', 'argument-type'],
    // Its attribute is missing: the schema tells.
    ['text', undefined, '12', 'complete', '{"text":"12"}', 'missing-attribute'],
    ['count', undefined, '12', 'complete', '{"count":12}', 'missing-attribute'],
  ])('%s, string=%s: %s', (key, string, value, status, text, more) => {
    expect(read(dsml(key, value, string), { format: 'deepseek-v4' })).toEqual([status, text, more])
  })

  it('is damage without its attribute, where nothing is repaired', () => {
    expect(read(dsml('count', '12', undefined), { format: 'deepseek-v4', repair: false })[0]).toBe('malformed')
  })
})

describe('all arguments in one parameter', () => {
  const two = (first: string, second: string) =>
    `<tool_call>\n<function=f>\n${[first, second].map((one) => `<parameter=${one}\n</parameter>\n`).join('')}</function>\n</tool_call>`

  it.each<[text: string, status: string, args: string, more: string]>([
    [qwen('arguments', '{"count": 1}'), 'complete', '{"count": 1}', 'wrapped-arguments'],
    [qwen('input', '{"count": 1}'), 'complete', '{"count": 1}', 'wrapped-arguments'],
    [qwen('arguments', '{"other": 1}'), 'complete', '{"arguments":"{\\"other\\": 1}"}', 'unknown-argument'],
    [qwen('arguments', 'words'), 'complete', '{"arguments":"words"}', 'unknown-argument'],
    // Only alone.
    [
      two('arguments>\n{"count": 1}', 'text>\nx'),
      'complete',
      '{"arguments":"{\\"count\\": 1}","text":"x"}',
      'unknown-argument',
    ],
    [
      two('text>\nx', 'arguments>\n{"count": 1}'),
      'complete',
      '{"text":"x","arguments":"{\\"count\\": 1}"}',
      'unknown-argument',
    ],
  ])('%s', (text, status, args, more) => {
    expect(read(text, { format: 'qwen3-coder' })).toEqual([status, args, more])
  })

  it('stay as they are where nothing is repaired, or where the tool takes none', () => {
    const options = { format: 'qwen3-coder', repair: false }
    expect(read(qwen('arguments', '{"count": 1}'), options)[1]).toBe('{"arguments":"{\\"count\\": 1}"}')
    const none = qwen('arguments', '{}').replace('=f>', '=g>')
    expect(read(none, { format: 'qwen3-coder' })).toEqual(['complete', '{}', 'wrapped-arguments'])
    expect(read(none.replace('{}', 'x'), { format: 'qwen3-coder' })[1]).toBe('{"arguments":"x"}')
  })
})
