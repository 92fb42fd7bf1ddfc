import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Cursor } from '../../../src/text/cursor.js'
import { Matcher } from '../../../src/text/matcher.js'
import { JsonValue } from '../../../src/values/json/json.js'
import type { JsonSink } from '../../../src/values/json/json-sink.js'
import { WholeObjects } from '../../../src/values/json/whole-object.js'
import { argumentTrees } from '../../promises/values.js'
import { parameters, runs } from '../../support/runs.js'

/** All that a value says of itself, with what is written joined. */
function read(chunks: readonly string[], last: 'written' | 'left', depth = 512) {
  const cursor = new Cursor()
  const said: unknown[] = []
  let text = ''
  let object: unknown
  const sink: JsonSink = {
    json: (piece) => {
      text += piece
    },
    repair: (...repair) => void said.push(repair),
    bigInteger: (...span) => void said.push(span),
    whole: (value, length, missing) => {
      object = { value, length, missing }
    },
  }
  const value = new JsonValue(cursor, true, depth, (at) => said.push(at)).begin(sink, 'value', [], last)
  for (const chunk of chunks) {
    cursor.push(chunk)
    if (value.scan()) break
  }
  cursor.end('stop')
  if (!value.done && !value.bad) value.scan()
  const { done, bad, keys, lastFrom, lastTo } = value
  const left = last === 'left' && done ? { lastFrom, lastTo } : {}
  return { text, said, done, bad, keys: done ? keys : 0, at: done ? cursor.offset : 0, left, object }
}

const lasts = ['written', 'left'] as const
/** Text that is JSON, or nearly: a character left out, doubled or put in. */
const texts = fc
  .tuple(
    argumentTrees,
    fc.constantFrom(undefined, 1),
    fc.nat(),
    fc.constantFrom('', '"', '\\', '\n', '9', 'e', '}', '[', ','),
  )
  .map(([tree, space, at, more]) => {
    const text = JSON.stringify(tree, undefined, space)
    const i = 1 + (at % (2 * text.length))
    return i >= text.length ? text : text.slice(0, i) + more + text.slice(more === '' ? i + 1 : i)
  })

describe('an object that stands whole in the text', () => {
  it.each(lasts)('says what it says character by character, its last brace %s', (last) => {
    let wholes = 0
    fc.assert(
      fc.property(texts, (text) => {
        const { object, ...whole } = read([`${text} `], last)
        const { object: none, ...single } = read([...`${text} `], last)
        expect(whole).toEqual(single)
        expect(none).toBeUndefined()
        if (object === undefined) return
        wholes++
        const missing = last === 'left' ? 1 : 0
        expect(object).toEqual({ value: JSON.parse(text.slice(0, whole.at)), length: whole.at, missing })
        expect(whole.text + '}'.repeat(missing)).toBe(text.slice(0, whole.at))
      }),
      parameters(200),
    )
    expect(wholes).toBeGreaterThan(runs(50))
  })

  it.each([
    ['{"a": 12345678901234567890}', 'a big integer'],
    ['{"a": 1e999}', 'a number without an end'],
    ['{"a": "x\ny"}', 'a control character'],
    ["{'a': 1}", 'quotes of Python'],
    ['{"a": [1, 2,]}', 'a trailing comma'],
    ['{"a": "\\\\"b\\\\""}', 'a doubled escape'],
    ['{"a": {"b": {"c": 1}}}', 'too many levels', 2],
    ['{"a": "b', 'a string that is cut'],
  ])('%s is left to whoever looks at each character: %s', (text, _why, depth = 512) => {
    expect(new WholeObjects(depth, undefined).read(text, 0, 0)).toBeUndefined()
  })

  it('looks at no character twice', () => {
    const wholes = new WholeObjects(512, undefined)
    expect(wholes.read('{"a": {"b": 1}', 0, 0)).toBeUndefined()
    expect(wholes.read('{"a": {"b": 1}', 6, 0)).toBeUndefined()
    expect(wholes.read('{"b": 1}', 0, 14)).toEqual({ value: { b: 1 }, end: 8, keys: 1 })
  })

  it('looks no further in a text whose objects are none, time and again', () => {
    const wholes = new WholeObjects(512, undefined)
    expect(wholes.read('{"b": 1}', 0, 0)).toBeDefined()
    for (let i = 1; i <= 4; i++) expect(wholes.read('{"a": "\\q"}', 0, 20 * i)).toBeUndefined()
    expect(wholes.read('{"b": 1}', 0, 100)).toBeUndefined()
  })

  it.each<[text: string, keys: number]>([
    ['{}', 0],
    ['{"a": 1, "a": {"b": [{"c": 2}]}}', 4],
    ['{"a":\t-1.5,\r\n"b": [true, false, null]}', 2],
    ['{"a": 123456789012345}', 1],
    ['{"a": "1e5 {[:]} 1234567890123456"}', 1],
    ['{"a": 1.5, "b": [1, 22, 333]}', 2],
  ])('%s is read whole, with its keys', (text, keys) => {
    const end = text.length
    expect(new WholeObjects(512, undefined).read(`${text}"}`, 0, 7)).toEqual({ value: JSON.parse(text), end, keys })
    expect(new WholeObjects(512, undefined).read(`x ${text}`, 2, 7)).toEqual({
      value: JSON.parse(text),
      end: end + 2,
      keys,
    })
    expect(new WholeObjects(512, undefined).read(text.slice(0, -1), 0, 7)).toBeUndefined()
  })

  it('ends a string at its first quote behind an even number of backslashes, near and far', () => {
    for (let length = 0; length < 60; length++) {
      for (let backslashes = 0; backslashes <= 4; backslashes += 2) {
        const inside = 'x'.repeat(length) + '\\'.repeat(backslashes)
        for (const text of [`{"a":"${inside}"}`, `{"a":"\\"${inside}\\"${inside}"}`])
          expect(new WholeObjects(512, undefined).read(`${text} "}`, 0, 0)?.end, text).toBe(text.length)
      }
    }
  })

  it.each([
    '{"a": 1234567890123456}',
    '{"a": 1e5}',
    '{"a": 1E5}',
    '{"a": (1)}',
    '{"a": True}',
    "{'a': 1}",
    '{"a": 1;}',
  ])('%s is left to whoever looks at each character', (text) => {
    expect(new WholeObjects(512, undefined).read(text, 0, 0)).toBeUndefined()
  })

  it('has as many levels as are allowed', () => {
    expect(new WholeObjects(2, undefined).read('{"a": [1]}', 0, 0)).toBeDefined()
    expect(new WholeObjects(1, undefined).read('{"a": [1]}', 0, 0)).toBeUndefined()
    expect(new WholeObjects(1, undefined).read('{"a": 1}', 0, 0)).toBeDefined()
  })

  it('ends before a marker that looks like a list, and at no other list', () => {
    const brackets = () => new Matcher([['[TOOL_CALLS]', 'call']])
    expect(new WholeObjects(512, brackets()).read('{"a": [TOOL_CALLS]}', 0, 0)).toBeUndefined()
    expect(new WholeObjects(512, brackets()).read('{"a": [1], "b": "[TOOL_CALLS]"}', 0, 0)).toMatchObject({ keys: 2 })
  })
})
