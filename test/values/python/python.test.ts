import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  pythonEscape,
  pythonNumber,
  pythonQuote,
  pythonText,
  pythonToJson,
  pythonTokenEnd,
  pythonWord,
} from '../../../src/values/python/python.js'

const numRuns = 300 * Number(process.env.CALLSIFT_RUNS ?? 1)

describe('pythonToJson', () => {
  test.each<[text: string, value: unknown]>([
    ["'a'", 'a'],
    ['"a"', 'a'],
    ["'''a'b\nc'''", "a'b\nc"],
    ['"""a"b"""', 'a"b'],
    ["''", ''],
    ["''''''", ''],
    ["r'\\d+\\''", "\\d+\\'"],
    ["R'\\n'", '\\n'],
    ["u'é'", 'é'],
    ["U'x'", 'x'],
    ["'it\\'s \"ok\"'", 'it\'s "ok"'],
    ["'\\n\\t\\r\\b\\f\\v\\a\\0\\\\\\'\\\"'", '\n\t\r\b\f\v\x07\0\\\'"'],
    ["'\\101\\1018\\08\\777'", 'AA8\x008\u01ff'],
    ["'\\x41\\u00e9\\U0001F680'", 'Aé🚀'],
    ["'\\ud83d\\ude80'", '🚀'],
    ["'\\d \\( \\x4 \\xzz \\u12 \\U00110000 \\N \\8'", '\\d \\( \\x4 \\xzz \\u12 \\U00110000 \\N \\8'],
    ["'a\\\nb\\\r\nc'", 'abc'],
    ["'a\nb'", 'a\nb'],
    ["'a' \"b\" r'\\c'\n'd'", 'ab\\cd'],
    ["'], ) } = , # :'", '], ) } = , # :'],
    ['1', 1],
    ['-1', -1],
    ['--5', 5],
    ['-+-+5', 5],
    ['1_000', 1000],
    ['0xFF', 255],
    ['-0x_ff', -255],
    ['0o17', 15],
    ['0b1_01', 5],
    ['.5', 0.5],
    ['5.', 5],
    ['1e-3', 0.001],
    ['00', 0],
    ['007.5', 7.5],
    ['True', true],
    ['false', false],
    ['None', null],
    ['null', null],
    ['[]', []],
    ['[1, [2,], (3,), ()]', [1, [2], [3], []]],
    ['(1)', 1],
    ["('a' 'b')", 'ab'],
    ['((1, 2))', [1, 2]],
    ['{}', {}],
    [
      "{'a': 1, \"b\": [None], 1: 'i', -2.5: 'f', True: 't', None: 'n',}",
      { a: 1, b: [null], 1: 'i', '-2.5': 'f', true: 't', null: 'n' },
    ],
    ["{('a'): {'b' 'c': ()}}", { a: { bc: [] } }],
    ['{"json": [true, null, 1.5e3]}', { json: [true, null, 1500] }],
    [' \n[ 1 ,\t2 ]\n ', [1, 2]],
  ])('%s', (text, value) => {
    const json = pythonToJson(text)
    expect(json).toBeDefined()
    expect(JSON.parse(json as string)).toEqual(value)
  })

  test('a key is an own property, whatever its name', () => {
    const value = JSON.parse(pythonToJson("{'__proto__': {'x': 1}, 'constructor': 2}") as string)
    expect(Object.keys(value)).toEqual(['__proto__', 'constructor'])
  })

  test('digits are kept', () => {
    expect(pythonToJson('[9007199254740993, 0xFFFFFFFFFFFFFFFFFF, 0.10, 1E5]')).toBe(
      '[9007199254740993, 4722366482869645213695, 0.10, 1E5]',
    )
  })

  test.each([
    '',
    ' ',
    'x',
    'print(1)',
    'set()',
    '{1, 2}',
    "f'a'",
    "b'a'",
    "rb'a'",
    "ru'a'",
    '1j',
    '1+2j',
    '1 + 2',
    'nan',
    'inf',
    'Infinity',
    '1e999',
    '007',
    '0x',
    '0xg',
    '0b2',
    '1__0',
    '_1',
    '1_',
    '1_.5',
    '- 5',
    '-',
    '[1',
    '[1,,2]',
    '[,]',
    '(,)',
    '[1 2]',
    '[1}',
    '(1]',
    "{'a'}",
    "{'a':}",
    "{'a': 1, 'b'}",
    "{'a' 1}",
    '{[1]: 2}',
    '{(1, 2): 3}',
    '{{}: 1}',
    "'a",
    "'a\\'",
    "'''a''",
    "'a' x",
    '1 # one',
    "('a') 'b'",
    '[1] [2]',
    'True False',
    'TRUE',
    '...',
    'a.b',
    // Only Python's own table tells what it is.
    "'\\N{DASH}'",
  ])('%s is not a literal', (text) => expect(pythonToJson(text)).toBeUndefined())

  /** JSON values written as Python would, in every style. */
  const pythonString = fc
    .tuple(fc.string({ unit: 'binary' }), fc.constantFrom("'", '"', "'''", '"""'), fc.boolean())
    .map(([value, quote, ascii]) => {
      let text = ''
      for (const char of value) {
        const code = char.codePointAt(0) as number
        if (char === '\\' || char === quote.charAt(0)) text += `\\${char}`
        else if (char === '\n' || char === '\r') text += char === '\n' ? '\\n' : '\\r'
        else if (ascii && code > 126) text += code > 0xffff ? `\\U${hex(code, 8)}` : `\\u${hex(code, 4)}`
        else if (ascii && code < 32) text += `\\x${hex(code, 2)}`
        else text += char
      }
      return { value: value as unknown, text: quote + text + quote }
    })
  const hex = (code: number, digits: number) => code.toString(16).padStart(digits, '0')
  const scalar = fc.oneof(
    pythonString,
    fc
      .constantFrom(['True', true], ['False', false], ['None', null])
      .map(([text, value]) => ({ value, text: `${text}` })),
    fc.integer().map((value) => ({ value, text: String(value) })),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => ({ value: value + 0, text: String(value + 0) })),
  )
  const { literal } = fc.letrec<{ literal: { value: unknown; text: string } }>((tie) => ({
    literal: fc.oneof(
      { maxDepth: 4 },
      scalar,
      fc
        .tuple(fc.array(tie('literal'), { maxLength: 4 }), fc.boolean(), fc.constantFrom(',', ', ', ' ,\n'))
        .map(([items, tuple, comma]) => {
          const inside = items.map(({ text }) => text).join(comma)
          const text = tuple ? `(${inside}${items.length > 0 ? ',' : ''})` : `[${inside}]`
          return { value: items.map(({ value }) => value), text }
        }),
      fc.array(fc.tuple(pythonString, tie('literal')), { maxLength: 4 }).map((entries) => ({
        value: Object.fromEntries(entries.map(([key, { value }]) => [key.value, value])),
        text: `{${entries.map(([key, { text }]) => `${key.text}: ${text}`).join(', ')}}`,
      })),
    ),
  }))

  test('reads what Python writes', () => {
    fc.assert(
      fc.property(literal, ({ value, text }) => {
        const json = pythonToJson(text)
        expect(json).toBeDefined()
        // Through JSON on both sides: -0 and keys in another order are no difference.
        expect(JSON.parse(json as string)).toEqual(JSON.parse(JSON.stringify(value)))
      }),
      { numRuns },
    )
  })

  test('reads all JSON that has no escape of its own', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        fc.pre(!text.includes('\\'))
        expect(JSON.parse(pythonToJson(text) as string)).toEqual(JSON.parse(text))
      }),
      { numRuns },
    )
  })

  test('a beginning of a literal is none, unless it is a number', () => {
    fc.assert(
      fc.property(literal, fc.nat(), ({ text }, at) => {
        const cut = text.slice(0, at % text.length)
        const read = pythonToJson(cut)
        if (read !== undefined) expect(cut.trim()).toMatch(/^[-+0-9.e]+$|^(''|"")$/)
      }),
      { numRuns },
    )
  })

  test('whatever the text, the answer is JSON or undefined', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.string({ unit: fc.constantFrom(...'[](){}\'"\\,:.-+_0x17eErutNone \n\ud83d\ude00') }),
        ),
        (text) => {
          const json = pythonToJson(text)
          if (json !== undefined) expect(() => JSON.parse(json)).not.toThrow()
        },
      ),
      { numRuns: numRuns * 10 },
    )
  })

  test('deep and long texts end, and in time', () => {
    for (const open of ['[', '(', "{'a':", '-', "'a' ", '[1,', '\\', "'\\", '0x', '""', "''"]) {
      expect(pythonToJson(open.repeat(200_000)) === undefined || open.includes("'") || open === '""').toBe(true)
    }
    expect(pythonToJson('['.repeat(512) + ']'.repeat(512))).toBe('['.repeat(512) + ']'.repeat(512))
    expect(pythonToJson('['.repeat(513) + ']'.repeat(513))).toBeUndefined()
    expect(pythonToJson(`'${'x'.repeat(1e6)}'`)?.length).toBe(1e6 + 2)
  })
})

describe('the readers of a text that grows', () => {
  test.each<[text: string, open: unknown, final: unknown]>([
    ['', 'more', { value: '\\', length: 0 }],
    ['n', { value: '\n', length: 1 }, { value: '\n', length: 1 }],
    ['x4', 'more', { value: '\\', length: 0 }],
    ['x41', { value: 'A', length: 3 }, { value: 'A', length: 3 }],
    ['xg', { value: '\\', length: 0 }, { value: '\\', length: 0 }],
    ['1', 'more', { value: '\x01', length: 1 }],
    ['12', 'more', { value: '\n', length: 2 }],
    ['19', { value: '\x01', length: 1 }, { value: '\x01', length: 1 }],
    ['\r', 'more', { value: '', length: 1 }],
    ['\r\n', { value: '', length: 2 }, { value: '', length: 2 }],
    ['d', { value: '\\', length: 0 }, { value: '\\', length: 0 }],
    ['U0001F68', 'more', { value: '\\', length: 0 }],
    ['U0001F680', { value: '🚀', length: 9 }, { value: '🚀', length: 9 }],
  ])('escape %j', (text, open, final) => {
    expect(pythonEscape(text, 0)).toEqual(open)
    expect(pythonEscape(text, 0, true)).toEqual(final)
  })

  test.each<[text: string, open: unknown, final: unknown]>([
    ['', 'more', undefined],
    ['r', 'more', undefined],
    ["'", 'more', { raw: false, quote: "'", length: 1 }],
    ["''", 'more', { raw: false, quote: "'", length: 1 }],
    ["'''", { raw: false, quote: "'''", length: 3 }, { raw: false, quote: "'''", length: 3 }],
    ["'',", { raw: false, quote: "'", length: 1 }, { raw: false, quote: "'", length: 1 }],
    ['R"a', { raw: true, quote: '"', length: 2 }, { raw: true, quote: '"', length: 2 }],
    ["b'a'", undefined, undefined],
    ['x', undefined, undefined],
    ['true', undefined, undefined],
  ])('quote %j', (text, open, final) => {
    expect(pythonQuote(text, 0)).toEqual(open)
    expect(pythonQuote(text, 0, true)).toEqual(final)
  })

  test.each<[text: string, open: unknown, final: unknown]>([
    ['-1.5e+3, x', 7, 7],
    ['1e', 'more', 2],
    ['0xe+1', 3, 3],
    ['1-2', 1, 1],
    ['True)', 4, 4],
    ['e-1', 1, 1],
    [',', 0, 0],
    ['', 'more', 0],
    ['--', 'more', 2],
    ['a'.repeat(2000), 1024, 1024],
  ])('token %j', (text, open, final) => {
    expect(pythonTokenEnd(text, 0)).toBe(open)
    expect(pythonTokenEnd(text, 0, true)).toBe(final)
  })

  test('words and numbers', () => {
    expect(['True', 'true', 'False', 'None', 'null', 'TRUE', 'toString', ''].map(pythonWord)).toEqual([
      'true',
      'true',
      'false',
      'null',
      'null',
      undefined,
      undefined,
      undefined,
    ])
    expect(pythonNumber('+5')).toBe('5')
    expect(pythonNumber('-0.0')).toBe('-0.0')
    expect(pythonNumber('')).toBeUndefined()
    expect(pythonNumber(`0x${'f'.repeat(1e6)}`)).toBeUndefined()
  })

  test('a string gives the same JSON however it is cut', () => {
    const body = fc.string({
      unit: fc.constantFrom(
        'a',
        '\\',
        "'",
        '"',
        'n',
        'x',
        '4',
        '1',
        'u',
        'd83d',
        'de00',
        '\\u',
        '\ud83d',
        '\ude00',
        '\n',
        '\r',
        '😀',
      ),
      maxLength: 24,
    })
    fc.assert(
      fc.property(
        body,
        fc.constantFrom("'", '"', "'''", '"""', "r'", 'r"""'),
        fc.array(fc.nat(30)),
        (body, opener, cuts) => {
          const opened = pythonQuote(`${opener}a`, 0, true)
          if (opened === undefined || opened === 'more') throw new Error('no quote')
          const whole = pythonText(body, 0, opened, true)
          let json = ''
          let at = 0
          let closed = false
          for (const end of [...cuts.map((cut) => Math.min(cut, body.length)).sort((a, b) => a - b), body.length]) {
            if (closed || end < at) continue
            const read = pythonText(body.slice(0, end), at, opened)
            expect(read.json).not.toMatch(/[\ud800-\udbff]$/)
            json += read.json
            at += read.length
            closed = read.closed
          }
          expect(whole.closed).toBe(closed)
          if (!closed) json += pythonText(body, at, opened, true).json
          else expect(at).toBe(whole.length)
          expect(json).toBe(whole.json)
          expect(() => JSON.parse(`"${json}"`)).not.toThrow()
        },
      ),
      { numRuns: numRuns * 10 },
    )
  })
})
