import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CALL_SHAPE } from '../../src/engine/call-shape.js'
import { parse } from '../../src/index.js'
import { mendCalls } from '../../src/recovery/repair.js'
import { argumentTrees } from '../promises/values.js'

const mend = (payload: string) => mendCalls(payload, CALL_SHAPE)

describe('I27: what is JSON comes back as it is', () => {
  it('whatever its strings hold', () => {
    const property = fc.property(argumentTrees, (args) => {
      const call = { name: 'f', arguments: args }
      const calls = mend(JSON.stringify(call))
      // Left alone, or as it was: never another value.
      if (calls !== undefined) expect(calls).toEqual([call])
    })
    fc.assert(property, { seed: 7, numRuns: 300 })
    expect(mend('{"name": "f", "arguments": {"q": "it\'s // no # comment \\\\d+"}}')).toEqual([
      { name: 'f', arguments: { q: "it's // no # comment \\d+" } },
    ])
  })
})

describe('I28: what is mended has the words of its source', () => {
  it.each([
    ['a missing quote behind a key', '{"name": "f", "arguments: {"a": "b"}}'],
    ['a missing comma in a list', '{"name": "f", "arguments": {"a": [1 2]}}'],
    ['a missing brace', '{"name": "f", "arguments": {"a": "b"}'],
  ])('%s', (_, payload) => {
    for (const call of mend(payload) ?? []) {
      expect(Object.keys(call)).toEqual(['name', 'arguments'])
      expect(call.name).toBe('f')
    }
  })

  it.each([
    ['prose', 'I will call the tool f with a = 1'],
    ['a placeholder', '{"name": "f", "arguments": {"a": <city>}}'],
    ['arithmetic', '{"name": "f", "arguments": {"a": 3 * x}}'],
    ['a cut literal', '{"name": "f", "arguments": {"a": tr}}'],
    ['brackets in a string, which the library takes apart', '{"name": "f", "arguments": {"a": ["["] "b": 1}}'],
    ['no name', '{"arguments": {"a": 1}}'],
    ['no arguments', '{"name": "f"}'],
    ['other keys', '{"name": "f", "arguments": {}, "year": 1843}'],
    ['a value that is no call', '[1, 2, 3]'],
    ['nothing', ''],
    ['too much', `{"name": "f", "arguments": {"a": "${'x'.repeat(70_000)}"}}`],
    ['too deep a tree', `{"name": "f", "arguments": {"a": ${'['.repeat(300)}${']'.repeat(300)}}}`],
  ])('%s is left alone', (_, payload) => {
    expect(mend(payload)).toBeUndefined()
  })

  it('an escape that JSON does not know keeps its backslash', () => {
    expect(mend('{"name": "f", "arguments": {"re": "\\d+"}}')).toEqual([{ name: 'f', arguments: { re: '\\d+' } }])
  })
})

describe('in a text', () => {
  const damaged = '<tool_call>{"name": "f", "arguments": {"a": [1 2]}}</tool_call>'

  it('repairs are listed', () => {
    const { toolCalls } = parse('<tool_call>{"name": "f", "arguments": {\'a\': True,}}</tool_call>', {
      format: 'hermes',
    })
    expect(toolCalls.map((call) => call.arguments)).toEqual([{ a: true }])
    expect(toolCalls[0]?.repairs.map(({ kind }) => kind)).toEqual([
      'python-quotes',
      'python-quotes',
      'python-literal',
      'trailing-comma',
    ])
  })

  it('nothing is repaired where that is turned off, and nothing is lost', () => {
    const { toolCalls, incomplete, content, notes } = parse(damaged, { format: 'hermes', repair: false })
    expect(toolCalls).toEqual([])
    expect(incomplete.length > 0 || content === damaged).toBe(true)
    expect(notes.length).toBeGreaterThan(0)
  })

  it('a span that does not end is not repaired', () => {
    const { toolCalls, status } = parse('<tool_call>{"arguments": {"a": [1, 2', { format: 'hermes' })
    expect(toolCalls).toEqual([])
    expect(status).toBe('truncated')
  })
})
