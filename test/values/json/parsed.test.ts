import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mayBeJson, parsed } from '../../../src/values/json/parsed.js'

describe('a look at both ends of a text', () => {
  it('takes every JSON text, whatever white space is around it', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom('', ' ', '\n', '\t\r\n'), (value, space) => {
        expect(mayBeJson(space + JSON.stringify(value) + space)).toBe(true)
      }),
    )
  })

  it.each(['', ' ', 'Oslo', '"', '{', '[', '{]', '"a', "'a'", '-', '1.', '1e', 'trueish', 'None', 'NaN', 'undefined'])(
    'refuses %j, as JSON.parse does',
    (text) => {
      expect(mayBeJson(text)).toBe(false)
      expect(() => JSON.parse(text)).toThrow(SyntaxError)
    },
  )

  it('leaves the rest to JSON.parse', () => {
    for (const text of ['{a}', '[1,]', '"a"b"', '01', '1-2'])
      expect([mayBeJson(text), parsed(text)]).toEqual([true, undefined])
  })

  it('does not take white space that JSON has not', () => {
    expect(parsed('\u00a0{}')).toBeUndefined()
  })
})
