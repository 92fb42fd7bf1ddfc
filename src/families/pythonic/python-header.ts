import { Cursor, END, WAIT } from '../../text/cursor.js'
import { pythonWord } from '../../values/python/python-number.js'

/** Longer headers, white space included, open nothing: what is held back stays short. */
const LONGEST_HEADER = 400

/** Literal words (`False`) are shorter. */
const LONGEST_WORD = 6

/** The beginning of a call, `[name(`, and what stands behind its parenthesis. Offsets are into the whole text. */
export interface CallHeader {
  readonly name: string
  readonly nameFrom: number
  readonly nameTo: number
  /** Behind the parenthesis. */
  readonly argumentsFrom: number
  readonly behind: Behind
}

/**
 * `close`: the closing parenthesis. `keyword`: `ident =`. `value`: what may be a positional argument, a literal. `end`: the text
 * ended. `unseen`: it was not examined.
 */
type Behind = 'close' | 'keyword' | 'value' | 'end' | 'unseen'

const BEFORE_BRACKET = 0
const BEFORE_NAME = 1
const PART = 2
const NAME = 3
const BEFORE_PAREN = 4
const BEHIND_PAREN = 5
const IDENT = 6
const BEHIND_IDENT = 7
const BEHIND_EQUALS = 8

/**
 * Looks for the header of a call, `[ name (` or `name (`, without reading it. Goes on where it stopped when it is asked
 * again, so that a header that comes by single characters costs no more.
 *
 *     name = part { "." part }      part = letter or "_", then letters, digits, "_", "-"
 */
export class HeaderScan {
  private from = -1
  private next = 0
  private state = BEFORE_BRACKET
  private nameFrom = 0
  private nameTo = 0
  private parenAt = 0
  /** The word behind the parenthesis: a keyword, or a literal. */
  private word = ''
  /** Offset of the character that stood where the name should begin, after a miss. */
  missedAt = -1

  constructor(private readonly cursor: Cursor) {}

  /**
   * The header that begins at the cursor; undefined for none, `WAIT`, or `END` where the text ended inside the name.
   * `bracketed`: it begins with `[`. `deep`: what stands behind the parenthesis is looked at too.
   */
  peek(bracketed: boolean, deep: boolean): CallHeader | undefined | typeof WAIT | typeof END {
    const { cursor } = this
    if (this.from !== cursor.offset) {
      this.from = this.next = cursor.offset
      this.state = bracketed ? BEFORE_BRACKET : BEFORE_NAME
    }
    const { window, base } = cursor
    const limit = this.from - base + LONGEST_HEADER
    for (let i = this.next - base; i < limit; i++) {
      if (i >= window.length) {
        this.next = base + i
        if (!cursor.ended) return WAIT
        if (this.state <= BEFORE_NAME) return this.result(undefined)
        if (this.state <= BEFORE_PAREN) return END
        return this.result(this.state === BEHIND_EQUALS ? 'keyword' : 'end')
      }
      if (this.state === BEFORE_NAME) this.missedAt = base + i
      const behind = this.step(window.charCodeAt(i), base + i)
      if (behind !== 'more') return this.result(behind)
      if (!deep && this.state === BEHIND_PAREN) return this.result('unseen')
    }
    return this.result(undefined)
  }

  private result(behind: Behind | undefined): CallHeader | undefined {
    this.from = -1
    if (behind === undefined) return undefined
    const { nameFrom, nameTo, parenAt } = this
    const { window, base } = this.cursor
    const name = window.slice(nameFrom - base, nameTo - base)
    return { name, nameFrom, nameTo, argumentsFrom: parenAt + 1, behind }
  }

  /** Reads one character; undefined if no header continues with it. */
  private step(code: number, at: number): Behind | 'more' | undefined {
    switch (this.state) {
      case BEFORE_BRACKET:
        return code === 0x5b ? this.to(BEFORE_NAME) : undefined
      case BEFORE_NAME:
        if (isSpace(code)) return 'more'
        this.nameFrom = at
        return isLetter(code) ? this.to(NAME) : undefined
      case PART:
        return isLetter(code) ? this.to(NAME) : undefined
      case NAME:
        if (isLetter(code) || isDigit(code) || code === 0x2d) return 'more'
        if (code === 0x2e) return this.to(PART)
        this.nameTo = at
        this.state = BEFORE_PAREN
        return this.paren(code, at)
      case BEFORE_PAREN:
        return this.paren(code, at)
      case BEHIND_PAREN:
        if (isSpace(code)) return 'more'
        if (code === 0x29) return 'close'
        this.word = String.fromCharCode(code)
        return isLetter(code) ? this.to(IDENT) : startsValue(code) ? 'value' : undefined
      case IDENT:
        if (isLetter(code) || isDigit(code)) {
          if (this.word.length < LONGEST_WORD) this.word += String.fromCharCode(code)
          return 'more'
        }
        if (this.word.length === 1 && (code === 0x22 || code === 0x27))
          return 'rRuU'.includes(this.word) ? 'value' : undefined
        this.state = BEHIND_IDENT
    }
    if (this.state === BEHIND_EQUALS) return code === 0x3d ? undefined : 'keyword' // a == b compares
    if (code === 0x3d) return this.to(BEHIND_EQUALS)
    return isSpace(code) ? 'more' : pythonWord(this.word) === undefined ? undefined : 'value'
  }

  private paren(code: number, at: number): 'more' | undefined {
    if (isSpace(code)) return 'more'
    this.parenAt = at
    return code === 0x28 ? this.to(BEHIND_PAREN) : undefined
  }

  private to(state: number): 'more' {
    this.state = state
    return 'more'
  }
}

/** Does the header of a call stand at an index of a whole text, in a bracket that stands there? */
export function bracketedHeader(text: string, at: number): boolean {
  return isLetter(text.charCodeAt(spaceEnd(text, at + 1))) && headerStands(text, at, true)
}

/** The same without a bracket, behind any white space. */
export function plainHeader(text: string, at: number): boolean {
  const from = spaceEnd(text, at)
  return isLetter(text.charCodeAt(from)) && headerStands(text, from, false)
}

/** Can the header of a call without a bracket begin with the character at an index? */
export function mayBeginName(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  return isLetter(code) || isSpace(code)
}

function headerStands(text: string, from: number, bracketed: boolean): boolean {
  // A cheap look, since nearly no bracket of a text has a name and a parenthesis behind it.
  const limit = from + LONGEST_HEADER
  let i = spaceEnd(text, from + Number(bracketed))
  while (i < limit && isPart(text.charCodeAt(i))) i++
  if (text.charCodeAt(spaceEnd(text, i)) !== 0x28) return false
  const cursor = new Cursor()
  cursor.push(text.slice(from, from + LONGEST_HEADER))
  cursor.end('stop')
  return typeof new HeaderScan(cursor).peek(bracketed, true) === 'object'
}

function isPart(code: number): boolean {
  return isLetter(code) || isDigit(code) || code === 0x2d || code === 0x2e
}

function spaceEnd(text: string, from: number): number {
  let i = from
  while (isSpace(text.charCodeAt(i))) i++
  return i
}

/**
 * The keyword that stands at the cursor with its `=`, and the length of both; undefined for none (`a == b` compares),
 * `WAIT` if more text decides. Reads nothing.
 * @example 'crop = "kale"' // { name: 'crop', length: 6 }
 */
export function peekKeyword(cursor: Cursor): { name: string; length: number } | undefined | typeof WAIT {
  const { window, at, ended } = cursor
  const limit = at + LONGEST_HEADER
  let i = at
  while (i < limit && (isLetter(window.charCodeAt(i)) || (i > at && isDigit(window.charCodeAt(i))))) i++
  const end = i
  if (end === at && at < window.length) return undefined
  while (i < limit && isSpace(window.charCodeAt(i))) i++
  if (i >= limit) return undefined
  if (i >= window.length) return ended ? undefined : WAIT
  if (window.charCodeAt(i) !== 0x3d) return undefined
  if (i + 1 >= window.length && !ended) return WAIT
  return window.charCodeAt(i + 1) === 0x3d ? undefined : { name: window.slice(at, end), length: i + 1 - at }
}

/**
 * Does an expression go on at the cursor, behind a value: an attribute, an index, a call, an operator? `->` is none, and a full
 * stop without a name ends a sentence, unless the text ends with it. `WAIT` if more text decides.
 */
export function peekOperator({ window, at, ended }: Cursor): boolean | typeof WAIT {
  const first = window.charCodeAt(at)
  if (isLetter(first)) {
    let end = at + 1
    while (end < window.length && end - at <= LONGEST_OPERATOR && isLetter(window.charCodeAt(end))) end++
    if (end === window.length && !ended && OPERATORS.some((word) => word.startsWith(window.slice(at)))) return WAIT
    return OPERATORS.includes(window.slice(at, end))
  }
  const character = window.charAt(at)
  if (character === '') return ended ? false : WAIT
  if (!'.-='.includes(character)) return '([+*/%&|^@'.includes(character)
  if (at + 1 >= window.length) return ended || WAIT
  return character === '.' ? isLetter(window.charCodeAt(at + 1)) : window.charAt(at + 1) !== '>'
}

const OPERATORS = ['and', 'or', 'if', 'in', 'is', 'for', 'not']
const LONGEST_OPERATOR = 3

/** White space of Python. */
export function isSpace(code: number): boolean {
  return code === 32 || code === 10 || code === 13 || code === 9 || code === 12
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39
}

/** Letters, `_`, and every letter outside ASCII; halves of surrogate pairs count as letters. */
function isLetter(code: number): boolean {
  if (code < 0x80) return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || code === 0x5f
  return (code >= 0xd800 && code <= 0xdfff) || /[\p{L}\p{N}\p{M}]/u.test(String.fromCharCode(code))
}

/** Can a value that is no word begin with this character? */
function startsValue(code: number): boolean {
  return isDigit(code) || `"'[{(-+.`.includes(String.fromCharCode(code))
}
