import { describe, expect, it } from 'vitest'
import { GLM_MARKERS } from '../../../src/families/pairs/glm-pairs.js'
import { HUNYUAN_MARKERS } from '../../../src/families/pairs/hunyuan-pairs.js'
import type { PairSyntax } from '../../../src/families/pairs/pair-syntax.js'
import { PairTags } from '../../../src/families/pairs/pair-tags.js'
import { WAIT } from '../../../src/text/cursor.js'
import type { NearTag } from '../../../src/text/tags.js'

/** A damaged tag in a line: `parameter end a@9-10 +31 doubtful`, or the word of another one in quotes. */
function shown(near: NearTag | undefined | typeof WAIT): string {
  if (near === WAIT) return 'wait'
  if (near === undefined) return 'none'
  const { kind, word, isEnd, name, nameFrom, nameTo, length, isDoubtful } = near
  const named = name === undefined ? '' : `${name}@${nameFrom}-${nameTo}`
  return [kind ?? `"${word}"`, isEnd ? 'end' : '', named, `+${length}`, isDoubtful ? 'doubtful' : '']
    .filter((part) => part !== '')
    .join(' ')
}

/** What stands at the beginning of a text that ends there; no beginning of it is taken for anything else for certain. */
function nearOf(pairs: PairSyntax, text: string, suffix = ''): string {
  const ask = (asked: string, ended: boolean) => {
    const tags = new PairTags(pairs)
    tags.suffix = suffix
    return shown(tags.near.at(asked, 0, ended))
  }
  const near = ask(text, true)
  for (let i = 0; i <= text.length; i++) expect([near, 'wait']).toContain(ask(text.slice(0, i), false))
  return near
}

const VALUE = '</arg_key><arg_value>x'

describe('the header of a parameter of which one marker is damaged', () => {
  it.each([
    // What stands where the key opens.
    [`<arg_key>a${VALUE}`, 'parameter a@9-10 +31'],
    [`a${VALUE}`, 'parameter a@0-1 +22'],
    [`\n a${VALUE}`, 'parameter a@2-3 +24'],
    [`arg_key>a${VALUE}`, 'parameter a@8-9 +30'],
    [`<arg_key a${VALUE}`, 'parameter a@9-10 +31'],
    [`<arg_keya${VALUE}`, 'parameter a@8-9 +30'],
    [`<ARG_KEYa${VALUE}`, 'parameter a@8-9 +30'],
    [`<key>a${VALUE}`, 'parameter a@5-6 +27'],
    [`<b>a${VALUE}`, 'parameter a@3-4 +25'],
    [`<tool_call>a${VALUE}`, 'parameter a@11-12 +33'],
    [`<arg_key><arg_key>a${VALUE}`, 'parameter a@18-19 +40'],
    [`<arg_key> arg_key ${VALUE}`, 'parameter arg_key@10-17 +39'],
    // Markers of their own.
    [`<arg_value>a${VALUE}`, 'parameter +11'],
    [`</tool_call>a${VALUE}`, 'call end +12'],
    // What stands where it closes.
    ['<arg_key>a<arg_value>x', 'parameter a@9-10 +21'],
    ['<arg_key>a\n<arg_value>x', 'parameter a@9-10 +22'],
    ['<arg_key>a</arg_key<arg_value>x', 'parameter a@9-10 +30'],
    ['<arg_key>a</key><arg_value>x', 'parameter a@9-10 +27'],
    ['<arg_key>a/arg_key><arg_value>x', 'parameter a@9-10 +30'],
    [`<arg_key>a</arg_key>${VALUE}`, 'parameter a@9-10 +41'],
    ['<arg_key>a</arg_value><arg_value>x', 'none'],
    // What stands where the value opens.
    ['<arg_key>a</arg_key>x', 'parameter a@9-10 +20'],
    ['<arg_key>a</arg_key>\nx', 'parameter a@9-10 +21'],
    ['<arg_key>a</arg_key>\r\nx', 'parameter a@9-10 +22'],
    ['<arg_key>a</arg_key>\\nx', 'parameter a@9-10 +22'],
    ['<arg_key>a</arg_key> x', 'parameter a@9-10 +20'],
    ['<arg_key>a</arg_key>\\n<arg_value>x', 'parameter a@9-10 +33'],
    ['<arg_key>a</arg_key>arg_value>x', 'parameter a@9-10 +30'],
    ['<arg_key>a</arg_key><arg_value x', 'parameter a@9-10 +30'],
    ['<arg_key>a</arg_key><arg_valuex', 'parameter a@9-10 +30'],
    ['<arg_key>a</arg_key><ARG_VALUE>x', 'parameter a@9-10 +31'],
    // It is not known where the value begins.
    ['<arg_key>a</arg_key><arg_value type="b">x', 'parameter a@9-10 +40 doubtful'],
    ['<arg_key>a</arg_key></arg_value>x', 'parameter a@9-10 +20 doubtful'],
    ['<arg_key>a</arg_key><b>x', 'parameter a@9-10 +20 doubtful'],
    ['<arg_key>a</arg_key><arg_value><arg_value>x', 'parameter a@9-10 +31 doubtful'],
    ['<arg_key>a</arg_key><arg_key>x', 'parameter a@9-10 +20 doubtful'],
    // Two markers of three are damaged, or the key is none.
    ['<arg_key>a</arg_keyx', 'none'],
    ['a</arg_key>x', 'none'],
    ['<b>a</arg_key>x', 'none'],
    [`a b${VALUE}`, 'none'],
    [`"a"${VALUE}`, 'none'],
    [VALUE, 'parameter end +10'],
    ['words <b>', 'none'],
  ])('%j', (text, near) => {
    expect(nearOf(GLM_MARKERS, text)).toBe(near)
  })
})

describe('one marker that is damaged', () => {
  it.each([
    ['</tool_call>', 'call end +12'],
    ['</tool_cal>x', 'call end +11'],
    ['</tool_call', 'call end +11'],
    ['/tool_call>x', 'call end +11'],
    ['\\n</tool_call>', 'call end +14'],
    ['</TOOL_CALL>x', 'call end +12'],
    ['</ tool_call>x', 'call end +13'],
    // Without its slash it opens a call, if words follow.
    ['<tool_call>', 'call +11'],
    ['<tool_call> <', 'call +11'],
    ['<tool_call>f', 'none'],
    ['<TOOL_CALL>x', 'none'],
    ['tool_call>x', 'none'],
    ['</arg_value>x', 'parameter end +12'],
    ['</arg_valu>x', 'parameter end +11'],
    ['</arg_value', 'parameter end +11'],
    ['/arg_value>x', 'parameter end +11'],
    ['<arg_value>x', 'parameter +11'],
    ['arg_value>x', 'none'],
    // The marker of a key is one only before another tag.
    ['</arg_key>x', 'none'],
    ['</arg_key> <', 'parameter end +10'],
    ['<arg_key>x', 'none'],
    // Other tags close, and do not open.
    ['</b>', '"b" end +4'],
    ['</b >', '"b" end +5'],
    ['< /b>', '"b" end +5'],
    ['<b>', 'none'],
    ['words', 'none'],
    ['  ', 'none'],
    ['<', 'none'],
  ])('%j', (text, near) => {
    expect(nearOf(GLM_MARKERS, text)).toBe(near)
  })
})

/** The closer of a key opens its value. */
const OPEN: PairSyntax = {
  call: ['<|tool_call:start|>', '<|tool_call:end|>'],
  key: ['<|tool_arg:start|>', '<|tool_arg:value|>'],
  value: ['', '<|tool_arg:end|>'],
}

describe('markers of another format', () => {
  it.each([
    ['<|tool_arg:start|>a<|tool_arg:value|>x', 'parameter a@18-19 +37'],
    ['a<|tool_arg:value|>x', 'parameter a@0-1 +19'],
    ['<|tool_arg:start|>a<|tool_arg:value>x', 'parameter a@18-19 +36'],
    ['<|tool_arg:start>a<|tool_arg:value|>x', 'parameter a@17-18 +36'],
    ['<|tool_arg:start|a<|tool_arg:value|>x', 'parameter a@17-18 +36'],
    ['<|tool_arg:start|>a<|tool_arg:value|><|tool_arg:value|>x', 'parameter a@18-19 +55'],
    ['<|tool_arg:start|>ax', 'none'],
    ['<|tool_arg:start|>a<|tool_arg:end|>x', 'none'],
    ['<|tool_arg:end>x', 'parameter end +15'],
    ['<tool_arg:end>x', 'parameter end +14'],
    ['<|tool_call:end>x', 'call end +16'],
    ['|tool_call:end|>x', 'call end +16'],
    ['<|tool_call:start>x', 'none'],
  ])('%j', (text, near) => {
    expect(nearOf(OPEN, text)).toBe(near)
  })

  it.each([
    ['<tool_calls>x', 'block +12'],
    ['</tool_calls>x', 'block end +13'],
    ['</tool_call>x', 'call end +12'],
    ['<arg_key:one>a</arg_key:one>x', 'parameter a@13-14 +28'],
    ['<arg_key>a</arg_key:one><arg_value:one>x', 'parameter a@9-10 +39'],
    ['</calls>x', '"calls" end +8'],
  ])('%j, where they end with a suffix', (text, near) => {
    expect(nearOf(HUNYUAN_MARKERS, text, ':one')).toBe(near)
  })
})

describe('what may close the value of a key', () => {
  it.each<[text: string, key: string, near: string, more?: 'wait']>([
    ['</a>x', 'a', '"a" end +4'],
    ['</B>x', 'b', '"B" end +4'],
    ['< /a>x', 'a', '"a" end +5'],
    ['</ a>x', 'a', '"a" end +5'],
    ['< / a>x', 'a', '"a" end +6'],
    ['</arg_value>x', 'k', 'parameter end +12'],
    ['</arg_value', 'a', 'parameter end +11', 'wait'],
    ['< arg_value>x', 'a', 'parameter +12'],
    ['</value>x', 'k', '"value" end +8'],
    ['</param>x', 'k', '"param" end +8'],
    ['</string>x', 'k', '"string" end +9'],
    ['</arg_key> <', 'a', 'parameter end +10'],
    ['</arg_key>x', 'a', 'none'],
    // Most brackets in code do not.
    ['</b>x', 'a', 'none'],
    ['</tool_call>x', 'a', 'none'],
    ['<a>x', 'a', 'none'],
    ['<b', 'b', 'none'],
    ['/arg_value>', 'a', 'none'],
    ['</', 'a', 'none', 'wait'],
    ['<', 'a', 'none', 'wait'],
  ])('%j of %s', (text, key, near, more) => {
    const closer = (ended: boolean) => shown(new PairTags(GLM_MARKERS).near.closer(text, 0, ended, key))
    expect([closer(true), closer(false)]).toEqual([near, more ?? near])
  })
})
