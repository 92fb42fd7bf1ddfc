import type { Cursor } from '../cursor.js'
import type { Matcher } from '../matcher.js'
import type { Policy } from '../policy.js'
import type { Scanner } from '../reader.js'
import { isHighSurrogate } from '../scanner.js'

/** Reads, or hands on as content, all text up to one of the markers, a stop token or the end. */
export class SkipTo implements Scanner {
  /** The marker that stands at the cursor after `scan` returned true; undefined at the end of the text. */
  hit: string | undefined

  constructor(
    private readonly cursor: Cursor,
    private readonly markers: Matcher<string>,
    private readonly out: Policy | undefined,
  ) {}

  scan(): boolean {
    const { cursor, markers, out } = this
    const { window, at, ended } = cursor
    let to = markers.find(window, at, ended)
    this.hit = markers.hit
    if (this.hit === undefined && to > at && !ended && isHighSurrogate(window.charCodeAt(to - 1))) to--
    out?.content(window.slice(at, to), cursor.base + at)
    cursor.at = to
    return this.hit !== undefined || ended
  }
}

/**
 * Reads to behind the brace that closes an object which cannot be read, or up to a marker or the end of the text. Braces
 * in strings count for nothing; a marker counts everywhere, for a string of a damaged object may never end.
 */
export class SkipObject implements Scanner {
  private depth = 0
  private inString = false
  private escaped = false

  /** `read` is what was read of the object so far. */
  constructor(
    private readonly cursor: Cursor,
    private readonly markers: Matcher<string>,
    read: string,
  ) {
    this.count(read, 0, read.length)
  }

  scan(): boolean {
    const { cursor, markers } = this
    const { window, at, ended } = cursor
    const to = markers.find(window, at, ended)
    cursor.at = this.count(window, at, to)
    return cursor.at < to || this.depth <= 0 || markers.hit !== undefined || ended
  }

  /** Index behind the last brace, or `to`. */
  private count(text: string, from: number, to: number): number {
    for (let i = from; i < to; i++) {
      const code = text.charCodeAt(i)
      if (this.escaped) this.escaped = false
      else if (this.inString && code === 0x5c) this.escaped = true
      else if (code === 0x22) this.inString = !this.inString
      else if (!this.inString && code === 0x7b) this.depth++
      else if (!this.inString && code === 0x7d && --this.depth <= 0) return i + 1
    }
    return to
  }
}
