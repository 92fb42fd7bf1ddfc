import { describe, expect, it } from 'vitest'
import { createParser, formats, parse } from '../../src/index.js'

const tools = [{ name: 'look', parameters: { type: 'object', properties: { city: { type: 'string' } } } }]
const OWN = '<tool_call>\n{"name": "look", "arguments": {"city": "Oslo"}}\n</tool_call>'
const options = { format: 'auto', tools }

describe('auto decides by the first call', () => {
  it.each([
    ['a mention of a special token', `Mistral writes [TOOL_CALLS] before a call.\n${OWN}`],
    ['a mention of the tag of code', `Llama writes <|python_tag|> before code.\n${OWN}`],
    ['a header in the middle of a line', `I call <function=look> soon.\n${OWN}`],
  ])('and not by %s', (_, text) => {
    const { format, toolCalls, status } = parse(text, options)
    expect({ format, status, calls: toolCalls.map(({ name }) => name) }).toEqual({
      format: 'hermes',
      status: 'complete',
      calls: ['look'],
    })
  })

  it('and not by a header of another tool without a whole call, which is an attempt all the same', () => {
    const text = `The log says [TOOL_CALLS]rm[ARGS]{"p": "/" here.\n${OWN}`
    expect(parse(text, options)).toMatchObject({ format: 'hermes', status: 'malformed', toolCalls: [{ name: 'look' }] })
  })

  it('which says so as soon as its name is there', () => {
    const parser = createParser(options)
    const events = [...'Now:\n<tool_call>{"name": "look"'].flatMap((character) => parser.push(character))
    expect(events.at(-1)).toMatchObject({ type: 'call-start', name: 'look' })
  })

  it('and one of a tool that was not given only where it is whole', () => {
    const text = 'The log says [TOOL_CALLS]rm[ARGS]{"p": "/"} here.'
    expect(parse(text, options).toolCalls).toMatchObject([{ name: 'rm', known: false }])
  })

  it('and tells of a whole call of another format behind it', () => {
    for (const format of ['auto', 'hermes']) {
      const text = `${OWN}\n[TOOL_CALLS]look[ARGS]{"city": "Bergen"}`
      const { status, notes, toolCalls } = parse(text, { format, tools })
      expect({ status, calls: toolCalls.length }).toEqual({ status: 'malformed', calls: 1 })
      expect(notes).toMatchObject([{ code: 'looks-like', from: OWN.length + 1 }])
    }
  })

  it('but not of one that is quoted', () => {
    const { status, notes } = parse(`${OWN}\nNot \`[TOOL_CALLS]look[ARGS]{"city": "Bergen"}\`.`, options)
    expect({ status, notes }).toEqual({ status: 'complete', notes: [] })
  })
})

describe('auto, between formats that share an opener', () => {
  const block = (name: string) =>
    `<atem:function_calls><atem:invoke name="${name}"><atem:parameter name="city">Oslo</atem:parameter></atem:invoke></atem:function_calls><|eom|>`
  const harmony = '<|channel|>commentary to=functions.look <|constrain|>json<|message|>{"city": "Oslo"}<|call|>'

  it.each([
    ['glimmer', ' to=user<|message|>I look.<|eom|>', `<|start|>assistant to=look<|message|>${block('look')}`],
    [
      'glimmer',
      '<|start|>assistant to=user<|message|>I look.<|eom|>',
      `<|start|>assistant to=look<|message|>${block('look')}`,
    ],
    [
      'muse',
      ' to=commentary<|message|>I look.<|eom|>',
      `<|start|>assistant to=look.look<|message|>${block('look.look')}`,
    ],
    ['harmony', '<|channel|>final<|message|>I look.<|end|>', `<|start|>assistant${harmony}`],
  ])('takes a message for one of %s by what its header says', (format, message, call) => {
    const { content, status, toolCalls, ...result } = parse(message + call, options)
    expect({ format: result.format, content, status, calls: toolCalls.map(({ name }) => name) }).toEqual({
      format,
      content: 'I look.',
      status: 'complete',
      calls: ['look'],
    })
  })

  it('tells of a call that a message of another format came before', () => {
    const { status, notes, toolCalls } = parse(
      `<|start|>assistant<|message|>Hi.<|end|><|start|>assistant${harmony}`,
      options,
    )
    expect({ status, toolCalls }).toEqual({ status: 'malformed', toolCalls: [] })
    expect(notes.map(({ code }) => code)).toContain('looks-like')
  })
})

describe('auto, in a thought that only words tell of', () => {
  const OPEN = 'Here is my thought process:\n'
  const CLOSE = '\nHere is my response:\n'
  const call = '<|tool_call|>[{"name": "look", "arguments": {"city": "Oslo"}}]'

  it.each([
    ['its closer', `${OPEN}Maybe ${call}${CLOSE}No.`],
    ['more of it', `${OPEN}Maybe ${call} but no.${CLOSE}No.`],
    ['the end of a fence', `${OPEN}Maybe\n\`\`\`\n${call}\n\`\`\`\nbut no.${CLOSE}No.`],
  ])('takes a call before %s for a draft, and all for text', (_, text) => {
    const { toolCalls, incomplete, content, notes } = parse(text, options)
    expect({ toolCalls, incomplete, content }).toEqual({ toolCalls: [], incomplete: [], content: text })
    expect(notes.map(({ code }) => code)).toEqual(['draft', 'implicit-reasoning'])
  })

  it('delivers one at the end as what stands in reasoning that never closed, and not if the text was cut', () => {
    const text = `${OPEN}I look.\n${call}`
    expect(parse(text, options)).toMatchObject({ format: 'granite3', toolCalls: [{ evidence: 'unclosed-reasoning' }] })
    expect(parse(text, { ...options, end: 'length' })).toMatchObject({ status: 'truncated', toolCalls: [] })
  })

  it('delivers one behind its closer', () => {
    const text = `${OPEN}Maybe ${call} or not.${CLOSE}Yes.\n${call}`
    expect(parse(text, options)).toMatchObject({ toolCalls: [{ name: 'look', evidence: 'marker' }] })
  })

  it('takes one for a draft where the prompt may have opened the thought', () => {
    const text = `Maybe ${call} or not.${CLOSE}No.`
    const detected = { ...options, startInReasoning: 'detect' } as const
    expect(parse(text, detected)).toMatchObject({ toolCalls: [], incomplete: [], content: text, status: 'complete' })
    expect(parse(`I look.\n${call}`, detected)).toMatchObject({ toolCalls: [{ name: 'look', evidence: 'marker' }] })
  })

  it('takes one for a draft where another format has read a call before', () => {
    const block = '<tool_calls>[{"name": "look", "arguments": {"city": "Oslo"}}]</tool_calls>'
    const text = `${block}\nHere are my reasoning steps:\nMaybe\n${block}\nno\n[BEGIN FINAL RESPONSE]Done.`
    const { toolCalls, notes } = parse(text, options)
    expect(toolCalls.map(({ from }) => from)).toEqual([0])
    expect(notes.map(({ code }) => code)).toContain('draft')
  })

  it.each(['granite3', 'lfm2', 'jamba'])('says of no draft in %s that it was lost', (format) => {
    const closer = format === 'granite3' ? CLOSE : '</think>'
    const draft = {
      granite3: call,
      lfm2: "<|tool_call_start|>[look(city='Oslo')]<|tool_call_end|>",
      jamba: '<tool_calls>[{"name": "look", "arguments": {"city": "Oslo"}}]</tool_calls>',
    }[format]
    const said = { format, tools, startInReasoning: 'detect', callsInReasoning: 'never' } as const
    expect(parse(`Maybe ${draft} or not.${closer}No.`, said)).toMatchObject({ toolCalls: [], status: 'complete' })
  })

  it('and says of one that is damaged that it was meant', () => {
    const text = `${OPEN}Maybe <|tool_call|>[{"name": "look", "argum${CLOSE}No.`
    expect(parse(text, options)).toMatchObject({ status: 'malformed', toolCalls: [], content: text })
  })
})

describe('a line with the name of a tool for code, in auto', () => {
  it('is text, since its text may be anything', () => {
    const { toolCalls, content } = parse('python\nis a snake', { format: 'auto', tools: { python: {} } })
    expect(toolCalls).toEqual([])
    expect(content).toBe('python\nis a snake')
  })
})

it.each(['', 'Log: ', 'Log: `<|action_start|>` then '])(
  'takes an object behind a token that stands inside of calls for no bare call, and says that one was meant: %s',
  (front) => {
    const text = `${front}<|plugin|>{"name": "look", "parameters": {"city": "Oslo"}}`
    for (const format of ['internlm2', 'auto'])
      expect(parse(text, { format, tools }), format).toMatchObject({
        status: 'malformed',
        toolCalls: [],
        content: text,
      })
    expect(parse('The token <|plugin|> is one of InternLM.', options)).toMatchObject({
      status: 'complete',
      toolCalls: [],
    })
  },
)

it('leaves out a token that closes a call before any, as each format does with its own, and keeps a close tag', () => {
  for (const [token, format] of [
    ['<｜tool▁calls▁end｜>', 'deepseek-v3.1'],
    ['<|tool_calls_section_end|>', 'kimi-k2'],
    ['<|action_end|>', 'internlm2'],
  ]) {
    const text = `I look.${token}\n${OWN}`
    expect(parse(text, options)).toMatchObject({
      format: 'hermes',
      content: 'I look.',
      notes: [{ code: 'stray-marker' }],
    })
    expect(parse(`Done.${token}`, { format: format ?? '', tools }).content).toBe(
      parse(`Done.${token}`, options).content,
    )
  }
  expect(parse('<config>\n</parameter>\n</config>', options).content).toBe('<config>\n</parameter>\n</config>')
})

it('takes no closer in a string of JSON for the end of a thought that another one ends', () => {
  const blocks = formats().flatMap(({ reasoning }) => reasoning?.blocks ?? [])
  // A stop token ends the text wherever it stands.
  const others = ['', '</think>', ...formats().flatMap(({ stops }) => stops)]
  const closers = [...new Set(blocks.map(({ close }) => close))].filter((close) => !others.includes(close))
  expect(closers.length).toBeGreaterThan(5)
  const tools = { f: {} }
  for (const close of closers) {
    const draft = `{"name": "f", "arguments": ${JSON.stringify({ a: `see ${close} there` })}}\n{"name": "f", "arguments": {}}`
    const text = `<think>I could run\n${draft}\nbut no.</think>Done.`
    const { toolCalls, content } = parse(text, { format: 'auto', tools })
    expect([toolCalls, content], close).toEqual([[], 'Done.'])
  }
})

describe('a token of another format behind a call, in auto', () => {
  const call = '<tool_call>\n{"name": "f", "arguments": {}}\n</tool_call>'
  const shared = '<|tool_call|>[{"name": "f", "arguments": {}}]'

  it.each([
    ['ends the text', `${call}<|eot_id|>`, 'stop-token', ''],
    ['ends the text', `${call}\nDone.<|im_end|>`, 'stop-token', '\nDone.'],
    ['is left out where it closes a call that formats share', `${shared}<|/tool_call|>`, 'stray-marker', ''],
    ['is left out at the end, though it may be markup', `${call}</s>`, 'stray-marker', ''],
    [
      'is text within a line, where it is markup',
      `${call}\nThe <s>old</s> one`,
      'marker-in-text',
      '\nThe <s>old</s> one',
    ],
  ])('%s: %s', (_, text, code, content) => {
    const result = parse(text, { format: 'auto', tools: [{ name: 'f' }] })
    expect(result.toolCalls).toHaveLength(1)
    expect(result.notes.map((note) => note.code)).toEqual([code])
    expect({ content: result.content, status: result.status }).toEqual({ content, status: 'complete' })
  })
})
