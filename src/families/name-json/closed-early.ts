import { keyAhead } from '../../recovery/key-ahead.js'
import { type Cursor, WAIT } from '../../text/cursor.js'
import type { Read } from '../../text/step.js'

/** Arguments so short hold nothing: `{ }` */
const EMPTY_LENGTH = 3

/**
 * Were the arguments closed too early, so that more of them stands at the cursor? Where not, the cursor goes back to `to`.
 * @param to offset behind the arguments
 * @param length of the arguments
 * @example {}{"a": 1}    {"a": 1}, "b": 2}    {"a": 1,} "b": 2}    {"a": "x"y"}    {}, {"a": 1}
 */
export function* isClosedEarly(cursor: Cursor, to: number, length: number): Read<boolean> {
  const goesOn = yield* moreFollows(cursor, to, length)
  if (!goesOn) cursor.rewind(to)
  return goesOn
}

function* moreFollows(cursor: Cursor, to: number, length: number): Read<boolean> {
  let code: number
  while ((code = cursor.skipSpace()) === WAIT) yield
  const isAdjacent = cursor.offset === to
  const isSameLine = !cursor.since(to).includes('\n')
  if (code === 0x7b) return length <= EMPTY_LENGTH || isSameLine
  if (isAdjacent && (code === 0x22 || code === 0x7d || code === 0x5d)) return true
  if (!isSameLine) return false
  if (code === 0x22) {
    let key: ReturnType<typeof keyAhead>
    while ((key = keyAhead(cursor)) === WAIT) yield
    return key !== undefined
  }
  if (code !== 0x2c) return false
  cursor.at++
  while ((code = cursor.skipSpace()) === WAIT) yield
  return code === 0x22 || code < 0 || (code === 0x7b && length <= EMPTY_LENGTH)
}
