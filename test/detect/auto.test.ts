import { describe, expect, it } from 'vitest'
import { createParser, parse } from '../../src/index.js'

const tools = [{ name: 'look', parameters: { type: 'object', properties: { city: { type: 'string' } } } }]
const OWN = '<tool_call>\n{"name": "look", "arguments": {"city": "Oslo"}}\n</tool_call>'
const options = { format: 'auto', tools }

describe('auto decides by the first call', () => {
  it.each([
    ['a mention of a special token', `Mistral writes [TOOL_CALLS] before a call.\n${OWN}`],
    ['a mention of the tag of code', `Llama writes <|python_tag|> before code.\n${OWN}`],
    ['a header in the middle of a line', `I call <function=look> soon.\n${OWN}`],
  ])('and not by %s', (_, text) => {
    const { format, toolCalls, status } = parse(text, options)
    expect({ format, status, calls: toolCalls.map(({ name }) => name) }).toEqual({
      format: 'hermes',
      status: 'complete',
      calls: ['look'],
    })
  })

  it('and not by a header of another tool without a whole call, which is an attempt all the same', () => {
    const text = `The log says [TOOL_CALLS]rm[ARGS]{"p": "/" here.\n${OWN}`
    expect(parse(text, options)).toMatchObject({ format: 'hermes', status: 'malformed', toolCalls: [{ name: 'look' }] })
  })

  it('which says so as soon as its name is there', () => {
    const parser = createParser(options)
    const events = [...'Now:\n<tool_call>{"name": "look"'].flatMap((character) => parser.push(character))
    expect(events.at(-1)).toMatchObject({ type: 'call-start', name: 'look' })
  })

  it('and one of a tool that was not given only where it is whole', () => {
    const text = 'The log says [TOOL_CALLS]rm[ARGS]{"p": "/"} here.'
    expect(parse(text, options).toolCalls).toMatchObject([{ name: 'rm', known: false }])
  })

  it('and tells of a whole call of another format behind it', () => {
    for (const format of ['auto', 'hermes']) {
      const text = `${OWN}\n[TOOL_CALLS]look[ARGS]{"city": "Bergen"}`
      const { status, notes, toolCalls } = parse(text, { format, tools })
      expect({ status, calls: toolCalls.length }).toEqual({ status: 'malformed', calls: 1 })
      expect(notes).toMatchObject([{ code: 'looks-like', from: OWN.length + 1 }])
    }
  })

  it('but not of one that is quoted', () => {
    const { status, notes } = parse(`${OWN}\nNot \`[TOOL_CALLS]look[ARGS]{"city": "Bergen"}\`.`, options)
    expect({ status, notes }).toEqual({ status: 'complete', notes: [] })
  })
})
