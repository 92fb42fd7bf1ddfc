import type { MadePromise } from './attempt.js'
import { boundedDamage } from './bounded-damage.js'
import { callbacks } from './callbacks.js'
import { lastCharacter } from './last-character.js'
import type { TextPromise } from './trial.js'

// Promises that are not kept by every format yet: `pending.test.ts` bounds how often they are broken. One that is kept
// everywhere moves to the lists of all.ts, where fuzzing tries it too, and gets a broken parser in broken-parsers.ts.

/** About any text whatever. */
export const pendingTextPromises: readonly TextPromise[] = [...lastCharacter]

/** About texts that are made to show them. */
export const pendingMadePromises: readonly MadePromise[] = [...boundedDamage, ...callbacks]
