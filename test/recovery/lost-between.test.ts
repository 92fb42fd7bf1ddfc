import { describe, expect, it } from 'vitest'
import { type Format, formats, getFormat, parse } from '../../src/index.js'
import { textOf } from '../damage/shapes.js'

// What models write between two calls, and into the tags of one, in every format.

const string = { type: 'string' }
const tools = {
  get_weather: { type: 'object', properties: { city: string }, required: ['city'] },
  write_file: { type: 'object', properties: { path: string, content: string }, required: ['path', 'content'] },
} as const
const weather = { name: 'get_weather', arguments: { city: 'Paris' } }
const file = { name: 'write_file', arguments: { path: 'a.txt', content: 'line' } }
const offered = Object.entries(tools).map(([name, inputSchema]) => ({ name, inputSchema }))

const SEPARATORS = ['\\n', ' and ', ' | ', '. ', ' && ', ', then ', ';;', '\n1. ', '\n---\n']
/** `\n<tool_call>` in two characters looks like a call in a string, and is noted as one. */
const SAID = ['looks-like-call', 'quoted-call']
const ATTRIBUTES = [' city="Oslo"', ' arguments=\'{"city": "Oslo"}\'', ' x']

const written = (format: Format, calls: (typeof weather | typeof file)[]) => textOf(format, calls, offered as never)
const read = (format: Format, text: string) => parse(text, { format, tools: tools as never })
const isCall = (call: { name: string; arguments: object }, other: object) =>
  JSON.stringify({ name: call.name, arguments: call.arguments }) === JSON.stringify(other)

describe('between two calls', () => {
  it.each(formats().map(({ id }) => id))('%s loses no call in silence', (id) => {
    const format = getFormat(id)
    const text = written(format, [weather, file])
    const [first, second] = text === undefined ? [] : read(format, text).toolCalls
    if (text === undefined || first === undefined || second === undefined) return
    for (const separator of SEPARATORS) {
      const other = text.slice(0, first.to) + separator + text.slice(second.from)
      const { toolCalls, status, notes } = read(format, other)
      for (const call of toolCalls) expect([other, isCall(call, weather) || isCall(call, file)]).toEqual([other, true])
      const isSaid = status !== 'complete' || notes.some(({ code }) => SAID.includes(code))
      expect([other, toolCalls.length === 2 || isSaid]).toEqual([other, true])
    }
  })

  it('a sentence behind a call is content', () => {
    for (const words of [' write_file(path) saves it.', ' Done. {"name": "x"}', '\n{"write_file": 1}']) {
      const text = `<tool_call>{"name": "get_weather", "arguments": {"city": "Paris"}}</tool_call>${words}`
      expect(read(getFormat('hermes'), text)).toMatchObject({ status: 'complete', content: words })
    }
  })
})

describe('attributes that no format has', () => {
  it.each(formats().map(({ id }) => id))('in a tag of %s make no other call', (id) => {
    const format = getFormat(id)
    const text = written(format, [weather])
    if (text === undefined) return
    for (const [tag, at] of [...text.matchAll(/<[^<>/|｜\n][^<>\n]*>/g)].map(
      (found) => [found[0], found.index] as const,
    ))
      for (const attribute of ATTRIBUTES) {
        const to = at + tag.length - 1
        const other = text.slice(0, to) + attribute + text.slice(to)
        for (const call of read(format, other).toolCalls) expect([other, isCall(call, weather)]).toEqual([other, true])
      }
  })
})
