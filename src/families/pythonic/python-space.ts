import type { Reading } from '../../engine/reading.js'
import { WAIT } from '../../text/cursor.js'
import type { Read } from '../../text/step.js'
import { commentEnd } from '../../values/python/python-comment.js'
import { isSpace } from './python-header.js'

const HASH = 0x23

/**
 * Reads white space, and comments, which are left out with a note. The code that follows, or negative at the end of the
 * text. `left` is called behind each comment.
 */
export function* readSpace(reading: Reading, left?: () => void): Read<number> {
  const { cursor } = reading
  for (;;) {
    const code = cursor.peek()
    if (code === WAIT) yield
    else if (code === HASH) {
      yield* readComment(reading)
      left?.()
    } else if (code >= 0 && isSpace(code)) cursor.at++
    else return code
  }
}

/** To its line end, or to a stop token. */
function* readComment(reading: Reading): Read<void> {
  const { cursor, out } = reading
  const from = cursor.offset
  for (;;) {
    const end = commentEnd(cursor.window, cursor.at, reading.stops, cursor.ended)
    cursor.at = end < 0 ? ~end : end
    if (end >= 0 || cursor.ended) break
    yield
  }
  out.note('dropped-text', 'a comment between calls was left out', from, cursor.offset)
}
