import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { readTools } from '../../src/tools/schema.js'
import { toolset } from '../../src/tools/toolset.js'
import { parameterTypes } from '../../src/tools/value-types.js'

const numRuns = 200 * Number(process.env.CALLSIFT_RUNS ?? 1)
const query = { type: 'object', properties: { query: { type: 'string' }, n: { type: 'integer' } }, required: ['query'] }

describe('toolset', () => {
  const set = toolset({
    search: z.object({ query: z.string(), limit: z.number().default(10) }),
    sized: { description: 'How big.', schema: z.object({ size: z.string().transform((text) => text.length) }) },
    plain: query,
    described: { description: 'A plain one.', schema: query },
    open: {},
    ['__proto__']: z.object({ a: z.number() }),
  })

  test('is the option tools', () => {
    const tools = readTools(set)
    const types = parameterTypes(tools.get)
    expect(tools.names).toEqual(['search', 'sized', 'plain', 'described', 'open', '__proto__'])
    expect(tools.get('described')).toEqual({ name: 'described', description: 'A plain one.', parameters: query })
    expect(tools.get('sized')?.description).toBe('How big.')
    expect([...types('search', 'limit')]).toEqual(['number'])
    expect([...types('sized', 'size')]).toEqual(['string'])
    expect([...types('plain', 'n')]).toEqual(['integer'])
    expect([...types('__proto__', 'a')]).toEqual(['number'])
  })

  test('valid calls come back with what the schema gives out, and keep their other fields', () => {
    expect(set.validateCall({ id: 'c1', name: 'search', arguments: { query: 'x' } })).toEqual({
      ok: true,
      call: { id: 'c1', name: 'search', arguments: { query: 'x', limit: 10 } },
    })
    expect(set.validateCall({ name: 'sized', arguments: { size: 'abc' } })).toMatchObject({
      call: { arguments: { size: 3 } },
    })
    const args = JSON.parse('{"query": "x", "__proto__": {"admin": true}}')
    const checked = set.validateCall({ name: 'plain', arguments: args, status: 'complete' })
    expect(checked.ok && checked.call.arguments).toBe(args)
    expect(set.validateCall({ name: 'open', arguments: { any: 1 } }).ok).toBe(true)
  })

  test('issues say where, what was expected and what came', () => {
    expect(set.validateCall({ name: 'search', arguments: { query: 5, limit: 'x' } })).toEqual({
      ok: false,
      issues: [
        { path: 'query', expected: 'string', received: '5', message: expect.stringContaining('string') },
        { path: 'limit', expected: 'number', received: '"x"', message: expect.stringContaining('number') },
      ],
    })
    expect(set.validateCall({ name: 'search', arguments: null })).toMatchObject({
      issues: [{ path: '', expected: 'object', received: 'null' }],
    })
    expect(set.validateCall({ name: 'plain', arguments: { n: 1.5 } })).toEqual({
      ok: false,
      issues: [
        {
          path: 'query',
          expected: 'a value',
          received: 'nothing',
          message: 'query: expected a value, received nothing',
        },
        { path: 'n', expected: 'integer', received: '1.5', message: 'n: expected integer, received 1.5' },
      ],
    })
    expect(set.validateCall({ name: '__proto__', arguments: { a: 'x' } }).ok).toBe(false)
  })

  test('calls of no tool, and calls that are not complete, are never valid', () => {
    for (const name of ['nope', 'constructor', 'toString', '']) {
      expect(set.validateCall({ name, arguments: {} })).toMatchObject({
        ok: false,
        issues: [{ received: name, expected: 'one of search, sized, plain, described, open, __proto__' }],
      })
    }
    for (const status of ['truncated', 'malformed'] as const) {
      expect(set.validateCall({ name: 'open', arguments: {}, status })).toMatchObject({
        ok: false,
        issues: [{ message: `the call is ${status}: it must not be executed` }],
      })
    }
    expect(toolset({}).validateCall({ name: 'a', arguments: {} })).toMatchObject({ ok: false })
  })

  test('asynchronous schemas', async () => {
    const slow = toolset({ slow: z.object({ a: z.string().refine(async (text) => text === 'yes', 'not yes') }) })
    expect(() => slow.validateCall({ name: 'slow', arguments: { a: 'yes' } })).toThrow('use validateCallAsync')
    expect(await slow.validateCallAsync({ name: 'slow', arguments: { a: 'yes' } })).toMatchObject({ ok: true })
    expect(await slow.validateCallAsync({ name: 'slow', arguments: { a: 'no' } })).toMatchObject({
      ok: false,
      issues: [{ path: 'a', expected: 'string', received: '"no"', message: 'not yes' }],
    })
    expect(await set.validateCallAsync({ name: 'plain', arguments: { query: 'x' } })).toMatchObject({ ok: true })
  })

  test("a promise that is none of JavaScript's own is a promise", async () => {
    const schema = {
      '~standard': {
        version: 1 as const,
        vendor: 'own',
        // biome-ignore lint/suspicious/noThenProperty: it is what is tested
        validate: () => ({ then: (give: (result: object) => void) => give({ value: 7 }) }) as unknown as Promise<never>,
      },
    }
    const own = toolset({ own: schema })
    expect(() => own.validateCall({ name: 'own', arguments: {} })).toThrow('use validateCallAsync')
    expect(await own.validateCallAsync({ name: 'own', arguments: {} })).toMatchObject({ call: { arguments: 7 } })
  })

  test('arguments that are no object are never valid for a JSON Schema, whatever it says', () => {
    for (const args of [null, undefined, 'x', 5, [], [{}]])
      for (const name of ['plain', 'open']) {
        expect(set.validateCall({ name, arguments: args })).toMatchObject({
          issues: [{ path: '', expected: 'object' }],
        })
      }
  })

  test('any Standard Schema will do, and a JSON Schema may be passed beside it', () => {
    const schema = {
      '~standard': {
        version: 1 as const,
        vendor: 'own',
        validate: (value: unknown) =>
          typeof value === 'object'
            ? { value: 7 }
            : { issues: [{ message: 'no object', path: [{ key: 'deep' }, 0, 'x'] }] },
      },
    }
    const own = toolset({ bare: schema, told: { schema, parameters: query } })
    expect(own.tools).toEqual([{ name: 'bare' }, { name: 'told', parameters: query }])
    expect(own.validateCall({ name: 'told', arguments: {} })).toMatchObject({ ok: true, call: { arguments: 7 } })
    expect(own.validateCall({ name: 'bare', arguments: 'x' })).toEqual({
      ok: false,
      issues: [{ path: 'deep[0].x', expected: 'no object', received: 'nothing', message: 'no object' }],
    })
  })

  test('what is no schema throws, with the name of the tool', () => {
    expect(() => toolset({ search: 'string' as never })).toThrow(/^tools\.search: the schema is text/)
    expect(() => toolset({ search: { schema: [] as never } })).toThrow(/^tools\.search: the schema is a list/)
  })

  test('whatever the arguments, validation answers', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('search', 'sized', 'plain', 'open', '__proto__', 'x'),
        fc.anything(),
        (name, args) => {
          const result = set.validateCall({ name, arguments: args })
          if (!result.ok) expect(result.issues.length).toBeGreaterThan(0)
          else expect(result.call.name).toBe(name)
        },
      ),
      { numRuns },
    )
  })
})
