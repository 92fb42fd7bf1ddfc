import { accounting } from './accounting.js'
import type { MadePromise } from './attempt.js'
import { boundedDamage } from './bounded-damage.js'
import { callbacks } from './callbacks.js'
import { chunking } from './chunking.js'
import { cutMarkers } from './cut-markers.js'
import { drafts } from './drafts.js'
import { lastCharacter } from './last-character.js'
import { latency } from './latency.js'
import { lostBeginning } from './lost-beginning.js'
import { protocol } from './protocol.js'
import { quotedValues } from './quoted-values.js'
import { reasoning } from './reasoning.js'
import { roundTrip } from './round-trip.js'
import { stripped } from './stripped.js'
import type { TextPromise } from './trial.js'
import { trust } from './trust.js'
import { valueText } from './value-text.js'

/** Promises about any text whatever. */
export const textPromises: readonly TextPromise[] = [
  ...chunking,
  ...accounting,
  ...protocol,
  ...trust,
  ...lastCharacter,
]

/** Promises about texts that are made to show them. */
export const madePromises: readonly MadePromise[] = [
  ...roundTrip,
  ...valueText,
  ...reasoning,
  ...drafts,
  ...quotedValues,
  ...cutMarkers,
  ...stripped,
  ...boundedDamage,
  ...lostBeginning,
  ...callbacks,
  ...latency,
]

// I21, I22, I41 and I42 (detection, explanation, the registry) stand in test/detect.test.ts. A promise about any text is
// one more entry in a list such as `trust`; one about texts of a certain make, in a list such as `roundTrip`.

/** `I5: the deltas of a call add up to its argumentsText` */
export function nameOf({ id, says }: { id: string; says: string }): string {
  return `${id}: ${says}`
}
