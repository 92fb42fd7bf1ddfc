import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createParser, formats, parse } from '../src/index.js'
import { expected, optionsOf, outcome, readCases } from './support/case.js'
import { characters, chunkDifference, everySecondCut } from './support/run.js'
import { isQuick, runs } from './support/runs.js'
import { seeded, someCuts, tokens } from './support/seeded.js'

const dir = new URL('../fixtures/', import.meta.url)
/** Longer texts are cut at some places only: every place is quadratic. */
const LONGEST_CUT = 600

it.each(formats().map(({ id }) => id))('%s has fixtures', (id) => {
  expect(existsSync(new URL(`${id}.jsonl`, dir))).toBe(true)
})

for (const file of readdirSync(dir).filter((name) => name.endsWith('.jsonl'))) {
  const format = file.slice(0, -'.jsonl'.length)
  const cases = readCases(new URL(file, dir))

  describe(file, () => {
    it('holds cases of one registered format, each with its own id', () => {
      expect(formats().map(({ id }) => id)).toContain(format)
      expect(new Set(cases.map((c) => c.format))).toEqual(new Set([format]))
      expect(new Set(cases.map((c) => c.id)).size).toBe(cases.length)
    })

    for (const [seed, c] of cases.entries()) {
      const options = optionsOf(c)
      const { completion } = c
      it(`${c.id} is read whole`, () => {
        expect(outcome(parse(completion, options), c)).toEqual(expected(c))
      })

      // In a hurry one of four is cut: the others take another's way through the same code.
      if (isQuick && seed % 4 !== 0) continue
      it(`${c.id} is read alike in any chunks`, () => {
        const random = seeded(seed)
        const cuts =
          completion.length <= LONGEST_CUT ? everySecondCut(completion, seed) : someCuts(completion, random, runs(200))
        const streams = Array.from({ length: runs(5) }, () => tokens(completion, random))
        const all = [characters(completion), ...cuts, ...streams]
        expect(chunkDifference(createParser, options, completion, all)).toBeUndefined()
      })
    }
  })
}

describe('examples/ferries.txt', () => {
  it('shows reasoning, prose and two calls, one of them a file with a close marker in it', () => {
    const { reasoning, content, toolCalls, status } = parse(
      readFileSync(new URL('../examples/ferries.txt', import.meta.url), 'utf8'),
      {
        format: 'hermes',
      },
    )
    expect(status).toBe('complete')
    expect(reasoning).not.toBe('')
    expect(content.trim()).not.toBe('')
    expect(toolCalls).toHaveLength(2)
    expect(toolCalls.some((call) => String(call.arguments.content).includes('</tool_call>'))).toBe(true)
  })
})
