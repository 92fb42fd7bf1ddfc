import { describe, expect, it } from 'vitest'
import { collect, createParser, formats, parse } from '../../src/index.js'
import { renderOf } from '../promises/format-facts.js'
import { run } from '../support/run.js'

const CALL = { name: 'get_weather', arguments: { city: 'Oslo' } }
const TOOLS = [{ name: 'get_weather', inputSchema: { type: 'object', properties: { city: { type: 'string' } } } }]

/** A fence of four backticks that quotes a call behind a fence of three. */
function quotedBehindFence(call: string): string {
  return `Look:\n\`\`\`\`md\nAn example:\n\`\`\`\nx\n\`\`\`\n${call}\n\`\`\`\`\nThat is how a call looks.`
}

describe.each(formats().map((format) => [format.id, format] as const))('%s', (_, format) => {
  const text = quotedBehindFence(renderOf(format, [CALL], { tools: TOOLS })?.trim() ?? '')

  it('reads no call of a tool that was not given in a fence that holds another fence', () => {
    const { toolCalls, incomplete, content } = parse(text, { format })
    expect([...toolCalls, ...incomplete]).toEqual([])
    expect(content).toContain('That is how a call looks.')
  })

  it('reads it alike in chunks', () => {
    const whole = collect(run(createParser, { format }, [text]))
    expect(collect(run(createParser, { format }, [...text]))).toEqual(whole)
  })
})

it('reads calls in a fence of four backticks as in one of three', () => {
  const text = '````json\n{"name": "get_weather", "parameters": {"city": "Oslo"}}\n````'
  const { toolCalls, content } = parse(text, { format: 'llama3', tools: TOOLS })
  expect(toolCalls).toMatchObject([CALL])
  expect(content).toBe('')
})
