import { describe, expect, it } from 'vitest'
import { collect, createParser, type Format, formats, type ParserOptions, parse } from '../../src/index.js'
import { renderOf } from '../promises/format-facts.js'
import { run } from '../support/run.js'

// Names and keys that stand where or as the format does not write them: what can only mean one call is a listed repair, in
// every format; what may mean two makes no complete call in any.

const CALL = { name: 'get_tide', arguments: { harbour: 'Moss' } }
const SCHEMA = {
  type: 'object',
  properties: { harbour: { type: 'string' }, days: { type: 'integer' } },
  required: ['harbour'],
}
const TOOLS = { get_tide: SCHEMA, delete_all: { type: 'object', properties: { scope: { type: 'string' } } } }

/** Each format's text of the call, changed; those are left out that do not hold what is changed. */
function changed(pattern: RegExp, by: string): [string, Format, string][] {
  return formats().flatMap((format): [string, Format, string][] => {
    const text = renderOf(format, [CALL], { tools: TOOLS }) ?? ''
    const other = text.replaceAll(pattern, by)
    return other === text ? [] : [[format.id, format, other]]
  })
}

/** The same whole and character by character. */
function read(text: string, options: ParserOptions) {
  const whole = parse(text, options)
  expect(collect(run(createParser, options, [...text]))).toEqual(whole)
  return whole
}

function expectRepaired(text: string, format: Format, kind: string, edit: [before: string, after: string]): void {
  const { toolCalls, incomplete, status } = read(text, { format, tools: TOOLS })
  expect({ toolCalls, incomplete, status }).toMatchObject({ toolCalls: [CALL], incomplete: [], status: 'complete' })
  const repairs = toolCalls[0]?.repairs ?? []
  expect(repairs.map(({ kind, before, after }) => [kind, before, after])).toContainEqual([kind, ...edit])
  expect(parse(text, { format, tools: TOOLS, repair: false }).toolCalls).not.toMatchObject([CALL])
}

describe('a key in quotes, where keys have none', () => {
  const texts = changed(/(?<=[a-z]>)harbour(?=<)/g, '"harbour"')
  it('is tried in most formats of keys in elements', () => expect(texts.length).toBeGreaterThan(8))

  it.each(texts)('is the key of the schema: %s', (_, format, text) => {
    expectRepaired(text, format, 'misspelt-marker', ['"harbour"', 'harbour'])
  })

  it.each(texts)('is no key where the schema has neither: %s', (_, format, text) => {
    const tools = { get_tide: { type: 'object', properties: { port: { type: 'string' } } } }
    expect(read(text, { format, tools })).toMatchObject({ toolCalls: [], incomplete: [{ status: 'malformed' }] })
  })

  it.each(texts)('stays as it is without a schema: %s', (_, format, text) => {
    const { toolCalls } = read(text, { format, tools: { get_tide: true } as never })
    expect(toolCalls).toMatchObject([{ arguments: { '"harbour"': 'Moss' } }])
  })
})

describe('a member of a call object', () => {
  const ARGUMENTS = /("(?:arguments|parameters|args)": ?\{[^{}]*\})/g
  const INNER = '{"name": "delete_all", "arguments": {"scope": "x"}}'
  it.each([
    ['a second call', `"function": ${INNER}`],
    ['a second call under a key of its own', `"next": ${INNER}`],
    ['a list of calls', `"tool_calls": [${INNER}]`],
    ['a second object of arguments', '"arguments": {"harbour": "Oslo"}, "parameters": {"harbour": "Ask"}'],
    ['a second name', '"name": "delete_all", "tool_name": "delete_all"'],
    ['a second name under another key', '"tool": "delete_all"'],
    ['a second name under the key of a call', '"function": "delete_all"'],
    ['the name of another tool under any key', '"next": "delete_all"'],
  ])('that is %s makes the call malformed', (_, member) => {
    const texts = changed(ARGUMENTS, `$1, ${member}`).filter(([, , text]) => /"(?:tool_)?name": /.test(text))
    expect(texts.length).toBeGreaterThan(15)
    for (const [id, format, text] of texts) {
      const { toolCalls, status } = read(text, { format, tools: TOOLS })
      expect({ id, toolCalls, status }).toEqual({ id, toolCalls: [], status: 'malformed' })
    }
  })

  it('that is other data leaves the call as it is', () => {
    const texts = changed(ARGUMENTS, '$1, "why": {"name": "a reason"}')
    for (const [, format, text] of texts) expect(read(text, { format, tools: TOOLS }).toolCalls).toMatchObject([CALL])
  })
})

describe('the name of a given tool under another key', () => {
  const NAME = /"(?:tool_)?name"(?=: "get_tide")/g
  const isMarked = (text: string) => !/^[[{]/.test(text.trim())
  const keys = ['tool', 'function', 'tool_name', 'name'].flatMap((key) =>
    changed(NAME, `"${key}"`)
      .filter(([, , text]) => isMarked(text))
      .map(([id, format, text]) => [id, key, format, text] as const),
  )
  it('is tried in most formats of JSON', () => expect(keys.length).toBeGreaterThan(45))

  it.each(keys)('is its name: %s, %s', (_, key, format, text) => {
    const { toolCalls, incomplete } = read(text, { format, tools: TOOLS })
    expect({ toolCalls, incomplete }).toMatchObject({ toolCalls: [CALL], incomplete: [] })
    // Cohere's formats and Inkling's read more than one key.
    const isOwn = parse(text, { format, tools: TOOLS, repair: false }).toolCalls.length === 1
    const kinds = toolCalls[0]?.repairs.map(({ kind, before }) => [kind, before])
    expect(kinds).toEqual(isOwn ? [] : [['name-key', `"${key}"`]])
  })

  it.each([
    ['another tool', '{"tool": "get_time", "arguments": {}}', TOOLS],
    ['two given tools', '{"tool": "get_tide", "function": "delete_all", "arguments": {"harbour": "Moss"}}', TOOLS],
    ['a word, where no tools were given', '{"tool": "get_tide", "arguments": {"harbour": "Moss"}}', undefined],
    [
      'an argument of the tool',
      '{"tool": "run", "arguments": {}}',
      { run: { type: 'object', properties: { tool: { type: 'string' } } } },
    ],
  ])('is none where the key holds %s', (_, object, tools) => {
    const { toolCalls, status } = read(`<tool_call>\n${object}\n</tool_call>`, { format: 'hermes', tools })
    expect({ toolCalls, status }).toEqual({ toolCalls: [], status: 'malformed' })
  })
})

describe('a blank at the edge of a name in quotes', () => {
  const names = [...changed(/(?<==")get_tide(?=")/g, ' get_tide'), ...changed(/(?<==")harbour(?=")/g, ' harbour')]
  it('is tried in most formats of attributes', () => expect(names.length).toBeGreaterThan(20))

  it.each(names)('is left out: %s', (_, format, text) => {
    const name = / (?:get_tide|harbour)(?=")/.exec(text)?.[0] ?? ''
    expectRepaired(text, format, 'misspelt-marker', [name, name.trim()])
  })
})

describe('the namespace of all tools before a name', () => {
  const isMarked = ([id]: [string, ...unknown[]]) =>
    !['pythonic', 'deepseek-json', 'xlam', 'functionary-v3.1', 'minicpm5', 'glimmer', 'muse'].includes(id)
  const texts = changed(/(?<!functions\.)get_tide/g, 'functions.get_tide').filter(isMarked)
  it('is tried in most formats', () => expect(texts.length).toBeGreaterThan(55))

  it.each(texts)('is left out: %s', (_, format, text) => {
    expectRepaired(text, format, 'misspelt-header', ['functions.', ''])
  })

  it('belongs to the name of a tool that has it, and of one that was not given', () => {
    const name = 'functions.get_tide'
    const text = `[TOOL_CALLS]${name}[ARGS]{"harbour": "Moss"}`
    for (const tools of [undefined, { [name]: SCHEMA, get_tide: SCHEMA }, { get_time: SCHEMA }])
      expect(read(text, { format: 'mistral', tools }).toolCalls).toMatchObject([{ name }])
  })
})

describe('close markers that are escaped as in JSON', () => {
  const texts = changed(/<\//g, '<\\/').filter(([id]) => ['qwen3-coder', 'glm-4.7', 'deepseek-v4', 'dots'].includes(id))

  it.each(texts)('make no call, and are told of: %s', (_, format, text) => {
    const { toolCalls, incomplete, notes } = read(text, { format, tools: TOOLS })
    expect({ toolCalls, incomplete }).toMatchObject({ toolCalls: [], incomplete: [{ status: 'malformed' }] })
    expect(notes.map(({ message }) => message).join('\n')).toContain('its close markers are escaped as in JSON (<\\/')
  })

  it('are data before a real one', () => {
    const text = '<tool_call>\n<function=get_tide>\n<parameter=harbour>\na<\\/parameter>\n<\\/function>b\n</parameter>'
    const { toolCalls } = read(`${text}\n</function>\n</tool_call>`, { format: 'qwen3-coder', tools: TOOLS })
    expect(toolCalls).toMatchObject([{ arguments: { harbour: 'a<\\/parameter>\n<\\/function>b' } }])
  })

  it('leave a text truncated that was cut', () => {
    const text = '<tool_call>\n<function=get_tide>\n<parameter=harbour>\na<\\/parameter>\n'
    expect(parse(`${text}and`, { format: 'qwen3-coder', tools: TOOLS }).status).toBe('truncated')
  })
})

describe.each([
  ['gemma4', '<|tool_call>', '<tool_call|>', '<|"|>'],
  ['functiongemma', '<start_function_call>', '<end_function_call>', '<escape>'],
])('arguments in parentheses: %s', (format, open, close, quote) => {
  const call = (args: string) => `${open}call:get_tide${args.replaceAll('~', quote)}${close}`

  it.each(['(harbour:~Moss~,days:2)', '(harbour=~Moss~, days=2)', '(harbour="Moss", days=2)'])(
    'are read: %s',
    (args) => {
      for (const one of [format, 'auto']) {
        const { toolCalls, status } = read(call(args), { format: one, tools: TOOLS })
        const expected = { name: 'get_tide', arguments: { harbour: 'Moss', days: 2 } }
        expect({ toolCalls, status }).toMatchObject({ toolCalls: [expected], status: 'complete' })
        const edits = toolCalls[0]?.repairs.map(({ before, after }) => before + after)
        expect(edits).toEqual(expect.arrayContaining(['({', ')}']))
      }
      expect(parse(call(args), { format, tools: TOOLS, repair: false }).toolCalls).toEqual([])
    },
  )

  it.each(['(harbour=~Moss~}', '{harbour:~Moss~)', '{harbour=~Moss~}', '(~Moss~)', '(harbour=f(1))'])(
    'are refused where they may mean something else: %s',
    (args) => {
      const { toolCalls, status } = read(call(args), { format, tools: TOOLS })
      expect({ toolCalls, status }).toEqual({ toolCalls: [], status: 'malformed' })
    },
  )
})

describe('a header that lost a part', () => {
  const GEMMA = '{harbour:<|"|>Moss<|"|>}<tool_call|>'
  it.each([
    ['gemma4', `<|tool_call>:get_tide${GEMMA}`, ['misspelt-header']],
    ['gemma4', `<tool_call:get_tide${GEMMA}`, ['marker-spelling', 'misspelt-header']],
    [
      'functiongemma',
      '<start_function_call:get_tide{harbour:<escape>Moss<escape>}<end_function_call>',
      ['marker-spelling', 'misspelt-header'],
    ],
    ['lfm2', "<|tool_call_start|>get_tide(harbour='Moss')<|tool_call_end|>", ['missing-opener']],
    ['pythonic', "<|python_tag|>get_tide(harbour='Moss')", ['missing-opener']],
  ])('is that of the given tool: %s %j', (format, text, kinds) => {
    const { toolCalls, status } = read(text, { format, tools: TOOLS })
    expect({ toolCalls, status }).toMatchObject({ toolCalls: [CALL], status: 'complete' })
    expect(toolCalls[0]?.repairs.map(({ kind }) => kind)).toEqual(kinds)
    expect(parse(text, { format, tools: TOOLS, repair: false }).toolCalls).toEqual([])
    expect(parse(text, { format, tools: { get_time: SCHEMA } }).toolCalls).toEqual([])
  })

  it('is none where something else stands in its list', () => {
    const text = "<|tool_call_start|>get_tide(harbour='Moss') or so<|tool_call_end|>"
    expect(read(text, { format: 'lfm2', tools: TOOLS })).toMatchObject({ toolCalls: [], status: 'malformed' })
  })

  it('opens a call that the text cuts', () => {
    const { incomplete, status } = read("<|tool_call_start|>get_tide(harbour='Mo", { format: 'lfm2', tools: TOOLS })
    expect({ incomplete, status }).toMatchObject({ incomplete: [{ name: 'get_tide' }], status: 'truncated' })
  })

  it('is a mention in the middle of a line', () => {
    const text = "A call opens as in <|tool_call_start|>get_tide(harbour='Moss') there."
    expect(read(text, { format: 'lfm2', tools: TOOLS }).toolCalls).toEqual([])
  })
})

describe('a key of the schema with other characters at its edges', () => {
  const texts = ['.harbour', 'harbour.', '"harbour', 'harbour\\', '`harbour`'].flatMap((key) =>
    changed(/(?<=[a-z]>)harbour(?=<)/g, key),
  )
  it('is tried in most formats of keys in elements', () => expect(texts.length).toBeGreaterThan(40))

  it.each(texts)('completes no call: %s', (_, format, text) => {
    expect(read(text, { format, tools: TOOLS })).toMatchObject({ toolCalls: [], status: 'malformed' })
  })

  it.each(texts)('is a key where the schema has it: %s', (_, format, text) => {
    const [key = ''] = /[.`"]?harbour[.`\\]?(?=<)/.exec(text) ?? []
    const tools = { get_tide: { type: 'object', properties: { [key]: { type: 'string' } } } }
    expect(read(text, { format, tools }).toolCalls).toMatchObject([{ arguments: { [key]: 'Moss' } }])
  })
})
