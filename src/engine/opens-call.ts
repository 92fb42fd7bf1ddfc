import type { Read } from '../text/step.js'
import type { Candidate, OpenerMarker } from './grammar.js'
import type { Reading } from './reading.js'

/**
 * Finds out whether a call opens at the marker before which the cursor stands. Leaves the cursor behind the header
 * found.
 */
export function* opensCall(reading: Reading, marker: OpenerMarker, from: number): Read<Candidate | undefined> {
  if (!marker.bare) reading.cursor.at += marker.text.length
  const finder = reading.finder.begin(marker.candidates, from)
  if (!finder.scan()) yield finder
  return finder.found
}
