import { describe, expect, it } from 'vitest'
import { createParser, type Format, formats, parse, render } from '../../src/index.js'
import { type ArgumentTags, swallowsTag } from '../../src/recovery/swallowed-tag.js'
import { type OfferedTool, textOf } from '../damage/shapes.js'
import { OTHER_BRACKETS } from '../damage/tag-ways.js'
import type { Call } from '../promises/format-facts.js'
import { characters, chunkDifference, everyCut } from '../support/run.js'
import { isHard } from '../support/runs.js'

// A value that swallowed the damaged tag of the next argument, or of the next call, is never handed over as whole.

const text = { type: 'string' }
const tool = (name: string, keys: string[], required: string[]): OfferedTool => ({
  name,
  inputSchema: { type: 'object', properties: Object.fromEntries(keys.map((key) => [key, text])), required },
})
/** Most arguments may be missing, so that nothing but the values shows what is wrong. */
const tools = [tool('edit', ['path', 'text', 'mode'], ['path']), tool('run_command', ['command', 'cwd'], ['command'])]
const edit: Call = { name: 'edit', arguments: { path: 'a.txt', text: 'some text', mode: 'fast' } }
const run: Call = { name: 'run_command', arguments: { command: 'ls', cwd: 'src' } }

/** A tag, with the token that MiniMax M3 writes before each. */
const TAG = /(?:\]<\]\w{1,20}\[>\[)?<[/|｜\w][^<>\n]{0,80}>/g

const ways: Record<string, (tag: string) => string> = {
  misspelt: (tag) => tag.replace(/([a-z]{2})[a-z](?=[a-z])/, '$1x'),
  ...OTHER_BRACKETS,
  'without its bracket': (tag) => tag.replace('<', ''),
  'with a line break': (tag) => tag.replace(/(?<=<\w+)[ =]/, '\n'),
  'with its attributes swapped': (tag) => tag.replace(/( \w+="\w+")( \w+="\w+")/, '$2$1'),
  doubled: (tag) => tag + tag,
}

/** What stands before a damaged tag: all that should, or that without the closer directly before it. */
const closers: Record<string, (closer: string) => string> = {
  'its own closer': (closer) => closer,
  'an escaped closer': (closer) => closer.replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
  'no closer': () => '',
}

/** The texts of calls in which a tag is damaged, and what stands before it as well. */
function damaged(format: Format, calls: readonly Call[]): string[] {
  const whole = textOf(format, calls, tools)
  if (whole === undefined) return []
  const tags = [...whole.matchAll(TAG)].map(({ 0: tag, index }) => ({ tag, from: index, to: index + tag.length }))
  const texts = tags.slice(1).flatMap(({ tag, from, to }, i) => {
    const before = tags[i] as (typeof tags)[number]
    // Without all of its tag an argument is the text of the one before it, which is told by a note.
    const isCloser = /\/|:end|close/.test(before.tag)
    return Object.values(closers).flatMap((close) =>
      !isCloser && close !== closers['its own closer']
        ? []
        : Object.values(ways).map(
            (damage) =>
              whole.slice(0, before.from) +
              close(before.tag) +
              whole.slice(before.to, from) +
              damage(tag) +
              whole.slice(to),
          ),
    )
  })
  return [...new Set(texts)].filter((_, i) => isHard || i % 5 === 0)
}

/** Does a complete call of a text hold a piece of another one, or of a tag? */
function swallows(format: Format, calls: readonly Call[], damagedText: string): boolean {
  const { toolCalls } = parse(damagedText, { format, tools })
  const words = new Set(calls.flatMap(({ arguments: args }) => Object.values(args)))
  const isOther = toolCalls.some(({ arguments: args }) =>
    Object.values(args).some((value) => !words.has(String(value).trim())),
  )
  return isOther && textOf(format, toolCalls, tools) !== damagedText
}

const tagged = formats().filter((format) => (textOf(format, [edit], tools)?.match(TAG)?.length ?? 0) > 6)

describe('a value with the damaged tag of another argument or call', () => {
  it('is written by many formats', () => {
    expect(tagged.length).toBeGreaterThan(25)
  })

  it.each(tagged.map((format) => [format.id, format] as const))('is not whole in %s', (_, format) => {
    const calls = [run, edit]
    expect(damaged(format, calls).filter((one) => swallows(format, calls, one))).toEqual([])
  })

  it.each(tagged.map((format) => [format.id, format] as const))('is read the same in any chunks in %s', (_, format) => {
    const texts = damaged(format, [edit])
    const share = texts.filter((_, i) => i % Math.ceil(texts.length / 2) === 0)
    for (const one of share)
      expect(
        chunkDifference(createParser, { format, tools }, one, isHard ? everyCut(one) : [characters(one)]),
      ).toBeUndefined()
  })
})

describe('the tag of an argument in a value', () => {
  const tags: ArgumentTags = { openers: ['parameter'], closer: '</parameter>' }
  const keys = ['path', 'mode']

  it.each([
    'x</parameter>\n<parameter=mode&gt;\nfast',
    'x\n&lt;parameter name="mode"&gt;fast',
    'x [paramter=mode] fast',
    'x\n<parameter string="true" name=mode>fast',
    'x parameter=mode>fast',
    'x</parameter>\n<parameter\nmode>\nfast',
  ])('is swallowed: %s', (raw) => {
    expect(swallowsTag(raw, keys, () => tags)).toBe(true)
  })

  it.each([
    ['closed as well', '&lt;parameter=mode&gt;fast&lt;/parameter&gt;'],
    ['of no declared argument', '<parameter=size&gt;1'],
    ['of a longer name', '<parameter=modes&gt;1'],
    ['another word', '<input name="mode">'],
    ['in code', 'call(parameter="mode") or parameter: mode'],
    ['on another line', 'the parameter\nmode is path-like'],
    ['in prose', 'the parameter mode is path-like, a parameter "mode" too'],
  ])('is data: %s', (_, raw) => {
    expect(swallowsTag(raw, keys, () => tags)).toBe(false)
  })
})

describe('a value that quotes tags', () => {
  const withText = (value: string) =>
    `<tool_call>\n<function=edit>\n<parameter=path>\na.md\n</parameter>\n<parameter=text>\n${value}\n</parameter>\n</function>\n</tool_call>`

  it.each([
    'see <parameter=mode>',
    '&lt;parameter=mode&gt;\nfast\n&lt;/parameter&gt;',
    '<function=edit>\n<parameter=mode>\nfast\n</parameter>\n</function>',
    'a </parameter> alone',
  ])('is whole: %s', (value) => {
    const { toolCalls } = parse(withText(value), { format: 'qwen3-coder', tools })
    expect(toolCalls.map((call) => call.arguments)).toEqual([{ path: 'a.md', text: value }])
  })
})

// The template begins a line behind each tag, and a value that does not may end with its line as well.
it.each([
  ['qwen3-coder', 'tool_call'],
  ['seed-oss', 'seed:tool_call'],
] as const)('a whole tag in a value on the line of its own tag leaves the call malformed in %s', (format, block) => {
  for (const closer of ['', '</para', '&lt;/parameter&gt;']) {
    const call = `<function=edit><parameter=path>a.md${closer}<parameter=mode>fast</parameter></function>`
    const { toolCalls, incomplete } = parse(`<${block}>${call}</${block}>`, { format, tools })
    expect(toolCalls.map((one) => one.arguments)).toEqual([])
    expect(incomplete.map(({ name, status }) => [name, status])).toEqual([['edit', 'malformed']])
  }
})

describe('a call that lacks an argument whose tag one of its values holds', () => {
  const strict = [tool('edit', ['path', 'text', 'mode'], ['path', 'text', 'mode'])]
  const whole = tagged.flatMap((format) => {
    const written = textOf(format, [edit], strict)
    return written === undefined ? [] : [{ format, written }]
  })

  it.each(whole.map((one) => [one.format.id, one] as const))('is not complete in %s', (_, { format, written }) => {
    // Nothing is left between two values but the tag of the second one.
    const [from, to] = [written.indexOf('a.txt') + 'a.txt'.length, written.indexOf('some text')]
    const between = written.slice(from, to)
    const opener = between.slice(between.lastIndexOf('<', between.indexOf('text')))
    const damagedText = written.slice(0, from) + opener + written.slice(to)
    const { toolCalls } = parse(damagedText, { format, tools: strict })
    expect(toolCalls.map((call) => call.arguments)).toEqual(toolCalls.map(() => edit.arguments))
    const cuts = isHard ? everyCut(damagedText) : [characters(damagedText)]
    expect(chunkDifference(createParser, { format, tools: strict }, damagedText, cuts)).toBeUndefined()
  })
})

describe('a value with the damaged tag of an argument that the call does not have', () => {
  const values = (format: Format): string[] => {
    const tags = (textOf(format, [edit], tools) ?? '').match(TAG) ?? []
    return tags.flatMap((tag) => Object.values(ways).map((damage) => `some text${damage(tag)}\nand more`))
  }

  it.each(formats().map((format) => [format.id, format] as const))(
    '%s: is written only where it is read',
    (_, format) => {
      for (const value of values(format)) {
        const call: Call = { name: 'edit', arguments: { path: 'a.txt', text: value } }
        let written: string
        try {
          written = render([call], { format, tools })
        } catch {
          continue
        }
        const { status, toolCalls } = parse(written, { format, tools })
        expect([status, ...toolCalls.map(({ arguments: args }) => args)], written).toEqual(['complete', call.arguments])
      }
    },
  )
})
