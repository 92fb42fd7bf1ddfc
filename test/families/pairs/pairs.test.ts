import { describe, expect, it } from 'vitest'
import { collect, createParser, type ParserOptions, parse } from '../../../src/index.js'

const tools = [
  {
    name: 'write_log',
    inputSchema: { type: 'object', properties: { path: { type: 'string' }, text: { type: 'string' } } },
  },
  { name: 'tide_now', inputSchema: { type: 'object', properties: {} } },
]
const ARGUMENTS = { path: 'a.txt', text: 'b' }

/** The same whole and cut at every place. */
function read(text: string, options: ParserOptions) {
  const whole = parse(text, options)
  for (let i = 0; i <= text.length; i++) {
    const parser = createParser(options)
    const events = [...parser.push(text.slice(0, i)), ...parser.push(text.slice(i)), ...parser.end()]
    expect(collect(events), `cut at ${i}`).toEqual(whole)
  }
  return whole
}

// What servers of GLM lose, with the repairs that tell of it.
const DAMAGED: readonly (readonly [what: string, text: string, repairs: readonly string[]])[] = [
  [
    'the opener of a value',
    '<arg_key>path</arg_key>a.txt</arg_value><arg_key>text</arg_key><arg_value>b</arg_value>',
    ['misspelt-marker'],
  ],
  [
    'the opener of a key',
    '<arg_key>path</arg_key><arg_value>a.txt</arg_value>text</arg_key><arg_value>b</arg_value>',
    ['misspelt-marker'],
  ],
  [
    'the opener of the first key',
    'path</arg_key><arg_value>a.txt</arg_value><arg_key>text</arg_key><arg_value>b</arg_value>',
    ['misspelt-marker'],
  ],
  [
    'the closer of a key',
    '<arg_key>path<arg_value>a.txt</arg_value><arg_key>text</arg_key><arg_value>b</arg_value>',
    ['misspelt-marker'],
  ],
  [
    'the closer of a value',
    '<arg_key>path</arg_key><arg_value>a.txt<arg_key>text</arg_key><arg_value>b</arg_value>',
    ['missing-closer'],
  ],
  [
    'its line breaks',
    '\\n<arg_key>path</arg_key><arg_value>a.txt</arg_value>\\n<arg_key>text</arg_key><arg_value>b</arg_value>',
    ['literal-newline', 'misspelt-marker'],
  ],
]

describe.each(['glm-4.5', 'glm-4.7'])('%s', (format) => {
  it.each(DAMAGED)('reads a call without %s, and says so', (_what, pairs, repairs) => {
    const text = `<tool_call>write_log${pairs}</tool_call>`
    const { toolCalls, status } = read(text, { format, tools })
    expect(toolCalls.map(({ name, arguments: args }) => [name, args])).toEqual([['write_log', ARGUMENTS]])
    expect(toolCalls[0]?.repairs.map(({ kind }) => kind)).toEqual(repairs)
    expect(status).toBe('complete')
    // No call, or none that is whole: what is mended is not the exact grammar.
    const strict = read(text, { format, tools, repair: false })
    expect(strict.toolCalls).toEqual([])
    expect(strict.status).not.toBe('complete')
  })

  it('does not take a key that the schema lacks for the end of a value', () => {
    const text =
      '<tool_call>write_log<arg_key>path</arg_key><arg_value>a <arg_key>b</arg_key><arg_value>c</arg_value></arg_value></tool_call>'
    expect(read(text, { format, tools }).toolCalls[0]?.arguments).not.toHaveProperty('b')
  })
})

describe.each(['hunyuan-v3', 'hunyuan-v4'])('%s', (format) => {
  const written = (suffix: string) => {
    const marker = (text: string) => text.replaceAll('>', `${suffix}>`)
    const keys = 'path</arg_key><arg_value>a.txt</arg_value><arg_key>text</arg_key><arg_value>b</arg_value>'
    return marker(
      `<tool_calls><tool_call>write_log<arg_key>${keys}</tool_call><tool_call>tide_now</tool_call></tool_calls>`,
    )
  }

  it.each(['', ':opensource', ':6124c78e', ':never_seen-9'])('reads markers with the suffix %j', (suffix) => {
    const { toolCalls, content, status } = read(`Now. ${written(suffix)}`, { format, tools })
    expect(toolCalls.map(({ name, arguments: args }) => [name, args])).toEqual([
      ['write_log', ARGUMENTS],
      ['tide_now', {}],
    ])
    expect([content, status]).toEqual(['Now.', 'complete'])
  })

  it('takes markers with another suffix for text, once the first told it', () => {
    const text = written(':one').replace('a.txt', '</arg_value:two></tool_call:two>')
    expect(read(text, { format, tools }).toolCalls[0]?.arguments).toEqual({
      path: '</arg_value:two></tool_call:two>',
      text: 'b',
    })
  })
})
