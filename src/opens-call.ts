import { WAIT } from './cursor.js'
import type { Candidate, OpenerMarker } from './grammar.js'
import type { Read, Reading } from './reader.js'

/** Does a call open here? The cursor stands before the marker. Leaves it behind the header that was found. */
export function* opensCall(r: Reading, marker: OpenerMarker, from: number): Read<Candidate | undefined> {
  if (!marker.bare) r.cursor.at += marker.text.length
  const left = marker.candidates.filter(({ opener }) => r.text.allows(opener.where))
  let found: Candidate | undefined | typeof WAIT
  while ((found = firstThatOpens(r, left, from)) === WAIT) yield
  return found
}

/** The first candidate that finds a header at the cursor, undefined or `WAIT`. Those that find none are left out. */
export function firstThatOpens(r: Reading, left: Candidate[], from: number): Candidate | undefined | typeof WAIT {
  let waiting = false
  for (let i = 0; i < left.length; ) {
    const candidate = left[i] as Candidate
    const opens = r.reader(candidate.family).opens(candidate.opener, from)
    if (opens === true && !waiting) return candidate
    if (opens === false) left.splice(i, 1)
    else {
      waiting = true
      i++
    }
  }
  return waiting ? WAIT : undefined
}

/** What nearly every brace of ordinary text turns out to be, without more text: then no reader has to be set up. */
export function opensNothing(r: Reading, { candidates }: OpenerMarker, from: number): boolean {
  for (const { opener, family } of candidates) {
    if (r.text.allows(opener.where) && r.reader(family).opens(opener, from) !== false) return false
  }
  return true
}
