import type { ParseEvent } from '../../event/event.js'
import { isHighSurrogate } from '../../text/characters.js'
import type { Cursor } from '../../text/cursor.js'
import type { Matcher } from '../../text/matcher.js'
import type { FastPath, Scanner } from '../../text/step.js'
import { insideJson, isPlain } from '../json/inside-json.js'
import { holdsBigInteger } from '../number/big-integer.js'
import { innerQuote } from './inner-quote.js'
import { commentEnd } from './python-comment.js'
import { pythonNumber, pythonTokenEnd, pythonWord } from './python-number.js'
import { PythonOutput, type PythonSink } from './python-output.js'
import {
  BAD,
  COLON,
  DELIMITER,
  DONE,
  ITEM,
  KEY,
  MORE_STRING,
  STRING,
  type State,
  TOKEN,
  VALUE,
} from './python-states.js'
import { type PythonQuote, pythonQuote, pythonText } from './python-string.js'

const BRACKET = 0x5d
const BRACE = 0x7d
const PAREN = 0x29
const BACKSLASH = 0x5c

/** A longer chunk takes the slow path. */
const LONGEST_PASS = 32

/** `007`, which Python refuses. */
const LEADING_ZEROS = /^(-?)0{1,1000}(?=[1-9]\d{0,1000}$)/

/** No number or literal is longer. */
const LONGEST_TOKEN = 1024

interface Frame {
  readonly close: number
  /** Of a parenthesis that may only group: its place in the output. Else -1. */
  undecided: number
  empty: boolean
}

/**
 * Reads the value of one keyword argument from a cursor, Python or JSON with Python in it, and hands it on as JSON text
 * while it comes; strings stream. It ends before the `,` or `)` that ends the argument, which must be there.
 *
 * Nothing is handed on before the value is known to be a literal, as far as one can tell by its first leaf: a string that
 * opens, or a number or word with its delimiter. So a caller may take the first piece as the sign that a call is one.
 *
 * `scan` returns true when the value is done (`done`), cannot be read on (`bad`), or the text is over.
 *
 * One class in one file on purpose: each step returns to the loop of `scan`, and all of them share the open brackets and
 * the string or word that is being read.
 *
 * @example x=('a', {1: None}) // ["a", {"1": null}]
 */
export class PythonValue implements Scanner, FastPath {
  private state: State = VALUE
  private readonly frames: Frame[] = []
  private readonly out = new PythonOutput()
  private inKey = false
  /** A comma that is written once an item follows. */
  private comma = false
  private opened: PythonQuote | undefined
  /** The last character of the string that is read, and whether a word in quotes was opened in it. */
  private before = ''
  private isInner = false
  /** Offset of a comment that is being read, or -1. */
  private commentFrom = -1
  private commentText = ''
  private token = ''
  private tokenFrom = 0

  /** Where a container stands that is nested too deep, or -1. */
  private deepAt = -1

  constructor(
    private readonly cursor: Cursor,
    private readonly depthLimit: number,
    /** Stop tokens of the model: they end a comment too. */
    private readonly stops: Matcher<string>,
    /** Told where the limit was reached. */
    private readonly tooDeep?: (at: number) => void,
    /** Quotes that are not escaped and numbers like 007 are read, as listed repairs. */
    private readonly lenient = false,
  ) {}

  begin(sink: PythonSink): this {
    this.out.begin(sink, this.cursor.offset)
    this.state = VALUE
    this.frames.length = 0
    this.inKey = this.comma = false
    this.token = ''
    this.commentFrom = -1
    return this
  }

  get done(): boolean {
    return this.state === DONE
  }

  get bad(): boolean {
    return this.state === BAD
  }

  /** The closers of the brackets that are open, outermost first. */
  get closers(): number[] {
    return this.frames.map((frame) => frame.close)
  }

  /** The word that stood last before the place where reading stopped: a quote behind it may be part of it. */
  get lastWord(): string {
    return this.token
  }

  get fastPath(): FastPath | undefined {
    return this.state === STRING && this.out.streams ? this : undefined
  }

  /** Reads a whole chunk inside a string, if it holds neither its quote nor a backslash. */
  pass(text: string): ParseEvent[] | undefined {
    const { length } = text
    const mark = (this.opened as PythonQuote).quote.charCodeAt(0)
    if (length > LONGEST_PASS) return undefined
    let plain = true
    let code = 0xd800
    for (let i = 0; i < length; i++) {
      code = text.charCodeAt(i)
      if (code === mark || code === BACKSLASH) return undefined
      if (!isPlain(code)) plain = false
    }
    // The chunk is empty, or ends inside a surrogate pair.
    if (isHighSurrogate(code)) return undefined
    const { cursor } = this
    const from = cursor.base
    const events = this.out.chunk(plain ? text : insideJson(text), from, from + length)
    if (events === undefined) return undefined
    this.before = text.charAt(length - 1)
    cursor.base = from + length
    return events
  }

  scan(): boolean {
    const { cursor } = this
    const text = cursor.window
    const n = text.length
    let i = cursor.at
    while (i < n && this.state < DONE) {
      const next = this.step(text, i, n)
      if (this.out.isNearLimit) this.out.flush()
      if (next < 0) {
        // Held back: what follows decides.
        i = ~next
        break
      }
      i = next
    }
    if (cursor.ended) i = this.end(i, n)
    cursor.at = i
    this.out.flush()
    // Behind what was read before it, however that was cut.
    if (this.deepAt >= 0) {
      this.tooDeep?.(this.deepAt)
      this.deepAt = -1
    }
    return this.state >= DONE || cursor.ended
  }

  /** The text is over inside the value. */
  private end(i: number, n: number): number {
    if (this.state >= DONE) return i
    if (this.state === MORE_STRING) this.emit('"', i)
    return n
  }

  /** Returns the next index, or the complement of the index from which text is held back. */
  private step(text: string, i: number, n: number): number {
    if (this.state === STRING) return this.string(text, i, n)
    if (this.state === TOKEN) return this.word(text, i, n)
    if (this.commentFrom >= 0) return this.comment(text, i)
    const code = text.charCodeAt(i)
    if (code === 0x23) {
      this.commentFrom = this.cursor.base + i
      this.commentText = ''
      return i
    }
    if (code === 32 || code === 10 || code === 13 || code === 9 || code === 12) return i + 1
    if (this.state === MORE_STRING) return this.moreString(text, i)
    if (this.state === COLON) {
      if (code !== 0x3a) return this.fail(i)
      this.emit(': ', i + 1)
      this.state = VALUE
      return i + 1
    }
    if (this.state === DELIMITER) return this.delimiter(i, code)
    const top = this.frames[this.frames.length - 1]
    if ((this.state === ITEM || this.state === KEY) && code === top?.close) return this.close(i)
    return this.value(text, i, code)
  }

  private comment(text: string, i: number): number {
    const end = commentEnd(text, i, this.stops, this.cursor.ended)
    this.commentText += text.slice(i, end < 0 ? ~end : end)
    if (end < 0) return end
    this.out.comment(this.commentFrom, this.commentText)
    this.commentFrom = -1
    return end
  }

  private value(text: string, i: number, code: number): number {
    this.inKey = this.state === KEY
    if (code === 0x22 || code === 0x27) return this.openString(text, i, false)
    if (code === 0x5b || code === 0x7b || code === 0x28) return this.open(i, code)
    if (!isTokenCode(code)) return this.fail(i)
    this.token = ''
    this.tokenFrom = this.cursor.base + i
    this.state = TOKEN
    return i
  }

  private open(i: number, code: number): number {
    if (this.inKey) return this.fail(i)
    if (this.frames.length >= this.depthLimit) {
      this.deepAt = this.cursor.base + i
      return this.fail(i)
    }
    this.startItem(i)
    const close = code === 0x7b ? BRACE : code === 0x5b ? BRACKET : PAREN
    const undecided = close === PAREN ? this.out.openParenthesis(this.cursor.base + i + 1) : -1
    if (close !== PAREN) this.emit(close === BRACE ? '{' : '[', i + 1)
    this.frames.push({ close, undecided, empty: true })
    this.state = close === BRACE ? KEY : ITEM
    return i + 1
  }

  /** What follows a whole value. */
  private delimiter(i: number, code: number): number {
    const top = this.frames[this.frames.length - 1]
    if (top === undefined) {
      if (code !== 0x2c && code !== PAREN) return this.fail(i)
      this.out.literal = true
      this.state = DONE
      return ~i
    }
    if (code === top.close) {
      this.out.literal = true
      return this.close(i)
    }
    if (code !== 0x2c) return this.fail(i)
    this.out.literal = true
    this.isTuple(top)
    this.comma = true
    this.state = top.close === BRACE ? KEY : ITEM
    return i + 1
  }

  private close(i: number): number {
    const frame = this.frames.pop() as Frame
    this.comma = false
    // Brackets around one value without a comma only group it.
    const groups = frame.undecided >= 0 && !frame.empty
    if (groups) this.out.decide(frame.undecided, 'group')
    else this.isTuple(frame)
    if (!groups) this.emit(frame.close === BRACE ? '}' : ']', i + 1)
    this.state = DELIMITER
    return i + 1
  }

  private isTuple(frame: Frame): void {
    if (frame.undecided >= 0) this.out.decide(frame.undecided, 'tuple')
    frame.undecided = -1
  }

  private startItem(i: number): void {
    const top = this.frames[this.frames.length - 1]
    if (top !== undefined) top.empty = false
    if (this.comma) this.emit(', ', i)
    this.comma = false
  }

  private openString(text: string, i: number, raw: boolean): number {
    const opened = pythonQuote(text, i, this.cursor.ended)
    if (opened === undefined || opened === 'more') return ~i
    this.startItem(i)
    this.emit('"', i + opened.length)
    if (!this.inKey) this.out.literal = true
    this.opened = raw ? { ...opened, raw } : opened
    this.before = ''
    this.isInner = false
    this.state = STRING
    return i + opened.length
  }

  private string(text: string, i: number, n: number): number {
    const { ended } = this.cursor
    for (let end = Math.min(n, i + this.out.stringRoom); ; end++) {
      const isAll = end >= n
      const read = pythonText(isAll ? text : text.slice(0, end), i, this.opened as PythonQuote, ended && isAll, 'stops')
      if (read.stopped === true) {
        this.emit(read.json, i + read.length)
        return this.fail(i + read.length)
      }
      // The piece that fits ends inside an escape.
      if (read.length === 0 && !isAll) continue
      const next = i + read.length
      if (read.closed && this.lenient && (this.opened as PythonQuote).quote.length === 1) {
        const at = this.inner(text, i, next - 1, read.json)
        if (at !== 'closes') return at
      }
      if (read.length > 0) this.before = text.charAt(next - 1)
      // The closing quote is written when nothing goes on with the string.
      this.emit(read.json, read.closed ? next - (this.opened as PythonQuote).quote.length : next)
      if (read.closed) this.state = MORE_STRING
      return next < n && isAll && !read.closed ? ~next : next
    }
  }

  /** A quote that may be data, at index `at`: reads it if it is. */
  private inner(text: string, i: number, at: number, json: string): number | 'closes' {
    const before = at > i ? text.charAt(at - 1) : this.before
    const meaning = innerQuote(text, at, before, this.isInner, this.cursor.ended)
    if (meaning === 'closes') return meaning
    this.emit(json, at)
    if (meaning === 'unknown') return this.fail(at)
    this.before = before
    if (meaning === 'more') return ~at
    const quote = text.charAt(at)
    const from = this.cursor.base + at
    this.emit(insideJson(quote), at + 1)
    this.out.repair('unescaped-quotes', from, from + 1, quote, `\\${quote}`)
    this.before = quote
    if (meaning !== 'apostrophe') this.isInner = meaning === 'opens'
    return at + 1
  }

  /** Behind a closing quote and white space: another string goes on with this one. */
  private moreString(text: string, i: number): number {
    const opened = pythonQuote(text, i, this.cursor.ended)
    if (opened === 'more') return ~i
    if (opened !== undefined) {
      // In a list nobody knows whether a comma is missing.
      if (this.frames[this.frames.length - 1]?.close === BRACKET) return this.fail(i)
      this.opened = opened
      this.before = ''
      this.state = STRING
      return i + opened.length
    }
    this.emit('"', i)
    this.state = this.inKey ? COLON : DELIMITER
    this.token = ''
    return i
  }

  private word(text: string, i: number, n: number): number {
    let end = i
    while (end < n && isTokenCode(text.charCodeAt(end))) end++
    this.token += text.slice(i, end)
    if (this.token.length > LONGEST_TOKEN) return this.fail(end)
    return end < n ? this.endToken(text, end) : end
  }

  private endToken(text: string, i: number): number {
    const { token } = this
    const code = text.charCodeAt(i)
    if (code === 0x22 || code === 0x27) {
      // r'…' and u'…'; bytes and f-strings are no literals.
      if (token.length > 1 || !'rRuU'.includes(token)) return this.fail(i)
      const next = this.openString(text, i, token === 'r' || token === 'R')
      if (next >= 0) this.token = ''
      return next
    }
    const whole = pythonTokenEnd(token, 0, true) === token.length
    let json = whole ? (pythonWord(token) ?? pythonNumber(token)) : undefined
    if (json === undefined && this.lenient && !this.inKey && LEADING_ZEROS.test(token)) {
      json = token.replace(LEADING_ZEROS, '$1')
      this.out.repair('leading-zeros', this.tokenFrom, this.tokenFrom + token.length, token, json)
    }
    if (json === undefined) return this.fail(i)
    this.startItem(i - token.length)
    this.emit(this.inKey ? JSON.stringify(json) : json, i)
    if (!this.inKey && holdsBigInteger(json)) this.out.bigInteger(this.tokenFrom, this.cursor.base + i)
    this.token = ''
    this.state = this.inKey ? COLON : DELIMITER
    return i
  }

  /** JSON text that was read from what stands before `i`. */
  private emit(text: string, i: number): void {
    this.out.emit(text, this.cursor.base + i)
  }

  private fail(i: number): number {
    this.state = BAD
    return ~i
  }
}

/** May this character be part of a number or a word? */
function isTokenCode(code: number): boolean {
  return (
    (code >= 0x30 && code <= 0x39) ||
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    code === 0x5f ||
    code === 0x2e ||
    code === 0x2d ||
    code === 0x2b ||
    code >= 0x80
  )
}
