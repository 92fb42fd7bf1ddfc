import { describe, expect, it } from 'vitest'
import { collect, createParser, formats, parse } from '../../src/index.js'
import { holdsLoneCloser } from '../../src/recovery/lone-closer.js'
import { renderOf } from '../promises/format-facts.js'
import { run } from '../support/run.js'

const properties = { city: { type: 'string' }, note: { type: 'string' } }
const tools = [{ name: 'look_up', inputSchema: { type: 'object', properties, required: ['city'] } }]
const call = { name: 'look_up', arguments: { city: 'Oslo', note: 'rain' } }

const TAGS = { opener: '<p', closerAt: (raw: string, at: number) => (raw.startsWith('</p>', at) ? 4 : 0), sign: '</' }

it.each([
  ['Oslo\n</p>\n\n3', true],
  ['Oslo\n</p>\r\n3', true],
  ['<p=a>\n1\n</p>\n', false],
  ['<p=a>\n1\n</p>\n2\n</p>\n', true],
  ['</p> closes a value', false],
  ['Oslo\n</p>', false],
  ['Oslo', false],
])('finds the closer of a lost argument in %j: %s', (raw, expected) => {
  expect(holdsLoneCloser(raw, { ...TAGS, endsLine: true })).toBe(expected)
})

it('finds it in the middle of a line where templates write no line breaks', () => {
  expect(holdsLoneCloser('Oslo</p>3', { ...TAGS, endsLine: false })).toBe(true)
  expect(holdsLoneCloser('<p>Oslo</p>3', { ...TAGS, endsLine: false })).toBe(false)
})

/** Raw values between tags: what stands between the values of the two arguments can be cut to the closer of the first. */
const LOST = formats().flatMap((format) => {
  const text = renderOf(format, [call], { tools }) ?? ''
  const [, , closer = ''] = /Oslo(\s*)(<\/[^<>]+>\s*)/.exec(text) ?? []
  const from = text.indexOf(closer, text.indexOf('Oslo')) + closer.length
  return closer === '' ? [] : [[format.id, format, text.slice(0, from), text.slice(text.indexOf('rain'))] as const]
})

it('many formats have such values', () => expect(LOST.length).toBeGreaterThan(20))

describe.each(LOST)('%s', (_, format, before, behind) => {
  it('does not complete a call whose value may hold another argument', () => {
    const options = { format, tools }
    const text = before + behind
    const whole = parse(text, options)
    expect(whole.toolCalls).toEqual([])
    expect(whole.status).not.toBe('complete')
    expect(collect(run(createParser, options, [...text]))).toEqual(whole)
  })
})

describe('qwen3-coder', () => {
  const written = (value: string, more = '') =>
    `<tool_call>\n<function=look_up>\n<parameter=city>\n${value}\n</parameter>\n${more}</function>\n</tool_call>`

  it.each([
    ['that nothing is missing beside', 'a\n</parameter>\nb', '<parameter=note>\nx\n</parameter>\n'],
    ['that the value itself opened', '<parameter=x>\na\n</parameter>\nb', ''],
    ['in a sentence', 'the </parameter> tag', ''],
  ])('keeps a closer %s', (_what, value, more) => {
    const { toolCalls, status } = parse(written(value, more), { format: 'qwen3-coder', tools })
    expect(status).toBe('complete')
    expect(toolCalls.map(({ arguments: args }) => args.city)).toEqual([value])
  })

  it('keeps it where no schema says that an argument is missing', () => {
    expect(parse(written('a\n</parameter>\nb'), { format: 'qwen3-coder' }).toolCalls).toHaveLength(1)
  })
})

it.each([
  [
    'in another spelling',
    '<｜DSML｜function_calls>\n<｜DSML｜invoke name="look_up">\n<｜DSML｜parameter name="city" string="true">Oslo</｜DSML｜ parameter>\nrain</｜DSML｜parameter>\n</｜DSML｜invoke>\n</｜DSML｜function_calls>',
    'deepseek-v3.2',
  ],
  [
    'in the middle of a value that stands on the line of its tag, where templates break the line',
    '<tool_call>\n<function=look_up>\n<parameter=city>Oslo</parameter>rain</parameter>\n</function>\n</tool_call>',
    'qwen3-coder',
  ],
])('finds a closer %s', (_, text, id) => {
  for (const format of [id, 'auto'])
    expect(parse(text, { format, tools })).toMatchObject({ toolCalls: [], status: 'malformed' })
})
