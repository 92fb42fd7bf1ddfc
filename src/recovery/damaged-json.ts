import { isSpace } from '../text/characters.js'
import type { Cursor } from '../text/cursor.js'
import { Matcher } from '../text/matcher.js'
import type { Read, Scanner } from '../text/step.js'

/** What begins another call behind one that nothing closes: a separator and a key, on the same line. */
const NEXT_CALLS = ['; {"', ';{"']

/**
 * Skips the rest of an object that cannot be read on and that no marker closes (decision 20): to behind the bracket that
 * closes it, as far as brackets and quotes can still be trusted, but never over the end of its line, over what begins
 * another call, or over a marker that ends it for certain.
 *
 *     {"name": "f", "parameters": {oops}; {"name": "g", "parameters": {}}
 */
export class DamagedJson implements Scanner {
  private readonly ends: Matcher<'end' | 'opener'>
  private inString = false
  private escaped = false
  /** The last character that is no white space and no separator closes a bracket, or nothing was skipped yet. */
  private isBehindCloser = true

  /**
   * `depth` brackets are open where the cursor stands. `ends` end it wherever they stand, `openers` only where they can stand
   * in no string: right behind a closer, or a separator behind one.
   */
  constructor(
    private readonly cursor: Cursor,
    private depth: number,
    ends: readonly string[],
    openers: readonly string[] = [],
  ) {
    this.ends = new Matcher([
      ...['\n', ...NEXT_CALLS, ...ends].map((end) => [end, 'end'] as const),
      ...openers.map((opener) => [opener, 'opener'] as const),
    ])
  }

  /** Reads to its end. */
  *skip(): Read<void> {
    if (!this.scan()) yield this
  }

  scan(): boolean {
    const { cursor, ends } = this
    const { window, ended } = cursor
    for (let i = cursor.at; i < window.length; i++) {
      if (ends.at(window, i, ended) && (ends.hit !== 'opener' || this.isBehindCloser)) {
        cursor.at = i
        return ends.hit !== undefined
      }
      if (this.closes(window.charCodeAt(i))) {
        cursor.at = i + 1
        return true
      }
    }
    cursor.at = window.length
    return ended
  }

  /** Takes a character in. True if it closes the object. */
  private closes(code: number): boolean {
    if (!isSpace(code) && !(this.isBehindCloser && (code === 0x3b || code === 0x2c)))
      this.isBehindCloser = !this.inString && (code === 0x7d || code === 0x5d)
    if (this.escaped) this.escaped = false
    else if (code === 0x22) {
      this.inString = !this.inString
    } else if (this.inString) {
      this.escaped = code === 0x5c
    } else if (code === 0x7b || code === 0x5b) {
      this.depth++
    } else if (code === 0x7d || code === 0x5d) {
      return --this.depth <= 0
    }
    return false
  }
}
