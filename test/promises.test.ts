import { describe, it } from 'vitest'
import { formats } from '../src/index.js'
import { madePromises, nameOf, textPromises } from './promises/all.js'
import { holds, holdsOn, holdsWhereMade } from './promises/hold.js'
import { fixturesOf, samplesOf } from './promises/texts.js'
import { isHard } from './support/runs.js'

// Every promise is tried on every registered format, on its fixtures and on texts made for it: a format that is
// registered is covered. How a promise is checked stands in promises/*.ts; that the checks see what is wrong is shown in
// promises/broken.test.ts.

/** Each promise, on each format. `npm run test:hard` tries a hundred times as many. */
const RUNS = 7

describe.each(formats().map((format) => [format.id, format] as const))('%s', (_, format) => {
  const samples = samplesOf(format)
  const fixtures = fixturesOf(format)

  describe.each(textPromises.map((promise, i) => [nameOf(promise), promise, i] as const))('%s', (_, promise, turn) => {
    it('on fixtures', () => holdsOn(shareOf(fixtures, turn), promise, format))
    it('on generated texts', () => holds(samples, promise, format, RUNS))
  })

  const made = madePromises.filter(({ applies }) => applies?.(format) !== false)
  it.each(made.map((promise) => [nameOf(promise), promise] as const))('%s', (_, promise) => {
    holdsWhereMade(promise, format, RUNS)
  })
})

/** Every second one, by turns the odd ones and the others, so that each is tried. Of few, and in a harder run, all. */
function shareOf<T>(all: readonly T[], turn: number): T[] {
  return all.filter((_, i) => isHard || (i + turn) % 2 === 0 || all.length < 4)
}
