import type { Cursor } from '../../text/cursor.js'
import type { Matcher } from '../../text/matcher.js'
import type { Scanner } from '../../text/step.js'
import { commentEnd } from '../../values/python/python-comment.js'
import { type PythonQuote, pythonQuote, pythonText } from '../../values/python/python-string.js'
import { isSpace } from './python-header.js'

const NEWLINE = 0x0a
const OPENERS = '([{'
const CLOSERS = ')]}'
/** What may stand before the quote of a literal: bytes, f-strings and raw ones too. */
const PREFIX_LETTERS = 'rRbBfFuU'
/** Stands for any other word. */
const NO_PREFIX = '---'
/** What a string may stand behind: another one is a part of it. */
const BEFORE_STRING = '([{=,:+-*/%|"\''

/**
 * Reads over an element of a list of calls that cannot be read, by brackets and strings, to the `,` or `]` behind it (or a
 * line end, where calls stand in lines), to one of the markers that end the text or the list, or to the end. Behind damage
 * quotes are not trusted: one opens a string only where a value may begin.
 */
export class PythonSkipper implements Scanner {
  /** Brackets that are open, as indices into `CLOSERS`, and how many there are of each. */
  private readonly stack: number[] = []
  private readonly open = [0, 0, 0]
  private opened: PythonQuote | undefined
  /** The beginning of the word before the next character. */
  private word = ''
  /** The last character that is no white space, and the one before the word; nothing is known where reading begins. */
  private last = ''
  private beforeWord = ''
  private inComment = false
  /** An inner list has ended, so a comma or a bracket has to follow. */
  private isBehindList = false
  /** Something else does: no bracket tells where this ends, so its line does. */
  isBroken = false

  constructor(
    private readonly cursor: Cursor,
    private readonly ends: Matcher<string>,
    /** `closed`: to behind the bracket that closes the first one, or to the end of the line on which its list is left. */
    private readonly until: 'brackets' | 'lines' | 'closed',
  ) {}

  /** `closers`: the brackets that are open where reading begins. `word`: the word that stands right before. */
  begin(closers: readonly number[], word: string): this {
    this.stack.length = 0
    this.open.fill(0)
    for (const closer of closers) this.enter(CLOSERS.indexOf(String.fromCharCode(closer)))
    this.opened = undefined
    this.inComment = this.isBehindList = this.isBroken = false
    this.word = word.slice(0, 3)
    this.last = this.beforeWord = ''
    return this
  }

  /** Brackets are open where it stopped. */
  get isOpen(): boolean {
    return this.stack.length > 0
  }

  scan(): boolean {
    const { cursor } = this
    const { window, ended } = cursor
    const length = window.length
    let i = cursor.at
    let over = false
    while (i < length) {
      if (this.opened !== undefined) {
        const read = pythonText(window, i, this.opened, ended)
        i += read.length
        if (!read.closed) {
          if (ended) i = length
          break
        }
        this.opened = undefined
        continue
      }
      if (this.inComment) {
        const end = commentEnd(window, i, this.ends, ended)
        this.inComment = end < 0
        i = end < 0 ? ~end : end
        if (this.inComment) break
        continue
      }
      if (this.ends.at(window, i, ended) && !this.isInside(this.ends.hit)) {
        over = this.ends.hit !== undefined
        break
      }
      const code = window.charCodeAt(i)
      if (this.leavesList(code)) {
        over = code === NEWLINE
        if (over) break
        i++
        continue
      }
      if (code === 0x22 || code === 0x27) {
        const quote = this.literal() ? pythonQuote(window, i, ended) : undefined
        if (quote === 'more') break
        // Behind a word neither this quote nor the next one opens a string: `"he said "hi""`.
        if (quote === undefined) this.word = NO_PREFIX
        else {
          this.opened = { ...quote, raw: this.word.toLowerCase().includes('r') }
          this.word = ''
        }
        this.last = String.fromCharCode(code)
        i += quote?.length ?? 1
        continue
      }
      over = this.endsElement(code)
      if (!over || this.until === 'closed') i++
      if (over) break
    }
    cursor.at = i
    return over || ended
  }

  /** Is this the marker of a fence in the middle of what is open? The end of a fence begins a line. */
  private isInside(marker: string | undefined): boolean {
    return marker === '```' && this.isOpen
  }

  /** Is this the rest of a line on which a list of lists neither continues nor closes? `[[f()] and so on` */
  private leavesList(code: number): boolean {
    if (this.isBroken || !this.isBehindList) return this.isBroken
    if (isSpace(code)) return false
    this.isBehindList = false
    this.isBroken = code !== 0x2c && code !== 0x5d
    return this.isBroken
  }

  /** Does a quote open a string here? Not behind a word, or where a sentence ends: O'Reilly. */
  private literal(): boolean {
    const { word } = this
    const before = word === '' ? this.last : this.beforeWord
    if (before !== '' && !BEFORE_STRING.includes(before)) return false
    return word === '' || (word.length < 3 && [...word].every((letter) => PREFIX_LETTERS.includes(letter)))
  }

  /** Counts brackets. True at the end of the element. */
  private endsElement(code: number): boolean {
    const char = String.fromCharCode(code)
    if (isWordCode(code)) {
      if (this.word === '') this.beforeWord = this.last
      this.last = char
      if (this.word.length < 3) this.word += char
      return false
    }
    this.word = ''
    if (!isSpace(code)) this.last = char
    this.inComment = char === '#'
    const opener = OPENERS.indexOf(char)
    if (opener >= 0) {
      this.enter(opener)
      return false
    }
    const closer = CLOSERS.indexOf(char)
    if (closer >= 0) {
      const closes = this.leave(closer)
      this.isBehindList = this.until === 'closed' && this.stack.length === 1
      return this.until === 'closed' ? this.stack.length === 0 : !closes && char === ']' && this.until === 'brackets'
    }
    if (this.stack.length > 0 || this.until === 'closed') return false
    return char === ',' || (char === '\n' && this.until === 'lines')
  }

  private enter(bracket: number): void {
    this.stack.push(bracket)
    this.open[bracket] = (this.open[bracket] as number) + 1
  }

  /** A closer closes what is open inside its bracket too. False if it closes nothing. */
  private leave(bracket: number): boolean {
    if (this.open[bracket] === 0) return false
    for (;;) {
      const top = this.stack.pop() as number
      this.open[top] = (this.open[top] as number) - 1
      if (top === bracket) return true
    }
  }
}

function isWordCode(code: number): boolean {
  return code >= 0x80 || code === 0x5f || (code >= 0x30 && code <= 0x39) || ((code | 32) >= 0x61 && (code | 32) <= 0x7a)
}
