import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { checkValue } from '../../src/tools/check-value.js'
import { linearPattern } from '../../src/tools/linear-pattern.js'
import type { JsonSchema } from '../../src/tools/tools-input.js'

const numRuns = 300 * Number(process.env.CALLSIFT_RUNS ?? 1)
const messages = (value: unknown, schema: JsonSchema) => checkValue(value, schema).map(({ message }) => message)

describe('checkValue', () => {
  const proto = JSON.parse('{"properties": {"__proto__": {"type": "integer"}, "constructor": {"type": "string"}}}')
  test.each<[value: unknown, schema: JsonSchema, messages: string[]]>([
    [{ n: 'x' }, { properties: { n: { type: 'integer' } } }, ['n: expected integer, received "x"']],
    [{ n: 5 }, { properties: { n: { type: 'integer' } } }, []],
    [2 ** 60, { type: 'int' }, []],
    [5.5, { type: ['integer', 'null'] }, ['arguments: expected integer or null, received 5.5']],
    [null, { type: 'string', nullable: true }, []],
    [null, { enum: ['a'], nullable: true }, []],
    ['b', { enum: ['a', null, 1] }, ['arguments: expected one of "a", null, 1, received "b"']],
    [{ a: [1], b: 2 }, { const: { b: 2, a: [1] } }, []],
    [[1, 2], { const: [2, 1] }, ['arguments: expected array, received array']],
    [
      {},
      { required: ['a', 'b'], properties: { a: {} } },
      ['a: expected a value, received nothing', 'b: expected a value, received nothing'],
    ],
    [
      { a: 1, x: 2 },
      { properties: { a: {} }, additionalProperties: false },
      ['x: expected no such property, received 2'],
    ],
    [{ x: 'y' }, { additionalProperties: { type: 'integer' } }, ['x: expected integer, received "y"']],
    [
      { x1: 1, y: 1 },
      { patternProperties: { '^x': { type: 'string' } }, additionalProperties: false },
      ['y: expected no such property, received 1', 'x1: expected string, received 1'],
    ],
    [{ y: 1 }, { patternProperties: { '(x+)+$': { type: 'string' } }, additionalProperties: false }, []],
    [{ ab: 1 }, { propertyNames: { maxLength: 1 } }, ['ab: expected at most 1 characters, received "ab"']],
    [{}, { minProperties: 1 }, ['arguments: expected at least 1 properties, received object']],
    [
      JSON.parse('{"__proto__": "x", "constructor": 1}'),
      proto,
      ['__proto__: expected integer, received "x"', 'constructor: expected string, received 1'],
    ],
    [{}, proto, []],
    [[1, 'a', 2], { items: { type: 'integer' } }, ['[1]: expected integer, received "a"']],
    [
      [1, 'a'],
      { prefixItems: [{ type: 'string' }], items: false },
      ['[0]: expected string, received 1', '[1]: expected nothing here, received "a"'],
    ],
    [
      [1, 'a'],
      { items: [{ type: 'integer' }], additionalItems: { type: 'integer' } },
      ['[1]: expected integer, received "a"'],
    ],
    [[], { minItems: 1 }, ['arguments: expected at least 1 items, received array']],
    [
      [
        { a: 1, b: 2 },
        { b: 2, a: 1 },
      ],
      { uniqueItems: true },
      ['arguments: expected items that differ, received array'],
    ],
    ['🚀', { minLength: 2 }, ['arguments: expected at least 2 characters, received "🚀"']],
    ['ab-1', { pattern: '^[a-z]{2}-\\d$' }, []],
    ['ab', { pattern: '^[a-z]{3}$' }, ['arguments: expected text that matches ^[a-z]{3}$, received "ab"']],
    ['ab', { pattern: '^(x|y)$' }, []],
    ['not a date', { format: 'date' }, []],
    [
      5,
      { minimum: 6, maximum: 4, multipleOf: 2 },
      [
        'arguments: expected at least 6, received 5',
        'arguments: expected at most 4, received 5',
        'arguments: expected a multiple of 2, received 5',
      ],
    ],
    [5, { exclusiveMinimum: 5 }, ['arguments: expected more than 5, received 5']],
    [5, { maximum: 5, exclusiveMaximum: true }, ['arguments: expected less than 5, received 5']],
    [0.3, { multipleOf: 0.1 }, []],
    [1e300, { multipleOf: 1 }, []],
    [
      true,
      { anyOf: [{ type: 'string' }, { type: 'integer' }] },
      ['arguments: expected string or integer, received true'],
    ],
    [
      { kind: 'a', n: 'x' },
      { anyOf: [{ type: 'string' }, { properties: { n: { type: 'integer' } } }] },
      ['n: expected integer, received "x"'],
    ],
    [
      5,
      { oneOf: [{ type: 'integer' }, { type: 'number' }] },
      ['arguments: expected a value that only one of the alternatives takes, received 5'],
    ],
    [5, { allOf: [{ type: 'integer' }, { minimum: 6 }] }, ['arguments: expected at least 6, received 5']],
    [5, { not: { type: 'integer' } }, ['arguments: expected a value that the schema does not exclude, received 5']],
    [
      5,
      JSON.parse('{"if": {"type": "integer"}, "then": {"minimum": 6}, "else": false}'),
      ['arguments: expected at least 6, received 5'],
    ],
    [
      'x',
      { if: { type: 'integer' }, else: { minLength: 2 } },
      ['arguments: expected at least 2 characters, received "x"'],
    ],
    [
      5,
      { $ref: '#/$defs/a', maximum: 4, $defs: { a: { type: 'integer', minimum: 6 } } },
      ['arguments: expected at most 4, received 5', 'arguments: expected at least 6, received 5'],
    ],
    [5, { $ref: '#/nowhere' }, []],
    [5, { $ref: '#' }, []],
    [5, { $ref: '#/$defs/a', $defs: { a: { anyOf: [{ $ref: '#/$defs/a' }] } } }, []],
    [5, true, []],
    [5, false, ['arguments: expected nothing here, received 5']],
    [5, { type: 'nonsense', properties: [], items: 7, anyOf: 'x', enum: 1, required: 'a', pattern: 7 }, []],
  ])('%j against %j', (value, schema, expected) => {
    expect(messages(value, schema).sort()).toEqual([...expected].sort())
  })

  test('long values are told in few words', () => {
    expect(messages('x'.repeat(1000), { type: 'integer' })[0]?.length).toBeLessThan(120)
  })

  /** Where zod reads a schema as JSON Schema means it, both must agree. */
  const scalar = fc.oneof(
    fc.constantFrom('string', 'boolean', 'null', 'number').map((type): JsonSchema => ({ type })),
    fc.record({ type: fc.constant('number'), minimum: fc.integer({ min: -2, max: 2 }) }),
    fc.record({ type: fc.constant('string'), maxLength: fc.nat(2) }),
    fc.record({ enum: fc.uniqueArray(fc.constantFrom('a', 1, true, null), { minLength: 1 }) }),
  )
  const { schema } = fc.letrec<{ schema: JsonSchema }>((tie) => ({
    schema: fc.oneof(
      { maxDepth: 3 },
      scalar,
      fc.record({ anyOf: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }) }),
      fc.record({ type: fc.constant('array'), items: tie('schema'), minItems: fc.nat(1) }),
      fc
        .record({
          properties: fc.dictionary(fc.constantFrom('a', 'b'), tie('schema')),
          additionalProperties: fc.boolean(),
          all: fc.boolean(),
        })
        .map(({ properties, additionalProperties, all }) => ({
          type: 'object',
          properties,
          additionalProperties,
          required: all ? Object.keys(properties) : [],
        })),
    ),
  }))
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom('a', 'abc', '', 1, 0, -3, 1.5, true, false, null),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('value')),
    ),
  }))

  test('refuses what zod refuses', () => {
    fc.assert(
      fc.property(schema, value, (schema, value) => {
        const oracle = z.fromJSONSchema(schema as never, { registry: z.registry() }).safeParse(value)
        expect(checkValue(value, schema).length === 0).toBe(oracle.success)
      }),
      { numRuns: numRuns * 5 },
    )
  })

  test('any schema and any value end, without an error', () => {
    const keyword = fc.constantFrom(
      ...'type enum const properties required items anyOf oneOf allOf not if then $ref pattern'.split(' '),
    )
    const { wild } = fc.letrec<{ wild: unknown }>((tie) => ({
      wild: fc.oneof(
        { maxDepth: 3 },
        fc.constantFrom('#', 'string', '(a+)+$', 1, true, null),
        fc.array(tie('wild'), { maxLength: 3 }),
        fc.dictionary(keyword, tie('wild'), { maxKeys: 4 }),
      ),
    }))
    fc.assert(
      fc.property(wild, fc.oneof(wild, fc.anything()), (schema, value) => {
        for (const issue of checkValue(value, schema as JsonSchema)) expect(issue.message).not.toBe('')
      }),
      { numRuns },
    )
  })

  test('what grows without end is refused, in time', () => {
    const refused = [{ path: '', expected: 'arguments that can be checked in time', received: 'object' }]
    const nested = (depth: number) => {
      let value: unknown = null
      for (let i = 0; i < depth; i++) value = { n: value }
      return value
    }
    const chain = { anyOf: [{ type: 'null' }, { type: 'object', properties: { n: { $ref: '#' } }, required: ['n'] }] }
    expect(checkValue(nested(512), chain)).toEqual([])
    expect(checkValue(nested(100_000), chain)).toMatchObject(refused)
    const item = { properties: { n: { $ref: '#' } } }
    const branching = { anyOf: [{ allOf: [item, { required: ['x'] }] }, { allOf: [item, { required: ['y'] }] }] }
    expect(checkValue(nested(100), branching)).toMatchObject(refused)
    const circle: Record<string, unknown> = {}
    circle.n = circle
    expect(checkValue(circle, { properties: { n: { $ref: '#' } } })).toMatchObject(refused)
    expect(checkValue(circle, { const: 1 })).toMatchObject(refused)
  })
})

test('a huge enum is read once, and a schema that branches without end is left soon', () => {
  const members = Array.from({ length: 50_000 }, (_, i) => ({ id: i }))
  const started = performance.now()
  expect(checkValue(members.slice(0, 5_000), { items: { enum: members } })).toEqual([])
  expect(checkValue([{ id: 'x' }], { items: { enum: members } })).toHaveLength(1)
  const branch = (i: number) => ({ anyOf: [{ $ref: `#/$defs/${i}` }, { $ref: `#/$defs/${i}` }] })
  const $defs = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [i, i === 59 ? { const: 1 } : branch(i + 1)]))
  expect(checkValue('x', { ...branch(0), $defs })).toMatchObject([
    { expected: 'arguments that can be checked in time' },
  ])
  expect(performance.now() - started).toBeLessThan(5_000)
})

describe('linearPattern', () => {
  test.each([
    ['^[A-Z]{3}-\\d+$', 'ABC-12', 'AB-12'],
    ['^\\d{4}-\\d{2}-\\d{2}$', '2024-01-31', '2024-1-31'],
    ['^\\+?[0-9]{1,15}$', '+49', '+'],
    ['a.c', 'xabcx', 'ac'],
    ['^https?:\\/\\/', 'https://x', 'ftp://x'],
    ['^[^\\]@]*$', 'a', 'a]'],
    ['^$', '', 'x'],
    ['', 'anything', undefined],
  ])('%s is run', (pattern, yes, no) => {
    expect(linearPattern(pattern)?.test(yes)).toBe(true)
    if (no !== undefined) expect(linearPattern(pattern)?.test(no)).toBe(false)
  })

  test.each([
    '(a+)+$',
    '^(a|aa)+$',
    'a+b',
    '^a*a*$',
    '^a+b+$',
    '^a?a?a?a?b$',
    '^(?=a)b',
    '^(a)\\1$',
    '^a{1,5}b{1,5}$',
    '^a{1000}$',
    '^a{300}b{300}$',
    'x'.repeat(1000),
    '^[a',
    '^a{',
    '^+',
    'a|b',
    '^\\p{L}$',
    '^a$b',
    '\\',
    7,
    undefined,
  ])('%s is not', (pattern) => expect(linearPattern(pattern)).toBeUndefined())

  test('what is run takes linear time', () => {
    const pattern = fc.array(
      fc.constantFrom('a', '[ab]', '.', '\\w', 'a?', 'a*', '.+', 'a{9}', 'b', '[^b]{2,}', 'a{0,99}'),
      { maxLength: 12 },
    )
    fc.assert(
      fc.property(pattern, fc.boolean(), (atoms, anchored) => {
        const regexp = linearPattern(`${anchored ? '^' : ''}${atoms.join('')}$`)
        fc.pre(regexp !== undefined)
        const started = performance.now()
        regexp?.test(`${'a'.repeat(30_000)}\n`)
        expect(performance.now() - started).toBeLessThan(1000)
      }),
      { numRuns },
    )
  })
})
