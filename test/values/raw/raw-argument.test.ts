import { describe, expect, it } from 'vitest'
import { insideJson } from '../../../src/values/json/inside-json.js'
import { ArgumentWriter } from '../../../src/values/raw/argument-writer.js'
import { RawArgument, type RawMode } from '../../../src/values/raw/raw-argument.js'

type Piece = [json: string, from: number, to: number]

/** What is written of a value that stands at offset 10 and comes in these pieces. */
function written(mode: RawMode, pieces: readonly string[], room = 1000): { out: Piece[]; argument: RawArgument } {
  const out: Piece[] = []
  const argument = new RawArgument({
    get room() {
      return room - out.reduce((length, [json]) => length + json.length, 0)
    },
    json: (json, from, to) => out.push([json, from, to]),
  })
  // What an earlier value left behind counts for nothing.
  argument.begin('whole')
  argument.text('left', 0)
  argument.begin(mode)
  expect([argument.from, argument.to, argument.raw]).toEqual([-1, -1, ''])
  let at = 10
  for (const piece of pieces) {
    argument.text(piece, at)
    at += piece.length
  }
  expect([argument.from, argument.to]).toEqual([10, at])
  return { out, argument }
}

describe('the raw text of an argument', () => {
  it('is written at once where it is a string', () => {
    const { out, argument } = written('text', ['ab', '"c\n'])
    expect(out).toEqual([
      ['ab', 10, 12],
      ['\\"c\\n', 12, 15],
    ])
    expect(argument.isOpenString).toBe(true)
    expect(argument.raw).toBe('ab"c\n')
  })

  it('waits where its type is known by the whole of it only', () => {
    const { out, argument } = written('whole', ['nu', 'mber'])
    expect(out).toEqual([])
    expect(argument.isOpenString).toBe(false)
    expect(argument.raw).toBe('number')
  })

  it('is not kept where it is over the limit', () => {
    expect(written('text', ['abc', 'defg', 'h'], 7).argument.raw).toBe('')
    expect(written('text', ['abc', 'def'], 7).argument.raw).toBe('abcdef')
  })

  it('is nothing where it is dropped', () => {
    const { out, argument } = written('dropped', ['a', 'b'])
    expect(out).toEqual([])
    expect(argument.raw).toBe('')
    expect(argument.isOpenString).toBe(false)
  })

  it('waits until it can be no null word', () => {
    for (const word of ['null', 'NULL', 'None', 'n', 'No']) {
      const { out, argument } = written('nullable', [...word])
      expect(out).toEqual([])
      expect(argument.isOpenString).toBe(false)
      expect(argument.raw).toBe(word)
    }
    expect(written('nullable', ['nu', 'lls', 'x']).out).toEqual([
      ['"', 10, 10],
      ['nulls', 10, 15],
      ['x', 15, 16],
    ])
    expect(written('nullable', ['nope']).out).toEqual([
      ['"', 10, 10],
      ['nope', 10, 14],
    ])
    expect(written('nullable', ['nope']).argument.isOpenString).toBe(true)
  })

  it('comes character by character where a limit lies in what has to be escaped', () => {
    expect(written('text', ['a\n😀"'], 3).out).toEqual([
      ['a', 10, 11],
      ['\\n', 11, 12],
      ['😀', 12, 14],
      ['\\"', 14, 15],
    ])
    expect(written('text', ['a\nb'], 4).out).toEqual([['a\\nb', 10, 13]])
    expect(written('text', ['abcdef'], 3).out).toEqual([['abcdef', 10, 16]])
  })
})

describe('the inside of a JSON string', () => {
  it.each(['', 'a', ' ', '"', '\\', '\n', '\u001f', '\u0020', '\ud83d', '\ude00', '😀', '\ud7ff', '\ue000', 'é'])(
    'of %j is what JSON writes',
    (text) => {
      for (const whole of [text, `x${text}y`, text + 'z'.repeat(60), 'z'.repeat(47) + text]) {
        expect(insideJson(whole)).toBe(JSON.stringify(whole).slice(1, -1))
      }
    },
  )
})

it('arguments are written as one object', () => {
  const out: Piece[] = []
  const writer = new ArgumentWriter({
    json: (json, from, to) => out.push([json, from, to]),
    repair: () => undefined,
    bigInteger: () => undefined,
  })
  const text = () => out.splice(0)
  expect(writer.isEmpty).toBe(true)
  writer.end(5)
  expect(text()).toEqual([['{}', 5, 5]])
  writer.begin()
  writer.key('a', 1, 2, 'string')
  expect(writer.isEmpty).toBe(false)
  writer.key('"', 3, 4, 'any')
  writer.end(9)
  expect(text()).toEqual([
    ['{"a":"', 1, 2],
    [',"\\"":', 3, 4],
    ['}', 9, 9],
  ])
  writer.begin()
  expect(writer.isEmpty).toBe(true)
  writer.key('b', 1, 2, 'any')
  expect(text()).toEqual([['{"b":', 1, 2]])
})

it('what the arguments are is known without reading them again', () => {
  let text = ''
  const sink = { json: (json: string) => (text += json), repair: () => undefined, bigInteger: () => undefined }
  const writer = new ArgumentWriter(sink)
  writer.begin()
  for (const [key, value] of [
    ['b', 'x'],
    ['__proto__', 'own'],
    ['2', 'two'],
    ['b', 'the last one counts'],
  ] as const) {
    writer.key(key, 0, 0, 'string')
    sink.json(`${value}"`)
    writer.string(key, value)
  }
  writer.key('constructor', 0, 0, 'any')
  writer.json('constructor', '{"__proto__": [1.0, null]}', 0, 0)
  writer.end(0)
  const parsed: unknown = JSON.parse(text)
  expect(writer.values).toEqual(parsed)
  expect(JSON.stringify(writer.values)).toBe(JSON.stringify(parsed))
  expect(Object.getPrototypeOf(writer.values)).toBe(Object.prototype)
  writer.json('c', 'no JSON', 0, 0)
  expect(writer.values).toBeUndefined()
  writer.begin()
  expect(writer.values).toEqual({})
})
