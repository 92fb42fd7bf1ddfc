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
    for (let at = 0; at < text.length; ) {
      if (this.quote !== 0) {
        at = this.readString(text, at)
        ended ||= this.quote === 0
      } else if (this.isIdle) {
        const opens = text.slice(at).search(BRACKET)
        if (opens < 0) return ended
        at += opens
        this.before = text.charCodeAt(at++)
        this.readBracket(this.before)
      } else at = this.readBetween(text, at)
    }
    return ended
  }

  /** Reads a string up to its end. Returns the index behind what was read. */
  private readString(text: string, from: number): number {
    const { quote } = this
    let { escaped } = this
    for (let i = from; i < text.length; i++) {
      const code = text.charCodeAt(i)
      if (code === LF || (code === quote && !escaped)) {
        this.quote = 0
        this.escaped = false
        if (code === LF) {
          this.parens = 0
          this.isCut ||= this.isValue && this.depth > 0
        } else this.before = code
        return i + 1
      }
      escaped = code === BACKSLASH && !escaped
    }
    this.escaped = escaped
    return text.length
  }

  /** Reads on outside of strings, up to the next one or until no bracket is open. Returns the index behind what was read. */
  private readBetween(text: string, from: number): number {
    let { before } = this
    let at = from
    while (at < text.length && this.quote === 0 && !this.isIdle) {
      const code = text.charCodeAt(at++)
      // A letter, as most are.
      if (code > 0x5d && code < 0x7b) {
        before = code
        continue
      }
      if (code === LF) this.parens = 0
      if (isSpace(code)) continue
      if (code === QUOTE || code === APOSTROPHE) {
        if (BEFORE_STRING.includes(before)) {
          this.quote = code
          this.isValue = before === COLON
        }
      } else this.readBracket(code)
      before = code
    }
    this.before = before
    return at
  }

  private readBracket(code: number): void {
    if (code === 0x7b || code === 0x5b) this.depth++
    else if (code === 0x7d || code === 0x5d) {
      this.depth--
      if (this.depth === 0) this.isCut = false
    } else if (code === 0x28) this.parens++
    else if (code === 0x29 && this.parens > 0) this.parens--
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
    Object.assign(this, other)
  }
}
