import { WAIT } from '../text/cursor.js'
import type { Read } from '../text/step.js'
import type { FamilyReader } from './format.js'
import type { Candidate, OpenerMarker } from './grammar.js'
import type { Reading } from './reading.js'
import { answerOf } from './wait.js'

/**
 * Finds out whether a call opens at the marker before which the cursor stands. Leaves the cursor behind the header
 * found.
 */
export function opensCall(reading: Reading, marker: OpenerMarker, from: number): Read<Candidate | undefined> {
  if (!marker.bare) reading.cursor.at += marker.text.length
  const remaining = marker.candidates.filter(({ where }) => reading.text.allows(where))
  return candidateFor(reading, remaining, from)
}

/** The candidate that finds a header at the cursor. Those that find none are removed from `remaining`. */
export function* candidateFor(reading: Reading, remaining: Candidate[], from: number): Read<Candidate | undefined> {
  const found = firstThatOpens(reading, remaining, from)
  if (found !== WAIT) return found
  return yield* answerOf(() => firstThatOpens(reading, remaining, from), onlyReader(reading, remaining))
}

/** The first candidate that finds a header at the cursor, undefined or `WAIT`. Those that find none are removed. */
function firstThatOpens(reading: Reading, remaining: Candidate[], from: number): Candidate | undefined | typeof WAIT {
  let waiting = 0
  for (const candidate of remaining) {
    const opens = reading.reader(candidate.family).opens(candidate.opener, from)
    if (opens === true && waiting === 0) return candidate
    if (opens !== false) remaining[waiting++] = candidate
  }
  if (waiting === 0) return undefined
  while (remaining.length > waiting) remaining.pop()
  return WAIT
}

/** The reader of the candidate, if only one remains. */
function onlyReader(reading: Reading, remaining: readonly Candidate[]): FamilyReader | undefined {
  return remaining.length === 1 ? reading.reader((remaining[0] as Candidate).family) : undefined
}
