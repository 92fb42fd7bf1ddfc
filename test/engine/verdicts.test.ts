import { describe, expect, it } from 'vitest'
import { createParser, formats, parse, parseStream } from '../../src/index.js'
import { renderOf } from '../promises/format-facts.js'

const tools = [
  { name: 'f', parameters: { type: 'object', properties: { a: { type: 'integer' } }, required: ['a'] } },
  { name: 'g', parameters: { type: 'object', properties: {} } },
]
const call = (name: string, args: unknown) => `<tool_call>\n${JSON.stringify({ name, arguments: args })}\n</tool_call>`
const codes = ({ notes }: { notes: readonly { code: string }[] }) => notes.map(({ code }) => code)

describe('a verdict by the schema', () => {
  it('tells of arguments that are missing or not known, and changes nothing', () => {
    const { toolCalls, notes, status } = parse(call('f', { b: 1 }), { format: 'hermes', tools })
    expect(toolCalls.map(({ arguments: args }) => args)).toEqual([{ b: 1 }])
    expect(status).toBe('complete')
    expect(notes.map(({ code, message }) => [code, message])).toEqual([
      ['missing-argument', '"a" which the schema of "f" requires, is missing'],
      ['unknown-argument', '"b" is not an argument in the schema of "f"'],
    ])
  })

  it('counts those beyond eight together', () => {
    const args = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`k${i}`, i]))
    expect(codes(parse(call('g', args), { format: 'hermes', tools }))).toEqual(Array(9).fill('unknown-argument'))
  })

  it('makes a call malformed that lacks a required argument behind a repair that moved them', () => {
    const text = '<tool_call>\n{"name": "f", "args": {"b": 1}}\n</tool_call>'
    const { toolCalls, incomplete } = parse(text, { format: 'hermes', tools })
    expect(toolCalls).toEqual([])
    expect(incomplete.map(({ name, status }) => [name, status])).toEqual([['f', 'malformed']])
  })

  it('fills issues where that is asked for, as validateCall does', () => {
    const text = `${call('f', { a: 'x' })}\n${call('g', {})}\n${call('h', {})}`
    const { toolCalls } = parse(text, { format: 'hermes', tools, validate: true })
    expect(toolCalls.map(({ issues }) => issues?.map(({ path, expected }) => [path, expected]))).toEqual([
      [['a', 'integer']],
      [],
      [['', 'one of f, g']],
    ])
    expect(parse(text, { format: 'hermes', tools }).toolCalls.some((one) => 'issues' in one)).toBe(false)
  })

  it('fills issues of what was coerced', () => {
    const [one] = parse(call('f', { a: '5' }), { format: 'hermes', tools, validate: true, coerce: true }).toolCalls
    expect([one?.arguments, one?.issues]).toEqual([{ a: 5 }, []])
  })
})

describe('parallelCalls: false', () => {
  const options = { format: 'hermes', parallelCalls: false }

  it('delivers the first complete call and leaves the others out, with a note', () => {
    const { toolCalls, incomplete, notes, status } = parse(`${call('f', { a: 1 })}\n${call('g', {})}`, options)
    expect(toolCalls.map(({ name }) => name)).toEqual(['f'])
    expect(incomplete).toEqual([])
    expect(codes({ notes })).toEqual(['parallel-calls'])
    expect(status).toBe('complete')
  })

  it('does not take a damaged call for the first', () => {
    const text = `<tool_call>\n{"name": "f", "arguments": {"a": !}}\n</tool_call>\n${call('g', {})}`
    expect(parse(text, options).toolCalls.map(({ name }) => name)).toEqual(['g'])
  })
})

describe("trust: 'cautious'", () => {
  const options = { format: 'hermes', tools, trust: 'cautious' } as const

  it('keeps back what a careful agent would not run, and says why', () => {
    const bare = parse('{"name": "f", "arguments": {"a": 1}}', options)
    expect([bare.toolCalls, bare.incomplete.length, codes(bare), bare.status]).toEqual([
      [],
      1,
      ['refused-call'],
      'malformed',
    ])
    const unknown = parse(call('h', {}), options)
    expect([unknown.toolCalls, codes(unknown)]).toEqual([[], ['unknown-tool', 'refused-call']])
    expect(parse(call('f', { a: 1 }), options).toolCalls).toHaveLength(1)
  })

  it('reads the exact grammar only, and no calls in reasoning, unless told otherwise', () => {
    const mended = '<tool_call>\n{"name": "f", "arguments": {"a": 1,}}\n</tool_call>'
    expect(parse(mended, options).toolCalls).toEqual([])
    expect(parse(mended, { ...options, repair: true }).toolCalls).toHaveLength(1)
    const thought = parse(`<think>So: ${call('f', { a: 1 })}`, options)
    expect([thought.toolCalls, thought.incomplete]).toEqual([[], []])
  })

  it('has tighter limits', () => {
    const { toolCalls } = parse(
      Array(40)
        .fill(call('f', { a: 1 }))
        .join('\n'),
      options,
    )
    expect(toolCalls).toHaveLength(32)
  })
})

describe('parse with end', () => {
  it('ends the text for the reason that is given', () => {
    const text = '<tool_call>\n{"name": "f", "arguments": {"a": 1}}\n</tool_call>'
    expect(parse(text, { format: 'hermes', end: 'length' }).status).toBe('truncated')
    expect(parse(text, { format: 'hermes', end: undefined }).status).toBe('complete')
    expect(() => parse(text, { format: 'hermes', end: 'eos' as 'stop' })).toThrow(
      /expected 'stop', 'length' or 'abort'/,
    )
  })
})

describe('generateId that fails', () => {
  const text = `${call('f', { a: 1 })}\n${call('g', {})}`

  it.each([
    [
      'throws',
      () => {
        throw new Error('boom')
      },
      /boom/,
    ],
    ['is empty', () => '', /expected a non-empty string/],
    ['gives no string', () => 7 as unknown as string, /expected a non-empty string/],
    ['gives one twice', () => 'same', /came twice/],
  ])('%s: the error comes out, and the parser is closed', (_, generateId, message) => {
    const parser = createParser({ format: 'hermes', generateId })
    expect(() => parser.push(text)).toThrow(message)
    expect(() => parser.push('more')).toThrow(/push after an error/)
    expect(parser.end().at(-1)).toMatchObject({ type: 'end', status: 'truncated' })
    expect(parser.end()).toEqual([])
  })

  it('breaks a stream with the error', async () => {
    const source = (async function* () {
      yield text
    })()
    const read = async () => {
      for await (const event of parseStream(source, { format: 'hermes', generateId: () => '' }))
        expect(event).not.toMatchObject({ type: 'end', status: 'complete' })
    }
    await expect(read()).rejects.toThrow(/expected a non-empty string/)
  })
})

describe('arguments that a header announces and that never come', () => {
  const takesSome = { f: { type: 'object', properties: { a: { type: 'string' } } } }
  const announcing = formats().flatMap((format) => {
    const call = renderOf(format, [{ name: 'f', arguments: {} }], { tools: takesSome }) ?? ''
    // Tags of parameters may stand in the same place, so nothing announces an object there.
    const isEither = format.id === 'functionary-v3.1'
    return !isEither && call.split('{}').length === 2 ? [[format.id, format, call.replace('{}', '')] as const] : []
  })

  it.each(announcing)('%s: not f {}', (_, format, text) => {
    expect(parse(text, { format, tools: takesSome }).toolCalls).toEqual([])
  })

  it('are none, of a tool that takes none', () => {
    const tools = { f: { type: 'object', properties: {}, additionalProperties: false } }
    expect(parse('[TOOL_CALLS]f[ARGS][TOOL_CALLS]f[ARGS]{}', { format: 'mistral', tools }).toolCalls).toHaveLength(2)
  })
})

describe('arguments behind a header or a marker that was mended', () => {
  const tools = {
    get_tide: {
      type: 'object',
      properties: { port: { type: 'string' }, unit: { type: 'string' } },
      required: ['port'],
    },
  }
  const texts = {
    harmony: (args: string) =>
      `<|channel|>commentary to=functions.get_tide <|constrain|>json<|mes|message|>${args}<|call|>`,
    hermes: (args: string) => `<|tool_call|>\n{"name": "get_tide", "arguments": ${args}}\n</tool_call>`,
    'functionary-v3.2': (args: string) => `>>get_tide\n${args}`,
  }

  it.each(Object.entries(texts))('have to be those of the tool: %s', (format, text) => {
    const [call] = parse(text('{"port": "Moss"}'), { format, tools }).toolCalls
    expect(call?.name).toBe('get_tide')
    expect(call?.repairs.some(({ kind }) => kind.startsWith('misspelt'))).toBe(true)
    for (const args of ['{"path": "a.md"}', '{"unit": "m"}', '{"port": "Moss", "path": "a.md"}']) {
      const { toolCalls, incomplete, notes } = parse(text(args), { format, tools })
      expect({ toolCalls, incomplete }).toMatchObject({ toolCalls: [], incomplete: [{ name: 'get_tide' }] })
      expect(notes.map(({ message }) => message).join()).toContain('once repaired')
    }
  })
})
