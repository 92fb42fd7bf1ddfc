import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createParser, formats, parse } from '../src/index.js'
import { madePromises, nameOf, textPromises } from './promises/all.js'
import { fixturesOf, samplesOf } from './promises/texts.js'
import { parameters } from './support/runs.js'

// Every promise is tried on every registered format, on its fixtures and on texts made for it: a format that is
// registered is covered. How a promise is checked stands in promises/*.ts; that the checks see what is wrong is shown in
// promises/broken.test.ts.

/** Each promise, on each format. `npm run test:hard` tries a hundred times as many. */
const RUNS = 10
/** Where the format could write none of the texts, so many are tried. */
const MOST_RUNS = 1000

describe.each(formats().map((format) => [format.id, format] as const))('%s', (_, format) => {
  const samples = samplesOf(format)
  const fixtures = fixturesOf(format)

  describe.each(textPromises.map((promise) => [nameOf(promise), promise] as const))('%s', (_, { check }) => {
    it('on fixtures', () => {
      for (const [seed, { text, options }] of fixtures.entries()) {
        const problem = check({ create: createParser, parse, format, text, options, seed })
        expect(problem, text).toBeUndefined()
      }
    })

    it('on generated texts', () => {
      fc.assert(
        fc.property(samples, fc.nat(), ({ text, options }, seed) => {
          expect(check({ create: createParser, parse, format, text, options, seed })).toBeUndefined()
        }),
        parameters(RUNS),
      )
    })
  })

  const made = madePromises.filter(({ applies }) => applies?.(format) !== false)
  it.each(made.map((promise) => [nameOf(promise), promise] as const))('%s', (_, { attempts }) => {
    let written = 0
    // Some formats can write little of what is made for all of them.
    for (let runs = RUNS; written === 0 && runs <= MOST_RUNS; runs *= 10) {
      fc.assert(
        fc.property(attempts(format), ({ text, check }) => {
          if (text === undefined) return
          written++
          expect(check(createParser)).toBeUndefined()
        }),
        parameters(runs),
      )
    }
    expect(written, 'texts that the format did not refuse to write').toBeGreaterThan(0)
  })
})
