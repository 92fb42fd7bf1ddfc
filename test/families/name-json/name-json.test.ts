import { describe, expect, it } from 'vitest'
import { fieldHead } from '../../../src/families/name-json/call-head.js'
import { readDeepSeekHead } from '../../../src/families/name-json/deepseek-head.js'
import { nameJson } from '../../../src/families/name-json/name-json.js'
import { createParser, defineFormat, type Format, type ParserOptions, parse, render } from '../../../src/index.js'
import { spellingLength, spellings } from '../../../src/recovery/spellings.js'
import { characters, chunkDifference, everyCut } from '../../support/run.js'

const M = '[TOOL_CALLS]'
const SECTION = '<｜tool▁calls▁begin｜>'
const SECTION_END = '<｜tool▁calls▁end｜>'
const CALL = '<｜tool▁call▁begin｜>'
const END = '<｜tool▁call▁end｜>'
const SEP = '<｜tool▁sep｜>'
const lengthOf = spellingLength(SEP)
const STOP = '<｜end▁of▁sentence｜>'

/** The result of a text, which comes out alike in every cut. */
function read(format: string | Format, text: string, options: Partial<ParserOptions> = {}) {
  const all: ParserOptions = { separators: 'keep', ...options, format }
  expect(chunkDifference(createParser, all, text, [characters(text), ...everyCut(text)])).toBeUndefined()
  const { content, status, toolCalls, incomplete, notes } = parse(text, all)
  const calls = toolCalls.map(({ name, argumentsText }) => `${name}${argumentsText}`)
  const repairs = toolCalls.flatMap((call) => call.repairs.map(({ kind }) => kind))
  return { content, status, calls, repairs, toolCalls, incomplete, codes: notes.map(({ code }) => code) }
}

describe('headers with fields', () => {
  const head = fieldHead({
    fields: [{ is: 'name' }, { is: 'id', after: '[CALL_ID]', optional: true }],
    argumentsAfter: '[ARGS]',
    argumentsMarker: 'optional',
    stops: ['</s>'],
  })

  it.each([
    ['f[ARGS]{', { name: 'f', id: undefined, length: 7, separated: true }],
    [' f [CALL_ID] x1 [ARGS]', { name: 'f', id: 'x1', length: 22, separated: true }],
    ['f[CALL_ID]x1{', { name: 'f', id: 'x1', length: 12, separated: true }],
    ['a.b-c/d:e{', { name: 'a.b-c/d:e', id: undefined, length: 9, separated: false }],
  ])('%j is one', (text, expected) => {
    expect(head(text)).toMatchObject(expected)
  })

  it.each(['f g', 'f,', ', f', 'f]', '"f"[ARGS]', 'f </s>'])('%j is text', (text) => {
    expect(head(text)).toBe('text')
  })

  it.each(['', 'f', 'f ', 'f[', 'f[CALL_ID]', 'f[CALL_ID]x[ARG'])('%j may become one', (text) => {
    expect(head(text)).toBe(-1)
  })

  it('is broken where an id is followed by prose', () => {
    expect(head('f[CALL_ID]of the call')).toBe('broken')
  })

  it('takes names of 128 characters and no more', () => {
    expect(head(`${'x'.repeat(128)}{`)).toMatchObject({ name: 'x'.repeat(128) })
    expect(head(`${'x'.repeat(129)}{`)).toBe('text')
  })

  it('ends a name at a stop token', () => {
    expect(head('f</s>[ARGS]{')).toBe('text')
    expect(head('f</')).toBe(-1)
  })
})

describe('headers of DeepSeek', () => {
  it.each([
    [`get_aqi${SEP}{`, 'get_aqi'],
    [`get_aqi${SEP}\n\`\`\`json\n{`, 'get_aqi'],
    [`function${SEP}get_aqi\n\`\`\`json`, 'get_aqi'],
    [`anything${SEP}get_aqi\`\`\``, 'get_aqi'],
    [`function${SEP}get_aqi{`, 'get_aqi'],
    [`function${SEP}get_aqi\\n\`\`\``, 'get_aqi'],
    [`function${SEP}get_aqi\r\n`, 'get_aqi'],
    [`function${SEP}{`, 'function'],
    [`now${SEP}${END}`, 'now'],
    [`function${SEP}now${END}`, 'now'],
    [`now${SEP}null${END}`, 'now'],
    ['get_aqi<|tool_sep|>{', 'get_aqi'],
  ])('%j names %s', (text, name) => {
    expect(readDeepSeekHead(text)).toMatchObject({ name, separated: true, body: 'arguments' })
  })

  it('is an object where one stands without a separator', () => {
    expect(readDeepSeekHead('\n{"name": "f"')).toMatchObject({ body: 'call object', length: 1 })
  })

  it.each([
    'two words',
    `a b${SEP}{`,
    `function${SEP}two words\n`,
    `${SEP}{`,
    'functions.f:0<|tool_call_argument_begin|>{',
    '{x',
  ])('%j is text', (text) => {
    expect(readDeepSeekHead(text)).toBe('text')
  })

  it.each(['', 'function', `f${SEP.slice(0, 5)}`, `f${SEP}`, `f${SEP}nam`, `f${SEP}null`, `f${SEP}name `, '{'])(
    '%j may become one',
    (text) => {
      expect(readDeepSeekHead(text)).toBe(-1)
    },
  )
})

describe('spellings', () => {
  it('holds every mixture of pipes and joiners once, the own one first', () => {
    const all = spellings(SECTION)
    expect(all[0]).toBe(SECTION)
    expect(all).toHaveLength(64)
    expect(new Set(all).size).toBe(64)
    expect(all).toContain('<|tool_calls begin｜>')
    expect(all).toContain('<｜tool\\_calls\\_begin｜>')
  })

  it('finds one in a text', () => {
    for (const spelled of spellings(SEP)) expect(lengthOf(`x${spelled}y`, 1)).toBe(spelled.length)
    expect(lengthOf('<|tool-sep|>', 0)).toBe(0)
    expect(lengthOf('<|tool\\', 0)).toBe(-1)
  })
})

describe('mistral', () => {
  it('decides the shape by the text', () => {
    expect(read('mistral', `${M}f[ARGS]{"a": 1}${M} [{"name": "g", "arguments": {}}]${M}{"name": "h"}`).calls).toEqual([
      'f{"a": 1}',
      'g{}',
      'h{}',
    ])
  })

  it('gives ids of nine letters and digits, and keeps those of the wire', () => {
    const { toolCalls } = read(
      'mistral',
      `${M}f[CALL_ID]abc123XYZ[ARGS]{}${M}[{"name": "g", "arguments": {"a": 1}, "id": "zzzzzzzz9"}]`,
    )
    expect(toolCalls.map(({ nativeId }) => nativeId)).toEqual(['abc123XYZ', 'zzzzzzzz9'])
    for (const { id } of toolCalls) expect(id).toMatch(/^[a-zA-Z0-9]{9}$/)
    expect(new Set(toolCalls.map(({ id }) => id)).size).toBe(2)
  })

  it.each([`${M} [see below]`, `${M} a name`, `${M}.`, `${M}, ${M} tokens.`])(
    'leaves %j as text, and takes it for an attempt at the start of a line only',
    (text) => {
      const { content, status, codes } = read('mistral', `It is ${text}`)
      expect({ content, status }).toEqual({ content: `It is ${text}`, status: 'complete' })
      expect(codes).toContain('marker-in-text')
      expect(read('mistral', text)).toMatchObject({ content: text, status: 'malformed' })
    },
  )

  it('takes a brace behind the marker for an attempt', () => {
    const text = `It is ${M} {a}`
    expect(read('mistral', text)).toMatchObject({ content: text, status: 'malformed' })
  })

  it.each([
    M,
    `${M} `,
    `${M}get`,
    `${M}get[AR`,
    `${M}get[CALL_ID]ab`,
    `${M}get[ARGS]`,
    `${M}get[ARGS]{"a`,
    `${M} [{"na`,
  ])('takes the cut %j for no content', (text) => {
    const { content, status, calls } = read('mistral', `Hm. ${text}`)
    expect({ content, status, calls }).toEqual({ content: 'Hm. ', status: 'truncated', calls: [] })
  })

  it('loses only the damaged call', () => {
    const { calls, incomplete, content, status } = read('mistral', `${M}f[ARGS]{"a": {b c}, "d": "}"} and${M}g[ARGS]{}`)
    expect({ calls, content, status }).toEqual({ calls: ['g{}'], content: ' and', status: 'malformed' })
    expect(incomplete.map(({ name, status }) => `${name} ${status}`)).toEqual(['f malformed'])
  })

  it('unwraps arguments in a string, and takes null or none for none', () => {
    const text = `${M}f[ARGS]"{\\"a\\": 1}"${M}g[ARGS]null${M}h[ARGS]${M}i[ARGS]{}`
    expect(read('mistral', text).calls).toEqual(['f{"a": 1}', 'g{}', 'h{}', 'i{}'])
    expect(read('mistral', `${M}f[ARGS]"words"`)).toMatchObject({ calls: [], status: 'malformed' })
  })

  it('mends escaped underscores, in names too', () => {
    const { calls, repairs } = read('mistral', `${M}get\\_tide[ARGS]{"a\\_b": True,}`)
    expect(calls).toEqual(['get_tide{"a_b": true}'])
    expect(repairs).toEqual(['escaped-underscore', 'escaped-underscore', 'python-literal', 'trailing-comma'])
  })

  it('reads a call without its marker at the start only, as a repair, and only of a given tool', () => {
    const text = 'f[ARGS]{"a": 1} x'
    expect(read('mistral', text)).toMatchObject({ calls: ['f{"a": 1}'], repairs: ['missing-opener'], content: ' x' })
    expect(read('mistral', text, { repair: false })).toMatchObject({ calls: [], content: text })
    expect(read('mistral', text, { tools: [{ name: 'g' }] })).toMatchObject({ calls: [], content: text })
    expect(read('mistral', `See ${text}`)).toMatchObject({ calls: [], content: `See ${text}` })
  })

  it('says that a stop token inside an open payload is damage', () => {
    expect(read('mistral', `${M}f[ARGS]{"a": 1</s>`)).toMatchObject({ calls: [], status: 'malformed' })
  })
})

describe('deepseek', () => {
  it.each(['deepseek-v3', 'deepseek-v3.1'])('%s reads both shapes', (format) => {
    const text = `${SECTION}${CALL}function${SEP}f\n\`\`\`json\n{"a": 1}\n\`\`\`${END}${CALL}g${SEP}{}${END}${SECTION_END} ok`
    expect(read(format, text)).toMatchObject({ calls: ['f{"a": 1}', 'g{}'], repairs: [], content: ' ok', codes: [] })
  })

  it.each([
    ['missing-opener', `${CALL}f${SEP}{}${END}`],
    ['missing-opener', `${SECTION}f${SEP}{}${END}${SECTION_END}`],
    ['missing-opener', `${SECTION}{"name": "f"}${END}${SECTION_END}`],
    ['missing-closer', `${SECTION}${CALL}f${SEP}{}${SECTION_END}`],
    ['missing-closer', `${SECTION}${CALL}f${SEP}{}${STOP}`],
    ['marker-spelling', `<｜tool▁calls｜>${CALL}f${SEP}{}${END}${SECTION_END}`],
    ['marker-spelling', `<|tool_calls_begin|>${CALL}f${SEP}{}${END}${SECTION_END}`],
    ['marker-spelling', `${SECTION}${CALL}f<|tool sep|>{}${END}${SECTION_END}`],
    ['marker-spelling', `${SECTION}${CALL}f${SEP}{}<|tool▁call▁end|>${SECTION_END}`],
    ['literal-newline', `${SECTION}${CALL}f${SEP}\\n{}${END}${SECTION_END}`],
  ])('lists %s of %j, and without repairs accepts none', (kind, text) => {
    expect(read('deepseek-v3.1', text)).toMatchObject({ calls: ['f{}'], repairs: [kind], status: 'complete' })
    expect(read('deepseek-v3.1', text, { repair: false }).calls).toEqual([])
  })

  it('asks a call marker that is also Kimi’s for a separator', () => {
    const kimi = '<|tool_call_begin|>functions.f:0<|tool_call_argument_begin|>{}<|tool_call_end|>'
    expect(read('deepseek-v3', kimi)).toMatchObject({ calls: [], content: kimi })
    expect(read('deepseek-v3', `<|tool_call_begin|>f${SEP}{}${END}`).calls).toEqual(['f{}'])
    expect(read('deepseek-v3', `${SECTION}<|tool_call_begin|>{"name": "f"}${END}`).calls).toEqual(['f{}'])
  })

  it('gives a call that cannot be read back, and keeps the others', () => {
    const bad = `${CALL}no name here${END}`
    const good = `${CALL}f${SEP}{}${END}`
    expect(read('deepseek-v3.1', `${SECTION}${bad}${SECTION_END}!`)).toMatchObject({
      content: `${SECTION}${bad}${SECTION_END}!`,
      status: 'malformed',
    })
    expect(read('deepseek-v3.1', `${SECTION}${good}${bad}${good}${SECTION_END}!`)).toMatchObject({
      calls: ['f{}', 'f{}'],
      content: `${bad}!`,
      status: 'malformed',
    })
    expect(read('deepseek-v3.1', `${SECTION}${bad}${SECTION_END}!`, { damaged: 'drop' }).content).toBe('!')
  })

  it('does not deliver a call with text between its arguments and its end marker', () => {
    const text = `${SECTION}${CALL}f${SEP}{} // a comment${END}${SECTION_END}`
    expect(read('deepseek-v3.1', text)).toMatchObject({
      calls: [],
      content: '',
      codes: ['dropped-text', 'damaged-call'],
    })
  })

  it('takes a draft whose close marker is missing for reasoning', () => {
    const text = `<think>${SECTION}${CALL}f${SEP}{} perhaps</think>No call.`
    expect(read('deepseek-v3.1', text)).toMatchObject({ calls: [], content: 'No call.', status: 'complete' })
  })

  it('refuses to render names that would be read otherwise', () => {
    for (const name of ['two words', 'a`b', 'a<b', 'a\\_b', '{', 'x'.repeat(129)]) {
      expect(() => render([{ name, arguments: {} }], { format: 'deepseek-v3' })).toThrow('cannot write the name')
    }
  })
})

describe('internlm2', () => {
  const block = (body: string) => `<|action_start|><|plugin|>${body}<|action_end|>`

  it('refuses parameters and arguments that differ, in either order', () => {
    expect(read('internlm2', block('{"name": "f", "arguments": {"a": 1}, "parameters": {"b": 2}}')).calls).toEqual([])
    expect(read('internlm2', block('{"name": "f", "parameters": {"b": 2}, "arguments": {"a": 1}}')).calls).toEqual([])
  })

  it('skips words before the object, as a repair', () => {
    expect(read('internlm2', block('Now: {"name": "f"}'))).toMatchObject({ calls: ['f{}'], codes: [] })
    expect(read('internlm2', block('Now: {"name": "f"}'), { repair: false })).toMatchObject({ calls: [] })
  })

  it('leaves another block as it stands', () => {
    const text = '<|action_start|><|interpreter|>print(1)<|action_end|>'
    expect(read('internlm2', text)).toMatchObject({ content: text, status: 'malformed' })
  })

  it('keeps a call behind a block without an object', () => {
    const text = `<|action_start|><|plugin|>nothing ${block('{"name": "f"}')}`
    expect(read('internlm2', text)).toMatchObject({
      calls: ['f{}'],
      content: '<|action_start|><|plugin|>nothing ',
      status: 'malformed',
    })
  })
})

describe('formats as values of the family', () => {
  const kimi = defineFormat({
    id: 'kimi-like',
    stops: ['<|im_end|>'],
    families: [
      nameJson({
        section: { open: ['<|tool_calls_section_begin|>'], close: ['<|tool_calls_section_end|>'] },
        sectionless: 'native',
        call: { open: ['<|tool_call_begin|>'], close: ['<|tool_call_end|>'] },
        head: fieldHead({
          fields: [{ is: 'name' }],
          argumentsAfter: '<|tool_call_argument_begin|>',
          argumentsMarker: 'required',
          decode: (id) => ({ name: id.replace(/^functions\./, '').replace(/:\d{1,9}$/, ''), id }),
        }),
      }),
    ],
  })
  const call = (id: string) => `<|tool_call_begin|>${id}<|tool_call_argument_begin|>{"a": 1}<|tool_call_end|>`

  it('reads the calls of Kimi, in a section and without one', () => {
    const text = `${call('functions.a.b:0')}\n<|tool_calls_section_begin|>${call('functions.c:12')}<|tool_calls_section_end|>`
    const { calls, toolCalls, repairs } = read(kimi, text)
    expect(calls).toEqual(['a.b{"a": 1}', 'c{"a": 1}'])
    expect(toolCalls.map(({ nativeId }) => nativeId)).toEqual(['functions.a.b:0', 'functions.c:12'])
    expect(repairs).toEqual([])
  })

  it('reads tags with the name in them', () => {
    const functionary = defineFormat({
      id: 'functionary-like',
      families: [
        nameJson({
          call: { open: ['<function='], close: ['</function>'] },
          head: fieldHead({ fields: [{ is: 'name' }], argumentsAfter: '>', argumentsMarker: 'required' }),
        }),
      ],
    })
    expect(read(functionary, 'Hi <function=f>{"a": 1}</function> ho').calls).toEqual(['f{"a": 1}'])
  })
})

describe('qwen-agent', () => {
  const call = (name: string, args: string) => `✿FUNCTION✿: ${name}\n✿ARGS✿: ${args}\n`

  it('takes several arguments of one function for several calls', () => {
    const text = `${call('f', '{"a": 1}')}✿ARGS✿: {"a": 2}\n✿FUNCTION✿：g`
    expect(read('qwen', text).calls).toEqual(['f{"a": 1}', 'f{"a": 2}', 'g{}'])
  })

  it('leaves out results and answers that were made up', () => {
    const { calls, content, codes } = read('qwen', `${call('f', '{}')}✿RESULT✿: 3\n✿RETURN✿: It is 3.`)
    expect({ calls, content, codes }).toEqual({ calls: ['f{}'], content: '', codes: ['dropped-text'] })
  })

  it('takes a plain answer from behind its marker', () => {
    expect(read('qwen', '✿RETURN✿: Late.')).toMatchObject({ content: 'Late.', status: 'complete' })
  })

  it('takes a flower for itself, and a cut marker for text unless a call stands before it', () => {
    expect(read('qwen', 'Bloom ✿')).toMatchObject({ content: 'Bloom ✿', status: 'complete' })
    expect(read('qwen', 'Bloom ✿F')).toMatchObject({ content: 'Bloom ✿F', status: 'complete' })
    expect(read('qwen', `${call('f', '{}')}✿FUNC`)).toMatchObject({ calls: ['f{}'], content: '', status: 'truncated' })
    expect(read('qwen', '✿Flora✿')).toMatchObject({ content: '✿Flora✿', status: 'complete' })
  })

  it('takes the name from the tool choice where the prompt wrote it', () => {
    const options = { tools: [{ name: 'f' }], toolChoice: { name: 'f' } }
    expect(read('qwen', '✿ARGS✿: {"a": 1}', options).calls).toEqual(['f{"a": 1}'])
  })

  it('gives code to the parameter that takes it, up to the last fence', () => {
    const text = call('code_interpreter', '```py\nprint("```")\n```\n```\nx = 1\n```')
    expect(read('qwen', text).toolCalls[0]?.arguments).toEqual({ code: 'print("```")\n```\n```\nx = 1' })
    const tools = [
      { name: 'run', parameters: { properties: { script: { type: 'string' }, n: { type: 'integer' } } } },
      { name: 'mix', parameters: { properties: { a: { type: 'string' }, b: { type: 'string' } } } },
    ]
    expect(read('qwen', call('run', '```\nls\n```'), { tools }).toolCalls[0]?.arguments).toEqual({ script: 'ls' })
    const { status, incomplete } = read('qwen', call('mix', '```\nls\n```'), { tools })
    expect({ status, text: incomplete[0]?.argumentsText }).toEqual({ status: 'malformed', text: '```\nls\n```' })
  })

  it('does not take a name that may go on for a call', () => {
    const tools = [{ name: 'send_mail', parameters: { required: ['to'] } }, { name: 'send' }, { name: 'list_all' }]
    expect(read('qwen', '✿FUNCTION✿: send_mail', { tools })).toMatchObject({ calls: [], status: 'truncated' })
    expect(read('qwen', '✿FUNCTION✿: list_', { tools })).toMatchObject({ calls: [], status: 'truncated' })
    expect(read('qwen', '✿FUNCTION✿: send', { tools }).calls).toEqual(['send{}'])
  })

  it.each(['Write ✿FUNCTION✿: and a name', 'x ✿FUNCTION✿ f', 'x ✿FUNCTION✿: f\nand more', 'x ✿RETURN✿: y'])(
    'leaves %j as text',
    (text) => {
      expect(read('qwen', text)).toMatchObject({ calls: [], content: text, status: 'complete' })
    },
  )
})
