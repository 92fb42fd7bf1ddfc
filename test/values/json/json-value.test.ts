import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Cursor } from '../../../src/text/cursor.js'
import { JsonValue } from '../../../src/values/json/json.js'
import { json } from '../../promises/values.js'
import { seeded, tokens } from '../../support/seeded.js'

interface Reading {
  text: string
  repairs: string[]
  bigIntegers: string[]
  state: 'done' | 'bad' | 'open'
  /** Offset where it stopped. */
  at: number
}

/** Reads one value from chunks, as a parser would. */
function read(chunks: readonly string[], lenient = true, depth = 512): Reading {
  const cursor = new Cursor()
  const source = chunks.join('')
  const reading: Reading = { text: '', repairs: [], bigIntegers: [], state: 'open', at: 0 }
  const value = new JsonValue(cursor, lenient, depth).begin({
    json: (text) => {
      reading.text += text
    },
    repair: (kind) => reading.repairs.push(kind),
    bigInteger: (from, to) => reading.bigIntegers.push(source.slice(from, to)),
  })
  let over = false
  for (const chunk of chunks) {
    cursor.push(chunk)
    over = value.scan()
    if (over) break
  }
  if (!over) {
    cursor.end('stop')
    value.scan()
  }
  return { ...reading, state: value.done ? 'done' : value.bad ? 'bad' : 'open', at: cursor.offset }
}

describe('strict JSON', () => {
  it('passes as it stands, and ends where the value ends', () => {
    const source = '{"b": [1, 2.50, -0, 1e21], "a": "\\u00e9 \\"x\\"", "": {}, "n": null}'
    expect(read([`${source} tail`])).toEqual({
      text: source,
      repairs: [],
      bigIntegers: [],
      state: 'done',
      at: source.length,
    })
  })

  it('of any kind is its own text, in any chunks, lenient or not', () => {
    const spellings = fc
      .tuple(json, fc.constantFrom(undefined, 1, '\t'))
      .map(([value, indent]) => JSON.stringify([value], null, indent))
    const property = fc.property(spellings, fc.nat(), fc.boolean(), (source, seed, lenient) => {
      const { text, repairs, state } = read(tokens(source, seeded(seed), 4), lenient)
      expect({ text, repairs, state }).toEqual({ text: source, repairs: [], state: 'done' })
    })
    fc.assert(property, { seed: 7, numRuns: 500 })
  })

  it('tells of integers that a number cannot hold', () => {
    expect(read(['[9007199254740993, 9007199254740991, -12345678901234567890, 1e30]']).bigIntegers).toEqual([
      '9007199254740993',
      '-12345678901234567890',
    ])
  })
})

describe('what models write instead', () => {
  it.each([
    ["{'a': 'it\\'s'}", '{"a": "it\'s"}', 'python-quotes'],
    [`{'a': "it's"}`, '{"a": "it\'s"}', 'python-quotes'],
    [`['say "hi"']`, '["say \\"hi\\""]', 'python-quotes'],
    ['[True, False, None]', '[true, false, null]', 'python-literal'],
    ['(1, 2)', '[1, 2]', 'python-tuple'],
    ['[1, 2, ]', '[1, 2 ]', 'trailing-comma'],
    ['{"a": 1,}', '{"a": 1}', 'trailing-comma'],
    ['{a: 1}', '{"a": 1}', 'unquoted-key'],
    ['["a\nb\tc"]', '["a\\nb\\tc"]', 'control-character'],
    ['["\\d+"]', '["\\\\d+"]', 'invalid-escape'],
    ['["\\u00zz"]', '["\\\\u00zz"]', 'invalid-escape'],
    ['["get\\_it"]', '["get_it"]', 'escaped-underscore'],
    ['{"a": 1 "b": 2}', '{"a": 1 ,"b": 2}', 'missing-comma'],
    ['{"a": [1, 2}', '{"a": [1, 2]}', 'missing-closer'],
    ['["say \\\\"hi\\\\" now"]', '["say \\"hi\\" now"]', 'doubled-escape'],
  ])('%s is read as %s', (source, text, kind) => {
    const whole = read([source])
    expect({ ...whole, repairs: [...new Set(whole.repairs)] }).toMatchObject({ text, repairs: [kind], state: 'done' })
    expect(JSON.parse(text)).toBeDefined()
    expect(read(source.split(''))).toEqual(whole)
    expect(read([source], false).state).not.toBe('done')
  })

  it.each([['[NaN]'], ['[1e999]'], ['[007]'], ['[.5]'], ['{"a": 3 + 4}'], ['[undefined]'], ['{"a" 1}']])(
    '%s is no value',
    (source) => {
      expect(read([source]).state).toBe('bad')
    },
  )
})

describe('what is held back', () => {
  it('is no more than cannot be decided', () => {
    const cursor = new Cursor()
    let text = ''
    const value = new JsonValue(cursor, true, 512).begin({
      json: (piece) => {
        text += piece
      },
      repair() {},
      bigInteger() {},
    })
    const shown = (chunk: string): string => {
      cursor.push(chunk)
      value.scan()
      return text
    }
    expect(shown('{"a": "some')).toBe('{"a": "some')
    expect(shown(' text\\')).toBe('{"a": "some text')
    expect(shown('n"')).toBe('{"a": "some text\\n"')
    expect(shown(', "n": 12')).toBe('{"a": "some text\\n", "n": ')
    expect(shown('3,')).toBe('{"a": "some text\\n", "n": 123')
    expect(shown('"e": "\ud83d')).toBe('{"a": "some text\\n", "n": 123,"e": "')
    expect(shown('\ude00"}')).toBe('{"a": "some text\\n", "n": 123,"e": "😀"}')
    expect(value.done).toBe(true)
  })
})

describe('depth', () => {
  it('has a limit, and none that the stack sets', () => {
    expect(read(['[[[]]]'], true, 2).state).toBe('bad')
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
    expect(read([deep], true, 200_000)).toMatchObject({ state: 'done', text: deep })
  })
})

describe('the end of the text', () => {
  it.each(['{"a": 1', '["x', '[1, ', '{"a"', '"\\u00', '[tru'])('leaves %s open or bad, never done', (source) => {
    expect(read([source]).state).not.toBe('done')
  })

  it('ends a number', () => {
    expect(read(['12.5'])).toMatchObject({ state: 'done', text: '12.5' })
  })
})

describe('what cannot be read on', () => {
  /** Do words or operators stand where a value should be, so that no repair can know what they mean? */
  function isHopeless(source: string, lenient: boolean): boolean {
    const cursor = new Cursor()
    const value = new JsonValue(cursor, lenient, 512).begin({ json() {}, repair() {}, bigInteger() {} })
    cursor.push(source)
    cursor.end('stop')
    expect(value.scan()).toBe(true)
    return value.hopeless
  }

  it.each<[source: string, strict: boolean, lenient: boolean]>([
    ['{"a": ,}', false, false],
    ['{"a": }', false, false],
    ['{"a": ]}', false, false],
    ['[}', false, false],
    ['[,]', false, false],
    ['{;}', false, false],
    ['{]', false, false],
    ['{"a": <b>}', false, false],
    ['[<b>]', false, false],
    ['[1 < 2]', false, false],
    ['[1:2]', false, false],
    ['[1 "b"]', false, false],
    ['{"a": 1,,}', false, false],
    ['{"a": 1; "b": 2}', false, false],
    ['{"a": 1)', false, false],
    ['{"a": "\\q"}', false, false],
    ['{a: 1}', false, false],
    ['{"a": 1 "b": 2}', false, false],
    ['[;]', true, true],
    ['{"a" 1}', true, true],
    ['{"a"}', true, true],
    ['[1 2]', true, true],
    ['{"a": 1 b}', true, true],
    ['{"a": 1/6}', true, true],
    ['{"a": 1 + 2}', true, true],
    ['{"a": tru}', true, true],
    ['{"a": x}', true, true],
    ['{"a": -}', true, true],
    ['{"a": +1}', true, true],
    ['{"a": .5}', true, true],
    ['{"a": "x" y}', true, true],
    ['{"a": "x" + "y"}', true, true],
    ['{"a": (1)}', true, false],
    ['{"a": \'x\'}', true, false],
  ])('%s is hopeless as strict JSON: %s, as what models write: %s', (source, strict, lenient) => {
    expect([isHopeless(source, false), isHopeless(source, true)]).toEqual([strict, lenient])
  })
})
