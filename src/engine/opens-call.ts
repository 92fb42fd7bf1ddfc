import { WAIT } from '../text/cursor.js'
import type { Read } from '../text/step.js'
import type { FamilyReader } from './format.js'
import type { Candidate, OpenerMarker } from './grammar.js'
import type { Reading } from './reading.js'
import { answerOf } from './wait.js'

/** Does a call open here? The cursor stands before the marker. Leaves it behind the header that was found. */
export function opensCall(r: Reading, marker: OpenerMarker, from: number): Read<Candidate | undefined> {
  if (!marker.bare) r.cursor.at += marker.text.length
  const left = marker.candidates.filter(({ where }) => r.text.allows(where))
  return candidateFor(r, left, from)
}

/** Which of the candidates finds a header at the cursor? Those that find none are left out of `left`. */
export function* candidateFor(r: Reading, left: Candidate[], from: number): Read<Candidate | undefined> {
  const found = firstThatOpens(r, left, from)
  return found === WAIT ? yield* answerOf(() => firstThatOpens(r, left, from), onlyReader(r, left)) : found
}

/** The first candidate that finds a header at the cursor, undefined or `WAIT`. Those that find none are left out. */
function firstThatOpens(r: Reading, left: Candidate[], from: number): Candidate | undefined | typeof WAIT {
  let waiting = 0
  for (const candidate of left) {
    const opens = r.reader(candidate.family).opens(candidate.opener, from)
    if (opens === true && waiting === 0) return candidate
    if (opens !== false) left[waiting++] = candidate
  }
  if (waiting === 0) return undefined
  while (left.length > waiting) left.pop()
  return WAIT
}

/** Who reads the calls of the only candidate that is left. */
function onlyReader(r: Reading, left: readonly Candidate[]): FamilyReader | undefined {
  return left.length === 1 ? r.reader((left[0] as Candidate).family) : undefined
}
