import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createParser, formats, parse } from '../src/index.js'
import { accounting } from './promises/accounting.js'
import type { MadePromise } from './promises/attempt.js'
import { chunking } from './promises/chunking.js'
import { valueText } from './promises/json-text.js'
import { latency } from './promises/latency.js'
import { protocol } from './promises/protocol.js'
import { reasoning } from './promises/reasoning.js'
import { roundTrip } from './promises/round-trip.js'
import { fixturesOf, samplesOf } from './promises/texts.js'
import type { TextPromise } from './promises/trial.js'
import { trust } from './promises/trust.js'
import { parameters } from './support/runs.js'

/** Promises about any text whatever: each is tried on each format, on its fixtures and on generated texts. */
const textPromises: readonly TextPromise[] = [...chunking, ...accounting, ...protocol, ...trust]

/** Promises about texts that are made to show them. */
const madePromises: readonly MadePromise[] = [...roundTrip, ...valueText, ...reasoning, ...latency]

const nameOf = ({ id, says }: { id: string; says: string }) => `${id}: ${says}`

describe.each(formats().map((format) => ({ id: format.id, format })))('$id', ({ format }) => {
  const samples = samplesOf(format)
  const fixtures = fixturesOf(format)

  describe.each(textPromises.map((promise) => ({ ...promise, name: nameOf(promise) })))('$name', ({ check }) => {
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
        parameters(40),
      )
    })
  })

  const made = madePromises.filter(({ applies }) => applies?.(format) !== false)
  it.each(made.map((promise) => ({ ...promise, name: nameOf(promise) })))('$name', ({ attempts }) => {
    let written = 0
    fc.assert(
      fc.property(attempts(format), ({ text, check }) => {
        if (text === undefined) return
        written++
        expect(check(createParser)).toBeUndefined()
      }),
      parameters(40),
    )
    expect(written).toBeGreaterThan(0)
  })
})
