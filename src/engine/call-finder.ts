import type { HoldBack, Scanner } from '../text/step.js'
import type { FamilyReaders } from './format.js'
import type { Candidate } from './grammar.js'
import type { TextScanner } from './scanner.js'

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

  constructor(
    private readonly readers: FamilyReaders,
    private readonly text: TextScanner,
  ) {}

  /** Asks about the cursor's place, which text at `from` led to. `scan` leaves the cursor behind the header found. */
  begin(candidates: readonly Candidate[], from: number): this {
    const { remaining } = this
    while (remaining.length > 0) remaining.pop()
    for (const candidate of candidates) if (this.text.allows(candidate.where)) remaining.push(candidate)
    this.from = from
    return this
  }

  /** If a single reader remains, it knows what it waits for. */
  get holdBack(): HoldBack | undefined {
    const [only, second] = this.remaining
    return only === undefined || second !== undefined ? undefined : this.readers.reader(only.family).holdBack
  }

  scan(): boolean {
    const { readers, remaining, from } = this
    let waiting = 0
    for (const candidate of remaining) {
      const opens = readers.reader(candidate.family).opens(candidate.opener, from)
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
