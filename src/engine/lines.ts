import { isSpace } from '../text/characters.js'
import { type Cursor, WAIT } from '../text/cursor.js'
import type { Matcher } from '../text/matcher.js'

/** More white space than this is not a separator. */
const LONGEST_SPACE = 1024

/** The index behind the white space at `at` in the window; `WAIT` if more white space may come. */
export function spaceEnd({ window, ended }: Cursor, at: number): number {
  let i = at
  while (i < window.length && i - at <= LONGEST_SPACE && isSpace(window.charCodeAt(i))) i++
  return i === window.length && !ended && i - at <= LONGEST_SPACE ? WAIT : i
}

/** What ends at `at` in the window, ignoring white space: the text (also by a stop token), the line, or neither. */
export function endsAt(cursor: Cursor, at: number, stops: Matcher<string>): 'text' | 'line' | 'neither' | typeof WAIT {
  const { window, ended } = cursor
  const next = spaceEnd(cursor, at)
  const space = window.slice(at, next < 0 ? window.length : next)
  if (next < 0) return WAIT
  if (next === window.length) return 'text'
  if (stops.at(window, next, ended)) return stops.hit === undefined ? WAIT : 'text'
  return space.includes('\n') ? 'line' : 'neither'
}
