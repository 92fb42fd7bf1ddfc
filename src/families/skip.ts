import type { Cursor } from '../cursor.js'
import type { Matcher } from '../matcher.js'
import type { Policy } from '../policy.js'
import type { Scanner } from '../reader.js'
import { textEnd } from '../scanner.js'

/** Reads, or hands on as content, all text up to one of the markers, a stop token or the end. */
export class SkipTo<T = string> implements Scanner {
  /** The marker that stands at the cursor after `scan` returned true; undefined at the end of the text. */
  hit: T | undefined

  constructor(
    private readonly cursor: Cursor,
    private readonly markers: Matcher<T>,
    private readonly out: Policy | undefined,
  ) {}

  scan(): boolean {
    const { cursor, markers, out } = this
    const { window, at, ended } = cursor
    const to = textEnd(cursor, markers)
    this.hit = markers.hit
    out?.content(window.slice(at, to), cursor.base + at)
    cursor.at = to
    return this.hit !== undefined || ended
  }
}
