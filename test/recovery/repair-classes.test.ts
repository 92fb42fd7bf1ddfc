import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formats, type ParserOptions, parse, REPAIR_KINDS, type ToolCall } from '../../src/index.js'
import { fixturesOf, samplesOf } from '../promises/texts.js'
import { parameters, shareOf } from '../support/runs.js'

// What is mended, what is refused, and that the list of kinds is closed.

const STRING_A = { f: { type: 'object', properties: { a: { type: 'string' } } } }
const INTEGER_A = { f: { type: 'object', properties: { a: { type: 'integer' } } } }

interface Mended {
  readonly kind: keyof typeof REPAIR_KINDS
  readonly text: string
  /** What its repairs of this kind put where. */
  readonly edits: readonly (readonly [before: string, after: string])[]
  readonly reads: object
  readonly name?: string
  readonly calls?: number
  readonly options?: ParserOptions
  /** What `repair: false` makes of it: a refusal unless said otherwise. */
  readonly strictly?: object
}

/** A call of `f` in the tag of Hermes. */
function hermes(args: string): string {
  return `<tool_call>{"name": "f", "arguments": ${args}}</tool_call>`
}

const SECTION = ['<｜tool▁calls▁begin｜>', '<｜tool▁calls▁end｜>'] as const
/** A call of `f` in DeepSeek V3's section. */
function deepseek(open: string, header = 'f\n```json\n'): string {
  return `${open}<｜tool▁call▁begin｜>function<｜tool▁sep｜>${header}{"a": 1}\n\`\`\`<｜tool▁call▁end｜>${SECTION[1]}`
}
/** A call of `f` in DSML. */
function dsml(parameter: string, block = 'function_calls'): string {
  return `<｜DSML｜${block}>\n<｜DSML｜invoke name="f">\n${parameter}</｜DSML｜invoke>\n</｜DSML｜${block}>`
}

const mended: Mended[] = [
  {
    kind: 'json-quotes',
    text: '<|tool_call>call:f{a:"x"}<tool_call|>',
    edits: [
      ['"', '<|"|>'],
      ['"', '<|"|>'],
    ],
    reads: { a: 'x' },
    options: { format: 'gemma4' },
  },
  {
    kind: 'missing-quotes',
    text: '<|tool_call>call:f{a:two words}<tool_call|>',
    edits: [['two words', '"two words"']],
    reads: { a: 'two words' },
    options: { format: 'gemma4' },
  },
  {
    kind: 'comment',
    text: "[f(a=1, # isn't it\n b=[2, # two\n 3])]",
    edits: [
      ["# isn't it", ''],
      ['# two', ''],
    ],
    reads: { a: 1, b: [2, 3] },
    options: { format: 'pythonic' },
  },
  {
    kind: 'words-before-call',
    text: '<|action_start|><|plugin|>I call it: {"name": "f", "parameters": {"a": 1}}<|action_end|>',
    edits: [['I call it:', '']],
    reads: { a: 1 },
    options: { format: 'internlm2' },
  },
  {
    kind: 'python-quotes',
    text: hermes(`{'a': 'it\\'s "so"', 'b': '\\x41'}`),
    edits: [
      ["'", '"'],
      ["'", '"'],
      ["'", '"'],
      ["\\'", "'"],
      ['"', '\\"'],
      ['"', '\\"'],
      ["'", '"'],
      ["'", '"'],
      ["'", '"'],
      ["'", '"'],
      ['\\x41', '\\u0041'],
      ["'", '"'],
    ],
    reads: { a: 'it\'s "so"', b: 'A' },
  },
  {
    kind: 'python-literal',
    text: hermes('{"a": True, "b": [None, False]}'),
    edits: [
      ['True', 'true'],
      ['None', 'null'],
      ['False', 'false'],
    ],
    reads: { a: true, b: [null, false] },
  },
  {
    kind: 'python-tuple',
    text: hermes('{"a": (1, (2, 3))}'),
    edits: [
      ['(', '['],
      ['(', '['],
      [')', ']'],
      [')', ']'],
    ],
    reads: { a: [1, [2, 3]] },
  },
  {
    kind: 'control-character',
    text: hermes('{"a": "one\n\ttwo\u0001"}'),
    edits: [
      ['\n', '\\n'],
      ['\t', '\\t'],
      ['\u0001', '\\u0001'],
    ],
    reads: { a: 'one\n\ttwo\u0001' },
  },
  {
    kind: 'invalid-escape',
    text: hermes('{"a": "\\d+ C:\\Windows \\u12"}'),
    edits: [
      ['\\', '\\\\'],
      ['\\', '\\\\'],
      ['\\', '\\\\'],
    ],
    reads: { a: '\\d+ C:\\Windows \\u12' },
  },
  { kind: 'invalid-escape', text: hermes(`{"a": "it\\'s"}`), edits: [["\\'", "'"]], reads: { a: "it's" } },
  {
    kind: 'doubled-escape',
    text: hermes('{"a": "say \\\\"hi\\\\" now"}'),
    edits: [
      ['\\\\"', '\\"'],
      ['\\\\"', '\\"'],
    ],
    reads: { a: 'say "hi" now' },
  },
  {
    kind: 'escaped-underscore',
    text: '<tool_call>{"name": "get\\_weather", "arguments": {"a\\_b": 1}}</tool_call>',
    edits: [
      ['\\_', '_'],
      ['\\_', '_'],
    ],
    name: 'get_weather',
    reads: { a_b: 1 },
  },
  {
    kind: 'unquoted-key',
    text: hermes('{a: {$b_1: 2}}'),
    edits: [
      ['a', '"a"'],
      ['$b_1', '"$b_1"'],
    ],
    reads: { a: { $b_1: 2 } },
  },
  {
    kind: 'trailing-comma',
    text: hermes('{"a": [1, 2,],\n}'),
    edits: [
      [',', ''],
      [',', ''],
    ],
    reads: { a: [1, 2] },
  },
  { kind: 'missing-comma', text: hermes('{"a": 1\n"b": 2}'), edits: [['', ',']], reads: { a: 1, b: 2 } },
  {
    kind: 'missing-comma',
    text: '<tool_call>{"name": "f" "arguments": {"a": 1}}</tool_call>',
    edits: [['', ',']],
    reads: { a: 1 },
  },
  {
    kind: 'missing-comma',
    text: '[f(a=1) g(b=2)]',
    options: { format: 'pythonic' },
    edits: [['', ',']],
    reads: { a: 1 },
    calls: 2,
    strictly: { a: 1 },
  },
  {
    kind: 'wrong-separator',
    text: '[f(a=1); g(b=2)]',
    options: { format: 'pythonic' },
    edits: [[';', ',']],
    reads: { a: 1 },
    calls: 2,
    strictly: { a: 1 },
  },
  { kind: 'missing-closer', text: hermes('{"a": [1, 2}'), edits: [['', ']']], reads: { a: [1, 2] } },
  {
    kind: 'missing-closer',
    text: '<tool_call>{"name": "f", "arguments": {"a": 1</tool_call>',
    edits: [
      ['', '}'],
      ['', '}'],
    ],
    reads: { a: 1 },
  },
  {
    kind: 'missing-closer',
    text: '<tool_call>\n<function=f>\n<parameter=a>\n1\n<parameter=b>\n2\n</parameter>\n</function>\n</tool_call>',
    options: { format: 'qwen3-coder' },
    edits: [['', '</parameter>']],
    reads: { a: '1', b: '2' },
  },
  {
    kind: 'missing-closer',
    text: '<function=f{"a": 1}</function>',
    options: { format: 'llama3' },
    edits: [['', '>']],
    reads: { a: 1 },
  },
  {
    kind: 'missing-opener',
    text: deepseek(''),
    options: { format: 'deepseek-v3' },
    edits: [['', SECTION[0]]],
    reads: { a: 1 },
  },
  {
    kind: 'surplus-brace',
    text: '<tool_call>{{"name": "f", "arguments": {"a": 1}}}</tool_call>',
    edits: [['{', '']],
    reads: { a: 1 },
  },
  {
    kind: 'surplus-closer',
    text: '<tool_call>{"name": "f", "arguments": {"a": 1}}}]</tool_call>',
    edits: [
      ['}', ''],
      [']', ''],
    ],
    reads: { a: 1 },
  },
  {
    kind: 'surplus-closer',
    text: `${SECTION[0]}<｜tool▁call▁begin｜>f<｜tool▁sep｜>{"a": 1}}<｜tool▁call▁end｜>${SECTION[1]}`,
    options: { format: 'deepseek-v3.1' },
    edits: [['}', '']],
    reads: { a: 1 },
  },
  {
    kind: 'swallowed-name',
    text: '<tool_call>{"arguments": {"a": 1, "name": "f"}</tool_call>',
    edits: [['"name": "f" in the arguments', 'the name of the call']],
    reads: { a: 1 },
  },
  {
    kind: 'mended-payload',
    text: '<tool_call>{name: "f", arguments: {"a": 1}}</tool_call>',
    edits: [['{name: "f", arguments: {"a": 1}}', '{"name":"f","arguments":{"a":1}}']],
    reads: { a: 1 },
  },
  {
    kind: 'marker-spelling',
    text: deepseek('<｜tool▁calls｜>'),
    options: { format: 'deepseek-v3' },
    edits: [['<｜tool▁calls｜>', SECTION[0]]],
    reads: { a: 1 },
  },
  {
    kind: 'misspelt-marker',
    text: dsml('', 'toolcalls'),
    options: { format: 'deepseek-v3.2', tools: { f: true } },
    edits: [['<｜DSML｜toolcalls>', '<｜DSML｜function_calls>']],
    reads: {},
  },
  {
    kind: 'literal-newline',
    text: deepseek(SECTION[0], 'f\\n```json\\n'),
    options: { format: 'deepseek-v3' },
    edits: [
      ['\\n', '\n'],
      ['\\n', '\n'],
    ],
    reads: { a: 1 },
  },
  {
    kind: 'missing-attribute',
    text: dsml('<｜DSML｜parameter name="a">6</｜DSML｜parameter>\n'),
    options: { format: 'deepseek-v3.2' },
    edits: [['', ' string="false"']],
    reads: { a: 6 },
  },
  {
    kind: 'name-key',
    text: '<tool_call>{"tool": "f", "arguments": {"a": "x"}}</tool_call>',
    options: { format: 'hermes', tools: STRING_A },
    edits: [['"tool"', '"name"']],
    reads: { a: 'x' },
  },
  {
    kind: 'argument-key',
    text: '<tool_call>{"name": "f", "args": {"a": "x"}}</tool_call>',
    edits: [['"args"', 'arguments']],
    reads: { a: 'x' },
  },
  {
    kind: 'flat-arguments',
    text: '<tool_call>{"name": "f", "a": "x"}</tool_call>',
    options: { format: 'hermes', tools: STRING_A },
    edits: [['"a"', 'arguments.a']],
    reads: { a: 'x' },
  },
  {
    kind: 'argument-beside',
    text: '<tool_call>{"name": "f", "arguments": {}, "a": "x"}</tool_call>',
    options: { format: 'hermes', tools: STRING_A },
    edits: [['"a"', 'arguments.a']],
    reads: { a: 'x' },
  },
  {
    kind: 'wrapped-arguments',
    text: hermes('{"input": {"a": "x"}}'),
    options: { format: 'hermes', tools: STRING_A },
    edits: [['{"input": {"a": "x"}}', '{"a": "x"}']],
    reads: { a: 'x' },
    strictly: { input: { a: 'x' } },
  },
  {
    kind: 'leading-zeros',
    text: '[f(a=007)]',
    options: { format: 'pythonic', tools: INTEGER_A },
    edits: [['007', '7']],
    reads: { a: 7 },
  },
  {
    kind: 'json-quotes',
    text: '<|tool_call>call:f{a:"x"}<tool_call|>',
    options: { format: 'gemma4' },
    edits: [
      ['"', '<|"|>'],
      ['"', '<|"|>'],
    ],
    reads: { a: 'x' },
  },
  {
    kind: 'missing-quotes',
    text: '<|tool_call>call:f{a:two words}<tool_call|>',
    options: { format: 'gemma4' },
    edits: [['two words', '"two words"']],
    reads: { a: 'two words' },
  },
  {
    kind: 'unescaped-quotes',
    text: `[f(a="it is "so" here")]`,
    options: { format: 'pythonic', tools: STRING_A },
    edits: [
      ['"', '\\"'],
      ['"', '\\"'],
    ],
    reads: { a: 'it is "so" here' },
  },
  {
    kind: 'wrapped-arguments',
    text: dsml('<｜DSML｜parameter name="input" string="true">{"a": "x"}</｜DSML｜parameter>\n'),
    options: { format: 'deepseek-v3.2', tools: STRING_A },
    edits: [['{"a": "x"}', '{"a": "x"}']],
    reads: { a: 'x' },
    strictly: { input: '{"a": "x"}' },
  },
  {
    kind: 'surplus-opener',
    text: '<tool_call>\n<function=f>\n<function=f>\n<parameter=a>\nx\n</parameter>\n</function>\n</tool_call>',
    options: { format: 'qwen3-coder', tools: STRING_A },
    edits: [['<function=f>', '']],
    reads: { a: 'x' },
  },
  {
    kind: 'misspelt-header',
    text: '<tool_call>\n<function=f\n<parameter=a>\nx\n</parameter>\n</function>\n</tool_call>',
    options: { format: 'qwen3-coder', tools: STRING_A },
    edits: [['<function=f', '<function=f>']],
    reads: { a: 'x' },
  },
  {
    kind: 'stripped-marker',
    text: '<tool_calls>\n<invoke name="f">\n<parameter name="a" string="true">x</parameter>\n</invoke>\n</tool_calls>',
    options: { format: 'deepseek-v4', tools: STRING_A },
    edits: [['', '｜DSML｜']],
    reads: { a: 'x' },
  },
  {
    kind: 'json-body',
    text: '<tool_call>\n<function=f>\n{"a": 1}\n</function>\n</tool_call>',
    options: { format: 'qwen3-coder' },
    edits: [['', '']],
    reads: { a: 1 },
  },
  {
    kind: 'code-fence',
    text: '✿FUNCTION✿: f\n✿ARGS✿: ```json\n{"a": 1}\n```\n✿RESULT✿',
    options: { format: 'qwen' },
    edits: [['```json', '']],
    reads: { a: 1 },
  },
  {
    kind: 'unescaped-quotes',
    text: '<|python_tag|>brave_search.call(query="who said "veni" first")<|eom_id|>',
    options: { format: 'llama3' },
    edits: [['who said "veni" first', 'who said \\"veni\\" first']],
    name: 'brave_search',
    reads: { query: 'who said "veni" first' },
    strictly: { code: 'brave_search.call(query="who said "veni" first")' },
  },
  {
    kind: 'coerced',
    text: hermes('{"a": "5"}'),
    options: { format: 'hermes', tools: INTEGER_A, coerce: true },
    edits: [['"5"', '5']],
    reads: { a: 5 },
  },
  {
    kind: 'further-repairs',
    text: hermes(`{"a": [${Array(300).fill('True').join()}]}`),
    edits: [['', '']],
    reads: { a: Array(300).fill(true) },
  },
]

function optionsOf({ options }: Mended): ParserOptions {
  return options ?? { format: 'hermes' }
}

it('keeps what stands beside a swallowed name as it was written', () => {
  const text =
    '<tool_call>{"arguments": {"id": 9007199254740993, "v": [1.50, {"__proto__": ",\\""}], "name": "f"}</tool_call>'
  const { toolCalls, notes } = parse(text, { format: 'hermes' })
  expect(toolCalls[0]?.argumentsText).toBe('{"id": 9007199254740993, "v": [1.50, {"__proto__": ",\\""}]}')
  expect(notes.map(({ code }) => code)).toEqual(['big-integer'])
})

describe('what is mended', () => {
  it.each(mended)('$kind: $text', (entry) => {
    const { toolCalls, incomplete, notes, content } = parse(entry.text, optionsOf(entry))
    const [call] = toolCalls
    expect(toolCalls).toHaveLength(entry.calls ?? 1)
    expect(incomplete).toEqual([])
    expect(content.trim()).toBe('')
    expect(notes.filter(({ code }) => code.startsWith('damaged'))).toEqual([])
    expect(call?.name).toBe(entry.name ?? 'f')
    expect(call?.arguments).toEqual(entry.reads)
    expect(JSON.parse(call?.argumentsText ?? '')).toEqual(entry.reads)
    const edits = toolCalls.flatMap(({ repairs }) => repairs).filter(({ kind }) => kind === entry.kind)
    expect(edits.map(({ before, after }) => [before, after])).toEqual(entry.edits)
  })

  const exact = mended.filter(({ options }) => options?.coerce !== true)
  it.each(exact)('and with repair: false it is not: $kind: $text', (entry) => {
    const { toolCalls, incomplete, notes } = parse(entry.text, { ...optionsOf(entry), repair: false })
    if (entry.strictly === undefined) {
      expect(toolCalls).toEqual([])
      expect(notes.length).toBeGreaterThan(0)
    } else {
      expect(toolCalls.map((call) => call.arguments)).toEqual([entry.strictly])
    }
    expect([...toolCalls, ...incomplete].flatMap(({ repairs }) => repairs)).toEqual([])
  })

  it('each kind of the list', () => {
    expect(new Set(mended.map(({ kind }) => kind))).toEqual(new Set(Object.keys(REPAIR_KINDS)))
  })

  it('a text that is cut off is never mended into a complete call', () => {
    for (const entry of mended.filter(({ text }) => text.startsWith('<tool_call>{'))) {
      const options = optionsOf(entry)
      const end = entry.text.indexOf('</tool_call>')
      const whole = parse(entry.text, options).toolCalls
      for (let i = 0; i < end; i++) {
        for (const call of parse(entry.text.slice(0, i), options).toolCalls) {
          expect(call.argumentsText, entry.text.slice(0, i)).toBe(whole[call.index]?.argumentsText)
        }
      }
    }
  })
})

const refused: [string, string][] = [
  ['prose in the tag', '<tool_call>I will look up the weather now.</tool_call>'],
  ['prose in the tag, with braces', '<tool_call>{the weather in Bergen}</tool_call>'],
  ['prose in place of the arguments', '<tool_call>{"name": "f", "arguments": the weather in Bergen}</tool_call>'],
  ['prose in place of a value', hermes('{"a": the day after tomorrow}')],
  ['prose behind the arguments', '<tool_call>{"name": "f", "arguments": {"a": 1} and so on}</tool_call>'],
  ['a schema in the tag', '<tool_call>{"type": "function", "function": "f"}</tool_call>'],
  ['division', hermes('{"a": 1/6}')],
  ['a sum', hermes('{"a": 1 + 1}')],
  ['a power', hermes('{"a": 2**10}')],
  ['a percentage', hermes('{"a": 5%}')],
  ['a number with a unit', hermes('{"a": 5 km}')],
  ['digits in groups', hermes('{"a": 1 000}')],
  ['a function call', hermes('{"a": now()}')],
  ['a lambda', hermes('{"a": lambda x: x}')],
  ['a variable', hermes('{"a": x}')],
  ['strings that are put together', hermes('{"a": "x" + "y"}')],
  ['an ellipsis', hermes('{"a": ...}')],
  ['an ellipsis in a list', hermes('{"a": [1, 2, ...]}')],
  ['an ellipsis as the arguments', hermes('{...}')],
  ['a placeholder in angle brackets', hermes('{"a": <value>}')],
  ['a placeholder in braces', hermes('{"a": {value}}')],
  ['a value that is not there', hermes('{"a": }')],
  ['NaN and Infinity', hermes('{"a": NaN, "b": -Infinity}')],
  ['undefined', hermes('{"a": undefined}')],
  ['a comment', hermes('{"a": 1 // one\n}')],
  ['a list as the arguments', hermes('[1, 2]')],
  ['a call without a name', '<tool_call>{"arguments": {"a": 1}}</tool_call>'],
  ['a name that is no string', '<tool_call>{"name": 7, "arguments": {"a": 1}}</tool_call>'],
  ['closers that do not match', hermes('{"a": [1, 2}]')],
  ['a string that never ends', '<tool_call>{"name": "f", "arguments": {"a": "x}}</tool_call>'],
]

describe('what is refused', () => {
  it.each(refused)('%s', (_, text) => {
    for (const repair of [true, false]) {
      const { toolCalls, notes } = parse(text, { format: 'hermes', repair })
      expect(toolCalls).toEqual([])
      expect(notes.length).toBeGreaterThan(0)
    }
  })
})

describe('REPAIR_KINDS', () => {
  const listed = new Set<string>(Object.keys(REPAIR_KINDS))

  /** Kinds that a text brings about and the list does not have. */
  function unlisted(text: string, options: ParserOptions): string[] {
    const { toolCalls, incomplete } = parse(text, options)
    return kindsOf([...toolCalls, ...incomplete]).filter((kind) => !listed.has(kind))
  }

  it.each(shareOf(formats()).map((format) => ({ id: format.id, format })))('has every kind of $id', ({ format }) => {
    for (const { text, options } of fixturesOf(format)) expect(unlisted(text, { ...options, format }), text).toEqual([])
    fc.assert(
      fc.property(samplesOf(format), ({ text, options }) => {
        expect(unlisted(text, { ...options, format })).toEqual([])
      }),
      parameters(100),
    )
  })

  it('has every kind that the source names, and no other', () => {
    const sources = sourceFiles().map((file) => readFileSync(file, 'utf8'))
    const named = sources.flatMap((source) => [...source.matchAll(NAMED)].map(([, kind = '']) => kind))
    expect(named.length).toBeGreaterThan(15)
    expect(named.filter((kind) => !listed.has(kind))).toEqual([])
    expect([...listed].filter((kind) => !sources.some((source) => source.includes(`'${kind}'`)))).toEqual([])
  })

  it('has examples that bring their kinds about', () => {
    for (const [kind, { example, means }] of Object.entries(REPAIR_KINDS)) {
      expect(means).toMatch(/\.$/)
      const [, prefix = 'hermes', text = ''] = /^(?:([\w.-]+)(?:, [^:]*)?: )?([\s\S]*)$/.exec(example) ?? []
      if (kind === 'coerced' || kind === 'further-repairs') continue
      expect(
        kindsOf(
          parse(text, { format: prefix, tools: { ...STRING_A, g: true, get_weather: true, brave_search: true } })
            .toolCalls,
        ),
        example,
      ).toContain(kind)
    }
  })
})

function kindsOf(calls: readonly ToolCall[]): string[] {
  return calls.flatMap(({ repairs }) => repairs.map(({ kind }) => kind))
}

/** A kind where a repair is made. */
const NAMED = /\b(?:repair|mend|repairOf)\(\s*'([a-z-]+)'/g

function sourceFiles(): URL[] {
  const folders = ['engine', 'families', 'fitting', 'recovery', 'values'].map((folder) => `src/${folder}/`)
  return [...folders, 'parsers/'].flatMap((folder) => {
    const url = new URL(`../../${folder}`, import.meta.url)
    return readdirSync(url, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => new URL(name, url))
  })
}

interface Row {
  id: string
  completion: string
  calls: { name: string; arguments: unknown }[]
  undecided: string[]
}

const data = new URL('../../../shared/realdata/hermes.jsonl', import.meta.url)

describe.skipIf(!existsSync(data))('real completions (skipped where ../shared/realdata is absent)', () => {
  const rows = existsSync(data)
    ? readFileSync(data, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Row)
    : []

  it('every repaired call is one of the oracle', () => {
    let repaired = 0
    for (const { id, completion, calls, undecided } of rows) {
      const left = [...calls]
      const odd: ToolCall[] = []
      for (const call of parse(completion, { format: 'hermes' }).toolCalls) {
        const i = left.findIndex(
          ({ name, arguments: args }) => name === call.name && isDeepStrictEqual(args, call.arguments),
        )
        if (i >= 0) left.splice(i, 1)
        if (call.repairs.length === 0) continue
        repaired++
        if (i < 0) odd.push(call)
      }
      expect(odd.length, `${id}: ${JSON.stringify(odd)} of ${completion}`).toBeLessThanOrEqual(undecided.length)
    }
    expect(repaired).toBeGreaterThan(100)
  })

  it('what no repair can know is refused: prose, arithmetic, placeholders', () => {
    const unknowable = /^\d+:(?:prose|arithmetic|placeholder|empty|expression)/
    const texts = rows.filter(
      ({ undecided }) => undecided.length > 0 && undecided.every((reason) => unknowable.test(reason)),
    )
    expect(texts.length).toBeGreaterThan(5)
    for (const { id, completion, calls } of texts) {
      const { toolCalls, notes } = parse(completion, { format: 'hermes' })
      expect(toolCalls.length, `${id}: ${completion}`).toBe(calls.length)
      const told = notes.length + toolCalls.flatMap(({ repairs }) => repairs).length
      expect(told, `${id}: ${completion}`).toBeGreaterThan(0)
    }
  })
})
