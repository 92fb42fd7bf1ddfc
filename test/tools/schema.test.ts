import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { readTools, type Tools } from '../../src/tools/schema.js'
import type { JsonSchema, ToolsInput } from '../../src/tools/tools-input.js'
import {
  parameterSchema,
  parameterTypes,
  propertyNames,
  resolvePointer,
  soleStringProperty,
  subschema,
  VALUE_TYPES,
  valueTypes,
} from '../../src/tools/value-types.js'

const numRuns = 200 * Number(process.env.CALLSIFT_RUNS ?? 1)
const parameters = { type: 'object', properties: { q: { type: 'string' } } }
const typesOf = (tools: Tools, name: string, key: string) => parameterTypes(tools.get)(name, key)
const types = (schema: JsonSchema | undefined, root: JsonSchema = {}) => [...valueTypes(schema, root)]

describe('readTools reads every shape', () => {
  const shapes: Record<string, ToolsInput> = {
    'OpenAI chat': [{ type: 'function', function: { name: 'search', description: 'd', parameters } }],
    'OpenAI Responses': [{ type: 'function', name: 'search', description: 'd', parameters }],
    Anthropic: [{ name: 'search', description: 'd', input_schema: parameters }],
    MCP: [{ name: 'search', description: 'd', inputSchema: parameters }],
    'MCP result': { tools: [{ name: 'search', description: 'd', inputSchema: parameters }] },
    'AI SDK inputSchema': { search: { description: 'd', inputSchema: parameters } },
    'AI SDK jsonSchema()': { search: { description: 'd', inputSchema: { jsonSchema: parameters } } },
    'AI SDK lazySchema()': { search: { description: 'd', inputSchema: () => ({ jsonSchema: parameters }) } },
    'AI SDK 4': { search: { description: 'd', parameters } },
    LangChain: [{ name: 'search', description: 'd', schema: parameters }],
  }
  for (const [shape, input] of Object.entries(shapes)) {
    test(shape, () => {
      const tools = readTools(input)
      expect(tools.given).toBe(true)
      expect(tools.names).toEqual(['search'])
      expect(tools.get('search')).toEqual({ name: 'search', description: 'd', parameters })
    })
  }

  test('a map from name to JSON Schema, zod, a tool with zod, and a schema that says nothing', () => {
    const refuses = () => {
      throw new Error('no JSON Schema')
    }
    const tools = readTools({
      a: parameters,
      b: z.object({ q: z.string() }),
      c: { inputSchema: z.object({ q: z.string() }) },
      d: { '~standard': { version: 1, vendor: 'x', validate: () => ({ value: 1 }) } },
      e: true,
      g: { '~standard': { version: 1, vendor: 'x', validate: refuses, jsonSchema: { input: refuses } } },
      f: z.object({ when: z.date() }),
    })
    for (const name of ['a', 'b', 'c']) expect([...typesOf(tools, name, 'q')]).toEqual(['string'])
    expect(tools.get('d')).toEqual({ name: 'd' })
    expect([...typesOf(tools, 'a', 'q')]).toEqual(['string'])
    expect(tools.get('g')).toEqual({ name: 'g' })
    expect(tools.get('e')).toEqual({ name: 'e', parameters: true })
    expect(propertyNames(tools.get('f'))).toEqual(['when'])
    expect(typesOf(tools, 'f', 'when').size).toBe(0)
    expect(tools.get('b')).toBe(tools.get('b'))
  })

  test('tools that the server runs are left out, named ones stay', () => {
    const tools = readTools([{ type: 'web_search' }, { type: 'bash_20250124', name: 'bash' }, { type: 'custom' }])
    expect(tools.names).toEqual(['bash'])
    expect(tools.get('bash')).toEqual({ name: 'bash' })
  })

  test('no tools are not the same as an empty list', () => {
    expect(readTools(undefined)).toMatchObject({ given: false, names: [] })
    expect(readTools([])).toMatchObject({ given: true, names: [] })
    expect(readTools({})).toMatchObject({ given: true, names: [] })
    expect(readTools({ tools: [] })).toMatchObject({ given: true, names: [] })
  })

  test('of two tools with one name the first counts', () => {
    const tools = readTools([
      { name: 'a', description: '1' },
      { name: 'a', description: '2' },
    ])
    expect(tools.names).toEqual(['a'])
    expect(tools.get('a')?.description).toBe('1')
  })
})

describe('wrong tools throw, and say where and what to do', () => {
  const wrong: [input: unknown, message: string][] = [
    ['[{"name":"a"}]', 'tools: text (if it is JSON, pass JSON.parse of it)'],
    [7, 'tools: a number; expected a list of tools'],
    [[{ name: 'a' }, { name: 'b' }, {}], "tools[2]: no name; expected {type:'function', function:{name"],
    [[{ type: 'function', function: { nome: 'x' } }], 'tools[0]: no name;'],
    [[{ name: '' }], 'tools[0]: no name;'],
    [[null], 'tools[0]: null;'],
    [['search'], 'tools[0]: text'],
    [{ tools: [{ name: 7 }] }, 'tools.tools[0]: no name'],
    [[{ name: 'a', parameters: '{}' }], 'tools[0] (a): the schema is text (if it is JSON, pass JSON.parse of it)'],
    [[{ name: 'a', parameters: { properties: [] } }], 'tools[0] (a): properties is a list; expected an object'],
    [{ a: 'string' }, 'tools.a: the schema is text'],
    [{ a: [] }, 'tools.a: the schema is a list'],
    [{ '': {} }, 'tools: an empty name'],
    [{ a: { type: 'function', function: { name: 'a' } } }, 'tools.a: a definition with a name of its own'],
    [z.object({}), 'tools: a schema; expected a map'],
  ]
  test.each(wrong)('%j', (input, message) => {
    expect(() => readTools(input as ToolsInput)).toThrow(TypeError)
    expect(() => readTools(input as ToolsInput)).toThrow(message)
  })

  test('whatever comes in, the answer is tools or a TypeError', () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true, withObjectString: true }), (input) => {
        try {
          const tools = readTools(input as ToolsInput)
          for (const name of tools.names) expect(tools.get(name)?.name).toBe(name)
        } catch (error) {
          expect(error).toBeInstanceOf(TypeError)
          expect((error as Error).message).toMatch(/^tools/)
        }
      }),
      { numRuns },
    )
  })
})

describe('names', () => {
  const treacherous = fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'a', 'ab')
  const name = fc.oneof(treacherous, fc.string({ minLength: 1 }))

  test('any names are found, and no others', () => {
    fc.assert(
      fc.property(fc.uniqueArray(name), name, fc.boolean(), (names, other, asMap) => {
        const input: ToolsInput = asMap
          ? Object.fromEntries(names.map((name) => [name, parameters]))
          : names.map((name) => ({ name, parameters }))
        const tools = readTools(input)
        expect([...tools.names].sort()).toEqual([...names].sort())
        expect(tools.has(other)).toBe(names.includes(other))
        expect(tools.get(other)?.name).toBe(names.includes(other) ? other : undefined)
        expect(typesOf(tools, other, 'q').has('string')).toBe(names.includes(other))
        expect(typesOf(tools, other, 'constructor').size).toBe(0)
        expect(tools.startsName(other)).toBe(names.some((name) => name !== other && name.startsWith(other)))
      }),
      { numRuns },
    )
    expect(Object.keys(Object.prototype)).toEqual([])
  })

  test('any parameter names are found as own properties', () => {
    fc.assert(
      fc.property(fc.uniqueArray(name), name, (keys, other) => {
        const properties = Object.fromEntries(keys.map((key) => [key, { type: 'integer' }]))
        const tools = readTools([{ name: 't', parameters: { properties } }])
        expect(typesOf(tools, 't', other).has('integer')).toBe(keys.includes(other))
        expect(propertyNames(tools.get('t')).sort()).toEqual([...keys].sort())
      }),
      { numRuns },
    )
  })
})

describe('valueTypes', () => {
  const root = {
    $defs: { N: { type: 'integer' }, 'a/b~c d': { type: 'boolean' }, loop: { $ref: '#/$defs/loop' } },
    definitions: { S: { anyOf: [{ $ref: '#/definitions/S' }, { type: 'string' }] } },
    properties: { x: { type: ['number', 'null'] } },
  }
  const table: [schema: JsonSchema | undefined, types: string[]][] = [
    [undefined, []],
    [true, []],
    [false, []],
    [{}, []],
    [{ description: 'anything' }, []],
    [{ type: 'string' }, ['string']],
    [{ type: ['string', 'null'] }, ['null', 'string']],
    [{ type: 'STRING' }, ['string']],
    [{ anyOf: [{ type: 'string' }, { type: 'integer' }] }, ['integer', 'string']],
    [{ oneOf: [{ type: 'object' }, { allOf: [{ type: 'array' }] }] }, ['object', 'array']],
    [{ type: 'string', nullable: true }, ['null', 'string']],
    [{ nullable: true }, []],
    [{ enum: [1, 2] }, ['integer']],
    [{ enum: ['a', 1.5, null, true, [], {}] }, ['null', 'number', 'boolean', 'object', 'array', 'string']],
    [{ const: 'x' }, ['string']],
    [{ const: null }, ['null']],
    [{ type: 'string', enum: [1] }, ['string']],
    [{ $ref: '#/$defs/N' }, ['integer']],
    [{ $ref: '#/$defs/N', description: 'd' }, ['integer']],
    [{ $ref: '#/$defs/a~1b~0c%20d' }, ['boolean']],
    [{ $ref: '#/$defs/loop' }, []],
    [{ $ref: '#/definitions/S' }, ['string']],
    [{ $ref: '#/properties/x' }, ['null', 'number']],
    [{ $ref: '#/$defs/none' }, []],
    [{ $ref: '#/$defs/toString' }, []],
    [{ $ref: 'https://example.com/s.json' }, []],
    [{ $ref: '#/%E0%A4%A' }, []],
    [{ type: 7, anyOf: 'x', enum: {}, $ref: [] }, []],
  ]
  test.each(table)('%j', (schema, expected) => {
    expect(types(schema, root)).toEqual(expected)
  })

  const aliases: Record<string, string[]> = {
    string: ['str', 'text', 'varchar', 'char', 'enum', 'Str'],
    integer: ['int', 'int32', 'int64', 'integer', 'uint8', 'long', 'short'],
    number: ['float', 'float64', 'double', 'number', 'numeric', 'num'],
    boolean: ['bool', 'BOOLEAN'],
    object: ['dict', 'object'],
    array: ['list', 'arr', 'array'],
    null: ['null'],
  }
  for (const [type, names] of Object.entries(aliases)) {
    test.each(names)(`%s is ${type}`, (name) => expect(types({ type: name })).toEqual([type]))
  }
  test.each(['any', 'toString', 'constructor', '', 'tuple'])('%j says nothing', (name) => {
    expect(types({ type: name })).toEqual([])
  })

  /** Ways to say the same in other words. `define` puts a schema aside and answers a reference to it. */
  type Schema = Record<string, unknown>
  const wordings: readonly ((schema: Schema, define: (schema: Schema) => string) => Schema)[] = [
    (schema) => schema,
    (schema) => ({ ...schema, description: 'd', default: 5 }),
    (schema) => ({ anyOf: [schema] }),
    (schema) => ({ allOf: [{ title: 't' }, schema] }),
    (schema) => ({ oneOf: [schema, schema] }),
    (schema, define) => ({ $ref: define(schema) }),
    (schema, define) => ({ anyOf: [{ $ref: '#' }, { $ref: define(schema) }] }),
  ]
  const oneType = fc.constantFrom(...VALUE_TYPES)
  const wording = fc.array(fc.constantFrom(...wordings), { maxLength: 3 })
  const member = fc.record({ type: oneType, asList: fc.boolean(), wording })
  const union = fc.constantFrom('type', 'anyOf', 'oneOf')

  test('the same schema in other words has the same types', () => {
    fc.assert(
      fc.property(fc.array(member, { minLength: 1 }), union, wording, (members, union, outer) => {
        const $defs: Schema = {}
        const define = (schema: Schema) => {
          const name = `d~/ ${Object.keys($defs).length}`
          $defs[name] = schema
          return `#/$defs/${name.replace('~', '~0').replace('/', '~1').replace(' ', '%20')}`
        }
        const schemas = members.map(({ type, asList, wording }) =>
          wording.reduce<Schema>((schema, say) => say(schema, define), { type: asList ? [type] : type }),
        )
        const wanted = members.map(({ type }) => type)
        const all = union === 'type' ? { type: wanted } : { [union]: schemas }
        const schema = outer.reduce<Schema>((schema, say) => say(schema, define), all)
        expect(types(schema, { $defs })).toEqual(VALUE_TYPES.filter((type) => wanted.includes(type)))
      }),
      { numRuns },
    )
  })

  test('any schema gives types, without an error and in time', () => {
    const schema = fc.letrec<{ node: unknown }>((tie) => ({
      node: fc.oneof(
        { maxDepth: 3 },
        fc.anything({ maxDepth: 1, maxKeys: 2 }),
        fc.record(
          {
            $ref: fc.constantFrom('#', '#/anyOf/0', '#/$defs/a', '#/$defs/b', 7),
            type: fc.oneof(oneType, fc.anything({ maxDepth: 1 })),
            anyOf: fc.array(tie('node'), { maxLength: 3 }),
            allOf: fc.oneof(tie('node'), fc.array(tie('node'), { maxLength: 3 })),
            properties: fc.dictionary(fc.constantFrom('a', '__proto__'), tie('node')),
            $defs: fc.dictionary(fc.constantFrom('a', 'b'), tie('node')),
          },
          { requiredKeys: [] },
        ),
      ),
    })).node
    fc.assert(
      fc.property(schema, (schema) => {
        for (const type of valueTypes(schema as JsonSchema, schema as JsonSchema)) expect(VALUE_TYPES).toContain(type)
        subschema(schema as JsonSchema, schema as JsonSchema, 'a')
        subschema(schema as JsonSchema, schema as JsonSchema, 0)
      }),
      { numRuns },
    )
  })

  test('a schema nested 100,000 deep, or as wide, or in a circle, ends', () => {
    let deep: JsonSchema = { type: 'string' }
    for (let i = 0; i < 100_000; i++) deep = { anyOf: [deep] }
    expect(types(deep).length).toBeLessThanOrEqual(1)
    const wide: JsonSchema = { anyOf: Array.from({ length: 100_000 }, () => ({ anyOf: Array(100).fill(deep) })) }
    expect(types(wide).length).toBeLessThanOrEqual(1)
    const ring: { anyOf: JsonSchema[] } = { anyOf: [{ type: 'integer' }] }
    ring.anyOf.push(ring)
    expect(types(ring)).toEqual(['integer'])
  })
})

describe('parameters', () => {
  const tool = (parameters: JsonSchema) => ({ name: 't', parameters })
  const a = { type: 'integer' }
  const b = { type: 'string' }

  test('are found through $ref, allOf and alternatives, in order', () => {
    const split = tool({
      allOf: [{ $ref: '#/$defs/base' }, { properties: { b } }],
      $defs: { base: { properties: { a } } },
      properties: { c: true },
    })
    expect(propertyNames(split)).toEqual(['c', 'a', 'b'])
    expect(parameterSchema(split, 'a')).toBe(a)
    expect(parameterSchema(split, 'c')).toBe(true)
    expect(parameterSchema(split, 'd')).toBeUndefined()
    const either = tool({ anyOf: [{ properties: { x: a } }, { properties: { x: b } }, { properties: { x: a } }] })
    expect(parameterSchema(either, 'x')).toEqual({ anyOf: [a, b] })
  })

  test('additionalProperties describe what is not declared', () => {
    const open = tool({ properties: { a }, additionalProperties: b })
    expect(parameterSchema(open, 'a')).toBe(a)
    expect(parameterSchema(open, 'other')).toBe(b)
    expect(parameterSchema(tool({ additionalProperties: false }), 'other')).toBeUndefined()
  })

  test('items: one schema, a tuple of either draft, and what follows it', () => {
    expect(subschema({ items: a }, {}, 9)).toBe(a)
    expect(subschema({ prefixItems: [a], items: b }, {}, 0)).toBe(a)
    expect(subschema({ prefixItems: [a], items: b }, {}, 1)).toBe(b)
    expect(subschema({ items: [a], additionalItems: b }, {}, 0)).toBe(a)
    expect(subschema({ items: [a], additionalItems: b }, {}, 1)).toBe(b)
    expect(subschema({ items: [a] }, {}, 1)).toBeUndefined()
  })

  test('the sole string parameter', () => {
    expect(soleStringProperty(tool({ properties: { code: b, timeout: a } }))).toBe('code')
    expect(soleStringProperty(tool({ properties: { code: b, more: { type: ['null', 'string'] } } }))).toBeUndefined()
    expect(soleStringProperty(tool({ properties: { timeout: a } }))).toBeUndefined()
    expect(soleStringProperty(undefined)).toBeUndefined()
  })

  test('no tools are changed, and each reader has its own memory', () => {
    const input = [tool(Object.freeze({ properties: Object.freeze({ a: Object.freeze({ enum: [1, 2] }) }) }))]
    const first = parameterTypes(readTools(Object.freeze(input)).get)
    expect(first('t', 'a')).toBe(first('t', 'a'))
    expect(parameterTypes(readTools(input).get)('t', 'a')).not.toBe(first('t', 'a'))
    for (let i = 0; i < 5000; i++) expect(first('t', `made up ${i}`).size).toBe(0)
  })

  test('pointers', () => {
    const root = { a: [{ b: 1 }], '': { '': 2 }, 'm~n': 3, 'x/y': 4 }
    expect(resolvePointer('#', root)).toBe(root)
    expect(resolvePointer('#/a/0/b', root)).toBe(1)
    expect(resolvePointer('#//', root)).toBe(2)
    expect(resolvePointer('#/m~0n', root)).toBe(3)
    expect(resolvePointer('#/x~1y', root)).toBe(4)
    expect(resolvePointer('#/a/length/x', root)).toBeUndefined()
    expect(resolvePointer('a', root)).toBeUndefined()
  })
})
