import { describe, expect, it } from 'vitest'
import { parse } from '../../src/index.js'

const tools = [{ name: 'look', parameters: { type: 'object', properties: { city: { type: 'string' } } } }]

/** The status of a text that holds no call, which comes back as it stands. */
function statusOf(format: string, text: string): string {
  const { status, content, toolCalls, incomplete } = parse(text, { format, tools, separators: 'keep' })
  expect({ content, calls: [...toolCalls, ...incomplete] }).toEqual({ content: text, calls: [] })
  return status
}

describe('a marker that opens nothing', () => {
  it.each([
    ['hermes', '<tool_call>\nI would look.\n</tool_call>'],
    ['hermes', 'So:\n<tool_call> look'],
    ['hermes', 'I call <tool_call> look {"city": 1'],
    ['mistral', '[TOOL_CALLS] and then'],
    ['mistral', 'It is [TOOL_CALLS] {a}'],
    ['deepseek-v4', 'So:\n\n<｜DSML｜toolcall>look\n'],
    ['qwen3-coder', '<tool_call>\n<plain>look</plain>\n</tool_call>'],
    ['auto', 'So:\n<tool_call>\n<function>look</function>\n</tool_call>'],
  ])('%s: is an attempt at the start of a line or before what begins a call: %j', (format, text) => {
    expect(statusOf(format, text)).toBe('malformed')
  })

  it.each([
    ['hermes', 'Wrap it in <tool_call> tags.'],
    ['mistral', 'Mistral models print [TOOL_CALLS] before a call.'],
    ['mistral', 'Older models write [TOOL_CALLS] [a list] instead.'],
    ['deepseek-v4', 'The tag <｜DSML｜tool_calls> opens a block.'],
    ['qwen3-coder', 'A call begins with <function=look> and its parameters.'],
    ['hermes', '```\n<tool_call> and so on\n```'],
    ['hermes', '> <tool_call> is a tag'],
    ['auto', 'Llama writes <|python_tag|> before code.'],
  ])('%s: is mentioned elsewhere: %j', (format, text) => {
    expect(statusOf(format, text)).toBe('complete')
  })

  it('is an attempt right behind a message', () => {
    const first = '<|start|>assistant to=user<|message|>Hi.<|eom|>'
    const { status, toolCalls } = parse(`${first}<|start|>assistant to=look< |message|>x<|eom|>`, {
      format: 'glimmer',
      tools,
    })
    expect([status, toolCalls]).toEqual(['malformed', []])
  })
})
