import { describe, expect, it } from 'vitest'
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
}

function readChunks(grammar: TaggedGrammar, chunks: readonly string[], options: Options): Ended {
  const { json = false, reason = 'stop', keys = ['a'] } = options
  const source = chunks.join('')
  const cursor = new Cursor()
  const tags = new TagReader(grammar.syntax, true)
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
  const { ending, endFrom, endTo, loose, endText, ambiguousFrom, ambiguousTo } = scanner
  return {
    text,
    ending,
    marker: source.slice(endFrom - base, endTo - base),
    at: endFrom - base,
    cursor: cursor.offset - base,
    loose,
    endText,
    ambiguous: ambiguousFrom < 0 ? '' : source.slice(ambiguousFrom - base, ambiguousTo - base),
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
