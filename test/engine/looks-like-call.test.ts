import { describe, expect, it } from 'vitest'
import { explain, formats, parse } from '../../src/index.js'

const tools = { get_weather: { type: 'object', properties: { city: { type: 'string' } } } } as const
const object = '{"city": "Paris"}'

/** Lines that call a given tool in the form of nobody, or of another format. */
const LINES = [
  `<tool=get_weather>${object}</tool>`,
  `<func=get_weather>${object}</func>`,
  `<get_weather>${object}</get_weather>`,
  `<get_weather${object}`,
  `(function=get_weather>${object})`,
  `[Calling tool: get_weather(${object})]`,
]

describe('a line that starts like a call of a given tool', () => {
  it.each(LINES)('%s is said in every format', (line) => {
    for (const format of [...formats().map(({ id }) => id), 'auto']) {
      const { toolCalls, notes, status } = parse(`I look.\n${line}\n`, { format, tools })
      const isSaid = toolCalls.length > 0 || status !== 'complete' || notes.some(({ code }) => /like|unread/.test(code))
      expect([format, isSaid]).toEqual([format, true])
    }
  })

  it('is not seen where no such tool was given', () => {
    for (const line of LINES)
      expect(parse(line, { format: 'mistral', tools: { other: {} } }).notes.map(({ code }) => code)).not.toContain(
        'looks-like-call',
      )
  })
})

describe('an answer that begins with the name of a tool', () => {
  it.each(['\nIt is warm.', ': it is warm.', ' says that it is warm.'])('get_weather%s is content in auto', (words) => {
    const text = `get_weather${words}`
    expect(parse(text, { format: 'auto', tools })).toMatchObject({ content: text, incomplete: [], status: 'complete' })
  })
})

describe('a bare call of a tool that was not given', () => {
  const text = '{"name": "get_time", "arguments": {"zone": "CET"}}'
  it.each([text, `\`\`\`json\n${text}\n\`\`\``, `<think>Hm.</think>\n${text}`])(
    '%s is text, with a note',
    (written) => {
      for (const format of ['hermes', 'llama3', 'mistral', 'qwen3-coder', 'auto']) {
        const result = parse(written, { format, tools })
        expect(result).toMatchObject({ toolCalls: [], status: 'complete' })
        expect(result.notes.find(({ code }) => code === 'unknown-tool')?.message).toContain('"get_time"')
        expect(explain(written, { format, tools }).advice[0]).toContain('give it (--tools)')
      }
    },
  )

  it('data and definitions of tools are none', () => {
    for (const data of [
      '{"name": "Oslo", "population": 700000}',
      '{"name": "get_time", "parameters": {"type": "object", "properties": {}}}',
      `${text} is how a call looks.`,
    ])
      expect(parse(data, { format: 'hermes', tools }).notes.map(({ code }) => code)).not.toContain('unknown-tool')
  })
})

describe('close tags of calls', () => {
  it('behind a bare call are left out', () => {
    const call = '{"name": "get_weather", "parameters": {"city": "Paris"}}'
    for (const format of ['llama3', 'deepseek-json', 'auto'])
      expect(parse(`${call}\n</tool_call>`, { format, tools })).toMatchObject({
        content: '',
        toolCalls: [{ name: 'get_weather' }],
      })
    expect(parse(`${call}</function> so.`, { format: 'deepseek-json', tools }).content).toBe('</function> so.')
  })

  it('without a call are noted in a format that does not know them', () => {
    const text = 'Let me run it.\n\n</parameter>\n</function>\n</tool_call>'
    for (const format of ['auto', 'mistral', 'harmony'])
      expect(parse(text, { format }).notes).toMatchObject([{ code: 'unread-call', from: 16, to: text.length }])
    expect(
      parse('<div>\n<tool_call>x\n</tool_call>', { format: 'mistral' }).notes.map(({ code }) => code),
    ).not.toContain('closes a call')
  })
})
