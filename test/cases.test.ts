import { existsSync, readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { collect, createParser, formats, parse } from '../src/index.js'
import { expected, optionsOf, outcome, readCases } from './support/case.js'
import { characters, chunkDifference, everyCut, run } from './support/run.js'

const dir = new URL('../../shared/cases/', import.meta.url)
const present = existsSync(dir)
const known = new Set(formats().map((format) => format.id))
const cases = present ? readdirSync(dir).flatMap((file) => readCases(new URL(file, dir))) : []

/** Longer texts are not cut at every place: that is quadratic. */
const LONGEST_CUT = 3000

describe.skipIf(!present)(
  `cases beside the project${present ? '' : ' (skipped: ../shared/cases is not there)'}`,
  () => {
    it('are there', () => {
      expect(cases.length).toBeGreaterThan(0)
    })

    for (const c of cases.filter(({ format }) => known.has(format))) {
      const options = optionsOf(c)
      const { completion } = c
      it(c.id, () => {
        expect(outcome(parse(completion, options), c)).toEqual(expected(c))
        expect(collect(run(createParser, options, [completion])).status).toBe(c.finish)
        expect(chunkDifference(createParser, options, completion, [characters(completion)])).toBeUndefined()
        if (completion.length < LONGEST_CUT) {
          expect(chunkDifference(createParser, options, completion, everyCut(completion))).toBeUndefined()
        }
      })
    }
  },
)
