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

// Formats whose own marker opens a fence. What cannot be read is left before the fence ends, and its end opens no other one.
describe('the end of a fence whose calls were left', () => {
  const python = "```tool_code\nget_weather(city='Oslo')\n```"
  const json = 'Action:\n```json\n[{"tool_name": "get_weather", "parameters": {"city": "Oslo"}}]\n```'

  it.each([
    ['tool-code', `\`\`\`tool_code\nget_weather(city='Rome')\nget_weathercity='Paris')\n\`\`\`\nNext:\n${python}`],
    ['tool-code', `\`\`\`tool_code\nget_weathercity='Paris')\n\`\`\`\nNext:\n${python}`],
    [
      'tool-code',
      `\`\`\`tool_code\nget_weather(city'a\\n\`\`\`tool_code\\nget_weather()\\n\`\`\`\\n')\n\`\`\`\nNext:\n${python}`,
    ],
    [
      'command-r-plus',
      `Action:\n\`\`\`json\n[{"tool_name": "get_weather", "parameters": {}},\n"x": 1}\n]\n\`\`\`\nNext:\n${json}`,
    ],
    ['command-r-plus', `ActionAction:\n\`\`\`json\n[{"tool_name": "get_weather"}]\n\`\`\`\nNext:\n${json}`],
  ])('%s: %j', (format, text) => {
    const { toolCalls, content, status } = parse(text, { format, tools: TOOLS })
    expect(toolCalls.at(-1)).toMatchObject(CALL)
    expect(content).toContain('Next:')
    expect(status).toBe('malformed')
  })

  it('is that of a call behind it, where the next call follows at once', () => {
    const { toolCalls, content } = parse(`${python.slice(0, -3)}${python}`, { format: 'tool-code', tools: TOOLS })
    expect(toolCalls).toMatchObject([CALL, CALL])
    expect(content).toBe('')
  })
})

describe('tildes fence as backticks do', () => {
  const FENCED: readonly ((call: string) => string)[] = [
    (call) => `Here is the format:\n\n~~~\n${call}\n~~~\n\nDo not run it.`,
    (call) => `Look:\n  ~~~~xml\nAn example:\n${call}\n  ~~~~\nDo not run it.\n\n${call}`,
    (call) => `Look:\n~~~\n${call}`,
    (call) => `~~~json\n${call}\n~~~`,
  ]
  const inBackticks = (text: string) => text.replaceAll('~', '`')

  it.each(formats().map((format) => [format.id, format] as const))('%s', (_, format) => {
    const call = renderOf(format, [CALL], { tools: TOOLS })?.trim() ?? ''
    // A fence in backticks would end in its own.
    if (call.includes('```')) return
    for (const trust of ['usual', 'cautious'] as const) {
      for (const fenced of FENCED) {
        const options = { format, tools: TOOLS, trust }
        const read = parse(fenced(call), options)
        const same = parse(inBackticks(fenced(call)), options)
        const shown = ({ toolCalls, incomplete, content, status }: typeof read) => ({
          calls: [...toolCalls, ...incomplete].map(({ name, evidence, arguments: args }) => [name, evidence, args]),
          content: inBackticks(content),
          status,
        })
        expect(shown(read)).toEqual(shown(same))
        expect(collect(run(createParser, options, [...fenced(call)]))).toEqual(read)
      }
    }
  })

  const call = '<tool_call>\n{"name": "get_weather", "arguments": {"city": "Oslo"}}\n</tool_call>'

  it.each(['~~~~~~~~~~\n', '~~~ The call ~~~\n', 'It is ~~~\n', '~~\n', '~~~a~~~\n', 'x\n~~~\ny\n~~~\n'])(
    'but for ornaments: %j',
    (lead) => {
      const { toolCalls, content } = parse(`${lead}${call}`, { format: 'hermes', tools: TOOLS })
      expect(toolCalls).toMatchObject([{ ...CALL, evidence: 'marker' }])
      expect(content).toBe(lead.trimEnd())
    },
  )

  it.each(['~~~\n```\n', '```\n~~~\n', '~~~~\n~~~\n'])('and only by what opened them: %j', (lead) => {
    const { toolCalls } = parse(`Look:\n${lead}${call}`, { format: 'hermes', tools: TOOLS })
    expect(toolCalls).toMatchObject([{ ...CALL, evidence: 'fenced' }])
  })
})
