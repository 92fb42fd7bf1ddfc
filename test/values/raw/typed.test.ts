import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { VALUE_TYPES, type ValueType } from '../../../src/tools/value-types.js'
import { decimalNumber } from '../../../src/values/number/number.js'
import {
  isNullableString,
  isStringOnly,
  jsonOrString,
  mayBeString,
  startsNullWord,
  typedOrJson,
  typedValue,
} from '../../../src/values/raw/typed.js'

const numRuns = 300 * Number(process.env.CALLSIFT_RUNS ?? 1)
const set = (...types: ValueType[]): ReadonlySet<ValueType> => new Set(types)

describe('typedValue', () => {
  const kept = null
  const table: [types: ValueType[], raw: string, json: string | null, fits?: boolean][] = [
    // string, or nothing known: the text, whatever it looks like
    [[], '{"k": 1}', kept],
    [[], '7', kept],
    [[], '', kept],
    [['string'], 'null', kept],
    [['string'], 'None', kept],
    [['string'], '02134', kept],
    [['string'], '1e5', kept],
    [['string'], ' \ttrue\n', kept],
    [['string'], '{"a":1}', kept],
    // null
    [['null', 'string'], 'null', 'null'],
    [['null', 'string'], 'NULL', 'null'],
    [['null', 'string'], 'None', 'null'],
    [['null', 'string'], 'none', kept],
    [['null', 'string'], 'nullify everything', kept],
    [['null', 'string'], ' null', kept],
    [['null', 'integer'], ' Null\n', 'null'],
    [['null', 'integer'], 'None', 'null'],
    [['integer'], 'null', 'null', false],
    [['object'], 'None', 'null', false],
    [['integer', 'string'], 'null', kept],
    [['null'], 'nil', kept, false],
    // integer
    [['integer'], '42', '42'],
    [['integer'], ' 42 ', '42'],
    [['integer'], '007', '7'],
    [['integer'], '+5', '5'],
    [['integer'], '-007', '-7'],
    [['integer'], '000', '0'],
    [['integer'], '5.0', '5'],
    [['integer'], '5.000', '5'],
    [['integer'], '9007199254740993', '9007199254740993'],
    [['integer'], '5.5', kept, false],
    [['integer'], '1e3', kept, false],
    [['integer'], '1_000', kept, false],
    [['integer'], '0x10', kept, false],
    [['integer'], 'about 7', kept, false],
    [['integer'], '', kept, false],
    [['integer'], '"5"', kept, false],
    [['integer'], '9'.repeat(400), kept, false],
    // number
    [['number'], '1e21', '1e21'],
    [['number'], '-0', '-0'],
    [['number'], '.5', '0.5'],
    [['number'], '-.5E-3', '-0.5E-3'],
    [['number'], '5.', '5.0'],
    [['number'], '00.10', '0.10'],
    [['number'], '0.1234567890123456789', '0.1234567890123456789'],
    [['number'], '5', '5'],
    [['integer', 'number'], '5.0', '5.0'],
    [['number'], '1e999', kept, false],
    [['number'], 'NaN', kept, false],
    [['number'], 'Infinity', kept, false],
    [['number'], '1,5', kept, false],
    [['number'], '.', kept, false],
    [['number'], '1e', kept, false],
    [['number'], '1e+', kept, false],
    [['number'], '1 2', kept, false],
    // boolean
    [['boolean'], 'True', 'true'],
    [['boolean'], 'FALSE', 'false'],
    [['boolean'], '1', 'true'],
    [['boolean'], '0', 'false'],
    [['boolean'], 'maybe', kept, false],
    [['boolean'], 'yes', kept, false],
    [['boolean', 'integer'], '1', '1'],
    [['boolean', 'string'], 'true', 'true'],
    // unions: the first that fits
    [['string', 'integer'], '42', '42'],
    [['string', 'integer'], 'line 42', kept],
    [['string', 'integer'], '5.5', kept],
    [['string', 'number', 'integer'], '5.5', '5.5'],
    [['array', 'string'], '["red", "urgent"]', '["red", "urgent"]'],
    [['object', 'null'], '{"lane": "done"}', '{"lane": "done"}'],
    [['object', 'string'], '[1]', kept],
    // containers
    [['array'], '[true, "x", null, 3, false]', '[true, "x", null, 3, false]'],
    [['object'], ' {"a": 9007199254740993}\n', '{"a": 9007199254740993}'],
    [
      ['object'],
      "{'name': 'Ólafur', 'age': 31, 'ok': True, 'ref': None}",
      '{"name": "Ólafur", "age": 31, "ok": true, "ref": null}',
    ],
    [['array'], '(1, 2)', '[1, 2]'],
    [['array'], '[{\\"id\\": 1}]', '[{"id": 1}]'],
    [['array', 'string'], '[\\"a\\"', kept],
    [['object'], '[{\\"id\\": 1}]', kept, false],
    [['array'], '{1, 2}', kept, false],
    [['object'], "\"{'berth': 'B7', 'paid': False}\"", '{"berth": "B7", "paid": false}'],
    [['object'], '"{\\"a\\": [1]}"', '{"a": [1]}'],
    [['object'], `'{"a": 1}'`, '{"a": 1}'],
    [['object'], '"\\"{}\\""', kept, false],
    [['object'], '[1]', kept, false],
    [['array'], '{"a": 1}', kept, false],
    [['array'], 'a, b', kept, false],
    [['object'], '{"a": 1', kept, false],
    [['array'], '"a"', kept, false],
    [['object'], '{"__proto__": {"x": 1}}', '{"__proto__": {"x": 1}}'],
  ]
  test.each(table)('%j of %j is %j', (types, raw, json, fits = true) => {
    expect(typedValue(raw, set(...types))).toEqual({ json: json ?? JSON.stringify(raw), fits })
  })

  const anyTypes = fc.subarray([...VALUE_TYPES]).map((types) => set(...types))
  const likely = fc.constantFrom(
    'null',
    'None',
    'true',
    'False',
    '0',
    '1',
    '-7',
    '5.0',
    '.5',
    '[]',
    '{}',
    "{'a': 1}",
    '""',
  )
  const text = fc.oneof(
    likely,
    fc.string({ unit: 'binary' }),
    fc.json(),
    fc.string({ unit: fc.constantFrom(...'[]{}()"\'\\,:.-+eE019 nuTrlN\n') }),
  )

  test('is JSON, of a type that fits or else the text unchanged', () => {
    fc.assert(
      fc.property(text, anyTypes, (raw, types) => {
        const { json, fits } = typedValue(raw, types)
        const value: unknown = JSON.parse(json)
        const type = Array.isArray(value) ? 'array' : value === null ? 'null' : (typeof value as ValueType)
        if (fits && types.size > 0) {
          expect(types.has(type) || (type === 'number' && types.has('integer') && Number.isInteger(value))).toBe(true)
        }
        if (!fits) expect(value === null || value === raw).toBe(true)
        if (type === 'string') expect(value).toBe(raw)
      }),
      { numRuns },
    )
  })

  test('a string schema keeps every text', () => {
    fc.assert(
      fc.property(text, (raw) => {
        expect(JSON.parse(typedValue(raw, set('string')).json)).toBe(raw)
        expect(JSON.parse(typedValue(raw, set()).json)).toBe(raw)
      }),
      { numRuns },
    )
  })

  test('JSON of the type that the schema takes stands as it was written', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.array(fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue())),
        fc.nat(4),
        (value, indent) => {
          const raw = JSON.stringify(value, null, indent)
          expect(typedValue(raw, set(Array.isArray(value) ? 'array' : 'object'))).toEqual({ json: raw, fits: true })
          // The inside of a string that holds it.
          const inside = JSON.stringify(raw).slice(1, -1)
          const read = typedValue(inside, set(Array.isArray(value) ? 'array' : 'object'))
          expect(JSON.parse(read.json)).toEqual(JSON.parse(raw))
        },
      ),
      { numRuns },
    )
  })

  test('integers keep their digits', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.nat(5), (integer, zeros) => {
        const digits = `${integer < 0n ? '-' : ''}${'0'.repeat(zeros)}${integer < 0n ? -integer : integer}`
        expect(typedValue(digits, set('integer')).json).toBe(String(integer))
      }),
      { numRuns },
    )
  })

  test('a nullable string may be streamed once its text starts no null word', () => {
    fc.assert(
      fc.property(fc.oneof(fc.constantFrom('null', 'NULL', 'None', 'nul', 'none', 'nulls', ' null'), text), (raw) => {
        const { json } = typedValue(raw, set('null', 'string'))
        const cuts = Array.from({ length: raw.length }, (_, i) => raw.slice(0, i + 1))
        if (cuts.some((start) => !startsNullWord(start))) expect(JSON.parse(json)).toBe(raw)
        if (json === 'null') expect(cuts.every(startsNullWord)).toBe(true)
      }),
      { numRuns },
    )
  })

  test('deep nesting does no harm', () => {
    for (const [open, close] of [
      ['[', ']'],
      ['{"a":', '}'],
      ["{'a':", '}'],
      ['(', ')'],
    ] as const) {
      const raw = `${open.repeat(100_000)}1${close.repeat(100_000)}`
      expect(typedValue(raw, set('array', 'object'))).toEqual({ json: JSON.stringify(raw), fits: false })
    }
    const raw = `${'['.repeat(512)}${']'.repeat(512)}`
    expect(typedValue(raw, set('array'))).toEqual({ json: raw, fits: true })
    expect(typedValue(`[${raw}]`, set('array')).fits).toBe(false)
    expect(typedValue(`["${'['.repeat(1000)}"]`, set('array')).fits).toBe(true)
  })
})

describe('decimalNumber', () => {
  test('every number that JavaScript writes is read as itself', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        const text = Object.is(number, -0) ? '-0' : String(number)
        expect(Number(decimalNumber(text)?.json)).toBe(number)
      }),
      { numRuns },
    )
  })

  test('what it answers is a JSON number of the same value, and anything else is none', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'0123456789.eE+-'), maxLength: 8 }), (text) => {
        const read = decimalNumber(text)
        const isDecimal = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) && Number.isFinite(Number(text))
        expect(read !== undefined).toBe(isDecimal)
        if (read !== undefined) expect(JSON.parse(read.json)).toBe(Number(text))
      }),
      { numRuns: numRuns * 10 },
    )
  })
})

describe('values marked as JSON', () => {
  test.each<[raw: string, types: ValueType[], json: string | null, fits: boolean]>([
    ['-0.5', [], '-0.5', true],
    ['[1, "dwa", {"k": []}]', ['string'], '[1, "dwa", {"k": []}]', true],
    [' 9007199254740993\n', ['integer'], ' 9007199254740993\n', true],
    ['Rzeszów', ['string'], null, true],
    ['Rzeszów', [], null, true],
    ['Rzeszów', ['null', 'string'], null, true],
    ['Rzeszów', ['integer'], null, false],
    ['{"a": 1', ['object'], null, false],
    ['True', ['boolean'], null, false],
    ['', [], null, true],
    ['['.repeat(100_000), [], null, true],
  ])('%j', (raw, types, json, fits) => {
    expect(jsonOrString(raw, set(...types))).toEqual({ json: json ?? JSON.stringify(raw), fits })
  })

  test.each<[raw: string, types: ValueType[], json: string]>([
    ['6', ['integer'], '6'],
    ['6', ['string'], '"6"'],
    ['6', [], '6'],
    ['{"a": 1}', [], '{"a": 1}'],
    ['"quoted"', [], '"\\"quoted\\""'],
    ['null', [], 'null'],
    ['word', [], '"word"'],
  ])('not marked: %j of %j', (raw, types, json) => {
    expect(typedOrJson(raw, set(...types))).toEqual({ json, fits: true })
  })
})

test('what may be streamed as a string', () => {
  expect(
    [[], ['string'], ['null', 'string'], ['integer', 'string'], ['integer']].map((types) => {
      const value = set(...(types as ValueType[]))
      return [mayBeString(value), isStringOnly(value), isNullableString(value)]
    }),
  ).toEqual([
    [true, true, false],
    [true, true, false],
    [true, false, true],
    [true, false, false],
    [false, false, false],
  ])
})
