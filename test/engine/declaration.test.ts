import { expect, it } from 'vitest'
import { formats, parse, render } from '../../src/index.js'

// A model that repeats how a tool is declared calls nothing, whatever markers stand around it.

const parameters = { type: 'object', properties: { city: { type: 'string' } } }
const tools = [{ name: 'tide', parameters }]
/** The tool that the text is written for. */
const written = {
  name: 'tide',
  parameters: { type: 'object', properties: { type: { type: 'string' }, properties: { type: 'object' } } },
}

it.each(formats().map((format) => ({ id: format.id, format })))(
  '$id: the schema of a tool is no arguments',
  ({ format }) => {
    const text = render([{ name: 'tide', arguments: parameters }], { format, tools: [written] })
    const { toolCalls, status } = parse(text, { format, tools })
    expect({ toolCalls, status }, text).toEqual({ toolCalls: [], status: 'malformed' })
  },
)

it('is an argument where a tool takes one', () => {
  const text = render([{ name: 'tide', arguments: parameters }], { format: 'hermes' })
  expect(parse(text, { format: 'hermes', tools: [written] }).toolCalls).toMatchObject([{ arguments: parameters }])
})
