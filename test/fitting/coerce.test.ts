import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { coerceArguments } from '../../src/fitting/coerce.js'
import { parse } from '../../src/index.js'
import { pathText } from '../../src/tools/path.js'
import type { JsonSchema } from '../../src/tools/tools-input.js'
import { subschema, VALUE_TYPES, valueTypes } from '../../src/tools/value-types.js'
import { keyCount } from '../../src/values/json/duplicate-keys.js'

const numRuns = 300 * Number(process.env.CALLSIFT_RUNS ?? 1)
const coerce = (text: string, parameters: JsonSchema) =>
  coerceArguments(JSON.parse(text), text, { name: 't', parameters })
const one = (schema: JsonSchema) => ({ type: 'object', properties: { v: schema } })

describe('coerceArguments', () => {
  test.each<[schema: JsonSchema, before: string, after: string]>([
    [{ type: 'integer' }, '"10"', '10'],
    [{ type: 'integer' }, '"9007199254740993"', '9007199254740993'],
    [{ type: 'integer' }, '" 007 "', '7'],
    [{ type: 'number' }, '"1e21"', '1e21'],
    [{ type: 'boolean' }, '"true"', 'true'],
    [{ type: 'boolean' }, '"True"', 'true'],
    [{ type: 'boolean' }, '1', 'true'],
    [{ type: ['null', 'integer'] }, '"null"', 'null'],
    [{ type: 'integer', nullable: true }, '"None"', 'null'],
    [{ type: 'array' }, `"['a','b']"`, '["a", "b"]'],
    [{ type: 'array', items: { type: 'integer' } }, `"['1', 2]"`, '[1, 2]'],
    [{ type: 'array', items: { type: 'integer' } }, '"[\\"1\\", 2]"', '[1, 2]'],
    [{ type: 'object', properties: { a: { type: 'integer' } } }, '"{\\"a\\": \\"1\\"}"', '{"a": 1}'],
    [{ type: 'array', items: { type: 'integer' } }, '["1", 2,\t"x" ]', '[1, 2,\t"x" ]'],
    [{ type: 'string' }, '02.50e1'.slice(1), '"2.50e1"'],
    [{ type: 'string' }, 'true', '"true"'],
    [{ enum: [10, 20] }, '"10"', '10'],
    [{ prefixItems: [{ type: 'string' }, { type: 'integer' }] }, '["1", "2"]', '["1", 2]'],
    [{ additionalProperties: { type: 'integer' } }, '{"x": "2"}', '{"x": 2}'],
  ])('%j: %s becomes %s', (schema, before, after) => {
    const read = coerce(`{"v": ${before}, "w": 1.50}`, one(schema))
    expect(read.argumentsText).toBe(`{"v": ${after}, "w": 1.50}`)
    expect(read.arguments).toEqual(JSON.parse(read.argumentsText))
    expect(read.changes.length).toBe(1)
  })

  test.each<[schema: JsonSchema, text: string]>([
    [{ type: ['string', 'integer'] }, '"10"'],
    [{ anyOf: [{ type: 'string' }, { type: 'null' }] }, '"null"'],
    [{}, '"10"'],
    [true, '"10"'],
    [{ type: 'integer' }, '5.0'],
    [{ type: 'number' }, '5'],
    [{ type: 'integer' }, '9007199254740993'],
    [{ type: 'string' }, '"[1]"'],
    [{ type: 'object' }, '{"a": "1"}'],
    [{ type: 'null' }, 'null'],
    [{ $ref: '#/nowhere' }, '"10"'],
  ])('%j takes %s as it is', (schema, value) => {
    const text = `{"v": ${value}}`
    const args = JSON.parse(text)
    const read = coerceArguments(args, text, { name: 't', parameters: one(schema) })
    expect(read).toEqual({ arguments: args, argumentsText: text, changes: [], misfits: [] })
    expect(read.arguments).toBe(args)
  })

  test.each<[schema: JsonSchema, text: string, expected: string, received: string]>([
    [{ type: 'integer' }, '"ten"', 'integer', 'string'],
    [{ type: 'integer' }, '5.5', 'integer', 'number'],
    [{ type: ['integer', 'array'] }, 'true', 'integer or array', 'boolean'],
    [{ type: 'string' }, 'null', 'string', 'null'],
    [{ type: 'string' }, '{"a": [1]}', 'string', 'object'],
    [{ type: 'integer' }, '"null"', 'integer', 'string'],
    [{ type: 'array' }, '"a"', 'array', 'string'],
    [{ type: 'object' }, '[ ]', 'object', 'array'],
  ])('%j does not fit %s', (schema, value, expected, received) => {
    const text = `{"v": ${value}}`
    const read = coerce(text, one(schema))
    expect(read.argumentsText).toBe(text)
    expect(read.changes).toEqual([])
    expect(read.misfits).toEqual([{ path: 'v', expected, received, from: 6, to: 6 + value.length }])
  })

  test('says where, in a text that is written anyhow', () => {
    const text = '{ "a\\u0062" :[ {"due date": "7"} , { "due date":"soon"}],"n":1}'
    const item = { type: 'object', properties: { 'due date': { type: 'integer' } } }
    const read = coerce(text, {
      properties: { ab: { type: 'array', items: { $ref: '#/$defs/i' } } },
      $defs: { i: item },
    })
    expect(read.argumentsText).toBe('{ "a\\u0062" :[ {"due date": 7} , { "due date":"soon"}],"n":1}')
    expect(read.changes).toEqual([
      { path: 'ab[0]["due date"]', before: '"7"', after: '7', from: text.indexOf('"7"'), to: text.indexOf('"7"') + 3 },
    ])
    expect(read.misfits).toMatchObject([{ path: 'ab[1]["due date"]', expected: 'integer', received: 'string' }])
  })

  test('a misfit inside of a string that was unwrapped has its whole path', () => {
    const read = coerce(
      `{"v": "{'n': 'x', 'k': '2'}"}`,
      one({ type: 'object', additionalProperties: { type: 'integer' } }),
    )
    expect(read.argumentsText).toBe('{"v": {"n": "x", "k": 2}}')
    expect(read.misfits).toEqual([{ path: 'v.n', expected: 'integer', received: 'string', from: 6, to: 28 }])
  })

  test('treacherous names are names', () => {
    const read = coerce('{"__proto__": "1", "constructor": "2", "toString": "3"}', {
      properties: Object.fromEntries(['__proto__', 'constructor'].map((key) => [key, { type: 'integer' }])),
    })
    expect(read.argumentsText).toBe('{"__proto__": 1, "constructor": 2, "toString": "3"}')
    expect(Object.keys(read.arguments)).toEqual(['__proto__', 'constructor', 'toString'])
    expect(Object.getPrototypeOf(read.arguments)).toBe(Object.prototype)
  })

  test('without a schema, or with text that is no JSON, nothing happens', () => {
    const args = { v: '1' }
    const parameters = one({ type: 'integer' })
    expect(coerceArguments(args, '{"v":"1"}', undefined).arguments).toBe(args)
    expect(coerceArguments(args, '{"v":"1"}', { name: 't' }).arguments).toBe(args)
    for (const text of [
      '',
      '{',
      '{"v":"1"',
      '{"v":"1",}',
      '{"v":"1"} x',
      '{"v":"1", "w": "\n"}',
      '{v:"1"}',
      '{"v":"1","w":+5}',
    ]) {
      expect(coerceArguments(args, text, { name: 't', parameters })).toEqual({
        arguments: args,
        argumentsText: text,
        changes: [],
        misfits: [],
      })
    }
    const deep = `{"v": ${'['.repeat(100_000)}"1"${']'.repeat(100_000)}}`
    expect(coerceArguments(args, deep, { name: 't', parameters }).argumentsText).toBe(deep)
  })

  const keys = fc.constantFrom('a', 'b', '__proto__')
  const { schema } = fc.letrec<{ schema: JsonSchema }>((tie) => ({
    schema: fc.oneof(
      { maxDepth: 3 },
      fc.subarray([...VALUE_TYPES]).map((type): JsonSchema => ({ type })),
      fc.record({ type: fc.constant('array'), items: tie('schema') }),
      fc.record({ type: fc.constant('object'), properties: fc.dictionary(keys, tie('schema')) }),
    ),
  }))
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom(
        '1',
        '0',
        'true',
        'null',
        'None',
        "[1, 'x']",
        '{"a": "1"}',
        "{'a': [None]}",
        'x',
        1,
        0,
        1.5,
        true,
        null,
      ),
      fc.jsonValue(),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(keys, tie('value'), { maxKeys: 3 }),
    ),
  }))
  const call = fc.record({
    properties: fc.dictionary(keys, schema),
    args: fc.dictionary(keys, value),
    indent: fc.constantFrom('', ' ', '\t'),
  })

  /** Does every value either have a type that its schema takes or stand among the misfits? */
  const check = (value: unknown, schema: JsonSchema | undefined, path: PropertyKey[], misfits: Set<string>) => {
    const types = valueTypes(schema, {})
    const type = Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value
    const fits = types.size === 0 || [...types].some((t) => t === type || (t === 'integer' && Number.isInteger(value)))
    if (!fits) expect(misfits).toContain(pathText(path))
    if (!fits || typeof value !== 'object' || value === null) return
    for (const [key, item] of Object.entries(value)) {
      const step = Array.isArray(value) ? Number(key) : key
      check(item, schema && subschema(schema, {}, step), [...path, step], misfits)
    }
  }

  test('afterwards every value fits or is listed, and a second time changes nothing', () => {
    fc.assert(
      fc.property(call, ({ properties, args, indent }) => {
        const text = JSON.stringify(args, null, indent)
        const read = coerce(text, { type: 'object', properties })
        expect(read.arguments).toEqual(JSON.parse(read.argumentsText))
        check(read.arguments, { type: 'object', properties }, [], new Set(read.misfits.map(({ path }) => path)))
        const again = coerce(read.argumentsText, { type: 'object', properties })
        expect(again.changes).toEqual([])
        expect(again.argumentsText).toBe(read.argumentsText)
      }),
      { numRuns },
    )
  })

  test('with the keys counted it is the same, read by value where all fits', () => {
    fc.assert(
      fc.property(call, ({ properties, args, indent }) => {
        const parameters = { type: 'object', properties }
        // As it stands, and once it fits.
        for (const text of [
          JSON.stringify(args, null, indent),
          coerce(JSON.stringify(args), parameters).argumentsText,
        ]) {
          const parsed = JSON.parse(text)
          const counted = coerceArguments(parsed, text, { name: 't', parameters }, keyCount(parsed))
          expect(counted).toEqual(coerce(text, parameters))
        }
      }),
      { numRuns },
    )
  })

  test('only the listed spans change', () => {
    fc.assert(
      fc.property(call, ({ properties, args, indent }) => {
        const text = JSON.stringify(args, null, indent)
        const { changes, argumentsText } = coerce(text, { type: 'object', properties })
        let rebuilt = ''
        let at = 0
        for (const { from, to, before, after } of changes) {
          expect(from).toBeGreaterThanOrEqual(at)
          expect(text.slice(from, to)).toBe(before)
          rebuilt += text.slice(at, from) + after
          at = to
        }
        expect(rebuilt + text.slice(at)).toBe(argumentsText)
      }),
      { numRuns },
    )
  })
})

describe('coerce: true', () => {
  const read = (args: string, v: JsonSchema) =>
    parse(`<tool_call>{"name": "f", "arguments": ${args}}</tool_call>`, {
      format: 'hermes',
      tools: { f: { properties: { v } } },
      coerce: true,
    })

  test('says where each value stood, as it stood', () => {
    const text = '<tool_call>{"name": "f", "arguments": {"w": "é\\"", "v": "10"}}</tool_call>'
    const [call] = parse(text, {
      format: 'hermes',
      tools: { f: { properties: { v: { type: 'integer' } } } },
      coerce: true,
    }).toolCalls
    expect(call?.repairs).toEqual([
      { kind: 'coerced', from: text.indexOf('"10"'), to: text.indexOf('"10"') + 4, before: '"10"', after: '10' },
    ])
  })

  test('a key that came twice is fitted in both places', () => {
    const [call] = read('{"v": "9", "v": 10}', { type: 'integer' }).toolCalls
    expect(call?.argumentsText).toBe('{"v": 9, "v": 10}')
    expect(call?.repairs).toMatchObject([{ kind: 'coerced', before: '"9"', after: '9' }])
  })

  test('of arguments that were rewritten it says which value it was', () => {
    const [call] = read("{'v': '10'}", { type: 'integer' }).toolCalls
    expect(call?.repairs.find(({ kind }) => kind === 'coerced')).toMatchObject({ before: 'v: "10"', after: 'v: 10' })
  })

  test('a string that becomes an integer beyond 2^53 is noted, and a number that becomes a string is not', () => {
    const number = read('{"v": "9007199254740993"}', { type: 'integer' })
    expect(number.toolCalls[0]?.argumentsText).toBe('{"v": 9007199254740993}')
    expect(number.notes.map(({ code }) => code)).toEqual(['big-integer'])
    const string = read('{"v": 9007199254740993}', { type: 'string' })
    expect(string.toolCalls[0]?.arguments).toEqual({ v: '9007199254740993' })
    expect(string.notes).toEqual([])
  })

  test('a value that cannot be fitted is noted where it stands', () => {
    const { notes, toolCalls } = read('{"v": "ten"}', { type: 'integer' })
    expect(notes).toMatchObject([{ code: 'argument-type', from: 44, to: 49 }])
    expect(toolCalls[0]?.repairs).toEqual([])
  })

  test('an endless list under a schema of alternatives with huge enums takes no time', () => {
    const members = Array.from({ length: 50_000 }, (_, i) => `m${i}`)
    const lists = [{ items: { enum: members } }, { items: { type: 'integer' } }]
    const started = performance.now()
    const { toolCalls } = read(JSON.stringify({ v: members.slice(0, 5_000) }), { anyOf: lists })
    expect(toolCalls).toHaveLength(1)
    expect(performance.now() - started).toBeLessThan(3_000)
  })

  test('items behind those of a tuple have the schema of the rest', () => {
    const [call] = read('{"v": ["1", "2", "3", "4"]}', {
      prefixItems: [{ type: 'string' }, { type: 'integer' }],
      items: { type: 'integer' },
    }).toolCalls
    expect(call?.arguments).toEqual({ v: ['1', 2, 3, 4] })
  })
})

test('arguments that would be over the limit once they fit their schema stay as they were written', () => {
  const text = '<tool_call>{"name": "t", "arguments": {"v": 100}}</tool_call>'
  const fitted = (argumentChars: number) =>
    parse(text, {
      format: 'hermes',
      coerce: true,
      limits: { argumentChars },
      tools: [{ name: 't', parameters: one({ type: 'string' }) }],
    })
  expect(fitted(12)).toMatchObject({
    toolCalls: [{ argumentsText: '{"v": "100"}', arguments: { v: '100' } }],
    notes: [],
  })
  expect(fitted(11)).toMatchObject({
    toolCalls: [{ argumentsText: '{"v": 100}', arguments: { v: 100 }, repairs: [] }],
    notes: [{ code: 'limit' }],
  })
})

test('pathText', () => {
  expect(pathText([])).toBe('')
  expect(pathText(['a', 0, 1, 'b', 'ü', '1x', 'due date', '', '"'])).toBe('a[0][1].b.ü["1x"]["due date"][""]["\\""]')
})
