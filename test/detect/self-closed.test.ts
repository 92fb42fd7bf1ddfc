import { describe, expect, it } from 'vitest'
import { createParser, formats, parse } from '../../src/index.js'
import { characters, chunkDifference } from '../support/run.js'

const tools = { get_tide: { type: 'object', properties: { port: { type: 'string' } }, required: ['port'] } }

describe.each([...formats().map(({ id }) => id), 'auto'])(
  'a tag that closes itself and names a given tool, in %s',
  (format) => {
    it.each([
      '<tool_call name="get_tide" port="Moss" />',
      "<invoke name='get_tide' port='Moss'/>",
      '<tool name="get_tide" port="Moss" />',
      'I look.\n  <get_tide port="Moss" />',
    ])('is never silent: %s', (text) => {
      expect(chunkDifference(createParser, { format, tools }, text, [characters(text)])).toBeUndefined()
      const { notes, status, toolCalls } = parse(text, { format, tools })
      expect(toolCalls).toEqual([])
      expect(notes.length + Number(status !== 'complete')).toBeGreaterThan(0)
    })

    it.each([
      '<img name="port" src="Moss" />',
      'Write `<get_tide port="Moss" />`.',
      '```\n<get_tide port="Moss" />\n```',
    ])('is text where it names none, or is quoted: %s', (text) =>
      expect(parse(text, { format, tools })).toMatchObject({ notes: [], content: text, status: 'complete' }),
    )
  },
)
