import { describe, expect, it } from 'vitest'
import { delimitedHead } from '../../../src/families/delimited/delimited-head.js'
import { parse, RenderError, render } from '../../../src/index.js'
import { headOf } from '../../support/heads.js'

describe('the head of a call: a prefix and a name, before the brace or the close marker', () => {
  it.each([
    ['', 'wait'],
    [' \n', 'wait'],
    ['c', 'wait'],
    ['call', 'wait'],
    ['call:', 'wait'],
    ['call: ', 'wait'],
    ['call:f', 'wait'],
    ['call:f ', 'wait'],
    ['call:f{', 'f@5-6 +6 separated'],
    ['call:f<', 'f@5-6 +6 separated'],
    [' call: f {', 'f@7-8 +9 separated'],
    ['call:\nf\n{', 'f@6-7 +8 separated'],
    ['call:a.b-c{', 'a.b-c@5-10 +10 separated'],
    // Its prefix read, it is a call; without a name or arguments it is damaged.
    ['call:{', 'broken'],
    ['call:<', 'broken'],
    ['call: {', 'broken'],
    ['call:f`', 'broken'],
    ['call:f[', 'broken'],
    ['call:f g', 'broken'],
    [`call:${'x'.repeat(128)}{`, `${'x'.repeat(128)}@5-133 +133 separated`],
    [`call:${'x'.repeat(129)}{`, 'broken'],
    // Without its prefix it is one before a brace, if a tool has its name.
    ['f', 'wait'],
    ['f{', 'f@0-1 +1'],
    [' f {', 'f@1-2 +3'],
    ['calls{', 'calls@0-5 +5'],
    ['f<', 'text'],
    ['f g', 'text'],
    ['f`', 'text'],
    ['{', 'text'],
    ['<', 'text'],
    [`${'x'.repeat(128)}{`, `${'x'.repeat(128)}@0-128 +128`],
    [`${'x'.repeat(129)}{`, 'text'],
  ])('%j', (text, head) => {
    expect(headOf(delimitedHead('call:'), text)).toBe(head)
  })

  it('says what a head without its prefix would have been', () => {
    expect(delimitedHead('call:')(' f{')).toMatchObject({ name: 'f', meant: 'call:f' })
    expect(delimitedHead('call:')('call:f{')).not.toHaveProperty('meant')
  })
})

const tools = [
  { name: 'f', parameters: { type: 'object', properties: { a: { type: 'string' }, n: { type: 'integer' } } } },
  { name: 'g', parameters: { type: 'object', properties: {} } },
]

describe.each([
  ['gemma4', '<|tool_call>', '<tool_call|>', '<|"|>'],
  ['functiongemma', '<start_function_call>', '<end_function_call>', '<escape>'],
])('%s', (format, open, close, mark) => {
  const read = (text: string) => {
    const { toolCalls, incomplete, content, status } = parse(text, { format, tools })
    const shown = [...toolCalls, ...incomplete].map(
      (call) => `${call.status} ${call.name} ${call.argumentsText} ${call.repairs.map(({ kind }) => kind).join()}`,
    )
    return [status, content, ...shown.map((call) => call.trim())]
  }

  it.each([
    [`call:f{a:${mark}x${mark},n:2}`, ['complete', '', 'complete f {"a":"x","n":2}']],
    ['call:g{}', ['complete', '', 'complete g {}']],
    [' call: g {} ', ['complete', '', 'complete g {}']],
    ['call:g', ['complete', '', 'complete g {}']],
    ['call:unknown{n:2}', ['complete', '', 'complete unknown {"n":2}']],
    ['g{}', ['complete', '', 'complete g {} misspelt-header']],
    // Something else that stands between is no part of a call.
    ['call:g{} more', ['malformed', '', 'malformed g {}']],
    ['call:g{}call:g{}', ['malformed', '', 'malformed g {}']],
    ['call:f{n:2;}', ['malformed', '', 'malformed f {"n":']],
  ])('%s', (call, expected) => {
    expect(read(open + call + close)).toEqual(expected)
  })

  it.each([['unknown{}'], ['g'], ['words'], ['call:{}'], ['call:g[]'], ['call:g g{}'], ['CALL:g{}']])(
    '%s is no call, and stays',
    (call) => {
      expect(read(open + call + close)).toEqual(['malformed', open + call + close])
    },
  )

  it('is cut before its brace closes, and whole without its close marker', () => {
    expect(read(`${open}call:g`)).toEqual(['truncated', ''])
    expect(read(`${open}call:f{n:2`)).toEqual(['truncated', '', 'truncated f {"n":2'])
    expect(read(`${open}call:f{n:2}`)).toEqual(['complete', '', 'complete f {"n":2} missing-closer'])
  })

  it('writes keys bare that can stand so, strings between delimiters, and nothing undefined', () => {
    const written = (args: Record<string, unknown>) => render([{ name: 'f', arguments: args }], { format })
    const call = (map: string) => `${open}call:f${map}${close}`
    expect(written({})).toBe(call('{}'))
    expect(written({ a: 'x', n: -1.5, b: true, none: undefined, nil: null })).toBe(
      call(`{a:${mark}x${mark},n:-1.5,b:true,nil:null}`),
    )
    expect(written({ list: [1, 'x', { k: [] }, undefined], map: { $a: {} } })).toBe(
      call(`{list:[1,${mark}x${mark},{k:[]},null],map:{$a:{}}}`),
    )
    expect(written({ 'é.a-1_$': 1, 'a b': 2, '': 3, ['x'.repeat(128)]: 4, ['y'.repeat(129)]: 5 })).toBe(
      call(`{é.a-1_$:1,${mark}a b${mark}:2,${mark}${mark}:3,${'x'.repeat(128)}:4,${mark}${'y'.repeat(129)}${mark}:5}`),
    )
  })

  it.each([[`a${mark}b`], [mark]])('does not write %j, which holds the delimiter', (text) => {
    const write = (args: Record<string, unknown>) => () => render([{ name: 'f', arguments: args }], { format })
    expect(write({ a: text })).toThrow(RenderError)
    expect(write({ a: text })).toThrow(`a string holds ${mark}, which would end it`)
    expect(write({ [text]: 1 })).toThrow(RenderError)
  })

  it.each([[''], ['a b'], ['a{'], ['a<'], ['x'.repeat(129)]])('does not write the name %j', (name) => {
    expect(() => render([{ name, arguments: {} }], { format })).toThrow(RenderError)
  })
})
