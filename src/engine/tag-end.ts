import { type Cursor, WAIT } from '../text/cursor.js'

/** No tag is longer than this behind its marker, attributes included. */
const LONGEST_TAG = 128
/** The word of a tag and the name of its first attribute are no longer together. Prose behind a `<` is not waited for. */
const LONGEST_HEAD = 48

/**
 * The index behind the tag that begins with `marker` at index `at` of the window. Where the marker is only the
 * beginning of tags (`</｜DSML｜`, `<function=`), that is behind the bracket. 0 if the tag does not end, `WAIT` if more
 * text decides.
 */
export function tagEnd({ window, ended }: Cursor, at: number, marker: string): number {
  const from = at + marker.length
  if (!marker.includes('<') || marker.includes('>')) return from
  let hasAttribute = marker.includes('=')
  for (let i = from; i < from + LONGEST_TAG; i++) {
    if (!hasAttribute && i - at >= LONGEST_HEAD) return 0
    if (i >= window.length) return ended ? 0 : WAIT
    const code = window.charCodeAt(i)
    if (code === 0x3e) return i + 1
    if (code === 0x3c || code === 10) return 0
    hasAttribute ||= code === 0x3d
  }
  return 0
}
