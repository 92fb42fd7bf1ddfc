import { describe, expect, it, test } from 'vitest'
import { Matcher } from '../../../src/text/matcher.js'
import type { ValueType } from '../../../src/tools/value-types.js'
import { pythonToJson } from '../../../src/values/python/python.js'
import { commentEnd } from '../../../src/values/python/python-comment.js'
import { isNullableString, typedValue } from '../../../src/values/raw/typed.js'

const typed = (raw: string, ...types: ValueType[]) => typedValue(raw, new Set(types))
const levels = (n: number, open = '[', close = ']') => `${open.repeat(n)}1${close.repeat(n)}`

describe('a container', () => {
  // Each as it was written: read as Python it would have a space behind each comma.
  it.each([
    ['brackets in a string', `["${'['.repeat(600)}",1]`],
    ['braces in a string', `["${'{'.repeat(600)}",1]`],
    ['behind a quote that is escaped', `["\\"${'['.repeat(600)}",1]`],
    ['behind a backslash that is escaped', `["\\\\",${'[],'.repeat(600)}1]`],
    ['lists beside one another', `[${'[],'.repeat(600)}1]`],
    ['objects beside one another', `[${'{},'.repeat(600)}1]`],
    ['512 levels', levels(511, '[1,')],
  ])('may hold %s', (_, raw) => {
    expect(typed(raw, 'array')).toEqual({ json: raw, fits: true })
  })

  it.each([levels(513), levels(513, '{"a":', '}'), `${levels(257, '[{"a":', '}]')}`])(
    'of more than 512 levels stays text',
    (raw) => {
      expect(typed(raw, 'array', 'object')).toEqual({ json: JSON.stringify(raw), fits: false })
      expect(pythonToJson(raw)).toBeUndefined()
    },
  )

  it('of 512 levels is read as Python too', () => {
    expect(pythonToJson(levels(512))).toBe(levels(512))
  })

  it.each([
    ['" [1] "', '[1]'],
    ['"[\\"a\\/b\\"]"', '["a/b"]'],
    ["'[1]'", '[1]'],
  ])('in the string %s is what the string holds', (raw, json) => {
    expect(typed(raw, 'array')).toEqual({ json, fits: true })
  })

  it.each(['"[1]', "'[1]", 'r"[1]"', 'u"[1]"', '"[1]" x'])('is not in %s', (raw) => {
    expect(typed(raw, 'array')).toEqual({ json: JSON.stringify(raw), fits: false })
  })
})

test('a union of three is no nullable string', () => {
  expect(isNullableString(new Set(['string', 'null', 'integer']))).toBe(false)
})

test.each([
  ['[\r1,\f2\t]', '[1, 2]'],
  ["'\\x00'", '"\\u0000"'],
  ["'\\U0010ffff'", '"\u{10ffff}"'],
])('Python: %j', (text, json) => {
  expect(pythonToJson(text)).toBe(json)
})

test.each<[text: string, ended: boolean, end: number]>([
  ['# a\nb', false, 3],
  ['# a\nb<|end|>', false, 3],
  ['# a<|end|>\nb', false, 3],
  ['# a<|end|>', false, 3],
  ['# a<|e\nb', false, 6],
  ['# a<|e', false, ~3],
  ['# a<|e', true, ~6],
  ['# a', false, ~3],
  ['# a', true, ~3],
])('the comment of %j ends', (text, ended, end) => {
  expect(commentEnd(text, 0, new Matcher([['<|end|>', '<|end|>']]), ended)).toBe(end)
})
