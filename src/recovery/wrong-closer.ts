import type { Reading } from '../engine/reading.js'
import { WAIT } from '../text/cursor.js'
import { Matcher } from '../text/matcher.js'
import type { Read } from '../text/step.js'
import { NearMarkerReader } from './near-marker.js'

const ANY_WORD = /* @__PURE__ */ new NearMarkerReader([])

/**
 * Behind the calls of a block that is still open, any one close tag or special token ends the block, whatever its word:
 * `<tool_call>{…}</function_call>`. Reads it with the white space before it, and says so. False: none stands here, and the cursor is
 * where it was.
 */
export function* passWrongCloser(reading: Reading): Read<boolean> {
  const { cursor, out, grammar } = reading
  if (!out.settings.repair) return false
  const to = cursor.offset
  while (cursor.skipSpace() === WAIT) yield
  const own = yield* reading.marker(new Matcher(grammar.content))
  let near: ReturnType<NearMarkerReader['at']>
  while ((near = ANY_WORD.at(cursor.window, cursor.at, cursor.ended)) === WAIT) yield
  const isOwn = own !== undefined && !(own.kind === 'opener' && own.bare)
  if (isOwn || near === undefined || !(near.shape === 'token' || (near.shape === 'tag' && near.isEnd))) {
    cursor.rewind(to)
    return false
  }
  const from = cursor.offset
  cursor.at += near.length
  out.note(
    'stray-marker',
    `${cursor.since(from)} closed the block in the place of its close marker`,
    from,
    cursor.offset,
  )
  return true
}
