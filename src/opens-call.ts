import { WAIT } from './cursor.js'
import type { Candidate, OpenerMarker } from './grammar.js'
import type { Read, Reading } from './reader.js'

/** Does a call open here? The cursor stands before the marker. Leaves it behind the header that was found. */
export function* opensCall(r: Reading, marker: OpenerMarker, from: number): Read<Candidate | undefined> {
  if (!marker.bare) r.cursor.at += marker.text.length
  const left = marker.candidates.filter(({ where }) => r.text.allows(where))
  let found: Candidate | undefined | typeof WAIT
  while ((found = firstThatOpens(r, left, from)) === WAIT) yield
  return found
}

/** The first candidate that finds a header at the cursor, undefined or `WAIT`. Those that find none are left out. */
export function firstThatOpens(r: Reading, left: Candidate[], from: number): Candidate | undefined | typeof WAIT {
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

/** What nearly every brace of ordinary text turns out to be, without more text: then no reader has to be set up. */
export function opensNothing(r: Reading, { candidates }: OpenerMarker, from: number): boolean {
  for (const { opener, family, where } of candidates) {
    if (r.text.allows(where) && r.reader(family).opens(opener, from) !== false) return false
  }
  return true
}
