import { describe, expect, it } from 'vitest'
import { formatFromResponseTemplate } from '../../../src/derive/derive.js'
import { createParser, parse } from '../../../src/index.js'
import { workOn } from '../../promises/work.js'
import { published, templateOf } from './readings.js'

const NAMED = { type: 'function', function: { name: '{name}', arguments: '{content}' } }

/** A template of one field of calls, with what is given changed. */
function withCalls(calls: Record<string, unknown>, others: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    start_anchor: '<bot>',
    fields: {
      tool_calls: { open: '<call>', close: '</call>', repeats: true, content: 'json', ...calls },
      content: {},
      ...others,
    },
  }
}

describe('templates whose shape is known', () => {
  it.each([
    ['serve-qwen2', '<tool_call>{"name": …, "arguments": {…}}</tool_call>'],
    ['serve-qwen3.5', '<tool_call><function=NAME><parameter=KEY>VALUE</parameter>'],
    ['trl-glm4moe', '<tool_call>NAME<arg_key>KEY</arg_key><arg_value>VALUE</arg_value></tool_call>'],
    ['trl-llama3', '{"name": …, "parameters": {…}}'],
    ['trl-gptoss', '<|channel|>commentary to=functions.NAME<|message|>{…}<|call|>'],
    ['trl-lfm2-2-5', '<|tool_call_start|>[name(key="value"), …]<|tool_call_end|>'],
    ['trl-nemotron-3', '<tool_call><function=NAME><parameter=KEY>VALUE</parameter>'],
    ['trl-gemma4', '<|tool_call>call:NAME{key:<|"|>text<|"|>}<tool_call|>'],
    ['trl-deepseek-r1-distill', 'no calls'],
    ['call-list', '<calls>[name(key="value"), …]</calls>'],
    ['cohere', 'as its response template says'],
  ])('%s is read as %s', (id, wire) => {
    expect(formatFromResponseTemplate(templateOf(id)).wire).toBe(wire)
  })

  it('with texts in the place of patterns, the same', () => {
    const { fields, ...rest } = templateOf('trl-qwen3-5') as { fields: Record<string, Record<string, unknown>> }
    const { close_pattern, ...calls } = fields.tool_calls ?? {}
    const literal = { ...rest, fields: { ...fields, tool_calls: { ...calls, close: '</tool_call>' } } }
    expect(formatFromResponseTemplate(literal).wire).toBe(formatFromResponseTemplate(templateOf('trl-qwen3-5')).wire)
    expect(close_pattern).toBe('</tool_call>\\s*')
  })

  it('of the thirteen public ones, all', () => {
    const thirteen = published.filter(({ id }) => /^(?:serve|trl)-|^gemma4$/.test(id))
    expect(thirteen).toHaveLength(13)
    for (const { template } of thirteen)
      expect(formatFromResponseTemplate(template).wire).not.toBe('as its response template says')
  })

  it('stream their arguments, and mend what they can', () => {
    const parser = createParser({ format: formatFromResponseTemplate(templateOf('serve-qwen2')) })
    const events = parser.push('<tool_call>\n{"name": "f", "arguments": {"city": "Os')
    expect(events.find(({ type }) => type === 'arguments')).toMatchObject({ delta: '{"city": "Os' })
    const format = formatFromResponseTemplate(templateOf('smollm3'))
    const [call] = parse("<tool_call>{'name': 'f', 'arguments': {'on': True}}</tool_call>", { format }).toolCalls
    expect(call?.argumentsText).toBe('{"on": true}')
    expect(call?.repairs.length).toBeGreaterThan(0)
  })
})

describe('templates of any other shape', () => {
  const format = formatFromResponseTemplate(templateOf('cohere'))

  it('stream content and reasoning, and hold back no more than may be a marker', () => {
    const parser = createParser({ format })
    expect(parser.push('<|START_THINKING|>Hm')).toMatchObject([{ type: 'reasoning', text: 'Hm' }])
    expect(parser.push('m.<|END')).toMatchObject([{ type: 'reasoning', text: 'm.' }])
    expect(parser.push('_THINKING|><|START_RESPONSE|>It')).toMatchObject([{ type: 'content', text: 'It', from: 56 }])
  })

  it('say what they leave out', () => {
    const text = 'Hello.<|START_RESPONSE|>It is.<|END_RESPONSE|><|END_OF_TURN_TOKEN|>'
    const { content, notes } = parse(text, { format })
    expect(content).toBe('It is.')
    expect(notes.map(({ code, from, to }) => [code, text.slice(from, to)])).toEqual([
      ['dropped-text', 'Hello.'],
      ['dropped-text', '<|END_OF_TURN_TOKEN|>'],
    ])
  })

  it('give back a region that holds no call', () => {
    const text = '<|START_ACTION|>[{"tool_name": "f", "parameters": [1]}]<|END_ACTION|>'
    const { content, status, toolCalls } = parse(text, { format })
    expect([content, status, toolCalls]).toEqual([text, 'malformed', []])
    const dropped = parse(text, { format, damaged: 'drop' })
    expect([dropped.content, dropped.status]).toEqual(['', 'malformed'])
  })

  it('call nothing where no calls are wanted', () => {
    const text = '<|START_ACTION|>[{"tool_name": "f", "parameters": {}}]<|END_ACTION|>'
    expect(parse(text, { format }).toolCalls).toHaveLength(1)
    const { content, toolCalls } = parse(text, { format, toolChoice: 'none' })
    expect([content, toolCalls]).toEqual([text, []])
  })

  it('keep all digits of a number, and the text of arguments as it was written', () => {
    const text =
      '<|START_ACTION|>[{"tool_name": "f", "parameters": {"id": 12345678901234567890,  "b": 1.50}}]<|END_ACTION|>'
    expect(parse(text, { format }).toolCalls[0]?.argumentsText).toBe('{"id": 12345678901234567890,  "b": 1.50}')
  })

  it('an open call is whole if its value is, and never if more may follow', () => {
    const json = '<|START_ACTION|>[{"tool_name": "f", "parameters": {}}]'
    expect(parse(json, { format }).toolCalls).toHaveLength(1)
    expect(parse(json.slice(0, -1), { format })).toMatchObject({ status: 'truncated', toolCalls: [] })
    const tagged = '<atem:invoke name="f"><atem:parameter name="a">1</atem:parameter>'
    const muse = formatFromResponseTemplate(templateOf('muse-glimmer'))
    expect(parse(`${tagged}</atem:invoke>`, { format: muse }).toolCalls).toHaveLength(1)
    expect(parse(tagged, { format: muse })).toMatchObject({
      status: 'truncated',
      toolCalls: [],
      incomplete: [{ name: 'f' }],
    })
  })

  it('a call with a part that was not read is malformed', () => {
    const muse = formatFromResponseTemplate(templateOf('muse-glimmer'))
    const text = '<atem:invoke name="f"><atem:parameter name="a">1</atem:parameter><b>2</b></atem:invoke>'
    expect(parse(text, { format: muse })).toMatchObject({
      status: 'malformed',
      toolCalls: [],
      incomplete: [{ name: 'f' }],
    })
  })

  it('reasoning that the text cuts is cut', () => {
    expect(parse('<|START_THINKING|>Hm', { format })).toMatchObject({ status: 'truncated', reasoning: 'Hm' })
    expect(
      parse('Hm.<|END_THINKING|><|START_RESPONSE|>Yes.<|END_RESPONSE|>', { format, startInReasoning: true }),
    ).toMatchObject({
      status: 'complete',
      reasoning: 'Hm.',
      content: 'Yes.',
    })
  })
})

describe('the prompt', () => {
  const format = formatFromResponseTemplate(templateOf('inkling'))

  it('counts from its last message of the assistant on', () => {
    const before = '<|message_model|><|content_thinking|>Old.<|end_message|><|message_user|>Hi<|end_message|>'
    const opened = `${before}<|message_model|><|content_thinking|>`
    expect(parse('New.<|end_message|>', { format, prompt: opened })).toMatchObject({ reasoning: 'New.', content: '' })
    const closed = `${opened}Old.<|end_message|><|message_model|>`
    expect(parse('<|content_text|>New.<|end_message|>', { format, prompt: closed })).toMatchObject({
      reasoning: '',
      content: 'New.',
    })
  })

  it('may have begun a call', () => {
    const prompt = '<|message_model|>f<|content_invoke_tool_json|>{"name": "f", '
    const [call] = parse('"args": {"a": 1}}<|end_message|>', { format, prompt }).toolCalls
    expect(call).toMatchObject({ name: 'f', arguments: { a: 1 }, from: 0, to: 32 })
  })
})

describe('a template that is none', () => {
  it.each<[string, unknown, string]>([
    ['no object', 'text', 'response_template: expected an object, got text'],
    ['no template', { chat_template: '' }, 'response_template: expected an object with fields, got undefined'],
    ['an unknown key', { ...withCalls({}), prefix: 1 }, 'prefix: unknown. Known here: version, defaults'],
    ['another version', { ...withCalls({}), version: 2 }, 'version: only 1 is known, got 2'],
    ['no fields', { start_anchor: 'a', fields: {} }, 'fields: expected an object with at least one field'],
    ['no anchor', { fields: { content: {} } }, 'start_anchor: it is missing, and so is start_anchor_pattern'],
    [
      'two anchors',
      { ...withCalls({}), start_anchor_pattern: 'a' },
      'start_anchor: it stands beside start_anchor_pattern',
    ],
    ['two that are left', withCalls({}, { thinking: {} }), 'fields.thinking: a second field without open'],
    ['a field of text', withCalls({}, { thinking: 'a' }), 'fields.thinking: expected an object, got text'],
    ['an unknown key of a field', withCalls({ opens: 'a' }), 'fields.tool_calls.opens: unknown'],
    ['an empty marker', withCalls({ open: ['a', ''] }), 'fields.tool_calls.open: a text is empty'],
    [
      'a marker of another type',
      withCalls({ close: 1 }),
      'fields.tool_calls.close: expected a text or a list of texts',
    ],
    ['both', withCalls({ open_pattern: 'a' }), 'fields.tool_calls.open: it stands beside open_pattern: only one may'],
    [
      'a pattern with a backreference',
      withCalls({ open: undefined, open_pattern: '(a)\\1' }),
      'fields.tool_calls.open_pattern: at 3: a backreference needs backtracking, in "(a)\\\\1"',
    ],
    [
      'a pattern of nothing',
      withCalls({ close: undefined, close_pattern: 'a*' }),
      'fields.tool_calls.close_pattern: it matches nothing at all',
    ],
    [
      'a field without end',
      withCalls({ open: undefined, open_pattern: '(?=a)', close: undefined, close_pattern: '(?=a)' }),
      'fields.tool_calls.close_pattern: it matches without taking a character, and so does open',
    ],
    ['an unknown parser', withCalls({ content: 'yaml' }), 'fields.tool_calls.content: expected one of text, int'],
    ['an unknown argument', withCalls({ content_args: { lax: true } }), 'fields.tool_calls.content_args.lax: unknown'],
    [
      'no tags',
      withCalls({ content: 'xml-inline' }),
      'fields.tool_calls.content_args.tag_pattern: xml-inline needs it',
    ],
    [
      'tags without keys',
      withCalls({ content: 'xml-inline', content_args: { tag_pattern: '<a>' } }),
      'fields.tool_calls.content_args.tag_pattern: it needs a group (?P<key>…)',
    ],
    [
      'wrong delimiters',
      withCalls({ content_args: { string_delims: ['a'] } }),
      'fields.tool_calls.content_args.string_delims: expected a list of pairs',
    ],
    [
      'an unknown parser of values',
      withCalls({ content: 'kv-lines', content_args: { value_parser: { name: 'yaml' } } }),
      'fields.tool_calls.content_args.value_parser.content: expected one of',
    ],
    [
      'a text and a placeholder',
      withCalls({ transform: { name: 'a {content}' } }),
      'fields.tool_calls.transform.name: a placeholder has to be the whole text',
    ],
    [
      'an unknown placeholder',
      withCalls({ transform: NAMED }),
      'fields.tool_calls.transform.function.name: nothing is named "name"',
    ],
    ['each of nothing', withCalls({ transform_each: true }), 'fields.tool_calls.transform_each: there is no transform'],
    [
      'a name that nobody takes',
      withCalls({ open: undefined, open_pattern: '<(?P<name>a)>' }),
      'fields.tool_calls: the group "name" has a name, and no transform uses it',
    ],
    [
      'a join without repeats',
      withCalls({}, { note: { open: 'a', join: '' } }),
      'fields.note.join: it needs "repeats": true',
    ],
    [
      'content that is no text',
      withCalls({}, { content: { content: 'json' } }),
      'fields.content.content: content and reasoning are text',
    ],
  ])('%s: the error names the place', (_, template, message) => {
    expect(() => formatFromResponseTemplate(template)).toThrow(TypeError)
    expect(() => formatFromResponseTemplate(template)).toThrow(message)
  })

  it('a tokenizer_config.json with one is taken', () => {
    const config = { eos_token: '<|im_end|>', response_template: templateOf('smollm3') }
    const format = formatFromResponseTemplate(config, { id: 'smollm' })
    expect([format.id, format.stops]).toEqual(['smollm', ['<|im_end|>']])
  })
})

describe('time grows with the text and no faster', () => {
  const HOSTILE = [
    '<',
    ' ',
    '\n',
    '<|START_ACTION|>',
    '<|content_text|>',
    '<atem:invoke name="',
    '!end',
    '<use a>',
    'a',
  ]

  it.each(['cohere', 'inkling', 'muse-glimmer', 'lines', 'typed-tags', 'ernie45', 'qwen3-xml'])('%s', (id) => {
    const format = formatFromResponseTemplate(templateOf(id))
    for (const piece of HOSTILE) {
      const text = (length: number) => piece.repeat(length / piece.length)
      const half = workOn(createParser, { format }, text(1024), 'tokens')
      const whole = workOn(createParser, { format }, text(2048), 'tokens')
      expect(whole / half, piece).toBeLessThanOrEqual(2.5)
    }
  })
})
