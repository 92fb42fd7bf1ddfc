import { describe, expect, it } from 'vitest'
import { formats, parse, RenderError, render } from '../../src/index.js'

const tools = [
  {
    name: 'f',
    parameters: {
      type: 'object',
      properties: { a: { type: 'string' }, n: { type: 'integer' }, data: { type: 'object' } },
    },
  },
]
const calls = [
  { name: 'f', arguments: { a: 'x "y"', n: 2, none: undefined } },
  { name: 'f', arguments: {} },
]
const ARGS = '{"a": "x \\"y\\"", "n": 2}'

const hermes = `<tool_call>\n{"name": "f", "arguments": ${ARGS}}\n</tool_call>\n<tool_call>\n{"name": "f", "arguments": {}}\n</tool_call>`
const call3 = (args: string) =>
  `<｜tool▁call▁begin｜>function<｜tool▁sep｜>f\n\`\`\`json\n${args}\n\`\`\`<｜tool▁call▁end｜>`
const call31 = (args: string) => `<｜tool▁call▁begin｜>f<｜tool▁sep｜>${args}<｜tool▁call▁end｜>`
const section = (...inside: string[]) => `<｜tool▁calls▁begin｜>${inside.join('')}<｜tool▁calls▁end｜>`
const dsml = (block: string) =>
  [
    `\n\n<｜DSML｜${block}>`,
    '<｜DSML｜invoke name="f">',
    '<｜DSML｜parameter name="a" string="true">x "y"</｜DSML｜parameter>',
    '<｜DSML｜parameter name="n" string="false">2</｜DSML｜parameter>',
    '</｜DSML｜invoke>',
    '<｜DSML｜invoke name="f">\n\n</｜DSML｜invoke>',
    `</｜DSML｜${block}>`,
  ].join('\n')
/** V4.1 has a space in every tag. */
const spacedDsml = dsml('calls').replaceAll('｜DSML｜', '｜DSML｜ ')
const tagged =
  '<tool_call>\n<function=f>\n<parameter=a>\nx "y"\n</parameter>\n<parameter=n>\n2\n</parameter>\n</function>\n</tool_call>\n<tool_call>\n<function=f>\n</function>\n</tool_call>'
const packed = tagged.replaceAll('\n', '')
const plugin = (args: string) => `<|action_start|><|plugin|>\n{"name": "f", "parameters": ${args}}<|action_end|>`

const think = (text: string) => `<think>${text}</think>`
const spaced = (text: string) => `<think>\n${text}\n</think>\n\n`

/** What stands between content and calls, and the calls, of each format. */
const written: [format: string, reasoning: (text: string) => string, between: string, calls: string][] = [
  ['hermes', think, '', hermes],
  ['qwen', spaced, '\n', hermes],
  ['qwen3-coder', spaced, '\n\n', tagged],
  ['mimo', think, '', packed],
  ['pythonic', think, '\n', '[f(a=\'x "y"\', n=2), f()]'],
  ['llama4-pythonic', think, '', '<|python_start|>[f(a=\'x "y"\', n=2), f()]<|python_end|>'],
  [
    'llama3',
    think,
    '',
    `<|python_tag|>{"name": "f", "parameters": ${ARGS}}; <|python_tag|>{"name": "f", "parameters": {}}`,
  ],
  ['mistral', (text) => `[THINK]${text}[/THINK]`, '', `[TOOL_CALLS]f[ARGS]${ARGS}[TOOL_CALLS]f[ARGS]{}`],
  ['deepseek-v3.1', think, '', section(call31(ARGS), call31('{}'))],
  ['deepseek-v3', think, '', section(call3(ARGS), '\n', call3('{}'))],
  ['deepseek-v3.2', think, '', dsml('function_calls')],
  ['deepseek-v4', think, '', dsml('tool_calls')],
  ['deepseek-v4.1', think, '', spacedDsml],
  ['deepseek-json', think, '\n', `{"name": "f", "arguments": ${ARGS}}\n{"name": "f", "arguments": {}}`],
  ['internlm2', think, '', `${plugin(ARGS)}\n${plugin('{}')}`],
]

describe.each(written)('%s', (format, reasoning, between, text) => {
  const options = { format, tools }

  it('writes calls, content and reasoning as its template does', () => {
    expect(render(calls, options)).toBe(text)
    expect(render(calls, { ...options, content: 'Hi.' })).toBe(`Hi.${between}${text}`)
    expect(render(calls, { ...options, content: 'Hi.', reasoning: 'So.' })).toBe(
      `${reasoning('So.')}Hi.${between}${text}`,
    )
    expect(render([], { ...options, content: 'Hi.', reasoning: 'So.' })).toBe(`${reasoning('So.')}Hi.`)
    expect(render([], { ...options, content: 'Hi.\n' })).toBe('Hi.\n')
    expect(render([], options)).toBe('')
  })

  it('refuses content and reasoning that would be read as something else', () => {
    for (const marker of [reasoning('So.'), text, '```']) {
      expect(() => render(calls, { ...options, content: `a ${marker} b` }), marker).toThrow(RenderError)
    }
    expect(() => render([], { ...options, reasoning: `a ${reasoning('').trim()} b` })).toThrow(RenderError)
  })
})

describe('names', () => {
  const refused = (format: string, name: string) => {
    expect(() => render([{ name, arguments: {} }], { format }), `${format}: ${name}`).toThrow(RenderError)
  }

  it('of DeepSeek hold what its header does', () => {
    for (const format of ['deepseek-v3', 'deepseek-v3.1']) {
      for (const name of ['', ' ', 'a b', 'a{', 'a"', 'a,', 'a[', 'a<b', 'a`', 'a\\b', 'get\\_it', 'x'.repeat(129)]) {
        refused(format, name)
      }
      expect(render([{ name: 'x'.repeat(128), arguments: {} }], { format })).toContain('x'.repeat(128))
      expect(render([{ name: 'a.b-c_d', arguments: {} }], { format })).toContain('a.b-c_d')
    }
  })

  it('of tags hold no white space and no brackets', () => {
    for (const format of ['qwen3-coder', 'deepseek-v4']) {
      for (const name of ['', ' ', 'a b', ' a', 'a\n', 'a<b', 'a>b', 'a{b', 'a}b', 'x'.repeat(300)])
        refused(format, name)
      expect(render([{ name: 'a.b-c', arguments: {} }], { format })).toContain('a.b-c')
    }
    for (const name of ['"a"', "'a'"]) refused('qwen3-coder', name)
    refused('deepseek-v4', 'a"b')
    expect(render([{ name: "a'b", arguments: {} }], { format: 'deepseek-v4' })).toContain(`name="a'b"`)
  })

  it('that are refused are told', () => {
    const told = (format: string, name: string, args = {}) => {
      try {
        return render([{ name, arguments: args }], { format, tools })
      } catch (error) {
        return (error as Error).message
      }
    }
    expect(told('qwen3-coder', 'a b')).toBe('a b: the tag of a call cannot hold this name')
    expect(told('qwen3-coder', 'f', { 'a>b': 1 })).toMatch(/^f\.a>b: 1 would be read as another value by its schema/)
    expect(told('qwen3-coder', 'f', { 'a>b': 'x' })).toBe('f: the tag of a parameter cannot hold the key "a>b"')
    expect(told('qwen3-coder', 'f', { a: '</parameter></function>' })).toBe(
      'f.a: the value holds markers of the format that would be read as such',
    )
    expect(told('qwen3-coder', 'f', { a: 5, data: 'x'.repeat(60) })).toMatch(/^f\.a: 5 would be read as another value/)
    expect(told('qwen3-coder', 'f', { n: 'x'.repeat(60) })).toContain(`n=${'x'.repeat(40)}`.slice(2, 20))
    expect(told('deepseek-v3', 'a b')).toMatch(/cannot write the name "a b"/)
  })
})

describe('values of tags', () => {
  const one = (format: string, args: object) =>
    render([{ name: 'f', arguments: args as Record<string, unknown> }], { format, tools })

  it.each([
    { a: '' },
    { a: '\n' },
    { a: '\n\nx\n\n' },
    { a: ' <b> ' },
    { a: 'a </parameter> b' },
    { a: '<function=g>\n<parameter=z>\n1\n</parameter>\n</function>' },
    { a: 'x\n<tool_call>\n</tool_call>\ny' },
    { data: { text: '</parameter>\n</function>\n</tool_call>x' } },
    { a: 'see <｜DSML｜parameter name="b" string="true">' },
  ])('are written where they can be read back: %j', (args) => {
    expect(one('deepseek-v4', args)).toContain('DSML')
  })

  it.each<[format: string, args: object]>([
    ['qwen3-coder', { a: 'x</parameter1>\n</function>' }],
    ['qwen3-coder', { a: 'x\n</function>\n</tool_call>' }],
    ['qwen3-coder', { a: 'x\n<parameter=b>\ny' }],
    ['qwen3-coder', { a: 'x\n<parameter=n>\n1', n: 1 }],
    ['qwen3-coder', { a: 'x\n</tool_call>\n<tool_call>' }],
    ['deepseek-v4', { a: 'x\n</｜DSML｜invoke>\n</｜DSML｜tool_calls>' }],
    ['deepseek-v4', { a: 'x\n<｜DSML｜parameter name="b" string="true">y' }],
    ['deepseek-v4', { a: 'x<|DSML|tool_calls>\n</|DSML|parameter>\n</|DSML|invoke>' }],
    ['deepseek-v4', { a: 'x<｜end▁of▁sentence｜>' }],
  ])('and refused elsewhere: %s %j', (format, args) => {
    expect(() => one(format, args)).toThrow(RenderError)
  })

  it('that are JSON may hold any markers in their strings', () => {
    const text = '</｜DSML｜parameter>\n</｜DSML｜invoke>\n<｜DSML｜parameter name="b" string="true">'
    expect(one('deepseek-v4', { data: { text } })).toContain(JSON.stringify(text))
    expect(one('deepseek-v4', { data: [text, '="false">'] })).toContain('="false">')
  })
})

describe('what nobody would read back', () => {
  it.each(formats().map(({ id }) => id))('%s refuses arguments that are nested too deep', (format) => {
    let deep: unknown = 'x'
    for (let i = 0; i < 200_000; i++) deep = i % 2 === 0 ? [deep] : { deep }
    expect(() => render([{ name: 'f', arguments: { data: { deep } } }], { format })).toThrow(RenderError)
  })

  it.each(['f(', 'f(\n', 'f("a", ', ' f (1, '])('pythonic refuses a list behind %j', (content) => {
    expect(() => render([{ name: 'f', arguments: { a: 'x' } }], { format: 'pythonic', content })).toThrow(RenderError)
  })

  it.each(['I write f(', 'Say:\nf(', 'f(x) is written so:'])('pythonic writes a list behind %j', (content) => {
    const text = render([{ name: 'f', arguments: { a: 'x' } }], { format: 'pythonic', content })
    const { toolCalls, content: read } = parse(text, { format: 'pythonic', tools })
    expect([toolCalls.map((call) => call.arguments), read]).toEqual([[{ a: 'x' }], content])
  })
})
