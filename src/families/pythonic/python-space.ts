import type { Reading } from '../../engine/reading.js'
import { type Cursor, WAIT } from '../../text/cursor.js'
import type { Matcher } from '../../text/matcher.js'
import type { Read } from '../../text/step.js'
import { commentEnd } from '../../values/python/python-comment.js'
import { isSpace } from './python-header.js'

const HASH = 0x23

/**
 * Reads white space, and comments, each of which is given to `comment`. The code that follows, or negative at the end of the
 * text.
 */
export function* readSpace({ cursor, stops }: Reading, comment: (from: number, text: string) => void): Read<number> {
  for (;;) {
    const code = cursor.peek()
    if (code === WAIT) yield
    else if (code === HASH) {
      const from = cursor.offset
      comment(from, yield* readComment(cursor, stops))
    } else if (code >= 0 && isSpace(code)) cursor.at++
    else return code
  }
}

/** To its line end, or to a stop token. */
function* readComment(cursor: Cursor, stops: Matcher<string>): Read<string> {
  for (let comment = ''; ; ) {
    const { window, at, ended } = cursor
    const end = commentEnd(window, at, stops, ended)
    cursor.at = end < 0 ? ~end : end
    comment += window.slice(at, cursor.at)
    if (end >= 0 || ended) return comment
    yield
  }
}
