import { describe, expect, it } from 'vitest'
import {
  createRegistry,
  defineFormat,
  type FormatDefinition,
  formats,
  getFormat,
  jsonCalls,
  parse,
  RenderError,
  render,
} from '../../src/index.js'

const mine = defineFormat({
  id: 'mine',
  aliases: ['my_format', 'hermes'],
  flags: { vllm: 'my_vllm' },
  families: [jsonCalls({ open: ['<<call'], close: ['call>>'] })],
})

describe('formats', () => {
  it('have an id that finds them, and so do their aliases and flags', () => {
    for (const format of formats()) expect(getFormat(format.id)).toBe(format)
    expect(getFormat('hermes2').id).toBe('hermes')
    const registry = createRegistry([mine])
    for (const name of ['mine', 'my_format', 'my_vllm']) expect(registry.getFormat(name)).toBe(mine)
  })

  it('have one id each, and no alias takes the id of another', () => {
    const ids = formats().map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(createRegistry([mine, getFormat('hermes')]).getFormat('hermes')).toBe(getFormat('hermes'))
    expect(() => createRegistry([mine, mine])).toThrow(/two formats have the id "mine"/)
  })

  it('that are unknown are an error that lists near names', () => {
    expect(() => getFormat('hermess')).toThrow(/unknown format "hermess"\. Near names: .*hermes/)
    expect(() => getFormat('toString')).toThrow(RangeError)
    expect(() => createRegistry([mine]).getFormat('zzz')).toThrow(/Formats: mine/)
  })

  it('may be given as values', () => {
    const text = 'Now: <<call {"name": "f", "arguments": {"a": 1}} call>>'
    const { content, toolCalls } = parse(text, { format: mine })
    expect(content).toBe('Now:')
    expect(toolCalls.map(({ name, arguments: args }) => [name, args])).toEqual([['f', { a: 1 }]])
  })
})

describe('I42: a registry is neutral', () => {
  it('what else is registered, and in what order, changes no parse', () => {
    const text = '<think>x</think><tool_call>{"name": "f", "arguments": {}}</tool_call> <<call {"name": "g"} call>>'
    const hermes = getFormat('hermes')
    const results = [[hermes], [mine, hermes], [...formats()].reverse()].map((all) =>
      createRegistry(all).parse(text, { format: 'hermes' }),
    )
    expect(results[0]?.toolCalls).toHaveLength(1)
    expect(new Set(results.map((result) => JSON.stringify(result))).size).toBe(1)
  })
})

describe('defineFormat', () => {
  it.each([
    ['no id', { families: mine.families }, /id must be lower-case/],
    ['an id in capitals', { id: 'Mine', families: mine.families }, /got "Mine"/],
    ['the id auto', { id: 'auto', families: mine.families }, /not "auto"/],
    ['no family', { id: 'mine', families: [] }, /families is empty/],
    [
      'an empty marker',
      { id: 'mine', families: [jsonCalls({ open: [''], close: [] })] },
      /a marker must be a non-empty string/,
    ],
  ])('refuses %s', (_, definition, message) => {
    expect(() => defineFormat(definition as FormatDefinition)).toThrow(message)
  })

  it('gives defaults, and a render that refuses', () => {
    expect(mine.stops).toEqual([])
    expect(mine.wire).toBe('<<call')
    expect(() => render([{ name: 'f', arguments: {} }], { format: mine })).toThrow(RenderError)
  })
})

describe('render', () => {
  it.each([
    ['no name', { name: '', arguments: {} }, /calls\[0\]: a call needs a name/],
    ['a list', { name: 'f', arguments: [] }, /calls\[0\]: arguments must be an object/],
    ['null', { name: 'f', arguments: null }, /calls\[0\]: arguments must be an object/],
  ])('refuses %s', (_, call, message) => {
    expect(() => render([call as never], { format: 'hermes' })).toThrow(message)
    expect(() => render([call as never], { format: 'hermes' })).toThrow(RenderError)
  })

  it.each(['<tool_call>', '</think>', '<|im_end|>', '<|im_start|>assistant\n'])(
    'refuses content that holds %j',
    (marker) => {
      const call = { name: 'f', arguments: {} }
      expect(() => render([call], { format: 'hermes', content: `${marker} text` })).toThrow(RenderError)
    },
  )
})
