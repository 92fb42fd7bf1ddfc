import { WAIT } from '../text/cursor.js'
import type { Read } from '../text/step.js'
import type { FamilyReader } from './format.js'
import type { Candidate, OpenerMarker } from './grammar.js'
import type { Reading } from './reading.js'
import { answerOf } from './wait.js'

/** Does a call open here? The cursor stands before the marker. Leaves it behind the header that was found. */
export function opensCall(reading: Reading, marker: OpenerMarker, from: number): Read<Candidate | undefined> {
  if (!marker.bare) reading.cursor.at += marker.text.length
  const left = marker.candidates.filter(({ where }) => reading.text.allows(where))
  return candidateFor(reading, left, from)
}

/** Which of the candidates finds a header at the cursor? Those that find none are left out of `left`. */
export function* candidateFor(reading: Reading, left: Candidate[], from: number): Read<Candidate | undefined> {
  const found = firstThatOpens(reading, left, from)
  return found === WAIT ? yield* answerOf(() => firstThatOpens(reading, left, from), onlyReader(reading, left)) : found
}

/** The first candidate that finds a header at the cursor, undefined or `WAIT`. Those that find none are left out. */
function firstThatOpens(reading: Reading, left: Candidate[], from: number): Candidate | undefined | typeof WAIT {
  let waiting = 0
  for (const candidate of left) {
    const opens = reading.reader(candidate.family).opens(candidate.opener, from)
    if (opens === true && waiting === 0) return candidate
    if (opens !== false) left[waiting++] = candidate
  }
  if (waiting === 0) return undefined
  while (left.length > waiting) left.pop()
  return WAIT
}

/** Who reads the calls of the only candidate that is left. */
function onlyReader(reading: Reading, left: readonly Candidate[]): FamilyReader | undefined {
  return left.length === 1 ? reading.reader((left[0] as Candidate).family) : undefined
}
