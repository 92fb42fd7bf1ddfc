import { type Cursor, WAIT } from '../text/cursor.js'

/** No tag has a longer name, attributes included. */
const LONGEST_TAG = 128

/**
 * Index behind the tag that stands at an index of the window and begins with `marker`: a marker that only begins tags,
 * `</｜DSML｜` or `<function=`, goes on to its bracket. 0 where none ends there, `WAIT` where more text decides.
 */
export function tagEnd({ window, ended }: Cursor, at: number, marker: string): number {
  const from = at + marker.length
  if (!marker.includes('<') || marker.includes('>')) return from
  for (let i = from; i < from + LONGEST_TAG; i++) {
    if (i >= window.length) return ended ? 0 : WAIT
    const code = window.charCodeAt(i)
    if (code === 0x3e) return i + 1
    if (code === 0x3c || code === 10) return 0
  }
  return 0
}
