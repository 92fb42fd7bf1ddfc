import { describe, expect, it } from 'vitest'
import { GLM_MARKERS } from '../../../src/families/pairs/glm-pairs.js'
import { HUNYUAN_MARKERS } from '../../../src/families/pairs/hunyuan-pairs.js'
import type { PairSyntax } from '../../../src/families/pairs/pair-syntax.js'
import { PairTags } from '../../../src/families/pairs/pair-tags.js'
import { WAIT } from '../../../src/text/cursor.js'
import type { Tag } from '../../../src/text/tag.js'

/** A tag in a line: `parameter a@9-10 :string broken +31`. */
function shown(tag: Tag | undefined | typeof WAIT): string {
  if (tag === WAIT) return 'wait'
  if (tag === undefined) return 'none'
  const { kind, name, nameFrom, nameTo, type, broken, length } = tag
  const named = name === undefined ? '' : `${name}@${nameFrom}-${nameTo}`
  return [kind, named, type === undefined ? '' : `:${type}`, broken ? 'broken' : '', `+${length}`]
    .filter((part) => part !== '')
    .join(' ')
}

/** The tag that stands at the beginning of a text, and how much of the text tells: less of it may become one. */
function tagOf(syntax: PairSyntax, text: string): [tag: string, told: number] {
  const ask = (asked: string, start = 0) => shown(new PairTags(syntax).at(asked, start))
  const tag = ask(text)
  let told = 1
  while (told < text.length && ask(text.slice(0, told)) === 'wait') told++
  for (let i = told; i <= text.length; i++) expect(ask(text.slice(0, i))).toBe(tag)
  // Wherever it stands, and however often it is asked for.
  const tags = new PairTags(syntax)
  expect([shown(tags.at(`<a>${text}`, 3)), shown(tags.at(`<a>${text}`, 3))]).toEqual([tag, tag])
  return [tag, told]
}

const letters = (length: number) => 'x'.repeat(length)
const blanks = (length: number) => ' '.repeat(length)

describe('tags of elements', () => {
  it.each<[text: string, tag: string, told: number]>([
    // A name, and what only a call has behind it.
    ['<tool_call>f<arg_key>', 'call f@11-12 +12', 21],
    ['<tool_call>f</tool_call>', 'call f@11-12 +12', 24],
    ['<tool_call> f \n<arg_key>', 'call f@12-13 +13', 24],
    ['<tool_call>\nf\n</tool_call>', 'call f@12-13 +13', 26],
    ['<tool_call>a.b-c:0</tool_call>', 'call a.b-c:0@11-18 +18', 30],
    [`<tool_call>${letters(256)}<arg_key>`, `call ${letters(256)}@11-267 +267`, 276],
    ['<tool_call>f<b>', 'call f@11-12 broken +12', 14],
    ['<tool_call>f x', 'call f@11-12 broken +12', 14],
    ['<tool_call>f{', 'call f@11-12 broken +12', 13],
    ['<tool_call>f(a', 'call f@11-12 broken +12', 13],
    ['<tool_call>f="', 'call f@11-12 broken +12', 13],
    ['<tool_call>f\\n<arg_key>', 'call f\\n@11-14 broken +14', 23],
    [`<tool_call>${letters(257)}<arg_key>`, `call ${letters(256)}@11-267 broken +267`, 268],
    ['<tool_call>{"a"', 'call broken +11', 12],
    ['<tool_call>[', 'call broken +11', 12],
    ['<tool_call>"f"', 'call broken +11', 12],
    ['<tool_call></tool_call>', 'call broken +11', 12],
    // A key, its closer, and the opener of the value.
    ['<arg_key>a</arg_key><arg_value>x', 'parameter a@9-10 +31', 31],
    ['<arg_key> a \n</arg_key>\n<arg_value>x', 'parameter a@10-11 +35', 35],
    ['<arg_key>a b</arg_key><arg_value>x', 'parameter a b@9-12 +33', 33],
    [`<arg_key>${letters(256)}</arg_key><arg_value>x`, `parameter ${letters(256)}@9-265 +286`, 286],
    [`<arg_key>a</arg_key>${blanks(64)}<arg_value>x`, 'parameter a@9-10 +95', 95],
    ['<arg_key>a\nb</arg_key><arg_value>x', 'parameter broken +9', 12],
    ['<arg_key>a></arg_key>', 'parameter broken +9', 11],
    ['<arg_key></arg_key><arg_value>x', 'parameter broken +30', 30],
    ['<arg_key>a</arg_key>x', 'parameter broken +9', 21],
    ['<arg_key>a</arg_kex', 'parameter broken +9', 19],
    ['<arg_key>a<b', 'parameter broken +9', 12],
    [`<arg_key>${letters(257)}</arg_key><arg_value>x`, 'parameter broken +9', 266],
    [`<arg_key>a</arg_key>${blanks(65)}<arg_value>x`, 'parameter broken +9', 85],
    // Markers alone.
    ['</tool_call>x', 'call-end +12', 12],
    ['</arg_value>x', 'parameter-end +12', 12],
    ['<arg_value>x', 'parameter +11', 11],
    ['</arg_key>x', 'none', 7],
    ['<tool_calx', 'none', 10],
    ['<b', 'none', 2],
    ['x', 'none', 1],
    // Cut ones.
    ['<', 'wait', 1],
    ['<tool_cal', 'wait', 9],
    ['<tool_call>f', 'wait', 12],
    ['<tool_call>f<arg_', 'wait', 17],
    ['<arg_key>a</arg_key><arg_val', 'wait', 28],
  ])('%j', (text, tag, told) => {
    expect(tagOf(GLM_MARKERS, text)).toEqual([tag, told])
  })
})

describe('tags with a marker behind the name', () => {
  it.each<[text: string, tag: string, told: number]>([
    ['<tool_call>f<tool_sep><arg_key>', 'call f@11-12 +22', 31],
    ['<tool_call>f<tool_sep>\n<arg_key>', 'call f@11-12 +22', 32],
    ['<tool_call>f\n<tool_sep>\n</tool_call>', 'call f@11-12 +23', 36],
    ['<tool_call>f<arg_key>', 'call f@11-12 +12', 21],
    ['<tool_call>f<tool_sep>x', 'call f@11-12 broken +22', 23],
    ['<tool_call>f<tool_s', 'wait', 19],
  ])('%j', (text, tag, told) => {
    expect(tagOf({ ...GLM_MARKERS, nameEnd: '<tool_sep>' }, text)).toEqual([tag, told])
  })
})

const TYPED: PairSyntax = {
  block: ['<c>', '</c>'],
  call: ['<t>', '</t>'],
  key: ['<k>', '</k>'],
  type: ['<y>', '</y>'],
  value: ['<v>', '</v>'],
}

describe('tags with a type before the value', () => {
  it.each<[text: string, tag: string, told: number]>([
    ['<c>x', 'block +3', 3],
    ['</c>x', 'block-end +4', 4],
    ['<t>f<k>', 'call f@3-4 +4', 7],
    ['<k>a</k><v>1', 'parameter a@3-4 +11', 11],
    ['<k>a</k><y>string</y><v>1', 'parameter a@3-4 :string +24', 24],
    ['<k>a</k> <y> array[string] </y> <v>1', 'parameter a@3-4 :array +35', 35],
    ['<k>a</k><y></y><v>1', 'parameter a@3-4 : +18', 18],
    [`<k>a</k><y>${letters(64)}</y><v>1`, `parameter a@3-4 :${letters(64)} +82`, 82],
    [`<k>a</k><y>${letters(65)}</y><v>1`, 'parameter broken +3', 76],
    ['<k>a</k><y>string<v>1', 'parameter broken +3', 19],
    ['<k>a</k></y><v>1', 'parameter broken +3', 10],
    ['<k>a</k><y>str', 'wait', 14],
  ])('%j', (text, tag, told) => {
    expect(tagOf(TYPED, text)).toEqual([tag, told])
  })
})

const OPEN: PairSyntax = {
  call: ['<|call|>', '<|end|>'],
  key: ['<|key|>', '<|value|>'],
  value: ['', '<|stop|>'],
}

describe('tags whose key is closed by what opens the value', () => {
  it.each<[text: string, tag: string, told: number]>([
    ['<|call|>f<|key|>', 'call f@8-9 +9', 16],
    ['<|key|>a<|value|>x', 'parameter a@7-8 +17', 17],
    ['<|value|>x', 'parameter +9', 9],
    ['<|stop|>x', 'parameter-end +8', 8],
    ['<|key|>a<|stop|>x', 'parameter broken +7', 11],
    ['<|key|><|value|>x', 'parameter broken +16', 16],
  ])('%j', (text, tag, told) => {
    expect(tagOf(OPEN, text)).toEqual([tag, told])
  })
})

describe('tags that end with a suffix, which the first one shows', () => {
  it.each<[text: string, tag: string, told: number]>([
    ['<tool_calls:one>x', 'block +16', 16],
    ['<tool_calls>x', 'block +12', 12],
    ['</tool_call:one-_9Z>x', 'call-end +20', 20],
    ['<tool_call:one>f<arg_key:one>', 'call f@15-16 +16', 29],
    ['<arg_key:one>a</arg_key:one><arg_value:one>x', 'parameter a@13-14 +43', 43],
    [`<tool_calls:${letters(32)}>x`, 'block +45', 45],
    [`<tool_calls:${letters(33)}>x`, 'none', 45],
    ['<tool_calls:a b>x', 'none', 14],
    ['<tool_calls x', 'none', 12],
    ['<tool_calls:on', 'wait', 14],
  ])('%j', (text, tag, told) => {
    expect(tagOf(HUNYUAN_MARKERS, text)).toEqual([tag, told])
  })

  it('are written with it from then on, and read with no other', () => {
    const tags = new PairTags(HUNYUAN_MARKERS)
    expect(tags.closeOf('tool_call')).toBe('</tool_call>')
    tags.suffix = ':one'
    expect([tags.openOf('tool_call', 'f'), tags.openOf('arg_value', 'a'), tags.openOf('tool_calls')]).toEqual([
      '<tool_call:one>f',
      '<arg_key:one>a</arg_key:one><arg_value:one>',
      '<tool_calls:one>',
    ])
    expect(['tool_call', 'arg_value', 'tool_calls'].map((word) => tags.closeOf(word))).toEqual([
      '</tool_call:one>',
      '</arg_value:one>',
      '</tool_calls:one>',
    ])
    expect([shown(tags.at('</tool_call:one>', 0)), shown(tags.at('</tool_call:two>', 0))]).toEqual([
      'call-end +16',
      'none',
    ])
    tags.suffix = undefined
    expect(shown(tags.at('</tool_call:two>', 0))).toBe('call-end +16')
  })
})

describe('what only continues the tag in which a text ends', () => {
  it.each<[text: string, more: string, taken: boolean]>([
    ['<tool_call>f', 'oo.bar', true],
    ['<tool_call>f', 'oo<', false],
    ['<tool_call>f', ' ', false],
    ['<tool_call>f', letters(243), true],
    ['<tool_call>f', letters(244), false],
    ['<tool_call>f<arg', '_k', true],
    ['<tool_call>f<arg', '_key>', false],
    ['<tool_call>f<arg', 'x', false],
    ['<arg_key>a</arg_key><arg', '_val', true],
    ['<arg_key>ke', 'y', true],
    ['</tool', '_ca', true],
    ['</tool', '_x', false],
  ])('%j: %j, taken: %s', (text, more, taken) => {
    const tags = new PairTags(GLM_MARKERS)
    expect(tags.at(text, 0)).toBe(WAIT)
    expect(tags.holdBack?.absorbs(more) ?? false).toBe(taken)
    if (taken) expect(tagOf(GLM_MARKERS, text + more)[0]).toBe('wait')
  })

  it('is not known in white space, and behind a whole tag', () => {
    const tags = new PairTags(GLM_MARKERS)
    expect(tags.at('<tool_call>f ', 0)).toBe(WAIT)
    expect(tags.holdBack).toBeUndefined()
    tags.at('</tool_call>', 0)
    expect(tags.holdBack).toBeUndefined()
  })
})
