import { describe, expect, test } from 'vitest'
import { createParser, type ParseEvent, type ParserOptions, parse, RenderError, render } from '../../../src/index.js'
import { workOn } from '../../promises/work.js'
import { characters, chunkDifference, everyCut } from '../../support/run.js'

const farm = [
  {
    name: 'plant',
    inputSchema: { type: 'object', properties: { crop: { type: 'string' }, row: { type: 'integer' } } },
  },
  { name: 'water', inputSchema: { type: 'object', properties: { row: { type: 'integer' } } } },
  { name: 'harvest', inputSchema: { type: 'object', properties: {} } },
] as const

const pythonic: ParserOptions = { format: 'pythonic', separators: 'keep' }
const llama4: ParserOptions = { format: 'llama4-pythonic' }

/** The events behind each character of the text. */
function streamed(text: string, options = pythonic): ParseEvent[][] {
  const parser = createParser(options)
  return [...characters(text).map((character) => parser.push(character)), parser.end()]
}

/** What was shown behind the first `n` characters. */
function shownAfter(text: string, n: number, options = pythonic): ParseEvent[] {
  return streamed(text, options).slice(0, n).flat()
}

function deltas(events: readonly ParseEvent[]): string[] {
  return events.flatMap((event) => (event.type === 'arguments' ? [event.delta] : []))
}

function callsOf(text: string, options = pythonic): string[] {
  return parse(text, options).toolCalls.map((call) => call.name + call.argumentsText)
}

function notesOf(text: string, options = pythonic): string[] {
  return parse(text, options).notes.map(({ code, from, to }) => `${code} ${text.slice(from, to)}`)
}

describe('values', () => {
  test.each<[value: string, json: string]>([
    ["'it\\'s'", '"it\'s"'],
    ['"a" \'b\'\n"""c"d"""', '"abc\\"d"'],
    ["r'\\d+' R\"\\s\" u'é'", '"\\\\d+\\\\sé"'],
    ["'\\x41\\101\\u00e6\\U0001F41F\\q'", '"AAæ🐟\\\\q"'],
    ["'a\nb\\\nc'", '"a\\nbc"'],
    ["''", '""'],
    ["''''''", '""'],
    ['-0x_ff', '-255'],
    ['+1_000', '1000'],
    ['--.5', '0.5'],
    ['[True, false, None, null]', '[true, false, null, null]'],
    ['(1)', '1'],
    ['(1,)', '[1]'],
    ['()', '[]'],
    ["((1, 2), ('a' 'b'))", '[[1, 2], "ab"]'],
    ["{'a': {}, 2: [], None: (3,), True: -1,}", '{"a": {}, "2": [], "null": [3], "true": -1}'],
    ['[1, # one ]\n 2]', '[1, 2]'],
    ["'# no comment'", '"# no comment"'],
  ])('%s is %s', (value, json) => {
    const text = `[f(x=${value}, y=1)]`
    expect(parse(text, pythonic).toolCalls.map(({ argumentsText }) => argumentsText)).toEqual([
      `{"x": ${json}, "y": 1}`,
    ])
    expect(chunkDifference(createParser, pythonic, text, [...everyCut(text), characters(text)])).toBeUndefined()
  })

  test.each([
    "b'z'",
    "f'{y}'",
    '{1, 2}',
    "{'a', 'b'}",
    '{(1,): 2}',
    '1j',
    '1e999',
    'nan',
    "float('inf')",
    'name',
    'a.b',
    'g(h=1)',
    'lambda x: x',
    '1/6',
    '[...]',
    '1 2',
    '[1, 2)',
    '',
  ])('%s is not a literal: its call is left out, and its siblings live', (value) => {
    const text = `[f(x=${value}), g(y=']', z=2)]`
    const { status, content } = parse(text, pythonic)
    expect(callsOf(text)).toEqual(['g{"y": "]", "z": 2}'])
    expect({ status, content }).toEqual({ status: 'malformed', content: '' })
    expect(chunkDifference(createParser, pythonic, text, [...everyCut(text), characters(text)])).toBeUndefined()
  })

  test('digits of big integers are kept, with a note for each', () => {
    const text = '[f(a=9007199254740993, b=[-0x20000000000001], c=12)]'
    expect(callsOf(text)).toEqual(['f{"a": 9007199254740993, "b": [-9007199254740993], "c": 12}'])
    expect(notesOf(text)).toEqual(['big-integer 9007199254740993', 'big-integer -0x20000000000001'])
  })

  test('nesting is bounded by limits.depth, however deep the text', () => {
    const deep = (n: number) => `[f(x=${'['.repeat(n)}${']'.repeat(n)}), g()]`
    expect(callsOf(deep(3), { ...pythonic, limits: { depth: 3 } })).toEqual(['f{"x": [[[]]]}', 'g{}'])
    expect(callsOf(deep(4), { ...pythonic, limits: { depth: 3 } })).toEqual(['g{}'])
    expect(callsOf(deep(100_000))).toEqual(['g{}'])
  })

  test('names of the prototype are ordinary keys', () => {
    const [call] = parse("[f(__proto__={'__proto__': 1}, constructor=2)]", pythonic).toolCalls
    expect(Object.keys(call?.arguments ?? {})).toEqual(['__proto__', 'constructor'])
    expect(({} as Record<string, unknown>)['1']).toBeUndefined()
  })
})

describe('streaming', () => {
  test('each argument comes with its key as it is read, strings as they come', () => {
    const events = streamed("[plant(crop='kale', row=12), harvest()]").flat()
    expect(deltas(events)).toEqual(['{"crop": "k', 'a', 'l', 'e', '"', ', "row": 12}', '{}'])
  })

  test('a call is announced with its first string, and not before', () => {
    const text = "[plant(crop='kale')]"
    const quote = text.indexOf("'")
    expect(shownAfter(text, quote + 1)).toEqual([])
    expect(shownAfter(text, quote + 2).map(({ type }) => type)).toEqual(['call-start', 'arguments'])
  })

  test('escapes, triple quotes and surrogate pairs wait until they are whole', () => {
    const text = "[f(a='x\\u00e6\ud83d\udc1f', b='''it''s''')]"
    const pieces = deltas(streamed(text).flat())
    expect(pieces.join('')).toBe('{"a": "xæ🐟", "b": "it\'\'s"}')
    expect(pieces).toContain('æ')
    expect(pieces).toContain('🐟')
  })

  test('all that one chunk settles comes out of it', () => {
    const parser = createParser(pythonic)
    const types = parser.push("[f(a=1), g(b='x')]").map(({ type }) => type)
    expect(types).toEqual(['call-start', 'arguments', 'call-end', 'call-start', 'arguments', 'call-end'])
  })

  test.each([
    ["[O'Reilly] says", 3],
    ['[1] and', 2],
    ['[x](http://example.org) is', 3],
    ['[a note] here', 4],
    ['[] and', 2],
    ['[f(x) for x', 6],
  ])('%s is released behind %i characters', (text, n) => {
    const shown = shownAfter(text, n).map((event) => (event.type === 'content' ? event.text : event.type))
    expect(shown.join('')).toBe(text.slice(0, n))
  })

  test('where arguments are cut by limits.argumentChars does not depend on the chunks', () => {
    const text = "[f(a='\u00001\u00002', b=[True, None, {'k': (1, 2)}], c=3)] on"
    for (let argumentChars = 1; argumentChars < 50; argumentChars++) {
      const options = { ...pythonic, limits: { argumentChars } }
      expect(chunkDifference(createParser, options, text, [...everyCut(text), characters(text)])).toBeUndefined()
    }
  })
})

describe('where a list counts', () => {
  test('without tools: where a line begins', () => {
    expect(callsOf('Now:\n [f(a=1)]')).toEqual(['f{"a": 1}'])
    expect(callsOf('Now: [f(a=1)]')).toEqual([])
    expect(callsOf('[f(a=1)][g()]\n\n[h()]')).toEqual(['f{"a": 1}', 'g{}', 'h{}'])
  })

  test('with tools: anywhere, if it begins with one of them', () => {
    const options = { ...pythonic, tools: farm }
    expect(callsOf('Now: [water(row=1)], and [dance(a=1)]', options)).toEqual(['water{"row": 1}'])
    expect(parse('Now: [water(row=1)], and [dance(a=1)]', options).content).toBe('Now: , and [dance(a=1)]')
  })

  test('an unknown tool among known ones is left out, with a note', () => {
    const { toolCalls, status, notes } = parse('[water(row=1), dance(a=1)]', { ...pythonic, tools: farm })
    expect(toolCalls.map(({ name }) => name)).toEqual(['water'])
    expect(status).toBe('malformed')
    expect(notes.map(({ message }) => message)).toEqual([
      'left out of the list of calls: no tool named "dance" was given',
    ])
  })

  test.each([
    'Use `[water(row=1)]` here',
    'Use ```[water(row=1)]``` here',
    '```python\n[water(row=1)]\n```\nlike this',
    '[[water(row=1)]]',
    '[ [water(row=1)], [harvest()]] ok',
    '[water]',
    '[water(row==1)]',
    '[harvest(1)]',
    '[water(row)]',
    '[water(*rows)]',
    "['water(row=1)']",
    '[water (row) = 1]',
    'water(row=1) is it',
    'I say water(row=1)',
  ])('%s is content', (text) => {
    const { content, toolCalls, status } = parse(text, { ...pythonic, tools: farm })
    expect({ content, toolCalls, status }).toEqual({ content: text, toolCalls: [], status: 'complete' })
  })

  test('code that is closed hides nothing behind it', () => {
    expect(callsOf('`x` [water(row=1)]', { ...pythonic, tools: farm })).toEqual(['water{"row": 1}'])
    expect(callsOf('```\nx\n```\n[f()]')).toEqual(['f{}'])
  })

  test('a text that is nothing but calls needs no brackets', () => {
    const text = '\n\nwater(row=1), harvest()<|eot_id|>'
    expect(callsOf(text)).toEqual(['water{"row": 1}', 'harvest{}'])
    expect(callsOf(text, { ...pythonic, tools: farm })).toEqual(['water{"row": 1}', 'harvest{}'])
    expect(callsOf(text, { ...pythonic, tools: farm.slice(1, 2) })).toEqual([])
    expect(callsOf(text, llama4)).toEqual([])
    for (const rest of [' ok', ', and', '; harvest()', ']']) {
      expect(parse(`water(row=1)${rest}`, pythonic)).toMatchObject({ content: `water(row=1)${rest}`, toolCalls: [] })
    }
  })
})

describe('arguments', () => {
  const options = { ...pythonic, tools: farm }

  test('positional ones take the parameters in the order of the schema', () => {
    expect(callsOf("[plant('oats', 2)]", options)).toEqual(['plant{"crop": "oats", "row": 2}'])
    expect(callsOf("[plant(r'oats', row=2)]", options)).toEqual(['plant{"crop": "oats", "row": 2}'])
    expect(callsOf('[water(None)]', options)).toEqual(['water{"row": null}'])
  })

  test('one too many, or one behind a keyword, makes it no call', () => {
    expect(parse("[plant('oats', 2, 3)]", options)).toMatchObject({
      content: "[plant('oats', 2, 3)]",
      toolCalls: [],
      incomplete: [],
      status: 'malformed',
    })
    expect(callsOf("[plant('oats', 2, 3), harvest()]", options)).toEqual(['harvest{}'])
    expect(parse("[plant(row=2, 'oats'), harvest()]", options)).toMatchObject({
      toolCalls: [{ name: 'harvest' }],
      incomplete: [{ name: 'plant', status: 'malformed' }],
    })
  })

  test('of two values for one argument the last counts', () => {
    const text = '[water(row=1, row=2)]'
    expect(callsOf(text)).toEqual(['water{"row": 1, "row": 2}'])
    expect(parse(text, pythonic).toolCalls[0]?.arguments).toEqual({ row: 2 })
    expect(notesOf(text)).toEqual(['duplicate-argument row'])
  })

  test('keywords of Python and letters of any script are names', () => {
    expect(callsOf('[f(from=1, class=2, größe=3, 名=4)]')).toEqual(['f{"from": 1, "class": 2, "größe": 3, "名": 4}'])
  })
})

describe('damage', () => {
  test('a call that was announced ends as incomplete', () => {
    const { toolCalls, incomplete, content } = parse('[f(a=1, b=c, d=[2]), g()] ok', pythonic)
    expect(toolCalls.map(({ name }) => name)).toEqual(['g'])
    expect(incomplete).toMatchObject([{ name: 'f', argumentsText: '{"a": 1', status: 'malformed' }])
    expect(content).toBe(' ok')
  })

  test('a list in which nothing can be read goes back to content, or is left out', () => {
    const text = 'So:\n[f(a=b), g(c=d)]\nok'
    expect(parse(text, pythonic)).toMatchObject({ content: text, incomplete: [], status: 'malformed' })
    expect(parse(text, { ...pythonic, damaged: 'drop' }).content).toBe('So:\n\nok')
    expect(notesOf(text)).toEqual(['damaged-block [f(a=b), g(c=d)]'])
  })

  test('what follows a list that does not go on is content', () => {
    expect(parse('[f(a=1) forwards b]', pythonic)).toMatchObject({
      content: ' forwards b]',
      toolCalls: [{ name: 'f' }],
      status: 'malformed',
    })
    // A comprehension is no list of calls.
    expect(parse('[f(a=1) for a in b]', pythonic)).toMatchObject({
      content: '',
      toolCalls: [],
      incomplete: [{ name: 'f' }],
      status: 'malformed',
    })
  })

  test('separators are mended, and listed with the call behind them', () => {
    const { toolCalls, status } = parse('[f(); g() h()]', pythonic)
    expect(toolCalls.map(({ repairs }) => repairs.map(({ kind }) => kind))).toEqual([
      [],
      ['wrong-separator'],
      ['missing-comma'],
    ])
    expect(status).toBe('complete')
    expect(parse('[f(); g()]', { ...pythonic, repair: false })).toMatchObject({
      toolCalls: [{ name: 'f' }],
      status: 'malformed',
    })
  })

  test.each<[text: string, calls: string[], incomplete: string[], status: string]>([
    ['[f(a=1)', ['f'], [], 'truncated'],
    ['[f(a=1),', ['f'], [], 'truncated'],
    ['[f(a=1), g', ['f'], [], 'truncated'],
    ['[f(a=1), g(b=', ['f'], ['g'], 'truncated'],
    ["[f(a=1), g(b='x", ['f'], ['g'], 'truncated'],
    ["[f(a='x'", [], ['f'], 'truncated'],
    ['[f(a=1<|eot_id|>', [], ['f'], 'malformed'],
    ['[f(a=1)<|eot_id|>', ['f'], [], 'complete'],
    ['[f', [], [], 'complete'],
  ])('%s, and no more', (text, calls, incomplete, status) => {
    const result = parse(text, pythonic)
    expect(result.toolCalls.map(({ name }) => name)).toEqual(calls)
    expect(result.incomplete.map(({ name }) => name)).toEqual(incomplete)
    expect(result.status).toBe(status)
  })

  test('every cut of a text gives calls that its whole has too', () => {
    const text = "[plant(crop='kale', row=4), harvest(), water(row=(1))]"
    const whole = callsOf(text)
    for (let i = 0; i < text.length; i++) {
      const calls = callsOf(text.slice(0, i))
      expect(calls).toEqual(whole.slice(0, calls.length))
    }
  })
})

describe('llama 4', () => {
  test('markers are left out, except in strings', () => {
    expect(parse('<|python_start|>Hi<|python_end|>', llama4)).toMatchObject({ content: 'Hi', status: 'complete' })
    const text = "<|python_start|>[say(t='<|python_end|><|python_start|>')]<|python_end|>"
    expect(callsOf(text, llama4)).toEqual(['say{"t": "<|python_end|><|python_start|>"}'])
  })

  test('behind the marker any name is called, with brackets or without', () => {
    const options = { ...llama4, tools: farm }
    const { toolCalls } = parse('<|python_start|>[dance(a=1)]', options)
    expect(toolCalls).toMatchObject([{ name: 'dance', known: false, evidence: 'marker' }])
    expect(callsOf('<|python_start|>dance(a=1)\nwater(row=2) ok', options)).toEqual([
      'dance{"a": 1}',
      'water{"row": 2}',
    ])
    expect(parse('<|python_start|>dance(a=1) ok', options).content).toBe(' ok')
  })

  test('JSON is read under the rules for bare JSON, behind the marker without them', () => {
    const json = '{"name": "dance", "parameters": {"a": 1}}'
    expect(callsOf(json, { ...llama4, tools: farm })).toEqual([])
    expect(callsOf(`<|python_start|>${json}`, { ...llama4, tools: farm })).toEqual(['dance{"a": 1}'])
  })
})

describe('render', () => {
  test('Python literals, behind a line end where text comes before', () => {
    const calls = [{ name: 'f', arguments: { a: null, b: true, c: [1.5, { 'k "x"': "it's" }], d: 'a\n\\"\'' } }]
    const text = "Now:\n[f(a=None, b=True, c=[1.5, {'k \"x\"': \"it's\"}], d='a\\n\\\\\"\\'')]"
    expect(render(calls, { format: 'pythonic', content: 'Now:' })).toBe(text)
    expect(parse(text, pythonic).toolCalls.map((call) => call.arguments)).toEqual(calls.map((call) => call.arguments))
  })

  test.each<[what: string, calls: { name: string; arguments: Record<string, unknown> }[], content: string]>([
    ['a name with a slash', [{ name: 'a/b', arguments: {} }], ''],
    ['a key with a space', [{ name: 'f', arguments: { 'a b': 1 } }], ''],
    ['an empty key', [{ name: 'f', arguments: { '': 1 } }], ''],
    ['content with a list', [], 'x [f(a=1)]'],
    ['content that begins with a call', [], 'f(a=1)'],
    ['content that ends with a bracket', [{ name: 'f', arguments: {} }], 'x ['],
    ['content with a stop token', [], 'x<|eot_id|>'],
  ])('%s is refused', (_what, calls, content) => {
    expect(() => render(calls, { format: 'pythonic', content })).toThrow(RenderError)
  })
})

test('hostile texts take linear time', () => {
  const texts = ['[', '[[', '[f(a=[', '[f(a=(', "[f(a='\\", '[f(a=x, ', 'f(a=1), ', '<|python_start|>', '`[f(']
  for (const piece of texts) {
    const work = (n: number) => workOn(createParser, llama4, piece.repeat(n / piece.length))
    expect({ piece, slow: work(16_384) > 2.2 * work(8_192) }).toEqual({ piece, slow: false })
  }
})

test('a long string near limits.argumentChars comes whole in any pieces', () => {
  const body = 'tab\\tquote\\u00e9 and \\\\ '.repeat(300)
  const whole = JSON.parse(`"${body}"`) as string
  for (const room of [3, 100, 1000]) {
    const options = { ...pythonic, limits: { argumentChars: JSON.stringify({ text: whole }).length + room } }
    expect(parse(`[f(text='${body}')]`, options).toolCalls[0]?.arguments).toEqual({ text: whole })
  }
})
