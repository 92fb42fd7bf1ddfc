import { describe, expect, it } from 'vitest'
import { parse } from '../../../src/index.js'

const calls = (format: string, text: string) => {
  const { toolCalls, content, status } = parse(text, { format, tools: { f: {}, g: {} } })
  return { names: toolCalls.map(({ name }) => name), content, status, repairs: toolCalls[0]?.repairs }
}

describe('a misspelt close marker right behind the arguments', () => {
  it.each([
    ['gemma4', '<|tool_call>call:f{}', 'tool_call|>'],
    ['gemma4', '<|tool_call>call:f{}', '<tool_call|'],
    [
      'kimi-k2',
      '<|tool_calls_section_begin|><|tool_call_begin|>functions.f:0<|tool_call_argument_begin|>{}',
      '<|tool_call_end>',
    ],
  ])('ends the call in %s, and what follows is content: %j %j', (format, call, closer) => {
    const { names, content, status, repairs } = calls(format, `${call}${closer}\nAnd so on.`)
    expect(names).toEqual(['f'])
    expect(content.trim()).toBe('And so on.')
    expect(status).toBe('complete')
    expect(repairs).toMatchObject([{ kind: 'misspelt-marker', before: closer, from: call.length }])
  })

  it('ends it before the next call', () => {
    const { names, content } = calls('gemma4', '<|tool_call>call:f{}<tool_call|<|tool_call>call:g{}<tool_call|>\nNext.')
    expect(names).toEqual(['f', 'g'])
    expect(content.trim()).toBe('Next.')
  })

  it('is none where words stand before it', () => {
    const { names, status } = calls('gemma4', '<|tool_call>call:f{} and tool_call|> so on.')
    expect(names).toEqual([])
    expect(status).toBe('malformed')
  })
})
