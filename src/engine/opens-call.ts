import type { Read } from '../text/step.js'
import type { Candidate, OpenerMarker } from './grammar.js'
import type { Reading } from './reading.js'

/**
 * Finds out whether a call opens at the marker before which the cursor stands. Leaves the cursor behind the header
 * found, or, where none was, behind the marker at least, so that nobody asks about the same one for ever.
 */
export function* opensCall(reading: Reading, marker: OpenerMarker, from: number): Read<Candidate | undefined> {
  const { cursor } = reading
  const behind = cursor.offset + marker.text.length
  if (!marker.bare) cursor.at += marker.text.length
  const finder = reading.finder.begin(marker.candidates, from)
  if (!finder.scan()) yield finder
  if (finder.found === undefined && cursor.offset < behind) cursor.at += behind - cursor.offset
  return finder.found
}
