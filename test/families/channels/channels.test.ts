import { describe, expect, it } from 'vitest'
import { collect, createParser, type ParserOptions, parse } from '../../../src/index.js'

const tools = [
  { name: 'ping', parameters: { type: 'object', properties: {} } },
  { name: 'tide', parameters: { type: 'object', properties: { port: { type: 'string' } }, required: ['port'] } },
]
const START = '<|start|>assistant'
const ANALYSIS = '<|channel|>analysis<|message|>'
const FINAL = '<|channel|>final<|message|>'
const call = (name: string, args = '{}') =>
  `<|channel|>commentary to=functions.${name} <|constrain|>json<|message|>${args}<|call|>`

function read(text: string, options: Partial<ParserOptions> = {}) {
  const { content, reasoning, toolCalls, status, notes, format } = parse(text, { format: 'harmony', tools, ...options })
  const calls = toolCalls.map(({ name, argumentsText }) => name + argumentsText)
  return { content, reasoning, calls, status, codes: notes.map(({ code }) => code), format }
}

describe('messages of Harmony', () => {
  it('stay messages where no calls are allowed', () => {
    const text = `${ANALYSIS}I ping.<|end|>${START}${call('ping')}${START}${FINAL}Done.`
    const { calls, reasoning, content } = read(text, { toolChoice: 'none' })
    expect({ calls, reasoning }).toEqual({ calls: [], reasoning: 'I ping.' })
    expect(content).toContain('Done.')
  })

  it('begin where the prompt stops, at any place of the first one', () => {
    const whole = `${START}<|channel|>commentary to=functions.tide <|constrain|>json<|message|>`
    const end = START.length
    for (const at of [
      end,
      whole.indexOf('commentary'),
      whole.indexOf(' to='),
      whole.indexOf('<|constrain'),
      whole.length,
    ]) {
      const text = `${whole.slice(at)}{"port": "Moss"}<|call|>`
      expect(read(text, { prompt: `<|start|>user<|message|>Hi<|end|>${whole.slice(0, at)}` }).calls, text).toEqual([
        'tide{"port": "Moss"}',
      ])
    }
  })

  it('of a prompt that is closed begin nothing', () => {
    expect(read('Hello.', { prompt: `${START}${ANALYSIS}So.<|end|>` })).toMatchObject({
      content: 'Hello.',
      reasoning: '',
    })
  })

  it('announce a call as soon as its text begins, and its strings stream', () => {
    const parser = createParser({ format: 'harmony', tools })
    const events = [...call('tide', '{"port": "Mo')].slice(0, -8).flatMap((character) => parser.push(character))
    expect(events.find(({ type }) => type === 'call-start')).toMatchObject({ name: 'tide', evidence: 'marker' })
    expect(events.flatMap((event) => (event.type === 'arguments' ? [event.delta] : [])).join('')).toBe('{"port": "Mo')
    expect(collect([...events, ...parser.end()]).status).toBe('truncated')
  })

  it('list what their headers say too much', () => {
    const text = '<|channel|>––commentary to=functions.pingjson please<|message|>{}<|call|>'
    const [found] = parse(text, { format: 'harmony', tools }).toolCalls
    expect(found?.repairs.map(({ kind, before }) => `${kind} ${before}`)).toEqual([
      'misspelt-header ––',
      'misspelt-header json',
      'misspelt-header please',
    ])
  })

  it('name no tool that was not written as one', () => {
    for (const header of ['commentary ping', 'commentary topping', 'commentary to=functions.'])
      expect(read(`<|channel|>${header}<|message|>{}<|call|>`).calls, header).toEqual([])
  })

  it('of other roles are left out', () => {
    const text = `${call('ping')}<|start|>user<|message|>And now?<|end|>${START}${FINAL}Done.`
    expect(read(text)).toMatchObject({ calls: ['ping{}'], content: 'Done.', codes: ['dropped-text'] })
  })

  it('in the middle of a line begin nothing in auto', () => {
    const text = `The header ${ANALYSIS} comes first.`
    expect(read(text, { format: 'auto' })).toMatchObject({ content: text, reasoning: '', format: 'auto' })
  })
})

describe('messages whose special tokens were taken out', () => {
  it('say which setting keeps them', () => {
    const { reasoning, content, codes } = read('analysisEasy.assistantfinalSix.')
    expect({ reasoning, content, codes }).toEqual({ reasoning: 'Easy.', content: 'Six.', codes: ['stripped-markers'] })
  })

  it.each(['analysis: easy', 'Analysis shows', 'finally six', 'commentary on it', 'analysis'])(
    'are not begun by %j',
    (text) => expect(read(text)).toMatchObject({ content: text, reasoning: '', codes: [] }),
  )

  it('end where a marker was left in: it has a note', () => {
    const { content, codes } = read('commentaryI <|message|>{} look.')
    expect({ content, codes }).toEqual({
      content: 'I{} look.',
      codes: ['stripped-markers', 'damaged-block', 'stray-marker'],
    })
  })

  it('call given tools only', () => {
    const text = 'commentary to=functions.rm json{"p": "/"}'
    expect(read(text)).toMatchObject({ calls: [], content: text })
    expect(read('commentary to=functions.ping json{}').calls).toEqual(['ping{}'])
    expect(read('commentary to=functions.ping json{}', { repair: false }).calls).toEqual([])
  })
})

describe('calls in messages that name their tool twice', () => {
  it('of Muse are none where header and call disagree', () => {
    const body = '<atem:function_calls>\n<atem:invoke name="ping">\n</atem:invoke>\n</atem:function_calls><|eom|>'
    expect(read(` to=ping<|message|>${body}`, { format: 'muse' }).calls).toEqual(['ping{}'])
    expect(read(` to=tide<|message|>${body}`, { format: 'muse' })).toMatchObject({ calls: [], status: 'malformed' })
  })

  it('of Inkling neither', () => {
    const text = (name: string) =>
      `<|message_model|>${name}<|content_invoke_tool_json|>{"name": "ping", "args": {}}<|end_message|>`
    expect(read(text('ping'), { format: 'inkling' }).calls).toEqual(['ping{}'])
    expect(read(text('tide'), { format: 'inkling' })).toMatchObject({ calls: [], status: 'malformed' })
  })
})

describe('what is left of the start of a first message', () => {
  const starts = [
    'assistant',
    'assistant  ',
    'xassistant',
    '|start|>assistant',
    '<|x|>assistant',
    '/assistant',
    'assist',
    'commentary',
  ]
  const headers = [
    { format: 'harmony', header: ' to=functions.ping<|message|>{}<|call|>' },
    { format: 'harmony', header: '<|channel|>commentary to=functions.ping<|message|>{}<|call|>' },
    { format: 'functionary-v2', header: '<|recipient|>ping\n<|content|>{}' },
    { format: 'functionary-v2', header: '<|recipient|>\nassistantping\n<|content|>{}' },
  ] as const
  it.each(headers.flatMap((one) => starts.map((start) => ({ ...one, start }))))(
    '$format reads $start$header character by character as whole',
    ({ format, start, header }) => {
      const parser = createParser({ format, tools })
      const events = [...`${start}${header}`].flatMap((character) => parser.push(character))
      const { notes, toolCalls, content, status } = parse(start + header, { format, tools })
      expect(collect([...events, ...parser.end()])).toMatchObject({ notes, toolCalls, content, status })
    },
  )
})

it('reads a header behind whose end white space fills all that is looked at', () => {
  const begun = '<|start|>assistant<|channel|>commentary to=functions.ping<|message|>'
  for (let spaces = 270; spaces < 330; spaces++) {
    const { status } = parse(`${begun}${' '.repeat(spaces)}<|start|>assistant`, { format: 'harmony', tools })
    expect(status, `${spaces} spaces`).not.toBe('complete')
  }
})

describe('headers of messages that are damaged in more than one place', () => {
  const tools = { f: { type: 'object', properties: { a: { type: 'integer' } } } }
  it.each([
    [
      'junk before the channel and behind the type',
      '<|start|>assistant<|x|><|channel|>commentary to=f <|y|>json<|message|>{"a": 1}<|call|>',
    ],
    [
      'a start that is lost with the marker of the channel',
      '<<<think>|return|>|channel|>commentary to=f<|message|>{"a": 1}<|call|>',
    ],
    ['markers that came twice', '<|channel|><|channel|>commentary to=f<|message|><|message|>{"a": 1}<|call|>'],
  ])('attempt a call: %s', (_, text) => {
    const { toolCalls, incomplete, notes, status } = parse(text, { format: 'harmony', tools })
    expect(toolCalls).toEqual([])
    expect(incomplete.map(({ name, argumentsText }) => [name, argumentsText])).toEqual([['f', '{"a": 1}']])
    expect(notes.map(({ code }) => code)).toContain('damaged-call')
    expect(status).toBe('malformed')
  })

  it.each([
    ['one spelling for all markers', '<|channel>commentary to=f<|message>{"a": 1}<|call|>'],
    ['one of them', '<|start|>assistant<|x|><|channel|>commentary to=f<|message|>{"a": 1}<|call|>'],
  ])('call: %s', (_, text) => {
    expect(parse(text, { format: 'harmony', tools }).toolCalls.map(({ name }) => name)).toEqual(['f'])
  })

  it('leave no words of a header behind a call as content', () => {
    const text = '<|channel|>commentary to=f<|message|>{"a": 1}<|call|>commentary'
    const { content, toolCalls, notes } = parse(text, { format: 'harmony', tools })
    expect([content, toolCalls.length, notes.map(({ code }) => code)]).toEqual(['', 1, ['stray-marker']])
  })
})
