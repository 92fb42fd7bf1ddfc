import { describe, expect, it } from 'vitest'
import { createParser, formats, parse, render } from '../../src/index.js'
import { chunkDifference } from '../support/run.js'

const tools = { get_tide: { type: 'object', properties: { harbour: { type: 'string' } }, required: ['harbour'] } }
const calls = [{ name: 'get_tide', arguments: { harbour: 'Moss' } }]

/** The formats that write a name as a string of JSON, with the text of a call. */
const written = formats().flatMap((format) => {
  const text = render(calls, { format, tools })
  return text.includes('"get_tide"') ? [{ id: format.id, format, text }] : []
})

describe.each(written)('white space around a name in $id', ({ format, text }) => {
  it.each([' get_tide', 'get_tide\\n', 'get_tide '])(
    '%j is the given tool and the repair is listed, or no call is complete',
    (name) => {
      const padded = text.replace('"get_tide"', `"${name}"`)
      const { toolCalls, notes } = parse(padded, { format, tools })
      for (const call of toolCalls.filter(({ known }) => known)) {
        expect([call.name, call.arguments]).toEqual(['get_tide', { harbour: 'Moss' }])
        expect(call.repairs.length).toBe(1)
        for (const { from, to, before, after } of call.repairs) {
          expect(padded.slice(from, to)).toBe(before)
          expect(padded.slice(0, from) + after + padded.slice(to)).toBe(text)
        }
      }
      if (!toolCalls.some(({ known }) => known)) expect(notes.map(({ code }) => code)).not.toEqual([])
    },
  )

  it('is told alike in any pieces', () => {
    const padded = text.replace('"get_tide"', '" get_tide\\n"')
    expect(chunkDifference(createParser, { format, tools }, padded, [[...padded]])).toBeUndefined()
  })
})

it('is mended in Hermes and the formats that write its objects', () => {
  const mended = written.filter(({ format, text }) => {
    const { toolCalls } = parse(text.replace('"get_tide"', '" get_tide"'), { format, tools })
    return toolCalls[0]?.known === true
  })
  expect(mended.map(({ id }) => id)).toEqual(
    expect.arrayContaining(['hermes', 'llama3', 'granite4', 'jamba', 'apertus']),
  )
})

it('stays where nothing may be mended, or where no tools are given', () => {
  const text = '<tool_call>\n{"name": " get_tide", "arguments": {"harbour": "Moss"}}\n</tool_call>'
  expect(parse(text, { format: 'hermes', tools, repair: false }).toolCalls).toMatchObject([
    { name: ' get_tide', known: false },
  ])
  expect(parse(text, { format: 'hermes' }).toolCalls).toMatchObject([{ name: ' get_tide' }])
})

describe('an id of Kimi that lost its separators', () => {
  const section = (id: string) =>
    `<|tool_calls_section_begin|><|tool_call_begin|>${id}<|tool_call_argument_begin|>{"harbour": "Moss"}<|tool_call_end|><|tool_calls_section_end|>`

  it.each(['functions_get_tide_0', 'functionsget_tide0', 'functions.get_tide5', 'functions:get_tide:9'])(
    '%s names the given tool, and the repair is listed',
    (id) => {
      const [call] = parse(section(id), { format: 'kimi-k2', tools }).toolCalls
      expect(call).toMatchObject({ name: 'get_tide', known: true, repairs: [{ before: id }] })
    },
  )

  it('names nothing that was not given', () => {
    const [call] = parse(section('functionsget_depth0'), { format: 'kimi-k2', tools }).toolCalls
    expect(call).toMatchObject({ known: false, repairs: [] })
  })
})
