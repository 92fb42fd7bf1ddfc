import { describe, expect, it } from 'vitest'
import { createParser, type Format, formats, parse, render } from '../../src/index.js'
import { characters, chunkDifference } from '../support/run.js'
import { shareOf } from '../support/runs.js'

const schema = { type: 'object', properties: { city: { type: 'string' } } }
const tools = { get_weather: schema, delete_all: schema }
const CALL = { name: 'get_weather', arguments: { city: 'Oslo' } }
const all = shareOf(formats()).map((format) => [format.id, format] as const)

/** The text of a call whose name is written in another way, wherever it stands; whole, in pieces, and what comes before every third cut. */
function callsOf(format: Format, name: string): string[] {
  const text = render([CALL], { format, tools }).replaceAll('get_weather', name)
  expect(chunkDifference(createParser, { format, tools }, text, [characters(text)])).toBeUndefined()
  const names = new Set<string>()
  for (let to = text.length; to > 0; to -= 3)
    for (const call of parse(text.slice(0, to), { format, tools }).toolCalls) names.add(call.name)
  return [...names]
}

describe('the name of a call', () => {
  it.each(all)('that is missing is no other name in %s', (_, format) => {
    // `function<｜tool▁sep｜>` also is what DeepSeek V3.1 writes for a tool of that name.
    expect(callsOf(format, '').filter((name) => name !== 'function')).toEqual([])
  })

  it.each(all)('is never one of two in %s', (_, format) => {
    expect(callsOf(format, 'get_weather delete_all').filter((name) => name in tools)).toEqual([])
  })

  it.each(all)('is whole in %s', (_, format) => {
    expect(callsOf(format, 'get weather').filter((name) => name !== 'get weather')).toEqual([])
  })
})
