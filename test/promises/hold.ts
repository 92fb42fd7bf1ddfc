import fc from 'fast-check'
import { expect } from 'vitest'
import { createParser, type Format, parse } from '../../src/index.js'
import { askingOnce } from '../support/ask-once.js'
import { parameters } from '../support/runs.js'
import type { MadePromise } from './attempt.js'
import type { Sample } from './texts.js'
import type { TextPromise } from './trial.js'

// How a promise is tried on a format, whether it is registered or made of a description.

const create = askingOnce(createParser)

/** On given texts. */
export function holdsOn(texts: readonly Sample[], { check }: TextPromise, format: Format): void {
  for (const [seed, { text, options }] of texts.entries()) {
    const problem = check({ create, parse, format, text, options, seed })
    expect(problem, text).toBeUndefined()
  }
}

/** On generated texts. */
export function holds(samples: fc.Arbitrary<Sample>, { check }: TextPromise, format: Format, runs: number): void {
  const expectKept = ([{ text, options }, seed]: Drawn): void => {
    expect(check({ create, parse, format, text, options, seed })).toBeUndefined()
  }
  const property = fc.property(samples, fc.nat(), (...drawn) => expectKept(drawn))
  const { seed, numRuns } = parameters(runs)
  if (seed === undefined) {
    fc.assert(property, { numRuns })
    return
  }
  // One seed makes the same texts for every promise, so they are made once; and again, to shrink one that breaks it.
  try {
    for (const drawn of drawnFrom(samples, numRuns, () => fc.sample(property, { seed, numRuns }))) expectKept(drawn)
  } catch (error) {
    fc.assert(property, { seed, numRuns })
    throw error
  }
}

type Drawn = [sample: Sample, seed: number]

const drawn = new WeakMap<fc.Arbitrary<Sample>, Map<number, Drawn[]>>()

/** The texts that were drawn from an arbitrary before, or new ones. */
function drawnFrom(samples: fc.Arbitrary<Sample>, count: number, draw: () => Drawn[]): Drawn[] {
  const known = drawn.get(samples) ?? new Map<number, Drawn[]>()
  drawn.set(samples, known)
  const texts = known.get(count) ?? draw()
  known.set(count, texts)
  return texts
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
        expect(check(create)).toBeUndefined()
      }),
      parameters(runs),
    )
  }
  expect(written, 'texts that the format did not refuse to write').toBeGreaterThan(0)
}
