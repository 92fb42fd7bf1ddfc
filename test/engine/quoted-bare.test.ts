import { describe, expect, it } from 'vitest'
import { formats, parse } from '../../src/index.js'

// A call without a marker that is quoted is text, and a note says where it stands.

const tools = { f: { type: 'object', properties: { a: { type: 'string' } } } }
const JSON_CALL = '{"name": "f", "arguments": {"a": "x"}}'

describe.each(['llama3', 'pythonic', 'deepseek-json', 'qwen', 'hermes', 'auto'])('%s', (format) => {
  it.each([
    ['inline code', `Use \`${JSON_CALL}\` here.`],
    ['inline code', 'Use `[f(a="x")]` here.'],
    ['a quoted line', `> ${JSON_CALL}\nSo it is written.`],
    ['a code fence', `Look:\n\`\`\`json\n${JSON_CALL}\n\`\`\`\nThat is how.`],
  ])('%s', (place, text) => {
    const { content, toolCalls, notes, status } = parse(text, { format, tools })
    expect({ content, toolCalls, status }).toEqual({ content: text, toolCalls: [], status: 'complete' })
    expect(notes.map(({ code, message }) => [code, message])).toEqual([
      ['quoted-call', `a call of "f" stands in ${place}, so it is text`],
    ])
  })

  it('says nothing of a name that prose quotes', () => {
    expect(parse('The tool `f` looks into a file.', { format, tools }).notes).toEqual([])
  })
})

it('tells of a call in a comment once', () => {
  const text = `<!--\n${JSON_CALL}\n-->\nDone.`
  expect(parse(text, { format: 'llama3', tools }).notes.map(({ code }) => code)).toEqual(['quoted-call'])
})

describe('an object on the next line of a string of something damaged', () => {
  it.each(formats().map((format) => [format.id, format] as const))('%s: no call', (_, format) => {
    for (const begun of ['{"nme": "f", "arguments": {"a": "x\n', 'So:\n{"name" "f", "arguments": {"a": "x\n'])
      expect(parse(begun + JSON_CALL, { format, tools }).toolCalls).toEqual([])
  })

  it('is a call once the brackets are closed', () => {
    const text = `{"nme": "f", "arguments": {"a": "x\n"}}\n${JSON_CALL}`
    expect(parse(text, { format: 'llama3', tools }).toolCalls).toMatchObject([{ name: 'f', arguments: { a: 'x' } }])
  })
})
