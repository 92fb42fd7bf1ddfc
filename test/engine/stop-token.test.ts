import { describe, expect, it } from 'vitest'
import { collect, createParser, formats, type ParserOptions, parse } from '../../src/index.js'
import { run } from '../support/run.js'

const TOOLS = [{ name: 'look_up', inputSchema: { type: 'object', properties: { city: { type: 'string' } } } }]

function read(text: string, format: ParserOptions['format']) {
  const options = { format, tools: TOOLS }
  const whole = parse(text, options)
  expect(collect(run(createParser, options, [...text]))).toEqual(whole)
  return whole
}

/** Where a stop token is what the model writes about. */
const PLACES: Record<string, (stop: string) => string> = {
  'in inline code': (stop) => `Use \`${stop}\` to end a turn. Then more.`,
  'in a fence': (stop) => `So:\n\`\`\`\nHello${stop}\nuser\n\`\`\`\nThen more.`,
  'in quotation marks': (stop) => `The token "${stop}" ends a turn. Then more.`,
}

// One that begins with a backtick, or is a line break, is no token in code.
const STOPS = formats().flatMap((format) =>
  format.stops.filter((stop) => !/[`\n]/.test(stop)).map((stop) => [format.id, stop] as const),
)

it('nearly all formats have stop tokens', () => expect(new Set(STOPS.map(([id]) => id)).size).toBeGreaterThan(60))

describe.each(STOPS)('%s, %s', (id, stop) => {
  it.each(Object.entries(PLACES))('is text %s', (_place, write) => {
    const text = write(stop)
    expect(read(text, id).content).toBe(text)
    expect(read(text, 'auto').content).toBe(text)
  })

  it('ends the text elsewhere, and in code that it cuts', () => {
    expect(read(`Hello.${stop} And more.`, id).content).toBe('Hello.')
    expect(read(`Hello \`code${stop}\n`, id).content).toBe('Hello `code')
  })
})

it.each(['hermes', 'qwen3-coder', 'deepseek-v3.1'])('is text in inline code of a thought in %s', (id) => {
  const stop = formats().find((format) => format.id === id)?.stops[0] ?? ''
  const { reasoning, content } = read(`<think>I write \`${stop}\` here.</think>Hi.`, id)
  expect([reasoning, content]).toEqual([`I write \`${stop}\` here.`, 'Hi.'])
})

describe.each(['mistral', 'auto'])('</s> in %s', (id) => {
  it('closes an element that the text opened', () => {
    expect(read('It is <s>$10</s> $8.</s>', id).content).toBe('It is <s>$10</s> $8.')
    const text = 'It is <s>$10</s> $8.\n[TOOL_CALLS]look_up[ARGS]{"city": "Oslo"}'
    expect(read(text, id).toolCalls).toMatchObject([{ name: 'look_up', arguments: { city: 'Oslo' } }])
  })

  it('ends the text behind the token that begins all texts', () => {
    expect(read('<s>Hello.</s> And more.', id).content).toContain('Hello.')
    expect(read('<s>Hello.</s> And more.', id).content).not.toContain('more')
  })
})
