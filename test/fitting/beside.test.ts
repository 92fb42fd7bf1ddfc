import { expect, it } from 'vitest'
import { parse } from '../../src/index.js'

const string = { type: 'string' }
const tools = { f: { type: 'object', properties: { type: string, a: string } } } as never
const read = (members: string) => parse(`<tool_call>{"name": "f", ${members}}</tool_call>`, { format: 'hermes', tools })

it('a type beside the arguments is the call’s own if it is function, and an argument if the schema has it', () => {
  expect(read('"type": "function", "arguments": {"a": "x"}').toolCalls).toMatchObject([
    { arguments: { a: 'x' }, repairs: [] },
  ])
  for (const members of ['"type": "abc", "arguments": {"a": "x"}', '"arguments": {"a": "x"}, "type": "abc"'])
    expect(read(members).toolCalls).toMatchObject([
      { arguments: { a: 'x', type: 'abc' }, repairs: [{ kind: 'argument-beside' }] },
    ])
  expect(read('"type": "abc", "arguments": {"a": "x", "type": "b"}')).toMatchObject({
    toolCalls: [],
    status: 'malformed',
  })
})
