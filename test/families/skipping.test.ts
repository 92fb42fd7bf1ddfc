import { describe, expect, it } from 'vitest'
import type { Policy } from '../../src/engine/policy.js'
import { HeldValue } from '../../src/families/call-object/held-value.js'
import { PythonSkipper } from '../../src/families/pythonic/python-skipper.js'
import { DamagedJson } from '../../src/recovery/damaged-json.js'
import { swallowedName } from '../../src/recovery/swallowed-name.js'
import { Cursor } from '../../src/text/cursor.js'
import { Matcher } from '../../src/text/matcher.js'

interface Scanning {
  scan(): boolean
}

/** Where a scanner stops in a text, or `open` with where it waits; the same in one piece and in single characters. */
function stop(text: string, make: (cursor: Cursor) => Scanning, end = true): string {
  const read = (chunks: readonly string[]) => {
    const cursor = new Cursor()
    cursor.push('..')
    cursor.at = 2
    const scanner = make(cursor)
    for (const chunk of chunks) {
      cursor.push(chunk)
      if (scanner.scan()) return `${cursor.offset - 2}`
    }
    if (!end) return `open ${cursor.offset - 2}`
    cursor.end('stop')
    expect(scanner.scan()).toBe(true)
    return `end ${cursor.offset - 2}`
  }
  const whole = read([text])
  for (let i = 1; i < text.length; i++) expect(read([text.slice(0, i), text.slice(i)])).toBe(whole)
  expect(read(text.split(''))).toBe(whole)
  return whole
}

describe('the rest of an element of Python', () => {
  const skip = (text: string, until: 'brackets' | 'lines' | 'closed', closers = '', word = '') =>
    stop(text, (cursor) =>
      new PythonSkipper(cursor, new Matcher([['<end>', '<end>']]), until).begin(
        [...closers].map((closer) => closer.charCodeAt(0)),
        word,
      ),
    )

  it.each<[text: string, at: string]>([
    [', x', '0'],
    ['], x', '0'],
    ['a b, x', '3'],
    ['f(a, b), x', '7'],
    ['[a, b], x', '6'],
    ['{a, b}, x', '6'],
    ['({[a, b]}), x', '10'],
    ['(]), x', '1'],
    [')), x', '2'],
    ['}}, x', '2'],
    ['([), x', '3'],
    ['([{), x', '4'],
    ['(()), x', '4'],
    ["'a, b', x", '6'],
    ['"a, b", x', '6'],
    ["'''a', b''', x", '11'],
    ["'a\\', b', x", '8'],
    ["r'a, b', x", '7'],
    ["rb'a, b', x", '8'],
    ["f'a, b', x", '7'],
    ["Bf'a, b', x", '8'],
    ["uU'a, b', x", '8'],
    ["O'Reilly, x", '8'],
    ["it's, x", '4'],
    ["a1'b, x", '4'],
    ["rbf'a, x", '5'],
    ["r'a\\', x', x", '9'],
    ["_'a, x", '3'],
    ["é'a, x", '3'],
    ["9'a, x", '3'],
    ["Z'a, x", '3'],
    ["-'a, b', x", '7'],
    ['# a, b\n, x', '7'],
    ['#, <end>', '3'],
    ['a <end>, x', '2'],
    ["'<end>', x", '7'],
    ['<en, x', '3'],
    ['\n, x', '1'],
    ["'a", 'end 2'],
    ['# a', 'end 3'],
    ['a', 'end 1'],
    ['', 'end 0'],
    ['(, ]', '3'],
    ['(, )', 'end 4'],
  ])('in a list: %j', (text, at) => {
    expect(skip(text, 'brackets')).toBe(at)
  })

  it.each<[text: string, at: string]>([
    ['a\n', '1'],
    ['a], b', '2'],
    ['a]]\n', '3'],
    ['(a\n), b', '4'],
    ["'a\n', b", '4'],
    ['# a\n', '3'],
    ['a, b', '1'],
  ])('in lines: %j', (text, at) => {
    expect(skip(text, 'lines')).toBe(at)
  })

  it.each<[text: string, at: string]>([
    ['], x', '1'],
    ['a, b\n], x', '6'],
    ['[], x], y', '6'],
    [')], x', '2'],
    ["']', x], y", '7'],
    ['[', 'end 1'],
  ])('to behind a bracket: %j', (text, at) => {
    expect(skip(text, 'closed', ']')).toBe(at)
  })

  it('goes on where something is open, behind a word', () => {
    expect(skip('a, b), x', 'brackets', ')')).toBe('5')
    expect(skip('a, b}), x', 'brackets', ')}')).toBe('6')
    expect(skip("'a, b", 'brackets', '', 'it')).toBe('2')
    expect(skip("'a, b', x", 'brackets', '', 'r')).toBe('6')
    expect(skip("'a, b', x", 'brackets', '', '')).toBe('6')
    expect(skip("'a, b', x", 'brackets', '', 'bytes')).toBe('2')
    expect(skip("'a\\', x", 'brackets', '', 'R')).toBe('end 7')
  })

  it.each(["({['a", '# a', 'abc', '({['])('begins anew behind %j', (left) => {
    const cursor = new Cursor()
    const skipper = new PythonSkipper(cursor, new Matcher<string>([]), 'brackets')
    cursor.push(left)
    expect(skipper.begin([0x29, 0x5d], 'abc').scan()).toBe(false)
    cursor.at = cursor.window.length
    cursor.push("'b', c")
    expect(skipper.begin([], '').scan()).toBe(true)
    expect(cursor.at).toBe(3)
  })
})

describe('the rest of a damaged object', () => {
  const skip = (text: string, depth = 1) =>
    stop(text, (cursor) => new DamagedJson(cursor, depth, ['<end>'], ['<call>']))
  it.each<[text: string, at: string, depth?: number]>([
    ['} x', '1'],
    ['] x', '1'],
    ['{}} x', '3'],
    ['[]} x', '3'],
    ['{[]}} x', '5'],
    ['}} x', '2', 2],
    ['} x', '1', 0],
    ['"}"} x', '4'],
    ['"\\"}"} x', '6'],
    ['"\\\\"} x', '5'],
    ['\\"}"} x', '5'],
    ['"a\n} x', '2'],
    ['"a\\\n"}"} x', '3'],
    ['"a; {"b', '2'],
    ['a<call>}', '8'],
    ['a{}<call>}', '3'],
    ['<call>}', '0'],
    ['a<end>}', '1'],
    ['"<end>"}', '1'],
    ['a\n{}', '1'],
    ['a\n }', '1'],
    ['a<en}', '5'],
    ['a', 'end 1'],
    ['', 'end 0'],
    ['{}', 'end 2'],
  ])('%j', (text, at, depth = 1) => {
    expect(skip(text, depth)).toBe(at)
  })
})

describe('a name among arguments', () => {
  it.each([
    ['{"a": 1, "name": "f"}', { name: 'f', rest: '{"a": 1}', isLast: true }],
    ['{"name": "f", "a": {"b": [1]}, "c": null}', { name: 'f', rest: '{"a": {"b": [1]}, "c": null}', isLast: false }],
    ['{"name": "f"}', { name: 'f', rest: '{}', isLast: true }],
    ['{"a": 1}', undefined],
    ['{"name": 5}', undefined],
    ['{"name": null}', undefined],
    ['{"name": ""}', undefined],
    ['{"name": {"name": "f"}}', undefined],
    ['{}', undefined],
  ])('%s', (json, found) => {
    expect(swallowedName(json)).toEqual(found)
  })
})

describe('a value that is held', () => {
  it('is given with all that is to be said of it', () => {
    const said: unknown[] = []
    const out = {
      json: (...words: unknown[]) => said.push(['json', ...words]),
      repair: (...words: unknown[]) => said.push(['repair', ...words]),
      bigInteger: (...words: unknown[]) => said.push(['bigInteger', ...words]),
      countKeys() {},
    }
    const held = new HeldValue()
    expect([held.from, held.to, held.isString]).toEqual([-1, -1, false])
    held.json('{"a": ', 3, 9)
    held.repair('trailing-comma', 9, 10, ',', '')
    held.bigInteger(10, 20)
    held.json('1}', 9, 22)
    expect([held.from, held.to, held.isString, held.inner, String(held)]).toEqual([3, 22, false, undefined, '{"a": 1}'])
    held.giveTo(out as unknown as Policy)
    expect(said).toEqual([
      ['repair', 'trailing-comma', 9, 10, ',', ''],
      ['bigInteger', 10, 20],
      ['json', '{"a": 1}', 3, 22],
    ])
    said.length = 0
    held.giveTo(out as unknown as Policy, '{}')
    expect(said[2]).toEqual(['json', '{}', 3, 22])
  })

  it('keeps so many repairs and no more', () => {
    const held = new HeldValue()
    for (let i = 0; i < 300; i++) held.repair('trailing-comma', i, i + 1, ',', '')
    expect(held.repairs).toHaveLength(256)
  })

  it.each<[json: string, inner: string | undefined]>([
    ['"{\\"a\\": 1}"', '{"a": 1}'],
    ['"{}"', '{}'],
    ['"[]"', undefined],
    ['"null"', undefined],
    ['"1"', undefined],
    ['"a"', undefined],
    ['{}', undefined],
    ['"{', undefined],
    ['', undefined],
  ])('the object in %s', (json, inner) => {
    const held = new HeldValue()
    held.json(json, 0, 1)
    expect(held.inner).toBe(inner)
    expect(held.isString).toBe(json.startsWith('"'))
  })
})
