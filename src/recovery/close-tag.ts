import { type Cursor, WAIT } from '../text/cursor.js'

const LONGEST_TAG = 40
/** A whole tag, or as much of one as may come first. */
const CLOSE_TAG = /^(?:$|<(?:$|\/(?:$|[a-z_-]{1,37}(>|$))))/i

/** Length of a tag like `</name>` that stands at the cursor; 0 for none, or `WAIT`. */
export function closeTagLength({ window, at, ended }: Cursor): number {
  const tag = window.slice(at, at + LONGEST_TAG)
  const match = CLOSE_TAG.exec(tag)
  if (match?.[1]) return match[0].length
  return match === null || ended || tag.length === LONGEST_TAG ? 0 : WAIT
}
