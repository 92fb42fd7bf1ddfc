import type { Cursor } from '../text/cursor.js'
import type { Matcher } from '../text/matcher.js'
import type { HoldBack, Read, Scanner } from '../text/step.js'
import { textEnd } from './scanner.js'

/**
 * Reads all text up to one of the markers or the end, and gives it to `emit` as it comes. Returns the meaning of the
 * marker that is then at the cursor; undefined at the end of the text.
 */
export function* skipTo<T>(
  cursor: Cursor,
  markers: Matcher<T>,
  emit?: (text: string, from: number) => void,
): Read<T | undefined> {
  const skip = new Skip(cursor, markers, emit)
  if (!skip.scan()) yield skip
  return skip.matcher.hit
}

/** Reads text up to a marker. */
export class Skip<T> implements Scanner {
  constructor(
    private readonly cursor: Cursor,
    readonly matcher: Matcher<T>,
    private readonly emit?: (text: string, from: number) => void,
  ) {}

  get holdBack(): HoldBack | undefined {
    return this.matcher.holdBack
  }

  scan(): boolean {
    const { cursor, matcher } = this
    const { window, at, ended } = cursor
    const to = textEnd(cursor, matcher)
    if (to > at) this.emit?.(window.slice(at, to), cursor.base + at)
    cursor.at = to
    return matcher.hit !== undefined || ended
  }
}
