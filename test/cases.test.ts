import { existsSync, readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { collect, createParser, type ParserOptions, parse } from '../src/index.js'
import { type Case, expected, optionsOf, outcome, readCases } from './support/case.js'
import { characters, chunkDifference, everyCut, run } from './support/run.js'

const dir = new URL('../../shared/cases/', import.meta.url)
const present = existsSync(dir)
const cases = present ? readdirSync(dir).flatMap((file) => readCases(new URL(file, dir))) : []

/** Longer texts are not cut at every place: that is quadratic. */
const LONGEST_CUT = 3000

const readable = cases.filter(({ format }) => isRegistered(format))
const absent = cases.filter((c) => !readable.includes(c)).map(({ format }) => format)

describe.skipIf(!present)(
  `cases beside the project${present ? '' : ' (skipped: ../shared/cases is not there)'}`,
  () => {
    it('are there', () => {
      expect(readable.length).toBeGreaterThan(0)
      const named = [...new Set(absent)].sort().join(', ')
      if (absent.length > 0) console.info(`${absent.length} cases of formats that are not there yet: ${named}`)
    })

    for (const c of readable) it(c.id, () => isRead(c))
  },
)

function isRead(c: Case): void {
  const options = optionsOf(c)
  const { completion } = c
  expect(outcome(parse(completion, options), c)).toEqual(expected(c))
  expect(collect(run(createParser, options, [completion])).status).toBe(c.finish)
  expect(chunkDifference(createParser, options, completion, [characters(completion)])).toBeUndefined()
  if (completion.length < LONGEST_CUT) {
    expect(chunkDifference(createParser, options, completion, everyCut(completion))).toBeUndefined()
  }
}

/** Ids and aliases alike: a case may name its format as an inference engine does. */
function isRegistered(format: string): boolean {
  return format === 'auto' || takes({ format })
}

function takes(options: object): boolean {
  try {
    createParser({ format: 'hermes', ...options } as ParserOptions)
    return true
  } catch {
    return false
  }
}
