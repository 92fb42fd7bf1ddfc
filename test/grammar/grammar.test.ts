import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hermes } from '../../parsers/hermes.js'
import { qwen3Coder } from '../../parsers/qwen/qwen3-coder.js'
import { statesWithout } from '../../src/grammar/automaton.js'
import { constraint } from '../../src/grammar/constraint.js'
import { GrammarError, type GrammarOptions, gbnf, lark, loosened, structuralTag } from '../../src/grammar/grammar.js'
import { jsonValue } from '../../src/grammar/schema-node.js'
import { defineFormat, formats, jsonCalls } from '../../src/index.js'
import type { JsonSchema } from '../../src/tools/tools-input.js'
import { accepts } from '../support/grammar-texts.js'
import { parameters } from '../support/runs.js'

const CITY = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] }
const TOOLS = [{ name: 'weather', parameters: CITY }]

describe('structuralTag', () => {
  it('triggers calls in free text', () => {
    expect(structuralTag(hermes, TOOLS, { reasoning: false })).toEqual({
      type: 'structural_tag',
      format: {
        type: 'triggered_tags',
        triggers: ['<tool_call>'],
        tags: [
          {
            type: 'tag',
            begin: '<tool_call>\n{"name": "weather", "arguments": ',
            content: { type: 'json_schema', json_schema: CITY },
            end: '}\n</tool_call>',
          },
        ],
        excludes: ['<think>', '</think>', '<scratch_pad>', '</scratch_pad>'],
      },
    })
  })

  it('ends raw strings at their close tag', () => {
    const options = { toolChoice: { name: 'weather' }, reasoning: false }
    expect(structuralTag(qwen3Coder, TOOLS, options).format).toEqual({
      type: 'sequence',
      elements: [
        { type: 'const_string', value: '<tool_call>\n<function=weather>\n<parameter=city>\n' },
        { type: 'any_text', excludes: ['</parameter>'] },
        { type: 'const_string', value: '\n</parameter>\n</function>\n</tool_call>' },
      ],
    })
  })
})

describe('gbnf and lark', () => {
  const options: GrammarOptions = { toolChoice: { name: 'weather' }, reasoning: false }

  it('write the same for llama.cpp and llguidance', () => {
    expect(gbnf(qwen3Coder, TOOLS, options)).toMatch(
      /^root ::= "<tool_call>\\n<function=weather>\\n<parameter=city>\\n" text "\\n<\/parameter>\\n<\/function>\\n<\/tool_call>"\n/,
    )
    expect(lark(qwen3Coder, TOOLS, options)).toBe(
      'start: PART\n' +
        'PART: "<tool_call>\\n<function=weather>\\n<parameter=city>\\n" TEXT "\\n</parameter>\\n</function>\\n</tool_call>"\n' +
        'TEXT: /(?s:.*)/ & ~/(?s:.*)(<\\/parameter>)(?s:.*)/\n',
    )
  })

  it('name every rule that they use', () => {
    const schema = { type: 'object', properties: { any: {}, tree: { $ref: '#/$defs/tree' } }, $defs: TREE }
    for (const format of formats()) {
      let text: string
      try {
        text = gbnf(format, [{ name: 'f', parameters: schema }])
      } catch (error) {
        expect(error, format.id).toBeInstanceOf(GrammarError)
        continue
      }
      const rules = text.split('\n').flatMap((line) => /^([a-z0-9-]+) ::=/.exec(line)?.[1] ?? [])
      const used =
        text.replace(/"(?:[^"\\]|\\.)*"|\[(?:[^\]\\]|\\.)*\]|\{[0-9,]+\}/g, ' ').match(/[a-z][a-z0-9-]*/g) ?? []
      expect(new Set(used), format.id).toEqual(new Set(rules))
    }
  })
})

const TREE = {
  tree: {
    type: 'object',
    properties: { leaves: { type: 'array', items: { $ref: '#/$defs/tree' } } },
    required: ['leaves'],
  },
}

describe('the texts that hold no marker', () => {
  it('are those that the states lead through', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(
        fc.array(letters, { minLength: 1, maxLength: 3 }),
        fc.string({ unit: fc.constantFrom('a', 'b', 'c') }),
        (markers, text) => {
          const states = statesWithout(markers)
          let state: number | undefined = 0
          for (const character of text) {
            const next: ReadonlyMap<string, number | undefined> | undefined =
              state === undefined ? undefined : states[state]?.next
            if (next === undefined) break
            state = next.has(character) ? next.get(character) : 0
          }
          expect(state !== undefined).toBe(!markers.some((marker) => text.includes(marker)))
        },
      ),
      parameters(200),
    )
  })
})

describe('the JSON of a schema', () => {
  const takes = (schema: JsonSchema, value: unknown, text = JSON.stringify(value)) =>
    accepts(jsonValue({ schema, root: schema }), text)

  it.each<[JsonSchema, unknown[], unknown[]]>([
    [{ type: 'integer' }, [0, -12], [1.5, '1', null]],
    [{ type: 'number' }, [1.5, -2e-7, 1e21], ['1']],
    [{ type: ['string', 'null'] }, ['é"\\\n', null], [1]],
    [{ type: 'string', minLength: 1, maxLength: 3 }, ['a', 'abc'], ['', 'abcd']],
    [{ enum: ['a', 1, { b: 2 }] }, ['a', 1], ['b', 2]],
    [{ const: [1, 'x'] }, [], [[1]]],
    [{ type: 'array', items: { type: 'integer' }, minItems: 1, maxItems: 2 }, [[1], [1, 2]], [[], [1, 2, 3], ['a']]],
    [
      { type: 'array', prefixItems: [{ type: 'string' }, { type: 'boolean' }], items: false },
      [['a', true]],
      [['a'], ['a', true, 1]],
    ],
    [CITY, [{ city: 'a' }], [{}, { city: 1 }, { city: 'a', more: 1 }]],
    [{ ...CITY, additionalProperties: { type: 'integer' } }, [{ city: 'a', more: 1 }], [{ city: 'a', more: 'b' }]],
    [{ type: 'object' }, [{}, { any: [{ at: null }] }], [1]],
    [
      { properties: { a: {}, b: {}, c: {} }, required: ['b'] },
      [{ b: 1 }, { a: 1, b: 2, c: 3 }, { b: 1, c: 2 }],
      [{ a: 1 }, { c: 1, b: 1 }],
    ],
    [{ oneOf: [{ type: 'boolean' }, CITY] }, [true, { city: 'x' }], [1]],
    [{ allOf: [CITY, { properties: { days: { type: 'integer' } }, required: ['days'] }] }, [], [{ city: 'x' }]],
    [{ $ref: '#/$defs/tree', $defs: TREE }, [{ leaves: [{ leaves: [] }, { leaves: [] }] }], [{ leaves: [1] }, {}]],
    [true, [null, 1, [{}]], []],
  ])('%j', (schema, good, bad) => {
    for (const value of good) {
      expect(takes(schema, value), JSON.stringify(value)).toBe(true)
      if (typeof value === 'object') expect(takes(schema, value, JSON.stringify(value, null, 2))).toBe(true)
    }
    for (const value of bad) expect(takes(schema, value), JSON.stringify(value)).toBe(false)
  })

  it('refuses what is no JSON', () => {
    for (const text of ['', '01', '1.', '"a', '"\n"', '{"a":1,}', "{'a': 1}", '[1 2]', 'nul', '+1'])
      expect(takes({}, undefined, text), text).toBe(false)
  })
})

describe('what cannot be held to, or cannot be written', () => {
  const tool = (schema: object) => [{ name: 'f', parameters: { type: 'object', properties: { a: schema } } }]

  it('is told by its place', () => {
    expect(loosened(hermes, tool({ type: 'string', pattern: '^a' }))).toEqual(['f/properties/a: pattern'])
    expect(loosened(hermes, tool({ type: 'integer', minimum: 1, maximum: 5 }))).toEqual([
      'f/properties/a: minimum',
      'f/properties/a: maximum',
    ])
    expect(loosened(hermes, tool({ type: 'string', maxLength: 9 }))).toEqual([])
    expect(loosened(qwen3Coder, tool({ type: 'string', maxLength: 9 }))).toEqual(['f/properties/a: length'])
    expect(loosened(hermes, tool({ $ref: 'https://example.com' }))).toEqual([
      'f/properties/a: $ref https://example.com',
    ])
  })

  it('is an error that says what', () => {
    expect(() => structuralTag(hermes, [], { toolChoice: 'required' })).toThrow(/there is no tool to call/)
    expect(() => structuralTag(hermes, TOOLS, { toolChoice: { name: 'other' } })).toThrow(/no tool is named "other"/)
    expect(() => structuralTag(qwen3Coder, [{ name: 'a>b' }])).toThrow(GrammarError)
    const silent = defineFormat({ id: 'silent', families: [jsonCalls({ open: ['<c>'], close: ['</c>'] })] })
    expect(() => structuralTag(silent, TOOLS)).toThrow(/the format silent has no render/)
    expect(() => structuralTag('hermes' as never, TOOLS)).toThrow(TypeError)
    expect(() => structuralTag(hermes, TOOLS, { toolChoice: 'all' as never })).toThrow(TypeError)
  })

  it('leaves text free where no tool is to be called', () => {
    const { grammar } = constraint(hermes, [], { toolChoice: 'none' })
    expect(accepts(grammar, 'Hello <b>.')).toBe(true)
    expect(accepts(grammar, 'Hello <tool_call>')).toBe(false)
  })
})
