import { type Format, RenderError, type RenderOptions, render } from '../../src/index.js'
import { type Call, markersOf } from '../promises/format-facts.js'

const property = { type: 'string' }
const tools = [
  {
    name: 'f',
    inputSchema: { type: 'object', properties: { a: property, n: { type: 'integer' }, data: { type: 'object' } } },
  },
  { name: 'g', inputSchema: { type: 'object', properties: {} } },
]

const CALLS: Call[] = [
  { name: 'f', arguments: { a: 'x "y"', n: 2, data: { k: [1, null, true, { l: '' }], '': {} }, none: undefined } },
  { name: 'g', arguments: {} },
]

const NAMES = [
  '',
  'a b',
  ' a',
  'a\n',
  'a"b',
  "a'b",
  'a<b',
  'a>b',
  'a/b',
  'a=b',
  'a|b',
  'a&b',
  'a(b',
  'a{b',
  'a[b',
  'a:b',
  'a:0',
  'a,b',
  'a`b',
  'a\\b',
  'a.b',
  'a-b',
  'é',
  '1a',
  'all',
  'user',
  'functions.a',
  'type',
  'name',
  'x'.repeat(128),
  'x'.repeat(129),
  'x'.repeat(257),
]

const VALUES = [
  '',
  ' ',
  '\n',
  ' x ',
  '\nx\n',
  '\n\nx',
  'x\r\n',
  '1',
  'true',
  'null',
  '"x"',
  "'x'",
  '{"b": 1}',
  '[1]',
  '<b>x</b>',
  '</a>',
  '&lt;&amp;',
  ']]>',
  '\\n',
  '\u0001',
  '\ud83d',
  '```',
]

const WORD = 'zqword'

/** What a format writes, and what it refuses to: its names, keys, values of strings, and texts, in a line each. */
export function renderedBy(format: Format): string[] {
  const text = (calls: readonly Call[], rest: Partial<RenderOptions> = {}) => textOf(format, calls, rest)
  const markers = markersOf(format).filter((marker) => marker.trim().length > 1)
  const refused = (all: readonly string[], write: (one: string) => string) =>
    all
      .filter((one) => write(one).startsWith('refused'))
      .map((one) => JSON.stringify(one.length > 40 ? `${one.length} characters` : one))
      .join(' ')
  const valued = (value: string) => text([{ name: 'f', arguments: { a: value, z: value } }])
  const withWord = valued(WORD)
  // Those that stand where the word stood, as JSON has them or as they are, have no line.
  const oddLine = (value: string) => {
    const written = valued(value)
    const inner = JSON.stringify(value).slice(1, -1)
    const usual = [inner, JSON.stringify(inner).slice(1, -1)].map((one) => withWord.replaceAll(WORD, () => one))
    return usual.includes(written) ? [] : [`${JSON.stringify(value)}: ${written}`]
  }
  const lines = [
    `all: ${text(CALLS, { content: 'Hi.', reasoning: 'So.' })}`,
    `a call: ${text(CALLS.slice(0, 1))}`,
    `reasoning: ${text([], { reasoning: 'So.\n' })}`,
    `both: ${text([], { content: '\nHi.\n', reasoning: 'So.' })}`,
    `thoughts and calls: ${text(CALLS.slice(1), { reasoning: 'So.' })}`,
    `a word: ${withWord}`,
    ...VALUES.flatMap((value) => oddLine(value)),
    `names refused: ${refused(NAMES, (name) => text([{ name, arguments: { a: 'x' } }]))}`,
    `names refused without arguments: ${refused(NAMES, (name) => text([{ name, arguments: {} }]))}`,
    `keys refused: ${refused(NAMES, (key) => text([{ name: 'f', arguments: { [key]: 'x' } }]))}`,
    `inner keys refused: ${refused(NAMES, (key) => text([{ name: 'f', arguments: { data: { [key]: 'x' } } }]))}`,
    `values refused: ${refused([...markers, ...markers.map((m) => `x ${m} y`)], (a) => text([{ name: 'f', arguments: { a } }]))}`,
    `content refused: ${refused([...markers, ...markers.map((m) => `x ${m} y`)], (content) => text([], { content }))}`,
    `reasoning refused: ${refused([...markers, ...markers.map((m) => `x ${m} y`)], (reasoning) => text([], { reasoning }))}`,
  ]
  return lines
}

function textOf(format: Format, calls: readonly Call[], rest: Partial<RenderOptions>): string {
  try {
    return JSON.stringify(render(calls, { tools, ...rest, format }))
  } catch (error) {
    if (error instanceof RenderError) return `refused, ${error.message}`
    throw error
  }
}
