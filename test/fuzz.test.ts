import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createParser, createRegistry, type Format, formats, parse } from '../src/index.js'
import { extremesOf } from './fuzz/extremes.js'
import { type Find, keepFind, readFinds } from './fuzz/finds.js'
import { notLinear, pumped, pumpsOf } from './fuzz/pump.js'
import { nameOf, textPromises } from './promises/all.js'
import { type Sample, samplesOf } from './promises/texts.js'
import { askingByTurns, askingOnce } from './support/ask-once.js'

// Noise of markers, damaged calls, cuts, odd characters and pumped texts on every format: a fixed number as a test, an hour
// of them by `npm run fuzz`, or CALLSIFT_FUZZ_SECONDS. What breaks a promise is shrunk and kept in finds/<format>.jsonl,
// which is read first on every run: a find stays red until it is mended, and stays a fixture after that.

const given = process.env.CALLSIFT_FUZZ_SECONDS ?? (process.env.MODE === 'fuzz' ? '3600' : undefined)
if (given !== undefined && !(Number(given) >= 0))
  throw new Error(`CALLSIFT_FUZZ_SECONDS: expected a number of seconds, got ${given}`)

/** The usual run tries the same texts on every machine; a run for a given time tries new ones, or those of its seed. */
const firstSeed = Number(process.env.CALLSIFT_SEED ?? (given === undefined ? 20261 : Date.now() % 2 ** 31))
const ROUND = 6
const USUAL_ROUNDS = 1
const all = formats()
/** A million openers take ten seconds of each format. */
const size = Number(given) >= 1000 ? { deep: 100_000, many: 1_000_000 } : { deep: 20_000, many: 10_000 }
const share = given === undefined ? undefined : (Number(given) * 1000) / all.length
const newTexts = share === undefined ? `${USUAL_ROUNDS * ROUND} texts` : `${Math.round(share / 1000)} s of new texts`

/** The usual run tries a fifth of the extremes on each format, others on the next one. */
const extremes = (format: Format) =>
  extremesOf(format, size)
    .filter((_, i) => given !== undefined || (i + all.indexOf(format)) % 5 === 0)
    .map((extreme, i) => ({ ...extreme, turn: i + all.indexOf(format) }))

describe.each(all.map((format) => ({ id: format.id, format })))('$id', ({ id, format }) => {
  it('keeps every promise on what was found before', () => {
    for (const find of readFinds(id)) expect(brokenBy(format, find, find.seed), find.text).toBeUndefined()
  })

  it(`keeps every promise on ${newTexts}`, { timeout: (share ?? 0) + 300_000 }, () => {
    const until = performance.now() + (share ?? 0)
    const goesOn = (rounds: number) => (share === undefined ? rounds < USUAL_ROUNDS : performance.now() < until)
    const finds: string[] = []
    let tried = 0
    for (let seed = firstSeed; tried === 0 || (goesOn(tried / ROUND) && finds.length < 5); seed++) {
      const found = oneRound(format, seed)
      if (found !== undefined) finds.push(found)
      tried += ROUND
    }
    expect(finds, `first seed ${firstSeed}, ${tried} texts`).toEqual([])
  })

  it.each(extremes(format))('$name', { timeout: 120_000 }, ({ text, turn }) => {
    const source = text()
    for (const [depth, create] of [
      [256, given === undefined ? askingByTurns(format, turn) : createParser],
      // What other formats find in it is the same at any depth.
      [1_000_000, createRegistry([format]).createParser],
    ] as const) {
      const parser = create({ format, tools: { f: true }, limits: { depth } })
      const events = parser.push(source)
      const rest = parser.end()
      expect(rest.filter(({ type }) => type === 'end')).toHaveLength(1)
      expect(rest.at(-1)).toMatchObject({ type: 'end', to: source.length })
      expect(events.filter(({ type }) => type === 'end')).toHaveLength(0)
    }
  })
})

/** Some texts and some pumped texts of one seed: the first find, shrunk and kept, as a message. */
function oneRound(format: Format, seed: number): string | undefined {
  const parameters = { numRuns: ROUND, seed, interruptAfterTimeLimit: 60_000 }
  const texts = fc.check(
    fc.property(samplesOf(format), fc.nat({ max: 10_000 }), (sample, chance) => {
      const broken = brokenBy(format, sample, chance)
      if (broken !== undefined) throw new Error(broken.problem)
    }),
    parameters,
  )
  if (texts.failed && texts.counterexample !== null) {
    const [sample, chance] = texts.counterexample
    const broken = brokenBy(format, sample, chance)
    const find: Find = { promise: broken?.promise ?? '', ...sample, seed: chance }
    keepFind(format.id, find)
    return `${JSON.stringify(find)}: ${broken?.problem ?? ''}`
  }
  const pumps = fc.check(
    fc.property(pumpsOf(format), (pump) => {
      const problem = notLinear(format, pump)
      if (problem !== undefined) throw new Error(problem)
    }),
    { ...parameters, numRuns: 4 },
  )
  if (!pumps.failed || pumps.counterexample === null) return undefined
  const [pump] = pumps.counterexample
  keepFind(format.id, { promise: 'I16', text: pumped(pump, 200), options: pump.sample.options, seed: 0 })
  return `${JSON.stringify(pump)}: ${notLinear(format, pump) ?? ''}`
}

const create = askingOnce(createParser)

/** The first promise that a text breaks. */
function brokenBy(format: Format, { text, options }: Sample, seed: number) {
  for (const promise of textPromises) {
    const problem = caught(() => promise.check({ create, parse, format, text, options, seed }))
    if (problem !== undefined) return { promise: promise.id, problem: `${nameOf(promise)}: ${problem}` }
  }
  return undefined
}

function caught(check: () => string | undefined): string | undefined {
  try {
    return check()
  } catch (error) {
    return `it throws ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`
  }
}
