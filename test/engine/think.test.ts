import { describe, expect, it } from 'vitest'
import { createParser, formats, parse, RenderError, render } from '../../src/index.js'
import { characters, chunkDifference } from '../support/run.js'

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

  it('is told alike in any pieces, and so are thoughts that are shown', () => {
    const tools = { rm: {} }
    const call = render([{ name: 'rm', arguments: {} }], { format, tools })
    for (const tag of ['think', 'thinking']) {
      const text = `<${tag}>Maybe ${call} but no.</${tag}>Done.`
      for (const reader of [format, 'auto'])
        expect(chunkDifference(createParser, { format: reader, tools }, text, [characters(text)])).toBeUndefined()
    }
  })

  // In formats whose calls are messages, the header of a call ends <think>.
  it('is not alone: the closer of a tag that is shown ends a draft, also where it ends the text', () => {
    const tools = { rm: {} }
    const call = render([{ name: 'rm', arguments: {} }], { format, tools })
    for (const tag of ['thinking', 'plan']) {
      const { content, toolCalls, incomplete } = parse(`<${tag}>\n${call}\n</${tag}>`, { format, tools })
      expect([toolCalls, incomplete]).toEqual([[], []])
      expect(content.endsWith(`</${tag}>`)).toBe(true)
    }
  })

  it('is not written as content', () => {
    for (const content of ['<think>Hello.', 'Hello.</think>'])
      expect(() => render([], { format, content })).toThrow(RenderError)
  })
})

const call = '<tool_call>{"name": "rm", "arguments": {}}</tool_call>'

const SHOWN = [
  ...['thinking', 'thought', 'thoughts', 'reasoning', 'reflection', 'scratchpad'],
  ...['analysis', 'plan', 'planning', 'draft', 'example', 'examples'],
]

describe.each([...SHOWN, 'Thinking', 'Scratchpad', 'THINKING', 'Think', 'THINK'])('<%s>', (tag) => {
  const [open, close] = [`<${tag}>`, `</${tag}>`]
  const read = (text: string) => parse(text, { format: 'hermes', tools: { rm: {} } })

  it('is content, and a call in it a draft', () => {
    const text = `${open}\nMaybe ${call} but no.\n${close}\nDone.`
    const { content, toolCalls, incomplete, notes } = read(text)
    expect([content, toolCalls, incomplete]).toEqual([text, [], []])
    expect(notes.map(({ code }) => code)).toEqual(['draft'])
  })

  it('is over behind its closer', () => {
    const { content, toolCalls } = read(`${open}Let me see.${close}\n${call}\nThere.`)
    expect([content, toolCalls.length]).toEqual([`${open}Let me see.${close}\nThere.`, 1])
  })

  it('that never closes holds the call that ends the text', () => {
    const { content, toolCalls } = read(`${open}Let me see.\n${call}`)
    expect(content).toBe(`${open}Let me see.`)
    expect(toolCalls).toMatchObject([{ name: 'rm', evidence: 'unclosed-reasoning' }])
  })

  it('is a word in a sentence', () => {
    const text = `The tags ${open} and ${close} are words. ${close}`
    expect(read(text)).toMatchObject({ content: text, notes: [] })
  })
})

describe('calls in a thought that the text ends behind', () => {
  const tools = { f: {} }
  const call = '<|tool_call_begin|>functions.f:0<|tool_call_argument_begin|>{}<|tool_call_end|>'
  const text = `<think>Hm.\n<|tool_calls_section_begin|>${call}`
  const names = (rest: string) => parse(text + rest, { format: 'kimi-k2', tools }).toolCalls.map(({ name }) => name)

  it('are the calls, also where the text breaks off in the token that closes their block', () => {
    for (const rest of ['', '<|tool_calls_section_end|>', '<|tool_calls_sect', '<|'])
      expect(names(rest), rest).toEqual(['f'])
  })

  it('are drafts where more thought follows, or its closer breaks off', () => {
    for (const rest of [' or not', '</thi', '<|tool_calls_sect or', '</think>Done.'])
      expect(names(rest), rest).toEqual([])
  })
})
