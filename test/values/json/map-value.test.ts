import { describe, expect, it } from 'vitest'
import { Cursor } from '../../../src/text/cursor.js'
import type { JsonSink } from '../../../src/values/json/json-sink.js'
import { MapValue } from '../../../src/values/json/map-value.js'

const STRICT_JSON = '{"city":"Oslo","near":{"sea":"North"},"days":3}'
/** Six names and strings, two quotes each. */
const QUOTES = 12
/** The most characters of a key, a number or words without delimiters. */
const LONGEST = 256

interface Reading {
  /** As JSON. */
  json: string
  /** `kind from-to before > after` */
  repairs: string[]
  state: 'done' | 'bad' | 'open'
  /** Offset where it stopped. */
  at: number
}

function read(chunks: readonly string[], mode: 'lenient' | 'strict'): Reading {
  const cursor = new Cursor()
  const repairs: string[] = []
  let json = ''
  const sink: JsonSink = {
    json: (piece) => {
      json += piece
    },
    repair: (kind, from, to, before, after) => void repairs.push(`${kind} ${from}-${to} ${before} > ${after}`),
    bigInteger: (from, to) => void repairs.push(`big integer ${from}-${to}`),
  }
  const value = new MapValue(cursor, mode === 'lenient', 512, '<|"|>', () => undefined).begin(sink)
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
  return { json, repairs, state: value.done ? 'done' : value.bad ? 'bad' : 'open', at: cursor.offset }
}

/** Whole, and in single code units. */
function readAlike(text: string, mode: 'lenient' | 'strict'): Reading {
  const whole = read([text], mode)
  expect(read(text.split(''), mode)).toEqual(whole)
  return whole
}

describe('a map that is strict JSON', () => {
  it('has its quotes listed as repairs', () => {
    const { json, repairs, state } = readAlike(STRICT_JSON, 'lenient')
    expect({ json, state }).toEqual({ json: STRICT_JSON, state: 'done' })
    expect(repairs.map((repair) => repair.split(' ')[0])).toEqual(Array(QUOTES).fill('json-quotes'))
  })

  it('is no map of the exact grammar', () => {
    expect(readAlike(STRICT_JSON, 'strict').state).toBe('bad')
  })
})

describe('the exact grammar: bare keys, strings between delimiters, all else as in JSON', () => {
  it.each([
    ['{}', '{}'],
    ['{a:[]}', '{"a":[]}'],
    ['{city:<|"|>Oslo<|"|>,days:2}', '{"city":"Oslo","days":2}'],
    ['{a:{b:true},t:[<|"|>x<|"|>,<|"|>y<|"|>]}', '{"a":{"b":true},"t":["x","y"]}'],
    ['{<|"|>a b<|"|>:1,<|"|>c:{}<|"|>:2}', '{"a b":1,"c:{}":2}'],
    ['{a b:1,true:2,é:3}', '{"a b":1,"true":2,"é":3}'],
    ['{ a : 1 , b : <|"|>x<|"|> }', '{ "a" : 1 , "b" : "x" }'],
    ['{a:-1.5e3,b:null,c:false,d:true ,e:0}', '{"a":-1.5e3,"b":null,"c":false,"d":true ,"e":0}'],
    ['{a:<|"|><|"|>}', '{"a":""}'],
    // A string has no escapes, and holds all but its delimiter.
    ['{a:<|"|>say "hi" \\n \\ it\'s {b:1} <b>\n\t\u0001<|"|>}', null],
    ['{a:<|"|>x<|"<|"|>}', '{"a":"x<|\\""}'],
    ['{a:<|"|><|<<|"|>}', '{"a":"<|<"}'],
    ['{a:<|"|>😀<|"|>,b:<|"|>x😀y<|"|>}', '{"a":"😀","b":"x😀y"}'],
    // What stands behind it is not its own.
    ['{a:1}b}', '{"a":1}'],
  ])('%j', (text, json) => {
    const string = 'say "hi" \\n \\ it\'s {b:1} <b>\n\t\u0001'
    const whole = readAlike(text, 'strict')
    const at = text.lastIndexOf('}', text.endsWith('b}') ? text.length - 2 : undefined) + 1
    expect(whole).toEqual({ json: json ?? JSON.stringify({ a: string }), repairs: [], state: 'done', at })
    expect(readAlike(text, 'lenient')).toEqual(whole)
  })

  it('tells of an integer that a number cannot hold', () => {
    expect(readAlike('{a:12345678901234567890,b:9007199254740991}', 'strict')).toMatchObject({
      json: '{"a":12345678901234567890,"b":9007199254740991}',
      repairs: ['big integer 3-23'],
      state: 'done',
    })
  })
})

describe('what models write instead', () => {
  it.each<[text: string, json: string, ...repairs: string[]]>([
    ['{a:1,}', '{"a":1}', 'trailing-comma 4-5 , > '],
    ['{a:<|"|>x<|"|>, }', '{"a":"x" }', 'trailing-comma 14-15 , > '],
    ['{a:None,b:True}', '{"a":null,"b":true}', 'python-literal 3-7 None > null', 'python-literal 10-14 True > true'],
    ['{a:.5}', '{"a":0.5}', 'python-literal 3-5 .5 > 0.5'],
    ['{a:3.}', '{"a":3.0}', 'python-literal 3-5 3. > 3.0'],
    ['{a:+.5}', '{"a":0.5}', 'python-literal 3-6 +.5 > 0.5'],
    ['{a:-3.}', '{"a":-3.0}', 'python-literal 3-6 -3. > -3.0'],
    // No number, and no word of Python: words without delimiters.
    ['{a:007}', '{"a":"007"}', 'missing-quotes 3-6 007 > "007"'],
    ['{a:NONE}', '{"a":"NONE"}', 'missing-quotes 3-7 NONE > "NONE"'],
    ['{a:1a}', '{"a":"1a"}', 'missing-quotes 3-5 1a > "1a"'],
    ['{a:New York}', '{"a":"New York"}', 'missing-quotes 3-11 New York > "New York"'],
    ['{a:x.y/z }', '{"a":"x.y/z" }', 'missing-quotes 3-8 x.y/z > "x.y/z"'],
    ['{a:@me}', '{"a":"@me"}', 'missing-quotes 3-6 @me > "@me"'],
    ['{a:日本 x,b:1}', '{"a":"日本 x","b":1}', 'missing-quotes 3-7 日本 x > "日本 x"'],
    ['[1,x]', '[1,"x"]', 'missing-quotes 3-4 x > "x"'],
    // The first delimiter is missing: white space before the second is the string's own.
    ['{a:New York<|"|>,b:1}', '{"a":"New York","b":1}', 'missing-quotes 3-16 New York<|"|> > "New York"'],
    ['{a:x <|"|>}', '{"a":"x "}', 'missing-quotes 3-10 x <|"|> > "x "'],
    ['[x<|"|>]', '["x"]', 'missing-quotes 1-7 x<|"|> > "x"'],
    // So is punctuation, unless the next member begins behind a comma, or another element of a list.
    [
      '{a:Paris, France<|"|>,b:1}',
      '{"a":"Paris, France","b":1}',
      'missing-quotes 3-21 Paris, France<|"|> > "Paris, France"',
    ],
    ['{a:10:30 AM!<|"|>}', '{"a":"10:30 AM!"}', 'missing-quotes 3-17 10:30 AM!<|"|> > "10:30 AM!"'],
    ['{a:x, b: y<|"|>}', '{"a":"x", "b": "y"}', 'missing-quotes 3-4 x > "x"', 'missing-quotes 9-15 y<|"|> > "y"'],
    ['[x,y<|"|>]', '["x","y"]', 'missing-quotes 1-2 x > "x"', 'missing-quotes 3-9 y<|"|> > "y"'],
    ['{a:5,b:y<|"|>}', '{"a":5,"b":"y"}', 'missing-quotes 7-13 y<|"|> > "y"'],
    // Quotes of JSON or Python.
    ['{a:"x\\n"}', '{"a":"x\\n"}', 'json-quotes 3-4 " > <|"|>', 'json-quotes 7-8 " > <|"|>'],
    ['{"a":1}', '{"a":1}', 'json-quotes 1-2 " > <|"|>', 'json-quotes 3-4 " > <|"|>'],
    ["{a:'x'}", '{"a":"x"}', 'python-quotes 3-4 \' > "', 'python-quotes 5-6 \' > "'],
    ["{'a':1}", '{"a":1}', 'python-quotes 1-2 \' > "', 'python-quotes 3-4 \' > "'],
    ['{a:(1,2)}', '{"a":[1,2]}', 'python-tuple 3-4 ( > [', 'python-tuple 7-8 ) > ]'],
    ['{a:[1,2}', '{"a":[1,2]}', 'missing-closer 7-7  > ]'],
  ])('%s is read as %s', (text, json, ...repairs) => {
    expect(readAlike(text, 'lenient')).toEqual({ json, repairs, state: 'done', at: text.length })
    expect(JSON.parse(json)).toBeDefined()
    expect(readAlike(text, 'strict').state).toBe('bad')
  })
})

describe('what cannot be told', () => {
  it.each<[text: string, at: number]>([
    ['{:1}', 1],
    ['{a 1}', 1],
    ['{a\n:1}', 1],
    ['{a,b:1}', 1],
    ['{a<|"|>:1}', 1],
    ['{a:}', 3],
    ['{a:,b:1}', 3],
    // Two numbers, signs that no word has, other markup.
    ['{a:1 2}', 3],
    ['{a:*}', 3],
    ['{a:x*y}', 3],
    ['{a:x:y}', 3],
    ['{a:x\n}', 3],
    ['{a:x (y)}', 3],
    ['{a:x"y}', 3],
    ['{a:<x>}', 3],
    ['{a:1;b:2}', 3],
    // A number or a word of JSON before a delimiter may be a string or not.
    ['{a:5<|"|>,b:1}', 3],
    ['{a:1.5e3<|"|>}', 3],
    ['{a:true<|"|>}', 3],
    ['{a:None<|"|>}', 3],
    // More than a string, or no word at all.
    ['{a:x y<|"|> z}', 3],
    ['{a:x*<|"|>}', 3],
    ['{a:<|"|>x<|"|> b:1}', 15],
  ])('%s is no map', (text, at) => {
    expect(readAlike(text, 'lenient')).toMatchObject({ repairs: [], state: 'bad', at })
  })

  it.each<[text: string, json: string]>([
    ['{a', '{a'],
    ['{a:1', '{"a":1'],
    ['{a:x', '{"a":x'],
    ['{a:<|"|>x', '{"a":"x'],
    ['{a:<|"|>x<|"', '{"a":"x<|\\"'],
    ['{a:<|"|>x<|"|>', '{"a":"x"'],
    // The other delimiter is missing.
    ['{a:<|"|>x"}', '{"a":"x\\"}'],
  ])('%s is cut', (text, json) => {
    expect(readAlike(text, 'lenient')).toEqual({ json, repairs: [], state: 'open', at: text.length })
  })
})

describe('a key or words without delimiters', () => {
  it.each<[length: number, state: Reading['state']]>([
    [LONGEST - 1, 'done'],
    [LONGEST, 'done'],
    [LONGEST + 1, 'bad'],
  ])('of %i characters', (length, state) => {
    const word = 'x'.repeat(length)
    expect(readAlike(`{${word}:1}`, 'lenient').state).toBe(state)
    expect(readAlike(`{a:${word}}`, 'lenient').state).toBe(state)
    expect(readAlike(`{a:${word}<|"|>}`, 'lenient').state).toBe(state)
  })

  it('are not waited for any longer', () => {
    expect(read([`{${'x'.repeat(LONGEST + 1)}`], 'lenient').state).toBe('bad')
    expect(read([`{${'x'.repeat(LONGEST)}`], 'lenient').state).toBe('open')
  })
})
