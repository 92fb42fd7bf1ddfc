import { describe, expect, it } from 'vitest'
import { collect, createParser, feedback, formats, type ParserOptions, parse, render } from '../../src/index.js'

const TOOLS = {
  get_tide: {
    type: 'object',
    properties: { port: { type: 'string' }, days: { type: 'integer', minimum: 2 }, exact: { type: 'boolean' } },
    required: ['port', 'days'],
  },
  ring_bell: { type: 'object', properties: { times: { type: 'integer' } } },
}
const HERMES: ParserOptions = { format: 'hermes', tools: TOOLS, validate: true }
const call = (inner: string) => `<tool_call>${inner}</tool_call>`
const said = (text: string, options: ParserOptions = HERMES) => feedback(parse(text, options), { tools: TOOLS })

describe.each(formats().map(({ id }) => id))('in %s', (format) => {
  it('shows a form that is read back as a call of the tool, with all that it requires', () => {
    const options = { format, tools: TOOLS }
    const whole = render([{ name: 'get_tide', arguments: { port: 'Brest', days: 3 } }], options)
    const cut = parse(whole, options).toolCalls[0] ?? expect.fail('no call')
    const words = feedback(
      {
        ...parse('', options),
        format,
        incomplete: [{ ...cut, arguments: {}, status: 'truncated' }],
        status: 'truncated',
      },
      { tools: TOOLS },
    )
    const [first, second, ...form] = words.split('\n')
    expect([first, second]).toEqual([
      'Your call of "get_tide" was not run: your text ended inside it.',
      'Write it again, whole, in this form, with your own values:',
    ])
    expect(parse(form.join('\n'), { ...options, validate: true }).toolCalls).toMatchObject([
      { name: 'get_tide', arguments: { port: '...', days: 2 }, issues: [] },
    ])
  })
})

describe('feedback', () => {
  it('says what was wrong with each call, without places that a model cannot count', () => {
    for (const [text, words] of [
      [
        call('{"name": "ring_bell", "arguments": {"times": 1 now}}'),
        'was not run: expected `,` or a closing bracket, found "n"',
      ],
      [
        call('{"name": "ring_bel", "arguments": {}}'),
        'There is no tool named "ring_bel". Did you mean "ring_bell"? The tools are: get_tide, ring_bell.',
      ],
      [call('{"name": "ring_bell", "arguments": {"times": "often"}}'), 'Your call of "ring_bell" was not run: times: '],
      [call('{"name": , !!}'), 'What you wrote cannot be read as a call: expected a value'],
      [`<think>${call('{"name": "ring_bell", "arguments": {}}')}</think>`, 'You drafted a call inside your reasoning'],
      [
        '[TOOL_CALLS][{"name": "ring_bell", "arguments": {"times": 1}}]',
        'You wrote a call in a form that is not read here',
      ],
    ] as const)
      expect(said(text), text).toContain(words)
    const refused = said(call(`{'name': 'ring_bell', 'arguments': {'times': 1}}`), { ...HERMES, trust: 'cautious' })
    expect(refused).toMatch(/was not run: |What you wrote cannot be read/)
  })

  it('keeps the arguments that were right', () => {
    const words = said(call('{"name": "get_tide", "arguments": {"port": "Brest", "days": "three"}}'))
    expect(words.split('\n').slice(2).join('')).toContain('"port": "Brest", "days": 2')
  })

  it('is empty where nothing was wrong', () => {
    expect(said(call('{"name": "ring_bell", "arguments": {"times": 1}}'))).toBe('')
    expect(said('Hello.')).toBe('')
  })

  it('is the same in every chunking, and shows no form where the format is not known', () => {
    const text = `Well. ${call('{"name": "ring_bell", "arguments": {"times": 1 now}}')}`
    for (let at = 1; at < text.length; at++) {
      const parser = createParser(HERMES)
      const events = [...parser.push(text.slice(0, at)), ...parser.push(text.slice(at)), ...parser.end()]
      expect(feedback(collect(events), { tools: TOOLS })).toBe(said(text))
    }
    expect(feedback(parse(text, HERMES), { tools: TOOLS, format: 'auto' })).toMatch(/\nWrite it again, whole\.$/)
  })

  it('tells of some calls only where many were spoilt, and names not all of many tools', () => {
    const many = call('{"name": "ring_bell", "arguments": {"times": 1 now}}').repeat(9)
    expect(said(many)).toContain('5 more of your calls were not run either.')
    const tools = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`tool_${i}`, {}]))
    const result = parse(call('{"name": "x", "arguments": {}}'), { format: 'hermes', tools })
    expect(feedback(result, { tools })).toContain('tool_31 and 18 more.')
  })

  it('takes schemas of any kind, also those that refer to themselves', () => {
    const properties: Record<string, object> = {
      kind: { enum: ['low', 'high'] },
      list: { type: 'array', items: { type: ['number', 'null'] } },
      either: { anyOf: [{ const: 7 }, {}] },
      deep: {},
    }
    properties.deep = { type: 'object', properties }
    const tools = { f: { type: 'object', properties } }
    const words = feedback(parse('<tool_call>{"name": "f", "arguments": {"a": ', { format: 'hermes', tools }), {
      tools,
    })
    expect(words).toContain('{"kind": "low", "list": [1], "either": 7, "deep": {')
  })
})
