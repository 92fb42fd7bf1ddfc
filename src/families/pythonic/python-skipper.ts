import type { Cursor } from '../../text/cursor.js'
import type { Matcher } from '../../text/matcher.js'
import type { Scanner } from '../../text/step.js'
import { commentEnd } from '../../values/python/python-comment.js'
import { type PythonQuote, pythonQuote, pythonText } from '../../values/python/python-string.js'

const OPENERS = '([{'
const CLOSERS = ')]}'
/** What may stand before the quote of a literal: bytes, f-strings and raw ones too. */
const PREFIX_LETTERS = 'rRbBfFuU'
/** Stands for a word that is none of these. */
const NO_PREFIX = '---'

/**
 * Reads over an element of a list of calls that cannot be read, by brackets and strings, to the `,` or `]` behind it (or a
 * line end, where calls stand in lines), to one of the markers that end the text or the list, or to the end.
 */
export class PythonSkipper implements Scanner {
  /** Brackets that are open, as indices into `CLOSERS`, and how many there are of each. */
  private readonly stack: number[] = []
  private readonly open = [0, 0, 0]
  private opened: PythonQuote | undefined
  /** The beginning of the word before the next character. */
  private word = ''
  private inComment = false

  constructor(
    private readonly cursor: Cursor,
    private readonly ends: Matcher<string>,
    /** `closed`: to behind the bracket that closes the first one. */
    private readonly until: 'brackets' | 'lines' | 'closed',
  ) {}

  /** `closers`: the brackets that are open where reading begins. `word`: the word that stands right before. */
  begin(closers: readonly number[], word: string): this {
    this.stack.length = 0
    this.open.fill(0)
    for (const closer of closers) this.enter(CLOSERS.indexOf(String.fromCharCode(closer)))
    this.opened = undefined
    this.inComment = false
    this.word = word.slice(0, 3)
    return this
  }

  scan(): boolean {
    const { cursor } = this
    const { window, ended } = cursor
    const n = window.length
    let i = cursor.at
    let over = false
    while (i < n) {
      if (this.opened !== undefined) {
        const read = pythonText(window, i, this.opened, ended)
        i += read.length
        if (!read.closed) {
          if (ended) i = n
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
      if (this.ends.at(window, i, ended)) {
        over = this.ends.hit !== undefined
        break
      }
      const code = window.charCodeAt(i)
      if (code === 0x22 || code === 0x27) {
        const quote = this.literal() ? pythonQuote(window, i, ended) : undefined
        if (quote === 'more') break
        // Behind a word neither this quote nor the next one opens a string: `"he said "hi""`.
        if (quote === undefined) this.word = NO_PREFIX
        else {
          this.opened = { ...quote, raw: this.word.toLowerCase().includes('r') }
          this.word = ''
        }
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

  /** Does a quote open a string here? Not behind a word: O'Reilly. */
  private literal(): boolean {
    const { word } = this
    return word === '' || (word.length < 3 && [...word].every((letter) => PREFIX_LETTERS.includes(letter)))
  }

  /** Counts brackets. True where the element is over. */
  private endsElement(code: number): boolean {
    const char = String.fromCharCode(code)
    if (isWordCode(code)) {
      if (this.word.length < 3) this.word += char
      return false
    }
    this.word = ''
    this.inComment = char === '#'
    const opener = OPENERS.indexOf(char)
    if (opener >= 0) {
      this.enter(opener)
      return false
    }
    const closer = CLOSERS.indexOf(char)
    if (closer >= 0) {
      const closes = this.leave(closer)
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
