import { describe, expect, it } from 'vitest'
import { GLM_MARKERS, GLM_PACKED } from '../../../src/families/pairs/glm-pairs.js'
import type { PairSyntax } from '../../../src/families/pairs/pair-syntax.js'
import { PairTags } from '../../../src/families/pairs/pair-tags.js'
import { taggedOf } from '../../../src/families/pairs/pairs-grammar.js'
import { dsmlGrammar } from '../../../src/families/tagged/dsml.js'
import { QWEN_TAGS } from '../../../src/families/tagged/qwen-tags.js'
import type { TaggedGrammar } from '../../../src/families/tagged/tagged-grammar.js'
import { Cursor, type EndReason } from '../../../src/text/cursor.js'
import { Matcher } from '../../../src/text/matcher.js'
import { TagReader } from '../../../src/text/tag-reader.js'
import { DelimitedScanner } from '../../../src/values/raw/delimited.js'
import { characters, everyCut } from '../../support/run.js'

const STOP = '<|im_end|>'

interface Options {
  json?: boolean
  reason?: EndReason
  /** The keys that may follow. */
  keys?: string[]
  call?: string
  /** Its markers, where keys and values are elements. */
  pairs?: PairSyntax
}

/** What was handed on of a value, what ended it, with the marker that did, and the first marker that could have. */
interface Ended {
  text: string
  ending: string
  marker: string
  /** Index of the marker. */
  at: number
  /** Index of the cursor. */
  cursor: number
  loose: boolean
  endText: string
  ambiguous: string
  /** Close markers too many. */
  surplus: string
  /** A special token ended it in the middle of a line. */
  isBroken: boolean
  holdsTag: boolean
  /** It begins with its own opener once more: and nothing closes that. */
  startsTagged: boolean
  isDoubled: boolean
  /** It holds a close marker that may be its own, and a tag that nothing closes. */
  leavesOpen: boolean
}

function readChunks(grammar: TaggedGrammar, chunks: readonly string[], options: Options): Ended {
  const { json = false, reason = 'stop', keys = ['a'] } = options
  const source = chunks.join('')
  const cursor = new Cursor()
  // As while any call is read.
  cursor.keep()
  const tags = options.pairs === undefined ? new TagReader(grammar.syntax, true) : new PairTags(options.pairs)
  const scanner = new DelimitedScanner(cursor, tags, new Matcher([[STOP, STOP]]), grammar)
  let text = ''
  // What stands before it is none of it: an earlier value, ended by a loose marker behind one that was data.
  const before = '\n</parameter>x</parameter1></function>'
  cursor.push(before)
  const nothing = {
    key: 'a',
    declares: () => false,
    sink: { text: () => undefined },
    json: true,
    mayFollow: () => false,
  }
  scanner.begin(nothing)
  for (let i = 0; i < 3 && !scanner.scan(); i++) cursor.push('\n</function>')
  const base = cursor.base + cursor.window.length
  cursor.at = cursor.window.length
  scanner.begin({
    sink: {
      text(piece, from) {
        if (!source.startsWith(piece, from - base)) throw new Error(`${piece} is not what stands at ${from - base}`)
        text += piece
      },
    },
    key: 'a',
    ...(options.call === undefined ? {} : { call: options.call }),
    declares: (key) => keys.includes(key),
    json,
    mayFollow: (key) => keys.includes(key),
  })
  let done = false
  for (const chunk of chunks) {
    cursor.push(chunk)
    done = scanner.scan()
    if (done) break
  }
  if (!done) {
    cursor.end(reason)
    expect(scanner.scan()).toBe(true)
  }
  const { ending, endFrom, endTo, loose, endText, ambiguousFrom, ambiguousTo, surplusFrom, surplusTo, surplusText } =
    scanner
  if (surplusFrom >= 0) expect(surplusText).toBe(source.slice(surplusFrom - base, surplusTo - base))
  return {
    text,
    ending,
    marker: source.slice(endFrom - base, endTo - base),
    at: endFrom - base,
    cursor: cursor.offset - base,
    loose,
    endText,
    ambiguous: ambiguousFrom < 0 ? '' : source.slice(ambiguousFrom - base, ambiguousTo - base),
    surplus: surplusFrom < 0 ? '' : source.slice(surplusFrom - base, surplusTo - base),
    isBroken: scanner.isBroken,
    holdsTag: scanner.holdsTag,
    startsTagged: scanner.startsTagged,
    isDoubled: scanner.isDoubled,
    leavesOpen: scanner.leavesOpen,
  }
}

function read(grammar: TaggedGrammar, text: string, options: Options): Ended {
  const whole = readChunks(grammar, [text], options)
  for (const chunks of [characters(text), ...everyCut(text)]) {
    expect({ chunks, ...readChunks(grammar, chunks, options) }).toEqual({ chunks, ...whole })
  }
  return whole
}

type Row = [text: string, handed: string, ending: string, marker?: string, more?: Partial<Ended>, options?: Options]

const NOTHING_ODD = { loose: false, ambiguous: '', surplus: '', holdsTag: false, isDoubled: false }

/** As `check`, where nothing else may be told of the value than what its row says. */
function checkAll(grammar: TaggedGrammar, [text, handed, ending, marker = '', more = {}, options = {}]: Row): void {
  expect(read(grammar, text, options)).toMatchObject({ text: handed, ending, marker, ...NOTHING_ODD, ...more })
}

function check(grammar: TaggedGrammar, [text, handed, ending, marker = '', more = {}, options = {}]: Row): void {
  expect(read(grammar, text, options)).toMatchObject({ text: handed, ending, marker, ...more })
}

const P = '</parameter>'
const F = '</function>'
const T = '</tool_call>'

describe('a value of Qwen', () => {
  it.each<Row>([
    [`\nab\n${P}\n${F}`, 'ab', 'parameter-end', P, { at: 4, loose: false, endText: P, ambiguous: '' }],
    [`ab${P}${F}`, 'ab', 'parameter-end', P, { cursor: 14 }],
    [`ab${P}\n<parameter=b>`, 'ab', 'parameter-end', P],
    // What follows is no legal successor, or is none for certain.
    [`ab${P}cd${P}${F}`, `ab${P}cd`, 'parameter-end', P, { ambiguous: P }],
    [`ab${P}  cd${P}${F}`, `ab${P}  cd`, 'parameter-end', P, { ambiguous: P }],
    [`ab${P}<b>${P}${F}`, `ab${P}<b>`, 'parameter-end', P, { ambiguous: P }],
    [`ab${P}${P}${F}`, 'ab', 'parameter-end', P, { ambiguous: '' }],
    [`ab${P} `, 'ab', 'parameter-end', P],
    [`ab${P}\n</func`, 'ab', 'parameter-end', P],
    [`ab${P}`, 'ab', 'parameter-end', P, {}, { reason: 'length' }],
    // Markers of the call and the block.
    [`ab\n${F}\n${T}`, 'ab', 'call-end', F, { at: 3 }],
    [`ab\n${F}\n<function=f>`, 'ab', 'call-end', F],
    [`ab\n${F}\nx${P}${F}`, `ab\n${F}\nx`, 'parameter-end', P, { ambiguous: F }],
    [`ab\n${T}\nx${P}${F}`, `ab\n${T}\nx`, 'parameter-end', P, { ambiguous: T }],
    [`ab\n${T}\n<tool_call>`, 'ab', 'block-end', T],
    [`ab${F}`, 'ab', 'call-end', F],
    [`ab${F}`, `ab${F}`, 'cut', '', {}, { reason: 'length' }],
    [`ab${F}`, `ab${F}`, 'cut', '', {}, { reason: 'abort' }],
    [`ab\ncd${F}`, `ab\ncd${F}`, 'cut'],
    [`ab\ncd\n${F}`, 'ab\ncd', 'call-end', F],
    [`ab\ncd\n${T}`, 'ab\ncd', 'block-end', T],
    // Openers.
    ['ab\n<parameter=a>', 'ab', 'opener', '', { cursor: 3 }],
    ['ab\n<parameter=b>', 'ab\n<parameter=b>', 'cut'],
    ['ab <parameter=a>', 'ab <parameter=a>', 'cut'],
    ['ab\n<function=f>\n', 'ab\n<function=f>', 'cut'],
    ['ab\n<tool_call>\n', 'ab\n<tool_call>', 'cut'],
    // Loose ends.
    [`ab\n</parameter1>\n${F}`, 'ab', 'parameter-end', '</parameter1>', { loose: true, endText: '</parameter1>' }],
    [`ab</parameter1>x${P}${F}`, 'ab</parameter1>x', 'parameter-end', P, { loose: false, ambiguous: '' }],
    // Tags that are none.
    [`a<b${P}${F}`, 'a<b', 'parameter-end', P, { ambiguous: '' }],
    [`<parameter=\n${P}${F}`, '<parameter=', 'parameter-end', P],
    ['ab<', 'ab', 'cut', '', { cursor: 3 }],
    ['ab</para', 'ab', 'cut', '', { cursor: 8 }],
    ['ab', 'ab', 'cut', '', { at: 2, cursor: 2 }],
    ['', '', 'cut'],
    ['a\ud83d', 'a\ud83d', 'cut'],
    ['\ud83d', '\ud83d', 'cut'],
    ['a😀b\ude00', 'a😀b\ude00', 'cut'],
    // Stop tokens: the last thing of the text, or data.
    [`ab${STOP}`, 'ab', 'stop', '', { at: 2, cursor: 2 }],
    [`ab${STOP}\n`, 'ab', 'stop', '', { cursor: 2 }],
    [`ab${STOP}`, 'ab', 'stop', '', {}, { reason: 'length' }],
    [`ab${STOP}x`, `ab${STOP}x`, 'cut'],
    [`ab${STOP}${P}${F}`, `ab${STOP}`, 'parameter-end', P, { ambiguous: '' }],
    ['ab<|im_', 'ab<|im_', 'cut'],
    [`ab${P}${STOP}`, 'ab', 'parameter-end', P, { cursor: 14 }],
    [`ab${P}\n${STOP}\n`, 'ab', 'parameter-end', P, { cursor: 15 }],
    [`ab${P}${STOP}x`, `ab${P}${STOP}x`, 'cut', '', { ambiguous: P }],
    [`ab\n${F}${STOP}`, 'ab', 'call-end', F, { cursor: 14 }],
    [`ab\n${F}${STOP}${P}${F}`, `ab\n${F}${STOP}`, 'parameter-end', P, { ambiguous: F }],
    [`ab\n${F}\n</para`, `ab\n${F}`, 'cut'],
    [`ab${STOP}${STOP}`, `ab${STOP}`, 'stop'],
  ])('%j', (...row) => check(QWEN_TAGS, row))
})

const DSML = dsmlGrammar('tool_calls')
const tag = (name: string) => `<｜DSML｜${name}>`
const end = (name: string) => `</｜DSML｜${name}>`
const DP = end('parameter')
const DI = end('invoke')
const DB = end('tool_calls')
const KEY = tag('parameter name="a" string="true"')
const json: Options = { json: true }

describe('a text of DSML', () => {
  it.each<Row>([
    [`\nab\n${DP}\n${DI}`, '\nab\n', 'parameter-end', DP],
    [`ab${DP}${DP}${DI}`, 'ab', 'parameter-end', DP, { ambiguous: '' }],
    [`ab\n${DI}\n${DB}`, 'ab', 'call-end', DI],
    [`ab\n${DI}\nx`, `ab\n${DI}\nx`, 'cut', '', { ambiguous: DI }],
    [`ab\n${DI}`, `ab\n${DI}`, 'cut'],
    [`ab\n${DI} x${DB}`, `ab\n${DI} x${DB}`, 'cut'],
    [`ab${DI}${DB}`, `ab${DI}${DB}`, 'cut'],
    [`ab\n${KEY}`, 'ab', 'opener'],
    [`ab${KEY}`, `ab${KEY}`, 'cut'],
    [
      `ab${tag('toolcalls')}${end('toolcalls')}${DP}${DI}`,
      `ab${tag('toolcalls')}${end('toolcalls')}`,
      'parameter-end',
      DP,
    ],
    [`{"a": "${DP}${DI}`, '{"a": "', 'parameter-end', DP],
    // A stop token ends the value wherever it stands.
    [`ab${STOP}cd`, 'ab', 'stop', '', { cursor: 2 }],
    [`ab${DP}${STOP}cd`, 'ab', 'parameter-end', DP, { cursor: 2 + DP.length }],
    [`ab\n${DI}${STOP}cd`, 'ab', 'call-end', DI],
    [`ab\n${DB}\n${STOP}cd`, 'ab', 'block-end', DB],
    ['ab<|im_', 'ab<|im_', 'cut'],
    [`ab${DP}<|im_`, `ab${DP}<|im_`, 'cut'],
    [`ab${DP}</｜DS`, 'ab', 'parameter-end', DP],
    [`ab\n${DI}</｜DS`, `ab\n${DI}`, 'cut'],
  ])('%j', (...row) => check(DSML, row))
})

describe('JSON of DSML', () => {
  it.each<Row>([
    [`[1]${DP}x`, '[1]', 'parameter-end', DP, { cursor: 3 + DP.length, endText: DP }],
    [`{"a": "${DP}x"}${DP}x`, `{"a": "${DP}x"}`, 'parameter-end', DP, { ambiguous: '' }],
    [`{"a": "\\"${DP}x"}${DP}x`, `{"a": "\\"${DP}x"}`, 'parameter-end', DP],
    [`{"a": "${DI}${DB}"}${DP}x`, `{"a": "${DI}${DB}"}`, 'parameter-end', DP],
    [`{"a": "${KEY}"}${DP}x`, `{"a": "${KEY}"}`, 'parameter-end', DP],
    [`{"a": "${tag('tool_calls')}"}${DP}x`, `{"a": "${tag('tool_calls')}"}`, 'parameter-end', DP],
    [`[1]${DI}x`, '[1]', 'call-end', DI],
    [`[1]${DB}x`, '[1]', 'block-end', DB],
    [`[1]${KEY}x`, '[1]', 'opener', '', { cursor: 3 }],
    [`[1]${tag('invoke name="f"')}x`, '[1]', 'opener'],
    [`[1]${tag('tool_calls')}x`, '[1]', 'opener'],
    [`[1]${tag('calls')}x`, '[1]', 'opener'],
    [`[1${tag('toolcalls')}]${DP}`, `[1${tag('toolcalls')}]`, 'parameter-end', DP],
    [`[1${end('toolcalls')}]${DP}`, `[1${end('toolcalls')}]`, 'parameter-end', DP],
    // A string that is not closed, before what may follow the close marker, in the next line.
    [`{"a": "b}${DP}\n${DI}`, '{"a": "b}', 'parameter-end', DP],
    [`{"a": "b}${DP}${DI}`, `{"a": "b}${DP}${DI}`, 'cut', '', { ambiguous: '' }],
    [`{"a": "b}${DP} ${DI}"}${DP}`, `{"a": "b}${DP} ${DI}"}`, 'parameter-end', DP],
    [`{"a": "b\n${DI}\n${DB}`, '{"a": "b', 'call-end', DI],
    // No JSON: as a text.
    [`ab${DP}x${DP}${DI}`, `ab${DP}x`, 'parameter-end', DP, { ambiguous: DP }],
    [`ab${tag('toolcalls')}${DP}${DI}`, `ab${tag('toolcalls')}`, 'parameter-end', DP],
    [`${DP}${DI}`, '', 'parameter-end', DP],
    [`[1]${STOP}x`, '[1]', 'stop'],
    [`["${STOP}"]`, '["', 'stop'],
    ['[1', '[1', 'cut'],
  ])('%j', (text, handed, ending, marker = '', more = {}) => check(DSML, [text, handed, ending, marker, more, json]))
})

describe('what damage does to a value of Qwen', () => {
  it.each<Row>([
    [`\n<parameter=a>\nab\n${P}\n${F}`, '', 'opener', '', { isDoubled: true, startsTagged: true }],
    [`<parameter=a>ab${P}${F}`, '', 'opener', '', { isDoubled: true, startsTagged: true }],
    [`<parameter=a>ab${P}${P}${F}`, '', 'opener', '', { isDoubled: true, startsTagged: true }],
    [`<parameter=a>ab\n${P}\n${P}\n${F}`, '', 'opener', '', { isDoubled: true, startsTagged: true }],
    [
      `ab <parameter=a>cd${P} ef${P}${F}`,
      `ab <parameter=a>cd${P} ef`,
      'parameter-end',
      P,
      { ambiguous: P, holdsTag: true },
    ],
    [
      `ab\n<parameter=b>cd${P}\nef\n${P}${F}`,
      `ab\n<parameter=b>cd${P}\nef`,
      'parameter-end',
      P,
      { ambiguous: P, holdsTag: true },
    ],
    [`ab\n<parameter=b>\ncd\n${P}\n${F}`, 'ab\n<parameter=b>\ncd', 'parameter-end', P, { holdsTag: true }],
    [`ab${P}${P}${P}${F}`, 'ab', 'parameter-end', P, { surplus: `${P}${P}` }],
    [`ab${P}\n${P}\n${F}`, 'ab', 'parameter-end', P, { surplus: P }],
    [`${P}${P}${F}`, '', 'parameter-end', P, { surplus: P }],
    [`ab${P}${P}${P}${P}${P}${P}${P}${P}${F}`, 'ab', 'parameter-end', P, { surplus: `${P}${P}${P}${P}${P}${P}${P}` }],
    [
      `ab${P}${P}${P}${P}${P}${P}${P}${P}${P}${F}`,
      `ab${P}${P}${P}${P}${P}${P}${P}${P}`,
      'parameter-end',
      P,
      { ambiguous: P, holdsTag: true },
    ],
    [`ab${P}${P}cd${P}${F}`, `ab${P}${P}cd`, 'parameter-end', P, { ambiguous: P, holdsTag: true }],
    [`ab${P}\n\n${P}${F}`, 'ab', 'parameter-end', P, { surplus: P }],
    ['ab</parameter\n<parameter=a>', 'ab', 'parameter-end', '</parameter', { loose: true }],
    [`ab</parameter\n${F}`, 'ab', 'parameter-end', '</parameter', { loose: true }],
    [`ab</param>\n${F}`, 'ab', 'parameter-end', '</param>', { loose: true }],
    [`ab</PARAMETER>\n${F}`, 'ab', 'parameter-end', '</PARAMETER>', { loose: true }],
    [`ab</ parameter>\n${F}`, 'ab', 'parameter-end', '</ parameter>', { loose: true }],
    [`ab</a>\n${F}`, 'ab', 'parameter-end', '</a>', { loose: true }],
    [`ab</A>\n${F}`, 'ab', 'parameter-end', '</A>', { loose: true }],
    [`ab</value>${F}`, 'ab', 'parameter-end', '</value>', { loose: true }],
    [`ab</arg>${F}`, 'ab', 'parameter-end', '</arg>', { loose: true }],
    [`ab</string>${F}`, 'ab', 'parameter-end', '</string>', { loose: true }],
    [`ab</argument>${F}`, 'ab', 'parameter-end', '</argument>', { loose: true }],
    [`ab</other>${F}`, 'ab</other>', 'call-end', F],
    [`ab</x:value>${F}`, 'ab</x:value>', 'call-end', F],
    [`ab</a>cd${P}${F}`, 'ab</a>cd', 'parameter-end', P],
    [`ab<parameter>${F}`, 'ab', 'parameter-end', '<parameter>', { loose: true }],
    [`ab<parameter>cd${P}${P}${F}`, `ab<parameter>cd${P}`, 'parameter-end', P, { ambiguous: P, holdsTag: true }],
    [`ab<parameter>\n${F}`, 'ab', 'parameter-end', '<parameter>', { loose: true }],
    [`<parameter>ab${P}${F}`, '<parameter>ab', 'parameter-end', P],
    [`ab${P}<parameter=b\n`, `ab${P}<parameter=b`, 'cut', '', { ambiguous: P, holdsTag: true }],
    [`ab${P}\n<parameter=a\ncd`, 'ab', 'parameter-end', P],
    [`ab${P}\n<PARAMETER=a>`, 'ab', 'parameter-end', P],
    [`ab${P}<parameter a>`, 'ab', 'parameter-end', P],
    [`ab${P}\n</FUNCTION>`, 'ab', 'parameter-end', P],
    [`ab${P}</func>`, `ab${P}</func>`, 'cut', '', { ambiguous: P, holdsTag: true }],
    [`ab${P}</tool_cal>`, 'ab', 'parameter-end', P],
    [`ab${P}</f>`, 'ab', 'parameter-end', P],
    [`ab${P}\n<function = f>`, `ab${P}\n<function = f>`, 'cut', '', { ambiguous: P, holdsTag: true }],
    [`ab${P}<entry=a>`, 'ab', 'parameter-end', P],
    [`ab${P}<entry=c>`, `ab${P}<entry=c>`, 'cut', '', { ambiguous: P, holdsTag: true }],
    [
      `<function=f>\n<parameter=a>\nab\n${P}\n${F}\n${P}${F}`,
      `<function=f>\n<parameter=a>\nab\n${P}\n${F}`,
      'parameter-end',
      P,
      { ambiguous: P, holdsTag: true },
    ],
    [
      `see <function=f>\n<parameter=a>\nab\n${P}\n${F}\ncd${P}${F}`,
      `see <function=f>\n<parameter=a>\nab\n${P}\n${F}\ncd`,
      'parameter-end',
      P,
      { ambiguous: P, holdsTag: true },
    ],
    [
      `<tool_call>\n<function=f>\n<parameter=b>\nx\n${P}\n${F}\n${T}\n${P}\n${F}`,
      `<tool_call>\n<function=f>\n<parameter=b>\nx\n${P}\n${F}\n${T}`,
      'parameter-end',
      P,
      { ambiguous: P, holdsTag: true },
    ],
    [
      `see <tool_call> and ${T} ab${P}${F}`,
      `see <tool_call> and ${T} ab`,
      'parameter-end',
      P,
      { ambiguous: T, holdsTag: true },
    ],
    [`<function f>ab${F}cd${P}${F}`, `<function f>ab${F}cd`, 'parameter-end', P, { ambiguous: F, holdsTag: true }],
    [
      `<function name="f">ab${F}\n${T}\n${P}${F}`,
      `<function name="f">ab${F}\n${T}`,
      'parameter-end',
      P,
      { ambiguous: F, holdsTag: true },
    ],
    [`<param name="a">ab</param>cd${P}${F}`, '<param name="a">ab</param>cd', 'parameter-end', P],
    [`<para name="a">ab</para>cd${P}${F}`, '<para name="a">ab</para>cd', 'parameter-end', P],
    [`<pa name="a">ab</pa>cd${P}${F}`, '<pa name="a">ab</pa>cd', 'parameter-end', P],
    [`ab${STOP}cd${P}${F}`, `ab${STOP}cd`, 'parameter-end', P],
    [`ab${P}${STOP}cd${P}${F}`, `ab${P}${STOP}cd`, 'parameter-end', P, { ambiguous: P, holdsTag: true }],
  ])('%j', (text, handed, ending, marker = '', more = {}) =>
    checkAll(QWEN_TAGS, [text, handed, ending, marker, more, { call: 'f' }]),
  )

  it('is over in eight closers, and in a thousand characters of white space', () => {
    const read = (text: string) => readChunks(QWEN_TAGS, [text], {})
    expect(read(`ab${P}${' '.repeat(1000)}${F}`)).toMatchObject({ text: 'ab', ending: 'parameter-end' })
    expect(read(`ab${P}${' '.repeat(1100)}${F}`)).toMatchObject({ ending: 'call-end', ambiguous: P })
  })
})

const GLM = taggedOf(GLM_PACKED)
const V = '</arg_value>'
const C = '</tool_call>'
const KEY_A = '<arg_key>a</arg_key><arg_value>'
const KEY_B = '<arg_key>b</arg_key><arg_value>'

describe('a value of GLM', () => {
  it.each<Row>([
    [`ab${V}${C}`, 'ab', 'parameter-end', V],
    [`ab${V}${KEY_B}`, 'ab', 'parameter-end', V],
    [`ab${V} ${KEY_B}`, 'ab', 'parameter-end', V],
    [`ab${V}cd${V}${C}`, `ab${V}cd`, 'parameter-end', V, { ambiguous: V, holdsTag: true }],
    [`ab${V}${V}${C}`, 'ab', 'parameter-end', V, { surplus: V }],
    [`ab${KEY_B}`, 'ab', 'opener', ''],
    [`ab${KEY_A}cd${V}${C}`, 'ab', 'opener', ''],
    [`ab\n${KEY_A}cd${V}${C}`, 'ab', 'opener', ''],
    [
      `ab <arg_value>cd${V} ef${V}${C}`,
      `ab <arg_value>cd${V} ef`,
      'parameter-end',
      V,
      { ambiguous: V, holdsTag: true },
    ],
    [`<arg_value>ab${V}${C}`, '<arg_value>ab', 'parameter-end', V, { isDoubled: true, startsTagged: true }],
    [
      `<arg_value>ab${V}${V}${C}`,
      `<arg_value>ab${V}`,
      'parameter-end',
      V,
      { ambiguous: V, holdsTag: true, isDoubled: true, startsTagged: true },
    ],
    [`${KEY_A}ab${V}${V}${C}`, '', 'opener', '', { isDoubled: true, startsTagged: true }],
    [`${KEY_A}ab${V}${C}`, '', 'opener', '', { isDoubled: true, startsTagged: true }],
    [`ab<arg_value>${C}`, 'ab', 'parameter-end', '<arg_value>', { loose: true }],
    [`ab<arg_value>${KEY_B}`, 'ab', 'parameter-end', '<arg_value>', { loose: true }],
    [`ab</arg_valu>${C}`, 'ab', 'parameter-end', '</arg_valu>', { loose: true }],
    [`ab</arg_value\n${C}`, 'ab', 'parameter-end', '</arg_value', { loose: true }],
    [`ab</arg_value${KEY_B}`, 'ab', 'parameter-end', '</arg_value', { loose: true }],
    [`ab</value>${C}`, 'ab', 'parameter-end', '</value>', { loose: true }],
    [`ab</a>${KEY_B}`, 'ab', 'parameter-end', '</a>', { loose: true }],
    [`ab</arg_key>${KEY_B}`, 'ab', 'parameter-end', '</arg_key>', { loose: true }],
    [`ab</b>${C}`, 'ab</b>', 'call-end', C],
    [`ab/arg_value>${C}`, 'ab/arg_value>', 'call-end', C],
    [`ab${V}b</arg_key><arg_value>`, 'ab', 'parameter-end', V],
    [`ab${V}<arg_key>b<arg_value>`, 'ab', 'parameter-end', V],
    [`ab${V}<arg_key>b</arg_key>x`, 'ab', 'parameter-end', V],
    [`ab${V}<arg_key b</arg_key><arg_value>`, 'ab', 'parameter-end', V],
    [`ab${V}</tool_cal>`, 'ab', 'parameter-end', V],
    [`ab${V}<tool_call>f${C}`, 'ab', 'parameter-end', V],
    [`ab${V}</call>`, `ab${V}</call>`, 'cut', '', { ambiguous: V, holdsTag: true }],
    [`ab${V}<b>${V}${C}`, `ab${V}<b>`, 'parameter-end', V, { ambiguous: V, holdsTag: true }],
    [
      `<tool_call>f${KEY_A}x${V}${C}ab${V}${C}`,
      `<tool_call>f${KEY_A}x${V}${C}ab`,
      'parameter-end',
      V,
      { ambiguous: V, holdsTag: true },
    ],
    [
      `see <tool_call> and ${C} ab${V}${C}`,
      `see <tool_call> and ${C} ab`,
      'parameter-end',
      V,
      { ambiguous: C, holdsTag: true },
    ],
    [
      `see <tool_call>f${C} ab${V}${C}`,
      `see <tool_call>f${C} ab`,
      'parameter-end',
      V,
      { ambiguous: C, holdsTag: true },
    ],
    [`ab${C}`, 'ab', 'call-end', C],
    [`ab\n${C}`, 'ab', 'call-end', C],
    [`ab${C}cd`, `ab${C}cd`, 'cut', '', { ambiguous: C, holdsTag: true }],
    [`ab\n${C}\n<tool_call>`, `ab\n${C}`, 'cut', '', { ambiguous: C, holdsTag: true }],
    [`ab${STOP}`, 'ab', 'stop', ''],
    [`ab${V}${STOP}`, 'ab', 'parameter-end', V],
    [`ab${V}</tool`, 'ab', 'parameter-end', V],
    [`ab${V}<arg`, 'ab', 'parameter-end', V],
    ['ab</arg', 'ab', 'cut', ''],
  ])('%j', (text, handed, ending, marker = '', more = {}) =>
    checkAll(GLM, [text, handed, ending, marker, more, { keys: ['a', 'b'], pairs: GLM_MARKERS }]),
  )
})
