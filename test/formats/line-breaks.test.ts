import { describe, expect, it } from 'vitest'
import { createParser, type Format, formats, parse, render } from '../../src/index.js'
import { characters, chunkDifference } from '../support/run.js'

const tools = {
  get_weather: { type: 'object', properties: { city: { type: 'string' }, days: { type: 'integer' } } },
  list_files: {},
}
const CALLS = [
  { name: 'get_weather', arguments: { city: 'Oslo', days: 3 } },
  { name: 'list_files', arguments: {} },
]

/** What is read, without where it stands. */
function read(text: string, format: Format) {
  const { content, reasoning, status, toolCalls } = parse(text, { format, tools })
  return { content, reasoning, status, calls: toolCalls.map(({ name, arguments: args }) => [name, args]) }
}

describe('CR LF in place of LF', () => {
  it.each(formats().map((format) => [format.id, format] as const))('is read alike in %s', (_, format) => {
    for (const header of ['', ...format.headers]) {
      for (const calls of [CALLS.slice(0, 1), CALLS]) {
        const text = header + render(calls, { format, tools })
        const broken = text.replaceAll('\n', '\r\n')
        expect(read(broken, format)).toEqual(read(text, format))
        expect(chunkDifference(createParser, { format, tools }, broken, [characters(broken)])).toBeUndefined()
      }
    }
  })
})
