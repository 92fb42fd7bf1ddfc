import { expect, it } from 'vitest'
import { formatFromDescription } from '../../src/derive/derive.js'
import { figuresOf, tallyOf } from '../damage/tally.js'
import { madePromises, nameOf, textPromises } from '../promises/all.js'
import { holds, holdsOn, holdsWhereMade } from '../promises/hold.js'
import { fixturesOf, samplesOf } from '../promises/texts.js'
import { runs } from '../support/runs.js'
import { descriptions } from './described-formats.js'

// What holds for registered formats holds for those that are made of descriptions. There are many: in the usual run each
// promise is tried on one of them, another each time; `npm run test:hard` tries each on all.

const all = descriptions().map(formatFromDescription)
const EACH = Math.min(all.length, runs(1))
const RUNS = 2

const formatsFor = (i: number) =>
  Array.from({ length: EACH }, (_, k) => all[(7 * i + k) % all.length]).filter((one) => one !== undefined)

it.each(textPromises.map((promise, i) => [nameOf(promise), promise, i] as const))('%s', (_, promise, i) => {
  for (const format of formatsFor(i)) {
    holdsOn(fixturesOf(format).slice(0, 4), promise, format)
    holds(samplesOf(format), promise, format, RUNS)
  }
})

it.each(madePromises.map((promise, i) => [nameOf(promise), promise, i] as const))('%s', (_, promise, i) => {
  for (const format of formatsFor(i)) if (promise.applies?.(format) !== false) holdsWhereMade(promise, format, RUNS)
})

it('damage makes no other call, and is never silent', () => {
  const damaged = all.filter(({ id }) => EACH > 1 || id === 'lfm2')
  expect(damaged.length).toBeGreaterThan(0)
  for (const format of damaged) {
    const { anotherOrSilent, quoted, strictAnother } = figuresOf(tallyOf(format))
    expect([format.id, anotherOrSilent, quoted, strictAnother]).toEqual([format.id, 0, 0, 0])
  }
})
