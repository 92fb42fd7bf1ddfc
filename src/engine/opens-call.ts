import type { HoldBack, Read, Scanner } from '../text/step.js'
import type { Candidate, OpenerMarker } from './grammar.js'
import type { Reading } from './reading.js'

/**
 * Finds the call that opens at the cursor: asks its candidates, with each chunk again, until one finds a header or none is left. A
 * text has one, which asks one question at a time. (A generator for each question, and one around it, took a seventh of
 * what small calls allocate.)
 */
export class CallFinder implements Scanner {
  /** The candidate that found a header, once `scan` was true. */
  found: Candidate | undefined
  private from = 0
  /** Those that have not refused yet. */
  private readonly remaining: Candidate[] = []

  constructor(private readonly reading: Reading) {}

  /** Asks about the cursor's place, which text at `from` led to. `scan` leaves the cursor behind the header found. */
  begin(candidates: readonly Candidate[], from: number): this {
    const { remaining } = this
    while (remaining.length > 0) remaining.pop()
    for (const candidate of candidates) if (this.reading.text.allows(candidate.where)) remaining.push(candidate)
    this.from = from
    return this
  }

  /** If a single reader remains, it knows what it waits for. */
  get holdBack(): HoldBack | undefined {
    const [only, second] = this.remaining
    return only === undefined || second !== undefined ? undefined : this.reading.reader(only.family).holdBack
  }

  scan(): boolean {
    const { reading, remaining, from } = this
    let waiting = 0
    for (const candidate of remaining) {
      const opens = reading.reader(candidate.family).opens(candidate.opener, from)
      if (opens === true && waiting === 0) {
        this.found = candidate
        return true
      }
      if (opens !== false) remaining[waiting++] = candidate
    }
    while (remaining.length > waiting) remaining.pop()
    this.found = undefined
    return waiting === 0
  }
}

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
