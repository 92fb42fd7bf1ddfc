import { isSpace } from '../text/characters.js'

const LF = 10
const QUOTE = 0x22
const APOSTROPHE = 0x27
const BACKSLASH = 0x5c
const COLON = 0x3a
/** What a string of JSON stands behind: `{`, `[`, `:` and `,`; and one of Python: `(` and `=`. */
const BEFORE_STRING = [0x7b, 0x5b, 0x3a, 0x2c, 0x28, 0x3d]
const BRACKET = /[{[(]/

/**
 * Knows whether a string of JSON is open in content: in brackets, behind a character that a key, a value or an element stands
 * behind. Python's quotes count as well. No string runs over the end of its line, so that a lone quote in prose holds
 * nothing long; but until the brackets around it close, an object may be of its text.
 * @example {"content": "<tool_call>…
 * @example [write to='a', content="see [delete()]…
 */
export class OpenString {
  /** How many brackets and braces are open. */
  private depth = 0
  /** How many parentheses of the line are. */
  private parens = 0
  /** The last character outside of strings that is no white space. */
  private before = 0
  /** The quote that opened the string, and closes it; 0 outside. */
  private quote = 0
  private escaped = false
  /** The string stands behind a colon. */
  private isValue = false
  /** The end of a line cut a value, and the brackets around it are open. */
  isCut = false

  get isOpen(): boolean {
    return this.quote !== 0
  }

  /** Nothing but an opening bracket changes what is known. */
  get isIdle(): boolean {
    return this.depth === 0 && this.parens === 0
  }

  /** Reads content, whose pieces may be cut anywhere. True: a string ended in it. */
  read(text: string): boolean {
    let ended = false
    for (let i = 0; i < text.length; i++) {
      if (this.isIdle) {
        const opens = text.slice(i).search(BRACKET)
        if (opens < 0) return ended
        i += opens
      }
      const code = text.charCodeAt(i)
      if (this.quote === 0) this.readBetween(code)
      else {
        this.readString(code)
        ended ||= this.quote === 0
      }
    }
    return ended
  }

  private readString(code: number): void {
    if (code === LF) {
      this.quote = this.parens = 0
      this.isCut ||= this.isValue && this.depth > 0
    } else if (this.escaped) this.escaped = false
    else if (code === BACKSLASH) this.escaped = true
    else if (code === this.quote) {
      this.quote = 0
      this.before = code
    }
    if (this.quote === 0) this.escaped = false
  }

  private readBetween(code: number): void {
    if (code === LF) this.parens = 0
    if (isSpace(code)) return
    if ((code === QUOTE || code === APOSTROPHE) && BEFORE_STRING.includes(this.before)) {
      this.quote = code
      this.isValue = this.before === COLON
    } else if (code === 0x7b || code === 0x5b) this.depth++
    else if (code === 0x7d || code === 0x5d) {
      this.depth--
      if (this.depth === 0) this.isCut = false
    } else if (code === 0x28) this.parens++
    else if (code === 0x29 && this.parens > 0) this.parens--
    this.before = code
  }

  /** A bracket is open that other readers have passed. */
  enter(): void {
    this.parens++
    this.before = 0x28
  }

  reset(): void {
    this.depth = this.parens = this.before = this.quote = 0
    this.escaped = this.isCut = this.isValue = false
  }

  adopt(other: OpenString): void {
    this.depth = other.depth
    this.parens = other.parens
    this.before = other.before
    this.quote = other.quote
    this.escaped = other.escaped
    this.isCut = other.isCut
    this.isValue = other.isValue
  }
}
