import { describe, expect, it } from 'vitest'
import { parse } from '../../../src/index.js'

// Words without delimiters: a repair where the schema takes them, damage where it does not.

const string = { type: 'string' }
const properties = {
  city: string,
  nights: { type: 'integer' },
  breakfast: { type: 'boolean' },
  guest: { type: 'object', properties: { name: string } },
}
const tools = { book: { type: 'object', properties, required: ['city'] } } as const

const WIRE = {
  gemma4: { open: '<|tool_call>', close: '<tool_call|>', q: '<|"|>' },
  functiongemma: { open: '<start_function_call>', close: '<end_function_call>', q: '<escape>' },
}

describe.each(Object.entries(WIRE))('%s', (format, { open, close, q }) => {
  const read = (args: string) => parse(`${open}call:book{${args}}${close}`, { format, tools: tools as never })
  const city = `city:${q}Oslo${q}`

  it.each([
    ['words', 'city:New York,nights:7', { city: 'New York', nights: 7 }],
    ['words deeper in', `${city},guest:{name:Ada L}`, { city: 'Oslo', guest: { name: 'Ada L' } }],
    ['a lost first delimiter', `city:Oslo${q}`, { city: 'Oslo' }],
  ])('reads %s', (_, args, expected) => {
    expect(read(args)).toMatchObject({ toolCalls: [{ arguments: expected }], status: 'complete' })
  })

  it.each([
    ['a key of two words', `${city},nights then :7`],
    ['a key behind a mark', `${city},. nights:7`],
    ['words for a number', `${city},nights:then`],
    ['words for a truth value', `${city},breakfast:yes`],
    ['what is left of a literal', `${city},breakfast:true.`],
  ])('takes %s for damage', (_, args) => {
    expect(read(args)).toMatchObject({ toolCalls: [], incomplete: [{ name: 'book' }], status: 'malformed' })
  })
})

it('a key of two words is one where the schema has it, and damage elsewhere, repairs or not', () => {
  const given = { f: { type: 'object', properties: { 'first name': string } } } as never
  for (const repair of [true, false]) {
    const read = (args: string) =>
      parse(`<|tool_call>call:f{${args}}<tool_call|>`, { format: 'gemma4', tools: given, repair })
    expect(read('first name:<|"|>Ada<|"|>').toolCalls).toMatchObject([
      { arguments: { 'first name': 'Ada' }, repairs: [] },
    ])
    expect(read('last name:<|"|>L<|"|>')).toMatchObject({ toolCalls: [], status: 'malformed' })
  }
})

it('what is left of a delimiter is no value', () => {
  for (const left of ['escapeOslo<escape>', 'escape>Oslo<escape>', '<escapeOslo<escape>']) {
    const text = `<start_function_call>call:book{city:${left}}<end_function_call>`
    expect(parse(text, { format: 'functiongemma', tools: tools as never })).toMatchObject({
      toolCalls: [],
      status: 'malformed',
    })
  }
})
