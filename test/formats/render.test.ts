import { describe, expect, it } from 'vitest'
import { createRegistry, formats, parse, RenderError, render } from '../../src/index.js'

const tools = { f: { type: 'object', properties: { a: { type: 'string' } } } }
const calls = [{ name: 'f', arguments: { a: 'x' } }]

/** Ends that would take the call behind them along, or be taken along by it. */
const ENDS = ['I write `', '> quoted', '<!-- note', 'So: <tool_cal>', '{"content": "a', 'see [{"a": 1}, ', 'see \\n']

describe.each(formats().map((format) => ({ id: format.id, format })))('$id', ({ format }) => {
  const { parse, render } = createRegistry([format])

  it('writes content that comes back, or says why it cannot', () => {
    for (const content of [...ENDS, 'Hi.', 'a {b', '[1, 2', 'see {"a": 1}', 'x < y', '"name" {name: 1}']) {
      for (const some of [calls, []]) {
        let text: string
        try {
          text = render(some, { format, content, tools })
        } catch (error) {
          expect(error).toBeInstanceOf(RenderError)
          continue
        }
        const { toolCalls, status, content: read } = parse(text, { format, tools })
        expect([toolCalls.length, status, read.trim()], content).toEqual([some.length, 'complete', content.trim()])
      }
    }
  })

  it.each(['Hi.', 'a {b', 'x < y', 'see {"a": 1}'])('writes ordinary content: %j', (content) => {
    expect(() => render([], { format, content, tools })).not.toThrow()
  })
})

describe('what cannot be written', () => {
  it.each([
    [ENDS[0], 'stands in inline code'],
    [ENDS[1], 'stands in a quoted line'],
    [ENDS[2], '<!-- before it never closes'],
    ['see \\n', 'stands in a string'],
  ])('%j before a call of hermes, and why', (content, why) => {
    expect(() => render(calls, { format: 'hermes', content, tools })).toThrow(
      new RegExp(`^the content would not be read as it is: .*${why}`),
    )
  })
})

it('does not blame content where the calls alone do not come back: of a tool that was not given, without a marker', () => {
  const options = { format: 'pythonic', tools: { g: { type: 'object' } } }
  expect(parse(render(calls, options), options).toolCalls).toEqual([])
  expect(render(calls, { ...options, content: 'Hi.' })).toBe("Hi.\n[f(a='x')]")
})
