import { describe, expect, it } from 'vitest'
import { createParser, formats, parse } from '../../src/index.js'
import { characters, chunkDifference, everyCut } from '../support/run.js'

const tools = [{ name: 'f', inputSchema: { type: 'object', properties: { city: { type: 'string' } } } }]
const CALL = '{"name": "f", "parameters": {"city": "Oslo"}}'

/** Formats that read the object without a marker, and no close marker of calls behind it. */
const bare = ['auto', 'llama3']

/** The tokens that end calls in some registered format. */
const ends = formats()
  .flatMap(({ wire }) => wire.match(/<[|｜]\/?[A-Za-z_▁]{1,40}[|｜]>/g) ?? [])
  .filter((token) => /call|action/i.test(token) && /end|\//i.test(token))

describe('a token that ends calls elsewhere, behind a call without a marker', () => {
  it.each([...new Set(ends), '<|action_end|>', '<|/tool_call|>'])('is left out with a note: %s', (token) => {
    for (const format of bare) {
      const text = `${CALL}${token}`
      const cuts = [characters(text), ...everyCut(text)]
      expect(chunkDifference(createParser, { format, tools }, text, cuts)).toBeUndefined()
      const { toolCalls, content, notes } = parse(text, { format, tools })
      expect([toolCalls.length, content, notes.map(({ code }) => code)], format).toEqual([1, '', ['stray-marker']])
    }
  })

  it('stays where it opens something', () => {
    const { toolCalls, content } = parse(`${CALL}<|action_start|>`, { format: 'auto', tools })
    expect([toolCalls.length, content]).toEqual([1, '<|action_start|>'])
  })

  it('is left out with a note where text follows on its line', () => {
    const { content, notes } = parse(`${CALL}<|action_end|> is its end`, { format: 'auto', tools })
    expect([content, notes.map(({ code }) => code)]).toEqual([' is its end', ['stray-marker']])
  })
})
