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
    [
      ...[mark.slice(1), mark.slice(0, -1), mark.slice(1, -1)],
      ...(/[|｜]/.test(mark) ? [mark.slice(2), `${mark.slice(0, -2)}>`] : []),
    ].map((left) => text.slice(0, index) + left + text.slice(index + mark.length)),
  )
}

describe('a mark that lost a bracket', () => {
  it.each(formats().map(({ id }) => id))('makes no other call in %s, and no loss in silence', (id) => {
    const format = getFormat(id)
    const text = textOf(format, [weather], offered as never)
    if (text === undefined || read(format, text).toolCalls.length !== 1) return
    for (const other of damaged(text))
      for (const by of [format, 'auto'] as const) {
        const { toolCalls, status, notes } = read(by, other)
        const calls = toolCalls
          .filter(({ known }) => known)
          .map(({ name, arguments: args }) => ({ name, arguments: args }))
        const isSaid = status !== 'complete' || notes.some(({ code }) => code === 'unknown-tool')
        expect([by === 'auto', other, calls.length === 0 ? [weather] : calls]).toEqual([
          by === 'auto',
          other,
          [weather],
        ])
        expect([by === 'auto', other, calls.length === 1 || isSaid]).toEqual([by === 'auto', other, true])
      }
  })
})

describe('the mark of a header that lost a bracket', () => {
  const json = '{"city": "Paris"}'
  const xml = '<rfl:parameter name="city">\nParis\n</rfl:parameter>'
  it.each([
    ['harmony', `<|channel|>commentary to=functions.get_weather|message|>${json}<|call|>`],
    ['harmony', `<|channel|>commentary to=functions.get_weathermessage|>${json}<|call|>`],
    ['harmony', `<|channel|>commentary to=functions.get_weather|constrain|>json<|message|>${json}<|call|>`],
    ['beam', `<|start|>assistant to=get_weather|channel|>analysis <|constrain|>xml<|message|>${xml}<|call|>`],
    ['functionary-v2', `<|from|>assistant\n<|recipient|>get_weather|content|>${json}<|stop|>`],
    ['functionary-v2', `<|from|>assistant\n|recipient|>get_weather\n<|content|>${json}<|stop|>`],
    ['functionary-v2', `|recipient|>get_weather\n<|content|>${json}<|stop|>`],
  ])('ends its word in %s: %s', (format, text) => {
    for (const by of [getFormat(format), 'auto'] as const) {
      const { toolCalls, content, status } = read(by, text)
      expect(toolCalls).toMatchObject([{ ...weather, repairs: [{ kind: 'misspelt-header' }] }])
      expect({ content, status }).toEqual({ content: '', status: 'complete' })
    }
    expect(parse(text, { format, tools: tools as never, repair: false }).toolCalls).toEqual([])
  })

  it('ends a name that no tool has', () => {
    const text = `<|channel|>commentary to=functions.other|message|>${json}<|call|>`
    expect(read(getFormat('harmony'), text).toolCalls).toMatchObject([{ name: 'other', known: false }])
  })

  it.each([
    ['harmony', ` to=get_weather<|message|>${json}<|call|>`],
    ['beam', `<|start|>assistant to=get_weather<|message|>${xml}<|call|>`],
  ])('a header of %s may lack its channel: %s', (format, text) => {
    expect(read(getFormat(format), text)).toMatchObject({ toolCalls: [weather], status: 'complete' })
  })

  it('is an attempt before the text of a call, without a header', () => {
    for (const text of [`I call get_weather<|message|>${json}<|call|>`, ` to=other<|message|>${json}<|call|>`])
      expect(read(getFormat('harmony'), text)).toMatchObject({ toolCalls: [], status: 'malformed' })
    expect(read(getFormat('harmony'), 'So <|message|>Hi.').status).toBe('complete')
  })
})

describe('a name that holds a piece of markup', () => {
  it.each([
    [
      'deepseek-v3',
      '<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>get_weather|>\n```json\n{"city": "Paris"}\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜>',
    ],
    ['hermes', '<tool_call>{"name": "<|x|>get_weather", "arguments": {"city": "Paris"}}</tool_call>'],
    [
      'minimax-m2',
      '<minimax:tool_call>\n<invoke name=&quot;get_weather&quot;>\n<parameter name="city">Paris</parameter>\n</invoke>\n</minimax:tool_call>',
    ],
  ])('makes no complete call in %s', (format, text) => {
    const { toolCalls, incomplete, status } = read(getFormat(format), text)
    expect({ toolCalls, status }).toEqual({ toolCalls: [], status: 'malformed' })
    expect(incomplete).toMatchObject([{ known: false, status: 'malformed' }])
  })

  it('may be the name of a given tool', () => {
    const odd = { 'a|b': { type: 'object', properties: {} } } as never
    const text = '<tool_call>{"name": "a|b", "arguments": {}}</tool_call>'
    expect(parse(text, { format: 'hermes', tools: odd }).toolCalls).toMatchObject([{ name: 'a|b' }])
  })
})
