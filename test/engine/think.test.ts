import { describe, expect, it } from 'vitest'
import { formats, parse, RenderError, render } from '../../src/index.js'

/** Every format knows this block, whatever its own reasoning is: models learn it from others' thoughts. */
describe.each(formats().map((format) => ({ id: format.id, format })))('<think> in $id', ({ format }) => {
  const thought = (text: string) => parse(text, { format })

  it('is reasoning', () => {
    for (const text of ['<think>Let me see.</think>Hello.', '<think>\nLet me see.\n</think>\n\nHello.'])
      expect(thought(text)).toMatchObject({ reasoning: 'Let me see.', content: 'Hello.', status: 'complete' })
  })

  it('is text in the middle of a line', () => {
    const text = 'The tag <think> opens it, </think> closes it.'
    expect(thought(text)).toMatchObject({ reasoning: '', content: text })
  })

  it('leaves no closer in the content', () => {
    const { content, notes } = thought('So be it.</think>Hello.')
    expect(content).toBe('So be it.Hello.')
    expect(notes.map(({ code }) => code)).toEqual(['implicit-reasoning'])
  })

  it('is not written as content', () => {
    for (const content of ['<think>Hello.', 'Hello.</think>'])
      expect(() => render([], { format, content })).toThrow(RenderError)
  })
})
