import { describe, expect, it } from 'vitest'
import { Cursor } from '../../../src/text/cursor.js'
import { Matcher } from '../../../src/text/matcher.js'
import { PythonValue } from '../../../src/values/python/python-reader.js'
import { everyCut } from '../../support/run.js'

interface Reading {
  /** All that was handed on, joined. */
  json: string
  state: 'done' | 'bad' | 'open'
  /** Index where it stopped. */
  at: number
  closers: string
  bigIntegers: string[]
  comments: string[]
  /** Each piece with what it was read from, `JSON<-source`, where the source is not the same. */
  pieces: string[]
}

/** The text begins at this offset: what is told of places has to count from there. */
const LEAD = 7

/** Reads the value that the chunks begin with, and checks that the spans follow one another. */
function readChunks(chunks: readonly string[], { depth = 8, room = 1e6, end = true } = {}): Reading {
  const cursor = new Cursor()
  cursor.push('#'.repeat(LEAD))
  cursor.at = LEAD
  const source = chunks.join('')
  const value = new PythonValue(cursor, depth, new Matcher([['<|end|>', '<|end|>']]))
  const of = (from: number, to: number) => source.slice(from - LEAD, to - LEAD)
  const reading: Reading = { json: '', state: 'open', at: 0, closers: '', bigIntegers: [], comments: [], pieces: [] }
  let behind = LEAD
  value.begin({
    get room() {
      return room - reading.json.length
    },
    json(text, from, to) {
      if (text === '' || from !== behind || to < from)
        throw new Error(`${text} from ${from} to ${to}, behind ${behind}`)
      behind = to
      reading.json += text
      reading.pieces.push(of(from, to) === text ? text : `${text}<-${of(from, to)}`)
    },
    repair: () => expect.fail('Python needs no repair'),
    bigInteger: (from, to) => reading.bigIntegers.push(of(from, to)),
    comment: (_, text) => reading.comments.push(text),
  })
  let over = false
  for (const chunk of chunks) {
    cursor.push(chunk)
    over = value.scan()
    if (over) break
  }
  if (!over && end) {
    cursor.end('stop')
    expect(value.scan()).toBe(true)
  }
  const closers = value.closers.map((code) => String.fromCharCode(code)).join('')
  return { ...reading, state: value.done ? 'done' : value.bad ? 'bad' : 'open', at: cursor.offset - LEAD, closers }
}

/** Reads a text whole, having checked that any two chunks and single characters give the same. */
function read(text: string, options: { depth?: number; room?: number } = {}): Reading {
  const whole = readChunks([text], options)
  const { pieces: _, ...wanted } = whole
  for (const chunks of everyCut(text)) {
    const { pieces: _, ...cut } = readChunks(chunks, options)
    expect({ chunks, ...cut }).toEqual({ chunks, ...wanted })
  }
  const { pieces, ...single } = readChunks(text.split(''), options)
  expect(single).toEqual(wanted)
  expect(pieces.length).toBeGreaterThanOrEqual(whole.pieces.length)
  return whole
}

describe('a value', () => {
  it.each<[text: string, json: string]>([
    ["'a'", '"a"'],
    ['"a"', '"a"'],
    ["''", '""'],
    ["'''a'b'''", '"a\'b"'],
    ["r'\\d'", '"\\\\d"'],
    ["r'\\n'", '"\\\\n"'],
    ["R'\\n'", '"\\\\n"'],
    ['r"\\n"', '"\\\\n"'],
    ["u'\\n'", '"\\n"'],
    ["U'\\n'", '"\\n"'],
    ["'a' \"b\"\n'c'", '"abc"'],
    ["'a' r'\\d' '\\n'", '"a\\\\d\\n"'],
    ["r'\\d' '\\n'", '"\\\\d\\n"'],
    ["[('a' 'b'), 'c']", '["ab", "c"]'],
    ["['c', ('a' 'b')]", '["c", "ab"]'],
    ['1', '1'],
    ['-1.5e3', '-1.5e3'],
    ['+5', '5'],
    ['0xFF', '255'],
    ['True', 'true'],
    ['None', 'null'],
    ['[]', '[]'],
    ['[ ]', '[]'],
    ['()', '[]'],
    ['{}', '{}'],
    ['[1,2]', '[1, 2]'],
    ['[1 , 2 , ]', '[1, 2]'],
    ['(1,)', '[1]'],
    ['(1, 2)', '[1, 2]'],
    ['(1)', '1'],
    ["('a')", '"a"'],
    ['((1))', '1'],
    ['((1),)', '[1]'],
    ['((1,))', '[1]'],
    ['([1])', '[1]'],
    ['[(1), (2,)]', '[1, [2]]'],
    ['[[], [1]]', '[[], [1]]'],
    ["{'a':1,'b':[2]}", '{"a": 1, "b": [2]}'],
    ["{'a' : 1 , }", '{"a": 1}'],
    ["{'a' 'b': 1}", '{"ab": 1}'],
    ['{1: 2, None: 3, True: 4}', '{"1": 2, "null": 3, "true": 4}'],
    ["{'a': {'b': ()}}", '{"a": {"b": []}}'],
    ['\f\t\r\n 1 ', '1'],
    ['[1, # one\n2]', '[1, 2]'],
  ])('%j', (text, json) => {
    for (const behind of [',', ')', ' \n)']) {
      const { closers, state, at, ...reading } = read(text + behind)
      expect({ state, closers, at, json: reading.json }).toEqual({
        state: 'done',
        closers: '',
        // White space behind it is read.
        at: (text + behind).length - 1,
        json,
      })
    }
  })

  it.each<[text: string, at: number]>([
    ['x)', 1],
    ['1 2)', 2],
    ['1]', 1],
    ['1}', 1],
    ['1;', 1],
    [',', 0],
    [')', 0],
    [':', 0],
    ['[,]', 1],
    ['[1,,2]', 3],
    ['[1 2]', 3],
    // A comma that is missing, or one item: nobody knows.
    ["['a' 'b', 'c']", 5],
    ['[1}', 2],
    ['(1]', 2],
    ['{1}', 2],
    ['{1, 2}', 2],
    ["{'a', 2}", 4],
    ["{'a': 1: 2}", 7],
    ["{'a':}", 5],
    ['{[1]: 2}', 1],
    ['{(1): 2}', 1],
    ['{{}: 2}', 1],
    ["f'a'", 1],
    ["b'a'", 1],
    ["rb'a'", 2],
    ["rR'a'", 2],
    ['uU"a"', 2],
    ['z)', 1],
    ['A)', 1],
    ['Z)', 1],
    ['\u0080)', 1],
    ['é)', 1],
    ["'a' b)", 4],
    ["'a' 1)", 4],
    ['007)', 3],
    ['a.b)', 3],
    ['1@)', 1],
    ["1 'a')", 2],
    ['`', 0],
    ['/', 0],
    ['@', 0],
    ['[[[[[[[[[', 8],
  ])('%j is none', (text, at) => {
    const reading = read(text)
    expect({ state: reading.state, at: reading.at }).toEqual({ state: 'bad', at })
  })

  it.each<[text: string, json: string, closers: string]>([
    ["'ab", '"ab', ''],
    ["'ab\\", '"ab\\\\', ''],
    ["'ab'", '"ab"', ''],
    ["'ab' ", '"ab"', ''],
    ["'''ab''", "\"ab''", ''],
    ["['a', 'b", '["a", "b', ']'],
    ["[1, {'a': ('b', ", '[1, {"a": ["b"', ']})'],
    ["('a'", '', ')'],
    ['[1', '', ']'],
    ['[1, 2', '[1', ']'],
    ['[', '', ']'],
    ['1', '', ''],
    ['', '', ''],
    ["{'a'", '', '}'],
    ["{'a': '", '{"a": "', '}'],
    ['{1: 1', '', '}'],
  ])('%j is cut', (text, json, closers) => {
    expect(read(text)).toMatchObject({ state: 'open', json, closers, at: text.length })
  })
})

describe('what is handed on, and when', () => {
  it('nothing before the first leaf, then what it was read from', () => {
    const chunks = ['[', '[', ' 1', '2', ',', ' ', '3', ']', ']', ',']
    expect(readChunks(chunks).pieces).toEqual(['[[12<-[[ 12', ', 3]', ']'])
  })

  it('a string as it comes, its closing quote when nothing goes on with it', () => {
    const pieces = readChunks(["'a", 'b', "c'", ' ', "'d", "'", ')'], { end: false }).pieces
    expect(pieces).toEqual(['"a<-\'a', 'b', 'c', "d<-' 'd", '"<-\''])
  })

  it('a key with its value', () => {
    expect(readChunks(["{'k", "e' ", ': ', "'v", "'}", ')']).pieces).toEqual(['{"ke": "v<-{\'ke\' : \'v', '"}<-\'}'])
  })

  it('a colon with its key', () => {
    expect(readChunks(["{'a': 1, 'b':", ' 2}', ')']).pieces).toEqual([`{"a": 1, "b": <-{'a': 1, 'b':`, '2}<- 2}'])
  })

  it('what stands before a parenthesis at once, the rest once it is decided', () => {
    const chunks = ["['a', ", '(', "'b'", ')', ', (', "'c'", ',', "'d'", ')', ']', ')']
    expect(readChunks(chunks).pieces).toEqual([
      '["a"<-[\'a\'',
      ', ',
      '"b"<-(\'b\'',
      ', <-), ',
      '["c"<-(\'c\'',
      ', "d<-,\'d',
      '"]<-\')',
      ']',
    ])
  })

  it('comments, in the order of the text', () => {
    const { comments, json } = read('[1, # one\n 2 # two\n, 3] # three\n,')
    expect(comments).toEqual(['# one', '# two', '# three'])
    expect(json).toBe('[1, 2, 3]')
    expect(read('[1, # cut')).toMatchObject({ state: 'open', json: '[1', comments: [] })
    expect(read("'a' # b\n'c')")).toMatchObject({ json: '"ac"', comments: ['# b'] })
    expect(read("'# a')")).toMatchObject({ json: '"# a"', comments: [] })
    expect(read('[1, # one<|end|>')).toMatchObject({ state: 'bad', comments: ['# one'], at: 9 })
  })

  it('integers that no double holds, but not in keys', () => {
    const text =
      '[9007199254740992, 9007199254740991, -9007199254740993, 1e300, 1000000000000000e5, 123456789012345678.5, 0xFFFFFFFFFFFFFFFF])'
    expect(read(text).bigIntegers).toEqual(['9007199254740992', '-9007199254740993', '0xFFFFFFFFFFFFFFFF'])
    expect(read("{9007199254740993: '9007199254740993'})").bigIntegers).toEqual([])
    expect(read('1234567890123456)').bigIntegers).toEqual([])
  })

  it.each([
    ["bytes'", 'bytes'],
    ["[1, bytes'", 'bytes'],
    [';', ''],
    ["'a' ;", ''],
    ["r'a' ;", ''],
    ['1 ;', ''],
  ])('the last word of %j, to which a quote behind it may belong', (text, word) => {
    const cursor = new Cursor()
    const value = new PythonValue(cursor, 8, new Matcher<string>([]))
    const nothing = () => undefined
    const sink = { room: 1e6, json: nothing, repair: nothing, bigInteger: nothing, comment: nothing }
    cursor.push("word'")
    expect(value.begin(sink).scan()).toBe(true)
    cursor.at = cursor.window.length
    cursor.push(text)
    expect(value.begin(sink).scan()).toBe(true)
    expect(value.lastWord).toBe(word)
  })
})

describe('limits', () => {
  it('of depth', () => {
    expect(read('[[1]])', { depth: 2 }).state).toBe('done')
    expect(read('[[1]])', { depth: 1 })).toMatchObject({ state: 'bad', at: 1 })
    expect(read('{1: ()})', { depth: 1 })).toMatchObject({ state: 'bad', at: 4 })
  })

  it('of a number or word', () => {
    expect(readChunks([`${'0'.repeat(1023)}.)`]).state).toBe('done')
    expect(readChunks([`${'0'.repeat(1024)}.)`]).state).toBe('bad')
    expect(readChunks(['1'.repeat(2000)])).toMatchObject({ state: 'bad', at: 2000 })
  })

  it('near which each step comes alone', () => {
    const text = "['a', 'b', [1, 2]])"
    expect(readChunks([text]).pieces).toHaveLength(1)
    const pieces = readChunks([text], { room: 4000 }).pieces
    expect(pieces.length).toBeGreaterThan(8)
    expect(readChunks([text], { room: 1 }).json).toBe('["a", "b", [1, 2]]')
    expect(readChunks(["'\\u00e9\\n\\t')"], { room: 1 }).json).toBe('"é\\n\\t"')
  })

  it('a long string comes in pieces that fit', () => {
    const body = 'x'.repeat(10_000)
    const whole = readChunks([`'${body}')`])
    expect(whole.json).toBe(`"${body}"`)
    const near = readChunks([`'${body}')`], { room: 11_000 })
    expect(near.json).toBe(`"${body}"`)
    expect(near.pieces.length).toBeGreaterThan(whole.pieces.length)
    // Near the limit nothing comes that does not fit, but for single characters.
    const escaped = readChunks([`'${'\u0000'.repeat(3000)}')`], { room: 12_000 })
    expect(escaped.json).toBe(JSON.stringify('\u0000'.repeat(3000)))
    expect(Math.max(...escaped.pieces.map((piece) => piece.indexOf('<-')))).toBeLessThan(8000)
  })
})
