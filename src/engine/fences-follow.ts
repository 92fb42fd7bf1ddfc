import { WAIT } from '../text/cursor.js'
import { Matcher } from '../text/matcher.js'
import type { Read } from '../text/step.js'
import { markerSet } from './grammar.js'
import type { Reading } from './reading.js'
import { skipTo } from './skip-to.js'

const FENCE = '```'
const CLOSE = /* @__PURE__ */ markerSet(['\n```'])

/**
 * Do only code fences follow, up to the end of the text? Where prose follows (`That is how a call looks.`), calls
 * without a marker in a fence are an example. Reads nothing. The answer is kept, so that many fences are scanned only
 * once.
 */
export function* onlyFencesFollow(reading: Reading): Read<boolean> {
  const { cursor, fences } = reading
  const from = cursor.offset
  if (from <= fences.proseAt) return false
  if (fences.onlyFrom >= 0 && from >= fences.onlyFrom) return true
  let only: boolean | undefined
  while (only === undefined) {
    while (cursor.skipSpace() === WAIT) yield
    if (yield* reading.atEnd()) only = true
    else {
      let found: number
      while ((found = cursor.starts(FENCE)) === WAIT) yield
      if (found === 0) only = cursor.ended && FENCE.startsWith(cursor.window.slice(cursor.at))
      else {
        cursor.at += FENCE.length
        if ((yield* skipTo(cursor, new Matcher(CLOSE))) !== undefined) cursor.at += FENCE.length + 1
      }
    }
  }
  if (only) fences.onlyFrom = from
  else fences.proseAt = cursor.offset
  cursor.rewind(from)
  return only
}
