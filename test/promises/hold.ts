import fc from 'fast-check'
import { expect } from 'vitest'
import { createParser, type Format, parse } from '../../src/index.js'
import { parameters } from '../support/runs.js'
import type { MadePromise } from './attempt.js'
import type { Sample } from './texts.js'
import type { TextPromise } from './trial.js'

// How a promise is tried on a format, whether it is registered or made of a description.

/** On given texts. */
export function holdsOn(texts: readonly Sample[], { check }: TextPromise, format: Format): void {
  for (const [seed, { text, options }] of texts.entries()) {
    const problem = check({ create: createParser, parse, format, text, options, seed })
    expect(problem, text).toBeUndefined()
  }
}

/** On generated texts. */
export function holds(samples: fc.Arbitrary<Sample>, { check }: TextPromise, format: Format, runs: number): void {
  fc.assert(
    fc.property(samples, fc.nat(), ({ text, options }, seed) => {
      expect(check({ create: createParser, parse, format, text, options, seed })).toBeUndefined()
    }),
    parameters(runs),
  )
}

/** Where the format could write none of the texts, so many are tried. */
const MOST_RUNS = 1000

/** On texts that are made to show it. */
export function holdsWhereMade({ attempts }: MadePromise, format: Format, usual: number): void {
  let written = 0
  // Some formats can write little of what is made for all of them.
  for (let runs = usual; written === 0 && runs <= MOST_RUNS; runs *= 10) {
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
}
