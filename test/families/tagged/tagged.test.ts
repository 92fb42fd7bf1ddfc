import { describe, expect, it } from 'vitest'
import {
  createParser,
  formats,
  type ParseEvent,
  type ParserOptions,
  parse,
  RenderError,
  render,
} from '../../../src/index.js'
import { renderOf } from '../../promises/format-facts.js'
import { characters, chunkDifference, everyCut } from '../../support/run.js'

const TOOLS = [
  {
    name: 'edit',
    parameters: {
      type: 'object',
      properties: {
        path: { type: 'string' },
        text: { type: 'string' },
        note: { type: ['string', 'null'] },
        count: { type: 'integer' },
        data: { type: 'object' },
      },
    },
  },
  { name: 'noop', parameters: { type: 'object', properties: {} } },
]

const QWEN: ParserOptions = { separators: 'keep', format: 'qwen3-coder', tools: TOOLS }
const DSML: ParserOptions = { separators: 'keep', format: 'deepseek-v4', tools: TOOLS }

/** A wrapped call of `edit` whose parameters are these lines. */
function edit(...lines: string[]): string {
  return ['<tool_call>', '<function=edit>', ...lines, '</function>', '</tool_call>'].join('\n')
}

function value(text: string): string {
  return edit(`<parameter=text>\n${text}\n</parameter>`)
}

/** Whole, after showing that every chunking gives the same. */
function read(text: string, options: ParserOptions = QWEN) {
  expect(chunkDifference(createParser, options, text, [characters(text), ...everyCut(text)])).toBeUndefined()
  return parse(text, options)
}

function argumentsOf(text: string, options: ParserOptions = QWEN): unknown {
  const { toolCalls, incomplete } = read(text, options)
  expect(incomplete).toEqual([])
  return toolCalls.map((call) => call.arguments)
}

function codes(text: string, options: ParserOptions = QWEN): string[] {
  return read(text, options).notes.map(({ code }) => code)
}

/** What each character brings out, as text. */
function stream(text: string, options: ParserOptions, show: (event: ParseEvent) => string | undefined): string[] {
  const parser = createParser(options)
  return characters(text).map((character) => parser.push(character).map(show).join(''))
}

const delta = (event: ParseEvent) => (event.type === 'arguments' ? event.delta : '')

describe('qwen3-coder: openers', () => {
  it.each([
    ['a wrapper before anything else is text', 'Use <tool_call> here'],
    ['a name that is no identifier is text', 'x <function={{ name }}>\n</function>'],
    ['a name with white space is text', 'x <function=two words></function>'],
    ['an unknown tool without a wrapper is text', '<function=other>\n<parameter=a>\n1\n</parameter>\n</function>'],
    ['close markers alone are text', 'a </tool_call> b </function> c </parameter> d <parameter=x> e'],
    ['an unknown tool in a fence is an example', '```\n<tool_call>\n<function=f>\n</function>\n</tool_call>\n```'],
  ])('%s', (_, text) => {
    const result = read(text)
    expect(result).toMatchObject({ content: text, toolCalls: [], incomplete: [], status: 'complete' })
    expect(result.notes.every(({ code }) => code === 'marker-in-text')).toBe(true)
    expect(result.notes).not.toEqual([])
  })

  it('takes quotes and space off names', () => {
    const text = '<tool_call><function= \'edit\' ><parameter="path">a</parameter></function></tool_call>'
    expect(read(text).toolCalls).toMatchObject([{ name: 'edit', arguments: { path: 'a' }, evidence: 'marker' }])
  })

  it('delivers unknown tools behind the wrapper, with a note', () => {
    const text = '<tool_call>\n<function=other>\n</function>\n</tool_call>'
    expect(read(text).toolCalls).toMatchObject([{ name: 'other', argumentsText: '{}', known: false }])
    expect(codes(text)).toEqual(['unknown-tool'])
  })

  it('swallows a close marker only right behind a call without a wrapper', () => {
    const call = '<function=noop>\n</function>'
    const result = read(`${call}\n</tool_call> and </tool_call> again`)
    expect(result.content).toBe(' and </tool_call> again')
    expect(result.toolCalls).toMatchObject([{ name: 'noop', evidence: 'bare' }])
    expect(result.notes.map(({ code }) => code)).toEqual(['stray-marker', 'marker-in-text'])
  })

  it('counts a bare function without tools only at the start of a line and before a parameter or its end', () => {
    const options = { format: 'qwen3-coder' }
    const call = '<function=f>\n<parameter=a>\n1\n</parameter>\n</function>'
    expect(argumentsOf(`Now:\n${call}`, options)).toEqual([{ a: '1' }])
    expect(read(`Now: ${call}`, options).toolCalls).toEqual([])
    expect(read('<function=f> is a tag', options).toolCalls).toEqual([])
    expect(argumentsOf('<function=f></function>', options)).toEqual([{}])
  })

  it('goes on behind text between the calls of a wrapper', () => {
    const text = '<tool_call>\n<function=noop>\n</function>\nand\n<function=noop>\n</function>\n</tool_call>'
    expect(read(text)).toMatchObject({
      content: '\nand\n',
      toolCalls: [{ index: 0 }, { index: 1 }],
      status: 'complete',
    })
  })

  it('reads JSON in the wrapper, and between the function tags as a repair', () => {
    const json = '{"path": "</function>", "count": 2}'
    const wrapped = `<tool_call>\n{"name": "edit", "arguments": ${json}}\n</tool_call>`
    const between = `<tool_call><function=edit>${json}</function></tool_call>`
    expect(argumentsOf(wrapped)).toEqual([{ path: '</function>', count: 2 }])
    expect(argumentsOf(between)).toEqual([{ path: '</function>', count: 2 }])
    expect(parse(between, QWEN).toolCalls[0]?.repairs).toMatchObject([{ kind: 'json-body' }])
    expect(parse(between, { ...QWEN, repair: false }).incomplete).toHaveLength(1)
  })
})

describe('qwen3-coder: where a value ends', () => {
  it.each([
    ['a close tag that no successor follows', 'a </parameter> b\n</parameter> c'],
    ['a function close that no successor follows', 'a </function> b\n</function>\nc'],
    ['a wrapper close that no successor follows', 'stop = ["</tool_call>"]\n</tool_call>\nx'],
    ['a whole call', value('inner')],
    ['two whole calls', `${value('one')}\n${value('two')}`],
    ['a whole call on one line', 'see:\n<tool_call><function=f><parameter=a>1</parameter></function></tool_call>\nx'],
    ['two whole calls on one line', '<function=f></function><function=g><parameter=a>1</parameter></function>'],
    ['a function alone', '<function=f>\n<parameter=a>\n1\n</parameter>\n</function>'],
    ['a parameter alone, of a key that is not declared', '<parameter=zzz>\n1\n</parameter>\nx'],
    ['a parameter of the same key', '<parameter=text>\n1\n</parameter>\nx'],
    ['a declared parameter in the middle of a line', 'see <parameter=path>'],
    ['nearly tags', '<parameter=\n<function>\n</parameter\n<tool_call\n<functional> </param>'],
    ['nothing', ''],
    ['newlines', '\n\n\n'],
    ['indentation and carriage returns', '  a\r\n\tb \r.'],
  ])('%s is data', (_, text) => {
    expect(argumentsOf(value(text))).toEqual([{ text }])
  })

  it('tells of close markers that it took for data', () => {
    const text = value('a </parameter> b </parameter> c')
    const from = text.indexOf('</parameter>')
    expect(read(text).notes).toMatchObject([{ code: 'ambiguous-close', from, to: from + 12 }])
    expect(codes(value('plain'))).toEqual([])
  })

  it('ends a value that was not closed at the next declared parameter, and lists that', () => {
    const text = edit('<parameter=text>\nmake\n<parameter=path>\n/src\n</parameter>')
    expect(argumentsOf(text)).toEqual([{ text: 'make', path: '/src' }])
    const at = text.indexOf('\n<parameter=path>') + 1
    const repair = { kind: 'missing-closer', from: at, to: at, before: '', after: '</parameter>' }
    expect(parse(text, QWEN).toolCalls[0]?.repairs).toEqual([repair])
  })

  it.each([
    ['</function>\n</tool_call>', '</parameter>'],
    ['</tool_call>', '</parameter></function>'],
    ['</function>\n<tool_call>\n<function=noop>\n</function>\n</tool_call>', '</parameter>'],
    ['</tool_call>\n<tool_call>\n<function=noop>\n</function>\n</tool_call>', '</parameter></function>'],
    ['</function>\n<function=noop>\n</function>\n</tool_call>', '</parameter>'],
    ['</function>', '</parameter>'],
    ['</tool_call><|im_end|>', '</parameter></function>'],
  ])('ends a value that was not closed at %j', (end, missing) => {
    const text = `<tool_call>\n<function=edit>\n<parameter=text>\nmake\n${end}`
    const [call] = read(text).toolCalls
    expect(call).toMatchObject({ arguments: { text: 'make' }, repairs: [{ kind: 'missing-closer', after: missing }] })
    expect(read(text).status).toBe('complete')
    expect(parse(text, { ...QWEN, repair: false }).toolCalls.some(({ name }) => name === 'edit')).toBe(false)
  })

  it('ends a value behind an inner parameter that is not closed', () => {
    expect(argumentsOf(value('<parameter=zzz>\nno end'))).toEqual([{ text: '<parameter=zzz>\nno end' }])
  })

  it.each(['</parameter1>', '</parameter_function>', '</parameter/>', '</parameters>'])(
    'takes %s for a close tag',
    (end) => {
      const text = edit(`<parameter=text>\nx\n${end}`)
      expect(read(text).toolCalls).toMatchObject([
        { arguments: { text: 'x' }, repairs: [{ kind: 'missing-closer', before: end, after: '</parameter>' }] },
      ])
      expect(argumentsOf(value(`a ${end} b`))).toEqual([{ text: `a ${end} b` }])
    },
  )

  it('takes a stop token in the middle of a value for data, and the last thing of the text for a stop', () => {
    expect(argumentsOf(value('a<|im_end|>\nb'))).toEqual([{ text: 'a<|im_end|>\nb' }])
    const cut = read('<tool_call>\n<function=edit>\n<parameter=text>\nabc<|im_end|>\n')
    expect(cut).toMatchObject({ status: 'malformed', toolCalls: [], incomplete: [{ argumentsText: '{"text":"abc' }] })
  })
})

describe('qwen3-coder: types', () => {
  it.each([
    ['path', 'null', 'null'],
    ['note', 'null', null],
    ['note', 'None', null],
    ['note', 'nullify', 'nullify'],
    ['note', 'Nonetheless', 'Nonetheless'],
    ['count', '007', 7],
    ['count', ' 5.0 ', 5],
    ['count', 'null', null],
    ['count', 'about 5', 'about 5'],
    ['data', "{'a': True, 'b': (1,)}", { a: true, b: [1] }],
    ['data', '"{\\"a\\": 1}"', { a: 1 }],
    ['unknown', '{"a": 1}', '{"a": 1}'],
  ])('%s: %s', (key, raw, wanted) => {
    expect(argumentsOf(edit(`<parameter=${key}>\n${raw}\n</parameter>`))).toEqual([{ [key]: wanted }])
  })

  it('notes what does not fit, and integers that no double holds', () => {
    expect(codes(edit('<parameter=count>\nmany\n</parameter>'))).toEqual(['argument-type'])
    const big = edit('<parameter=count>\n9007199254740993\n</parameter>')
    expect(codes(big)).toEqual(['big-integer'])
    expect(parse(big, QWEN).toolCalls[0]?.argumentsText).toBe('{"count":9007199254740993}')
  })

  it('lets the last of equal keys count, with a note, and keeps __proto__ an own key', () => {
    const twice = edit('<parameter=path>\na\n</parameter>', '<parameter=path>\nb\n</parameter>')
    expect(argumentsOf(twice)).toEqual([{ path: 'b' }])
    expect(codes(twice)).toEqual(['duplicate-argument'])
    const [call] = read(edit('<parameter=__proto__>\nx\n</parameter>')).toolCalls
    expect(Object.entries(call?.arguments ?? {})).toEqual([['__proto__', 'x']])
  })

  it.each(['<parameter=>', '<parameter>'])('is not sure of a call with %s in it', (tag) => {
    const text = edit(`${tag}\nstray\n</parameter>`, '<parameter=path>\na\n</parameter>')
    expect(read(text)).toMatchObject({ status: 'malformed', toolCalls: [], incomplete: [{ name: 'edit' }] })
    expect(codes(text)).toEqual(['dropped-argument', 'damaged-call'])
  })
})

describe('qwen3-coder: streaming', () => {
  it('hands strings on as they come, holding back only what may be markup', () => {
    const text = edit('<parameter=text>\nab\n"c\n</parameter>')
    const from = text.indexOf('<parameter=text>') + '<parameter=text>'.length
    const deltas = stream(text, QWEN, delta)
    expect(deltas.slice(0, from).join('')).toBe('{"text":"')
    expect(deltas.slice(from, from + 6)).toEqual(['', 'a', 'b', '', '\\n\\"', 'c'])
    expect(deltas.slice(from + 6).join('')).toBe('"}')
  })

  it('holds a nullable string back while it may be null, and other types to their end', () => {
    const text = edit('<parameter=note>\nnulls\n</parameter>', '<parameter=count>\n12\n</parameter>')
    const deltas = stream(text, QWEN, delta)
    const null4 = text.indexOf('nulls') + 4
    expect(deltas.slice(0, null4).join('')).toBe('{"note":')
    expect(deltas[null4]).toBe('"nulls')
    expect(deltas.slice(0, text.indexOf('12') + 2).join('')).toBe('{"note":"nulls","count":')
    expect(deltas.join('')).toBe('{"note":"nulls","count":12}')
  })

  it('names the call at the end of its tag', () => {
    const text = value('x')
    const names = stream(text, QWEN, (event) => (event.type === 'call-start' ? event.name : ''))
    expect(names.findIndex((name) => name !== '')).toBe(text.indexOf('>', text.indexOf('<function')))
  })

  it('gives the same text in one delta and in many, surrogate pairs whole', () => {
    const text = value('😀\ud83d "\\" \u0000 👨‍👩‍👧')
    const [call] = parse(text, QWEN).toolCalls
    expect(stream(text, QWEN, delta).join('')).toBe(call?.argumentsText)
  })
})

describe('qwen3-coder: the end of the text', () => {
  const whole = `Hi.\n${edit('<parameter=path>\na\n</parameter>', '<parameter=count>\n3\n</parameter>')}`

  it('never delivers a call that is not whole, nor shows its markup', () => {
    const done = whole.indexOf('</function>') + '</function>'.length
    const opened = whole.indexOf('<tool_call>') + '<tool_call>'.length
    for (let i = 0; i < whole.length; i++) {
      const result = parse(whole.slice(0, i), QWEN)
      expect(result.status, whole.slice(0, i)).toBe(i >= opened && i < done ? 'truncated' : 'complete')
      expect(result.toolCalls).toHaveLength(i >= done ? 1 : 0)
      if (i >= opened && i < done) expect(result.content).toBe('Hi.\n')
    }
  })

  it('does not trust a close marker at the end where a limit cut the text', () => {
    const parser = createParser(QWEN)
    parser.push('<tool_call>\n<function=edit>\n<parameter=text>\nabc\n</function>')
    expect(parser.end('length').map(({ type }) => type)).toContain('call-end')
    const events = parser.end()
    expect(events).toEqual([])
  })

  it('takes no close marker in the middle of a line for the end of a call', () => {
    const { toolCalls, status } = read('<tool_call>\n<function=edit>\n<parameter=text>\nstop = ["</tool_call>')
    expect({ toolCalls, status }).toEqual({ toolCalls: [], status: 'truncated' })
  })
})

const DS = '｜DSML｜'
const invoke = (name: string, body: string) => `<${DS}invoke name="${name}">${body}</${DS}invoke>`
const block = (...calls: string[]) => `<${DS}tool_calls>\n${calls.join('\n')}\n</${DS}tool_calls>`
const param = (key: string, text: string, isText = 'true') =>
  `<${DS}parameter name="${key}" string="${isText}">${text}</${DS}parameter>`

describe('DSML', () => {
  it.each(['deepseek-v3.2', 'deepseek-v4'])(
    '%s reads every name of the block, every pipe and every space',
    (format) => {
      for (const name of ['function_calls', 'tool_calls', 'calls']) {
        for (const pipe of ['｜', '|', '‖', '｜｜', '||', '‖‖', ' | ']) {
          for (const space of ['', ' ']) {
            const native = block(invoke('edit', `\n${param('path', ' a ')}\n`)).replaceAll('tool_calls', name)
            const text = native.replaceAll(DS, `${pipe}DSML${pipe.trimEnd()}${space}`)
            expect(argumentsOf(text, { format, tools: TOOLS }), text).toEqual([{ path: ' a ' }])
          }
        }
      }
    },
  )

  it('takes the blank line before a block away once', () => {
    const call = block(invoke('noop', '\n\n'))
    expect(read(`a\n\n${call}`, DSML).content).toBe('a')
    expect(read(`a\n\n\n${call}`, DSML).content).toBe('a\n')
    expect(read(`a\n${call}`, DSML).content).toBe('a\n')
    expect(read(`${call}\n\nb`, DSML).content).toBe('\n\nb')
    expect(read('a\n\nb\n\n<｜DSML｜ is no block', DSML).content).toBe('a\n\nb\n\n<｜DSML｜ is no block')
  })

  it('keeps text as it is and copies JSON as it is', () => {
    const body = `${param('text', '\n a &lt; "b" \\n\n')}${param('data', ' {"b": 1.0,  "a": "\\u00e5"}', 'false')}`
    const [call] = read(block(invoke('edit', body)), DSML).toolCalls
    expect(call?.argumentsText).toBe(String.raw`{"text":"\n a &lt; \"b\" \\n\n","data": {"b": 1.0,  "a": "\u00e5"}}`)
    expect(call?.repairs).toEqual([])
  })

  it.each([
    ['a close tag before nothing legal', `a </${DS}parameter> b`],
    ['the tags of a call', `see </${DS}invoke> <${DS}invoke name="x">\n<${DS}tool_calls>\nx\n</${DS}tool_calls>`],
    ['a parameter that is not declared', `a\n<${DS}parameter name="zzz" string="true">b`],
  ])('%s in a text is data', (_, text) => {
    expect(argumentsOf(block(invoke('edit', param('text', text))), DSML)).toEqual([{ text }])
  })

  it('takes tags in JSON strings for data, and none outside of them', () => {
    const data = { a: `</${DS}parameter>`, b: [`\n</${DS}parameter>\n</${DS}invoke>`] }
    const json = JSON.stringify(data)
    expect(argumentsOf(block(invoke('edit', param('data', json, 'false'))), DSML)).toEqual([{ data }])
    const open = `<${DS}parameter name="count" string="false">6`
    const text = block(invoke('edit', `${open}\n${param('path', 'a')}`))
    expect(argumentsOf(text, DSML)).toEqual([{ count: 6, path: 'a' }])
  })

  it('goes on behind a JSON string that is not closed', () => {
    const broken = param('data', '{"a": "b}', 'false')
    const result = read(block(invoke('edit', `${broken}\n`), invoke('noop', '')), DSML)
    expect(result).toMatchObject({ status: 'malformed', toolCalls: [{ name: 'noop' }], incomplete: [{ name: 'edit' }] })
  })

  it('keeps what is no JSON as text where the schema allows it', () => {
    const of = (key: string) => read(block(invoke('edit', param(key, 'about 6', 'false'))), DSML)
    expect(of('path').toolCalls).toMatchObject([{ arguments: { path: 'about 6' } }])
    expect(of('zzz').toolCalls).toMatchObject([{ arguments: { zzz: 'about 6' } }])
    expect(of('count')).toMatchObject({
      toolCalls: [{ arguments: { count: 'about 6' } }],
      notes: [{ code: 'argument-type' }],
    })
    const broken = read(block(invoke('edit', param('count', '[6', 'false'))), DSML)
    expect(broken).toMatchObject({ status: 'malformed', toolCalls: [], incomplete: [{ status: 'malformed' }] })
  })

  it('never lets the schema change a text, but tells where it does not fit', () => {
    const text = block(invoke('edit', param('count', '00123')))
    expect(argumentsOf(text, DSML)).toEqual([{ count: '00123' }])
    expect(codes(text, DSML)).toEqual(['argument-type'])
  })

  it('reads a parameter without its attribute by its schema, as a repair', () => {
    const bare = (key: string, text: string) => `<${DS}parameter name="${key}">${text}</${DS}parameter>`
    const body = [bare('count', '6'), bare('path', '6'), bare('zzz', '[6]'), bare('yyy', 'six')].join('\n')
    const [call] = read(block(invoke('edit', body)), DSML).toolCalls
    expect(call?.arguments).toEqual({ count: 6, path: '6', zzz: [6], yyy: 'six' })
    expect(call?.repairs.map(({ kind }) => kind)).toEqual(Array(4).fill('missing-attribute'))
  })

  it('unwraps a single parameter that holds all the others', () => {
    const one = (key: string, json: string, isText = 'false') => block(invoke('edit', param(key, json, isText)))
    expect(argumentsOf(one('arguments', '{"path": "a"}'), DSML)).toEqual([{ path: 'a' }])
    expect(argumentsOf(one('input', '{"path": "a"}', 'true'), DSML)).toEqual([{ path: 'a' }])
    expect(argumentsOf(one('input', '{"other": "a"}'), DSML)).toEqual([{ input: { other: 'a' } }])
    expect(argumentsOf(one('parameters', '{"path": "a"}'), DSML)).toEqual([{ path: 'a' }])
    expect(argumentsOf(one('wrapper', '{"path": "a"}'), DSML)).toEqual([{ wrapper: { path: 'a' } }])
    expect(argumentsOf(one('input', '{"path": "a"}'), { format: 'deepseek-v4' })).toEqual([{ input: { path: 'a' } }])
    const both = block(invoke('edit', param('input', '{"path": "a"}', 'false') + param('count', '1', 'false')))
    expect(argumentsOf(both, DSML)).toEqual([{ input: { path: 'a' }, count: 1 }])
  })

  it('reads JSON bodies and calls without a body', () => {
    expect(argumentsOf(block(invoke('edit', `\n{"path": "</${DS}invoke>"}\n`)), DSML)).toEqual([
      { path: `</${DS}invoke>` },
    ])
    expect(argumentsOf(block(`<${DS}invoke name="noop"/>`, invoke('noop', '')), DSML)).toEqual([{}, {}])
    const open = read(block(invoke('edit', '{"path": "a"')), DSML)
    expect(open.toolCalls).toMatchObject([{ arguments: { path: 'a' }, repairs: [{ kind: 'missing-closer' }] }])
  })

  it('takes a call without its block only if it is whole and its tool was given', () => {
    const call = invoke('edit', param('path', 'a'))
    expect(read(call, DSML).toolCalls).toMatchObject([{ arguments: { path: 'a' }, evidence: 'bare' }])
    for (const options of [
      { options: { format: 'deepseek-v4' }, status: 'malformed' },
      { options: { ...DSML, repair: false }, status: 'malformed' },
      // Refused for its name alone.
      { options: { ...DSML, tools: [{ name: 'x' }] }, status: 'complete' },
    ]) {
      expect(read(call, options.options)).toMatchObject({ content: call, toolCalls: [], status: options.status })
    }
    const strict = read(call, { ...DSML, repair: false })
    expect(strict).toMatchObject({
      content: call,
      toolCalls: [],
      status: 'malformed',
      notes: [{ code: 'damaged-block' }],
    })
    for (let i = call.indexOf('>') + 1; i < call.length; i++) {
      expect(parse(call.slice(0, i), DSML)).toMatchObject({ content: call.slice(0, i), toolCalls: [], incomplete: [] })
    }
    const quoted = `<${DS}invoke name="edit"><${DS}parameter name="path" string="true">\n`
    const real = block(invoke('noop', ''))
    // What the value of a call quotes makes no call, and where it never ends nothing shows what is quoted.
    expect(read(quoted + real, DSML)).toMatchObject({ content: quoted + real, toolCalls: [], status: 'truncated' })
  })

  it('reads a misspelt block around whole calls of tools that were given, as a repair', () => {
    const text = block(invoke('edit', param('path', 'a')), invoke('noop', '')).replaceAll('tool_calls', 'toolcalls')
    const { toolCalls, content } = read(text, DSML)
    expect(toolCalls).toMatchObject([{ repairs: [{ kind: 'misspelt-marker' }] }, { repairs: [] }])
    expect(content).toBe('')
    expect(read(text, { format: 'deepseek-v4' })).toMatchObject({ content: text, toolCalls: [] })
  })

  it('delivers whole calls of a block without its end, and reads on behind text in it', () => {
    const call = invoke('noop', '')
    expect(read(`<${DS}tool_calls>\n${call}`, DSML)).toMatchObject({ toolCalls: [{}], content: '', status: 'complete' })
    const text = `<${DS}tool_calls>\n${call}\nand\n${call}\n</${DS}tool_calls>`
    expect(read(text, { ...DSML, tools: undefined })).toMatchObject({ toolCalls: [{}, {}], content: '\nand\n' })
  })

  it('takes a stop token in an open value for the end, never for data', () => {
    const text = `<${DS}tool_calls>\n<${DS}invoke name="edit">\n<${DS}parameter name="path" string="true">ab<｜end▁of▁sentence｜>cd`
    const result = read(text, DSML)
    expect(result).toMatchObject({ status: 'malformed', toolCalls: [], incomplete: [{ argumentsText: '{"path":"ab' }] })
    expect(result.notes.map(({ code }) => code)).toEqual(['damaged-call', 'stop-token', 'text-after-stop'])
  })

  it('ends reasoning at a block, and nowhere else', () => {
    const call = block(invoke('noop', ''))
    const open = read(`<think>So.\n\n${call}`, DSML)
    expect(open).toMatchObject({ reasoning: 'So.', content: '', toolCalls: [{ evidence: 'unclosed-reasoning' }] })
    const bare = read(`<think>So ${invoke('noop', '')} or <${DS}tool_calls> no.</think>Hi.`, DSML)
    expect(bare).toMatchObject({ content: 'Hi.', toolCalls: [], status: 'complete' })
    const never = read(`<think>So.\n\n${call}</think>`, { ...DSML, callsInReasoning: 'never' })
    expect(never).toMatchObject({ reasoning: `So.\n\n${call}`, toolCalls: [] })
  })

  it('takes the beginning of a tag at the end of the text for text, and a whole one for a call that was cut', () => {
    for (const text of [`a <｜DSML`, `a </${DS}`])
      expect(read(text, DSML)).toMatchObject({ content: text, status: 'complete' })
    // The token alone says that a call was begun.
    for (const text of [`a <${DS}`, `a <${DS}tool_`, `a <${DS}tool_calls`])
      expect(read(text, DSML)).toMatchObject({ content: text, status: 'truncated' })
    for (const rest of ['', '\n', `\n<${DS}inv`, `\n<${DS}invoke name="ed`]) {
      expect(read(`a <${DS}tool_calls>${rest}`, DSML)).toMatchObject({ content: 'a ', status: 'truncated' })
    }
  })
})

describe('rendering tags', () => {
  it('writes what the templates write', () => {
    const calls = [{ name: 'edit', arguments: { path: 'a b', count: 2, data: { x: [1] } } }]
    expect(render(calls, { format: 'qwen3-coder', tools: TOOLS, content: 'Hi.' })).toBe(
      `Hi.\n\n${edit('<parameter=path>\na b\n</parameter>', '<parameter=count>\n2\n</parameter>', '<parameter=data>\n{"x": [1]}\n</parameter>')}`,
    )
    expect(render(calls, { format: 'deepseek-v4', content: 'Hi.' })).toBe(
      `Hi.\n\n${block(`<${DS}invoke name="edit">\n${[param('path', 'a b'), param('count', '2', 'false'), param('data', '{"x": [1]}', 'false')].join('\n')}\n</${DS}invoke>`)}`,
    )
    expect(render([{ name: 'noop', arguments: {} }], { format: 'deepseek-v3.2' })).toBe(
      `\n\n${block(invoke('noop', '\n\n')).replaceAll('tool_calls', 'function_calls')}`,
    )
  })

  it.each([
    ['a number without a type', 'qwen3-coder', { unknown: 5 }],
    ['a text that its type would change', 'qwen3-coder', { count: '5' }],
    ['null for a string', 'qwen3-coder', { path: null }],
    ['a close tag before a successor', 'qwen3-coder', { text: '</parameter>\n</function>' }],
    ['a wrapper that is not closed', 'qwen3-coder', { text: '<tool_call>\n' }],
    ['a key that a tag cannot hold', 'qwen3-coder', { 'a>b': 'x' }],
    ['a key in quotes', 'qwen3-coder', { '"a"': 'x' }],
    ['a close tag before a successor', 'deepseek-v4', { text: `</${DS}parameter></${DS}invoke>` }],
    ['a key with a quote', 'deepseek-v4', { 'a"b': 'x' }],
    ['a stop token', 'deepseek-v4', { text: '<｜end▁of▁sentence｜>' }],
  ])('refuses %s (%s)', (_, format, args) => {
    expect(() => render([{ name: 'edit', arguments: args }], { format, tools: TOOLS })).toThrow(RenderError)
  })

  it('refuses names that no tag can hold', () => {
    for (const name of ['a b', 'a>b', '{{x}}', 'x'.repeat(400)]) {
      for (const format of ['qwen3-coder', 'deepseek-v4']) {
        expect(() => render([{ name, arguments: {} }], { format }), name).toThrow(RenderError)
      }
    }
  })
})

describe('attributes in the tag of a call', () => {
  const tools = [{ name: 'edit', inputSchema: { type: 'object', properties: { path: { type: 'string' } } } }]
  const tag = 'name="edit"'
  const written = formats()
    .map((format) => ({ format, text: renderOf(format, [{ name: 'edit', arguments: {} }], { tools }) ?? '' }))
    .filter(({ text }) => text.includes(`${tag}>`))

  it('are no arguments that vanish, in any format that names a call by one', () => {
    expect(written.length).toBeGreaterThan(4)
    for (const { format, text } of written) {
      for (const attribute of ['path="a.txt"', `arguments='{"path": "a.txt"}'`]) {
        const { toolCalls, incomplete } = read(text.replace(tag, `${tag} ${attribute}`), { format, tools })
        expect([toolCalls, incomplete.map(({ status }) => status)], format.id).toEqual([[], ['malformed']])
      }
    }
  })

  it('are left out with a note if they say something else', () => {
    for (const { format, text } of written) {
      const { toolCalls, notes } = read(text.replace(tag, `${tag} level="7"`), { format, tools })
      expect([toolCalls.length, notes.map(({ code }) => code)], format.id).toEqual([1, ['unknown-member']])
    }
  })
})

describe('a tag of a call that closes itself', () => {
  const tools = [{ name: 'edit', inputSchema: { type: 'object', properties: { path: { type: 'string' } } } }]
  const selfClosed = (args: Record<string, unknown>) =>
    formats().flatMap((format) => {
      const text = renderOf(format, [{ name: 'edit', arguments: args }], { tools }) ?? ''
      const damaged = text.replace(/(<[^<>]{0,40}edit"?)>/, '$1/>')
      return damaged === text ? [] : [{ format, text: damaged }]
    })

  it('is no name of its own, and no call without the arguments behind it, in any format', () => {
    const written = selfClosed({ path: 'a.txt' })
    expect(written.length).toBeGreaterThan(9)
    for (const { format, text } of written) {
      for (const options of [{ format, tools }, { format }]) {
        const { toolCalls } = read(text, options)
        const others = toolCalls.filter(({ name, arguments: { path } }) => name !== 'edit' || path !== 'a.txt')
        expect(others, `${format.id} ${text}`).toEqual([])
      }
    }
  })

  it.each([
    ['qwen3-coder', '<tool_call>\n<function=edit/>\n<parameter=path>\na.txt\n</parameter>\n</function>\n</tool_call>'],
    ['functionary-v3.1', '<function=edit/>{"path": "a.txt"}</function>'],
    ['minimax-m2', '<minimax:tool_call>\n<invoke name="edit"/>{"path": "a.txt"}</invoke>\n</minimax:tool_call>'],
  ])('has a slash too many before arguments (%s)', (format, text) => {
    const { toolCalls, content, status } = read(text, { format, tools })
    expect({ content, status }).toEqual({ content: '', status: 'complete' })
    expect(toolCalls).toMatchObject([{ name: 'edit', arguments: { path: 'a.txt' } }])
    expect(toolCalls[0]?.repairs.map(({ before, after }) => [before, after])[0]).toEqual(['/>', '>'])
    expect(read(text, { format, tools, repair: false }).toolCalls).toEqual([])
  })
})

it.each([
  '<｜tool_call_begin｜><｜tool_sep｜>',
  'function<｜tool_sep｜>',
  '<|tool_call_begin|>function<|tool_sep|>',
  '<｜tool_call_begin｜>function\nfunction<｜tool_sep｜>',
])('%s before a call of Step-3 is its marker, damaged', (marker) => {
  const call = '<steptml:invoke name="edit"><steptml:parameter name="path">a.txt</steptml:parameter></steptml:invoke>'
  const text = `<｜tool_calls_begin｜>${marker}${call}<｜tool_call_end｜><｜tool_calls_end｜>`
  for (const format of ['step3', 'auto']) {
    const result = read(text, { format, tools: TOOLS })
    expect(result).toMatchObject({ format: 'step3', content: '', status: 'complete' })
    expect(result.toolCalls).toMatchObject([
      { name: 'edit', arguments: { path: 'a.txt' }, repairs: [{ kind: 'misspelt-marker', before: marker }] },
    ])
  }
  const words = `<｜tool_calls_begin｜> | is a marker of ${call}`
  expect(read(words, { format: 'step3', tools: TOOLS }).toolCalls.map(({ repairs }) => repairs)).toEqual([[]])
})
