import { describe, expect, it } from 'vitest'
import { readSettings } from '../../src/engine/options.js'
import { createParser, type ParserOptions } from '../../src/index.js'

describe('defaults', () => {
  it('are those of the contract', () => {
    expect(readSettings({ format: 'hermes' })).toEqual({
      toolChoice: 'auto',
      startInReasoning: false,
      prompt: undefined,
      callsInReasoning: 'unclosed',
      damaged: 'keep',
      separators: 'drop',
      repair: true,
      coerce: false,
      parallelCalls: true,
      validate: false,
      trust: 'usual',
      generateId: undefined,
      argumentChars: 16 * 1024 * 1024,
      calls: 1024,
      depth: 512,
    })
  })

  it('stand in for undefined', () => {
    const options = { format: 'hermes', repair: undefined, toolChoice: undefined, limits: { calls: undefined } }
    expect(readSettings(options)).toEqual(readSettings({ format: 'hermes' }))
  })
})

describe('wrong options throw where the parser is made, and say what to do', () => {
  const wrong: [string, unknown, RegExp][] = [
    ['no options', undefined, /format/],
    ['no format', {}, /options\.format: missing/],
    ['a word for the start', { format: 'hermes', startInReasoning: 'maybe' }, /startInReasoning: expected .*'detect'/],
    ['a prompt that is none', { format: 'hermes', prompt: 7 }, /options\.prompt: expected the prompt's text/],
    ['a prompt and a start', { format: 'hermes', prompt: '', startInReasoning: true }, /leave startInReasoning out/],
    ['other separators', { format: 'hermes', separators: 'trim' }, /separators: expected 'drop' or 'keep'/],
    ['a number for a format', { format: 5 }, /options\.format: 5 is not a format. Expected an id/],
    ['no value for a format', { format: null }, /options\.format: null is not a format/],
    ['an object that is no format', { format: { id: 'hermes' } }, /options\.format: .* is not a format/],
    ['an unknown format', { format: 'herms' }, /Near names: .*hermes/],
    [
      'an unknown option',
      { format: 'hermes', repairs: true },
      /options\.repairs: no such option\. Options are .*repair/,
    ],
    [
      'a word that trust does not know',
      { format: 'hermes', trust: 'blind' },
      /options\.trust: expected 'usual' or 'cautious'/,
    ],
    ['an unknown limit', { format: 'hermes', limits: { chars: 1 } }, /options\.limits\.chars: no such limit/],
    [
      'a limit of nothing',
      { format: 'hermes', limits: { calls: 0 } },
      /options\.limits\.calls: expected a positive whole number, got 0/,
    ],
    ['half a limit', { format: 'hermes', limits: { depth: 1.5 } }, /options\.limits\.depth/],
    ['limits that are none', { format: 'hermes', limits: 5 }, /options\.limits: expected an object, got 5/],
    [
      'a tool choice',
      { format: 'hermes', toolChoice: 'any' },
      /options\.toolChoice: expected 'auto', 'none'.*got "any"/,
    ],
    ['a tool choice without a name', { format: 'hermes', toolChoice: {} }, /options\.toolChoice/],
    ['a word for a flag', { format: 'hermes', repair: 'yes' }, /options\.repair: expected true or false, got "yes"/],
    ['a flag for a word', { format: 'hermes', damaged: true }, /options\.damaged: expected 'keep' or 'drop', got true/],
    ['an id for its maker', { format: 'hermes', generateId: 'call' }, /options\.generateId: expected a function/],
    [
      'a limit that is no JSON',
      { format: 'hermes', limits: { calls: 5n } },
      /options\.limits\.calls: expected a positive whole number, got bigint/,
    ],
    ['a limit that JSON leaves out', { format: 'hermes', limits: { depth: Symbol('s') } }, /got Symbol\(s\)/],
    ['no tools', { format: 'hermes', tools: 5 }, /tools/],
    ['tools that are none', { format: 'hermes', tools: [{ title: 'f' }] }, /tools\[0\]/],
    ['tools in a string', { format: 'hermes', tools: 'f' }, /tools/],
  ]

  it.each([undefined, null, 5, 'hermes'])('%j for the options', (options) => {
    const expected = `options: expected an object such as { format: 'hermes' }, got ${JSON.stringify(options)}`
    expect(() => readSettings(options as unknown as ParserOptions)).toThrow(new TypeError(expected))
    expect(() => createParser(options as unknown as ParserOptions)).toThrow(TypeError)
  })

  it.each(wrong)('%s', (_, options, message) => {
    expect(() => createParser(options as ParserOptions)).toThrow(message)
  })
})
