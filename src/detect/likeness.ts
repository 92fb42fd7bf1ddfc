import type { Format } from '../engine/format.js'
import type { Candidate } from '../engine/grammar.js'
import type { Reading } from '../engine/reading.js'
import { WAIT } from '../text/cursor.js'

/**
 * How much what stands behind an opener is a format's own, where several formats would read it. All of it is said here, since
 * the formats that share an opener must not know of each other.
 *
 * - `only`: only this format's calls begin so: its `looks`, or a family whose header is like no other.
 * - `own`: the header says what only headers of this format say: ` to=self<|message|>`, ` to=developer<|message|>`.
 * - `read`: the format reads it.
 * - `partial`: it reads it for the sake of models that leave something out, and writes more itself: messages of Harmony name
 *   their channel, those of Muse have none.
 */
const LIKENESS = { partial: 0, read: 1, own: 2, only: 3 } as const

/** Does the text begin with one of the format's `looks`? Asked only where it matters. */
type BeginsAsOwn = (format: Format) => boolean | typeof WAIT

/** The likeness of what the reader of a candidate has found, as a number that grows with it, or `WAIT`. */
export function likenessOf({ family }: Candidate, reading: Reading, beginsAsOwn: BeginsAsOwn): number {
  if (family.distinct === true) return LIKENESS.only
  const isOwn = beginsAsOwn(reading.format)
  if (isOwn === WAIT) return WAIT
  return LIKENESS[isOwn ? 'only' : (reading.reader(family).says ?? 'read')]
}

/** The most that `likenessOf` may answer, whatever the reader finds. */
export function mostLikeness({ family }: Candidate, format: Format, beginsAsOwn: BeginsAsOwn): number {
  if (family.distinct === true || format.channels !== undefined) return LIKENESS.only
  return beginsAsOwn(format) === false ? LIKENESS.read : LIKENESS.only
}
