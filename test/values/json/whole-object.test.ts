import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Cursor } from '../../../src/text/cursor.js'
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
})
