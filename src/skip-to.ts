import type { Cursor } from './cursor.js'
import type { Matcher } from './matcher.js'
import type { Read } from './reader.js'
import { textEnd } from './scanner.js'

/**
 * Reads all text up to one of the markers or the end, and gives it to `emit` as it comes. Returns the marker that stands
 * at the cursor then: undefined at the end of the text.
 */
export function* skipTo<T>(
  cursor: Cursor,
  markers: Matcher<T>,
  emit?: (text: string, from: number) => void,
): Read<T | undefined> {
  let hit: T | undefined
  const scanner = {
    scan() {
      const { window, at, ended } = cursor
      const to = textEnd(cursor, markers)
      hit = markers.hit
      if (to > at) emit?.(window.slice(at, to), cursor.base + at)
      cursor.at = to
      return hit !== undefined || ended
    },
  }
  if (!scanner.scan()) yield scanner
  return hit
}
