import { describe, expect, it } from 'vitest'
import { collect } from '../../src/event/collect.js'
import { bareJson } from '../../src/families/bare-json/bare-json.js'
import { jsonCalls } from '../../src/families/json-calls/json-calls.js'
import { defineFormat } from '../../src/formats/define-format.js'
import { createParser, parse } from '../../src/index.js'
import { misspeltMarkers } from '../../src/recovery/misspelt-markers.js'

const FORMAT = defineFormat({
  id: 'harbour',
  stops: ['<eos>'],
  families: [
    jsonCalls({ open: ['<|call|>'], close: ['<|end_call|>'] }),
    bareJson({ where: 'line-start', commit: 'arguments', fences: { withoutTools: 'never' } }),
    misspeltMarkers({ open: ['<|call|>'], close: ['<|end_call|>'] }),
  ],
})
const TOOLS = { tide: { type: 'object', properties: { port: { type: 'string' } } } } as const
const CALL = '{"name": "tide", "arguments": {"port": "Moss"}}'

/** What is left in the content, how many calls came, and what was mended before them; the same in any two chunks. */
function read(text: string, options: { repair?: boolean; tools?: typeof TOOLS | undefined } = {}): string {
  const given = { format: FORMAT, tools: TOOLS, ...options }
  const shown = ({ content, toolCalls, status, notes }: ReturnType<typeof parse>) =>
    JSON.stringify([
      content,
      toolCalls.map(({ repairs }) => repairs.map(({ kind, before }) => `${kind} ${before}`).join(' ')),
      status,
      notes.map(({ code }) => code),
    ])
  const whole = shown(parse(text, given))
  for (let i = 1; i < text.length; i++) {
    const parser = createParser(given)
    const events = [...parser.push(text.slice(0, i)), ...parser.push(text.slice(i)), ...parser.end()]
    expect(shown(collect(events))).toBe(whole)
  }
  return whole
}

const of = (content: string, mended: readonly string[], notes: readonly string[] = [], status = 'complete') =>
  JSON.stringify([content, mended, status, notes])

describe('directly before a call of a given tool', () => {
  it.each(['<call>', '<|CALL|>', '<|call|', '|call|>', '< |call|>', '<|call>'])('%s is mended', (marker) => {
    expect(read(`${marker}\n${CALL}`)).toBe(of('', [`misspelt-marker ${marker}`]))
  })

  it('behind words it has to begin a line', () => {
    expect(read(`I look.\n<|call>${CALL}`)).toBe(of('I look.', ['misspelt-marker <|call>']))
    expect(read(`I look. <|call>\n${CALL}`)).toBe(of('I look. <|call>', ['']))
  })

  it('a pair of tags of any word is a wrapper, one tag is text', () => {
    expect(read(`<x>${CALL}</x>`)).toBe(of('', ['misspelt-marker <x>'], ['stray-marker']))
    expect(read(`<x>\n${CALL}`)).toBe(of('<x>', ['']))
    expect(read(`<x>\n${CALL}</y>`)).toBe(of('<x></y>', ['']))
    expect(read(`<x>\n${CALL} and words</x>`)).toBe(of('<x> and words</x>', ['']))
  })

  it('a token of any word needs the close marker, or another token in its place', () => {
    expect(read(`<|x|>\n${CALL}<|y|>`)).toBe(of('', ['misspelt-marker <|x|>'], ['stray-marker']))
    expect(read(`<|x|>\n${CALL}`)).toBe(of('<|x|>', ['']))
  })

  it('text is left alone', () => {
    const texts = [
      `<|call>\n{"name": "other", "arguments": {}}`,
      '<|call>\n{"a": 1}',
      '<|call> is the marker.',
      '<call>',
    ]
    for (const text of texts) expect(read(text)).toContain(JSON.stringify(text))
    expect(read(`\`\`\`\n<|call>\n{"a": 1}\n\`\`\``)).toContain('<|call>')
    expect(read(`<|call>\n${CALL}`, { tools: undefined })).toContain('<|call>')
  })

  it('without repairs it is text', () => {
    expect(read(`<|call>\n${CALL}`, { repair: false })).toBe(of('<|call>', [''], ['marker-in-text']))
  })
})

describe('directly behind a whole call', () => {
  it.each(['<end_call>', '<|END_CALL|>', '<|end_call|', '|end_call|>', '<|end_cal|>'])('%s is left out', (marker) => {
    expect(read(`${CALL}${marker}`)).toBe(of('', [''], ['stray-marker']))
    expect(read(`${CALL}\n${marker}\nDone.`)).toBe(of('\nDone.', [''], ['stray-marker']))
  })

  it.each([' <end_call> closes it', '\n<p>Done.</p>', '</p>'])('%j is text', (text) => {
    expect(read(CALL + text)).toBe(of(text, ['']))
  })

  it('the tag of a call that ends the text stays in it, with a note', () => {
    expect(read(`${CALL} and <end_call>`)).toBe(of(' and <end_call>', [''], ['marker-in-text']))
  })

  it('what is no whole call has none', () => {
    expect(read('{"name": "tide", "arguments": {oops}}<end_call>')).toContain('<end_call>')
  })
})

describe('the marker around the calls of a format', () => {
  const ARGS = '{"port": "Moss"}'
  const KIMI = `<|tool_call_begin|>functions.tide:0<|tool_call_argument_begin|>${ARGS}<|tool_call_end|>`

  it.each([
    ['kimi-k2', `<|Tool_calls_section_begin|>${KIMI}<|tool_calls_section_end|>`, '<|Tool_calls_section_begin|>'],
    ['lfm2', '<|tool_call_start>[tide(port="Moss")]<|tool_call_end|>', '<|tool_call_start>'],
    [
      'minimax-m2',
      '<minimax:toolcall>\n<invoke name="tide">\n<parameter name="port">Moss</parameter>\n</invoke>\n</minimax:tool_call>',
      '<minimax:toolcall>',
    ],
  ])('of %s is mended: %s', (format, text, before) => {
    const { content, toolCalls, status } = parse(text, { format, tools: TOOLS })
    expect({ content, status }).toEqual({ content: '', status: 'complete' })
    expect(toolCalls).toMatchObject([{ name: 'tide', arguments: { port: 'Moss' } }])
    expect(toolCalls[0]?.repairs).toMatchObject([{ kind: 'misspelt-marker', before }])
  })
})
