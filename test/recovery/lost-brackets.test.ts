import { describe, expect, it } from 'vitest'
import { type Format, formats, getFormat, parse } from '../../src/index.js'
import { textOf } from '../damage/shapes.js'

// A special token or a tag that lost a bracket, at every place of a call, in every format.

const string = { type: 'string' }
const tools = { get_weather: { type: 'object', properties: { city: string }, required: ['city'] } } as const
const weather = { name: 'get_weather', arguments: { city: 'Paris' } }
const offered = Object.entries(tools).map(([name, inputSchema]) => ({ name, inputSchema }))
const MARKS = /<[^<>\s"=]{1,48}>/g

const read = (format: Format | 'auto', text: string) => parse(text, { format, tools: tools as never })

/** The text with each of its marks damaged in turn. */
function damaged(text: string): string[] {
  return [...text.matchAll(MARKS)].flatMap(({ 0: mark, index }) =>
    [mark.slice(1), mark.slice(0, -1), mark.slice(2), mark.slice(1, -1), `${mark.slice(0, -2)}>`].map(
      (left) => text.slice(0, index) + left + text.slice(index + mark.length),
    ),
  )
}

describe('a mark that lost a bracket', () => {
  it.each(formats().map(({ id }) => id))('makes no other call in %s, and no loss in silence', (id) => {
    const format = getFormat(id)
    const text = textOf(format, [weather], offered as never)
    if (text === undefined || read(format, text).toolCalls.length !== 1) return
    for (const other of damaged(text))
      for (const by of [format, 'auto'] as const) {
        const { toolCalls, status } = read(by, other)
        const calls = toolCalls.map(({ name, arguments: args }) => ({ name, arguments: args }))
        expect([by === 'auto', other, calls.length === 0 ? [weather] : calls]).toEqual([by === 'auto', other, [weather]])
        expect([by === 'auto', other, calls.length === 1 || status !== 'complete']).toEqual([by === 'auto', other, true])
      }
  })
})
