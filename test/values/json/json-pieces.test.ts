import { describe, expect, it } from 'vitest'
import { Cursor } from '../../../src/text/cursor.js'
import { JsonValue } from '../../../src/values/json/json.js'
import { ARRAY, OBJECT } from '../../../src/values/json/json-characters.js'
import type { JsonSink } from '../../../src/values/json/json-sink.js'
import type { JsonStart } from '../../../src/values/json/json-states.js'

interface Piece {
  text: string
  from: number
  to: number
}

interface Options {
  lenient?: boolean
  isPython?: boolean
  start?: JsonStart
  closers?: readonly number[]
  last?: 'written' | 'left'
  /** Characters that the sink takes before it is full. */
  room?: number
}

/** What is written of a text, piece by piece, with its repairs as `kind before > after`. */
function read(source: string, size: number, options: Options = {}) {
  const { lenient = true, isPython = false, start = 'value', closers = [], last = 'written', room } = options
  const cursor = new Cursor()
  const pieces: Piece[] = []
  const repairs: string[] = []
  const afters: string[] = []
  let left = room
  const sink: JsonSink = {
    json(text, from, to) {
      pieces.push({ text, from, to })
      if (left !== undefined) left -= text.length
    },
    repair(kind, from, to, before, after) {
      expect(source.slice(from, to)).toBe(before)
      repairs.push(`${kind} ${before} > ${after}`)
      afters.push(after)
    },
    bigInteger: (from, to) => void repairs.push(`big ${source.slice(from, to)}`),
  }
  if (room !== undefined) Object.defineProperty(sink, 'room', { get: () => left })
  const value = new JsonValue(cursor, lenient, 512, undefined, undefined, isPython).begin(sink, start, closers, last)
  let over = false
  for (let at = 0; at < source.length && !over; at += size) {
    cursor.push(source.slice(at, at + size))
    over = value.scan()
  }
  if (!over) {
    cursor.end('stop')
    value.scan()
  }
  return { value, pieces, repairs, afters, json: pieces.map(({ text }) => text).join(''), at: cursor.offset }
}

const STRICT = [
  '{"a": [1, 2.5, -3e2], "b": {"c": "x\\n\\u00e9\\\\"}, "d": null}',
  '["😀", "", {}, [], true]',
  '"x"',
  '12',
]
const MENDED = [
  '{\'a\': \'it\\\'s\', "b": "say \\\\"hi\\\\""}',
  '{"a": "x\ny", b: True, "c": (1, 2,), "d": [1, 2}',
  '{"a\\_b": "\\d\\u00zz", "c": 1 "d": None, }',
  "['\\x41', \"tab\t\", 'q\"q']",
]

describe('pieces of a value', () => {
  it.each([...STRICT, ...MENDED])('%s stand one behind the other, in any chunks', (source) => {
    const { json, repairs, value } = read(source, source.length)
    for (const size of [1, 2, 3, 7, source.length]) {
      const cut = read(source, size)
      expect({ size, json: cut.json, repairs: cut.repairs, done: cut.value.done }).toEqual({
        size,
        json,
        repairs,
        done: value.done,
      })
      let to = 0
      for (const piece of cut.pieces) {
        expect(piece.from).toBe(to)
        expect(piece.text).not.toBe('')
        to = piece.to
        if (repairs.length === 0) expect(piece.text).toBe(source.slice(piece.from, piece.to))
      }
      expect(to).toBe(source.length)
    }
  })

  it.each([...STRICT, ...MENDED])(
    '%s, where the sink is full: one slice or one rewriting crosses its limit',
    (source) => {
      for (const size of [1, 5, source.length]) {
        const { json, repairs } = read(source, size)
        for (let room = 0; room < json.length; room++) {
          const cut = read(source, size, { room })
          expect({ json: cut.json, repairs: cut.repairs }).toEqual({ json, repairs })
          let left = room
          for (const { text, to } of cut.pieces) {
            const isOne =
              text === source.slice(to - text.length, to) || cut.afters.includes(text) || text.startsWith('\\u00')
            if (left >= 0 && text.length > left) expect({ room, text, isOne }).toEqual({ room, text, isOne: true })
            left -= text.length
          }
        }
      }
    },
  )
})

describe('Python as the own spelling of a format', () => {
  it.each<[source: string, json: string, ...repairs: string[]]>([
    ["{'a': True, 'b': [None, False]}", '{"a": true, "b": [null, false]}'],
    ["'it\\'s \\x41 \"x\"'", '"it\'s \\u0041 \\"x\\""'],
    ['(1, 2)', '[1, 2]'],
    // What Python does not have is a repair as elsewhere.
    ['{a: 1}', '{"a": 1}', 'unquoted-key a > "a"'],
    ["['a\nb']", '["a\\nb"]', 'control-character \n > \\n'],
    ['[1, ]', '[1 ]', 'trailing-comma , > '],
  ])('%s is %s', (source, json, ...repairs) => {
    for (const size of [1, source.length]) {
      expect(read(source, size, { isPython: true })).toMatchObject({ json, repairs, value: { done: true } })
      expect(read(source, size, { isPython: true, lenient: false }).value.done).toBe(repairs.length === 0)
    }
  })
})

describe('a value that begins inside an object', () => {
  it.each<[start: JsonStart, source: string, json: string]>([
    ['key', '"a": 1}', '"a": 1}'],
    ['after-key', ': 1, "b": 2}', ': 1, "b": 2}'],
    ['after-value', ', "b": 2}', ', "b": 2}'],
    ['after-value', '}', '}'],
  ])('%s: %s', (start, source, json) => {
    for (const size of [1, source.length])
      expect(read(`${source} more`, size, { start, closers: [OBJECT] })).toMatchObject({
        json,
        repairs: [],
        at: source.length,
        value: { done: true },
      })
  })

  it.each<[start: JsonStart, source: string]>([
    ['key', '}'],
    ['after-key', '1}'],
    ['after-value', '1}'],
    ['value', '}'],
  ])('%s is not followed by %s', (start, source) => {
    expect(read(source, 1, { start, closers: [OBJECT] }).value.bad).toBe(true)
  })

  it('may be inside several', () => {
    const { json, value, at } = read('2]}, 3', 1, { closers: [OBJECT, ARRAY] })
    expect([json, value.done, at]).toEqual(['2]}', true, 3])
  })
})

describe('the last closer', () => {
  it.each([['{"a": 1}'], ['{"a": {}}'], ["{'a': 1}"]])('of %s is left to the caller, who knows its place', (source) => {
    for (const size of [1, source.length]) {
      const { json, value } = read(`${source} `, size, { last: 'left' })
      expect(`${json}}`).toBe(read(source, size).json)
      expect([value.done, value.lastFrom, value.lastTo]).toEqual([true, source.length - 1, source.length])
    }
  })

  it.each<[source: string, json: string]>([
    ['{"a": 1', '{"a": 1}'],
    ['{"a": [1', '{"a": [1]}'],
    ['{"a": (1', '{"a": [1]}'],
    ['{"a": [{}', '{"a": [{}]}'],
  ])('and others are written where the caller knows that %s ends', (source, json) => {
    for (const last of ['written', 'left'] as const) {
      const { value, pieces, repairs } = read(`${source};`, 1, { last })
      expect([value.bad, value.closable]).toEqual([true, true])
      value.close()
      const added = json.slice(source.length)
      expect(repairs.at(-1)).toBe(`missing-closer  > ${added}`)
      expect(pieces.at(-1)?.text ?? '').toBe(last === 'left' ? added.slice(0, -1) : added)
      expect([value.done, value.depth, value.lastFrom, value.lastTo]).toEqual([true, 0, source.length, source.length])
    }
  })

  it.each<[source: string, expected: string]>([
    ['{"a": ;', 'a value'],
    ['[;', 'a value or `]`'],
    ['{"a": 1, ;', 'a key'],
    ['{;', 'a key or `}`'],
    ['{"a";', '`:`'],
  ])('is not all that is missing of %s: %s is', (source, expected) => {
    const { value } = read(source, 1)
    expect([value.bad, value.closable, value.expected]).toEqual([true, false, expected])
  })

  it('may be missing behind a value only', () => {
    const { value } = read('{"a": 1;', 1)
    expect([value.closable, value.expected]).toEqual([true, '`,` or a closing bracket'])
  })
})

describe('keys', () => {
  it.each<[source: string, keys: number]>([
    ['{}', 0],
    ['{"a": 1, "a": [{"b": 2}]}', 3],
    ["{a: 1, 'b': 2}", 2],
    ['[1, "a"]', 0],
  ])('of %s are counted', (source, keys) => {
    for (const size of [1, source.length]) expect(read(source, size).value.keys).toBe(keys)
  })
})
