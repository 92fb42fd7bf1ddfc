import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { createParser, type Format, formats, parse } from '../../src/index.js'
import { seeded } from '../support/seeded.js'
import { nameOf } from './all.js'
import { pendingMadePromises, pendingTextPromises } from './pending.js'
import { PENDING } from './pending-ceilings.js'
import { fixturesOf, samplesOf } from './texts.js'

const RUNS = 100
const SEED = 20260

const found = new Map<string, Record<string, number>>()

/** The figures as they are, and what to lower. */
afterAll(() => {
  const promises = Object.fromEntries([...found].filter(([, figures]) => Object.keys(figures).length > 0))
  if (process.env.CALLSIFT_CEILINGS === '1') console.info(JSON.stringify(promises, null, 2))
  const better = Object.entries(PENDING).flatMap(([name, ceilings]) =>
    Object.entries(ceilings).flatMap(([format, most]) => {
      const now = found.get(name)?.[format] ?? 0
      return now < most ? [`${name}, ${format}: ${now} instead of ${most}`] : []
    }),
  )
  if (better.length > 0)
    console.info(`better than the ceilings of pending-ceilings.ts, lower them:\n${better.join('\n')}`)
})

describe.each(formats().map((format) => [format.id, format] as const))('%s', (_, format) => {
  it.each(pendingTextPromises.map((promise) => [nameOf(promise), promise] as const))('%s', (name, { check }) => {
    const random = seeded(SEED)
    const generated = fc.sample(samplesOf(format), { numRuns: RUNS, seed: SEED })
    const samples = [...fixturesOf(format), ...generated].map((sample) => ({
      ...sample,
      seed: Math.floor(random() * 1e9),
    }))
    expect(samples.length).toBeGreaterThan(RUNS)
    const problems = samples.map((sample) => caught(() => check({ create: createParser, parse, format, ...sample })))
    judge(name, format, problems)
  })

  const made = pendingMadePromises.filter(({ applies }) => applies?.(format) !== false)
  it.each(made.map((promise) => [nameOf(promise), promise] as const))('%s', (name, { attempts }) => {
    const tried = fc.sample(attempts(format), { numRuns: RUNS, seed: SEED })
    const written = tried.filter(({ text }) => text !== undefined)
    expect(written.length, 'texts that the format did not refuse to write').toBeGreaterThan(0)
    judge(
      name,
      format,
      written.map(({ check }) => caught(() => check(createParser))),
    )
  })
})

it('every ceiling is that of a promise and a format that are there', () => {
  const names = [...pendingTextPromises, ...pendingMadePromises].map(nameOf)
  const ids = formats().map(({ id }) => id)
  expect(Object.keys(PENDING).filter((name) => !names.includes(name))).toEqual([])
  expect(Object.values(PENDING).flatMap((ceilings) => Object.keys(ceilings).filter((id) => !ids.includes(id)))).toEqual(
    [],
  )
})

function judge(name: string, format: Format, problems: readonly (string | undefined)[]): void {
  const broken = problems.filter((problem) => problem !== undefined)
  const figures = found.get(name) ?? {}
  found.set(name, figures)
  if (broken.length > 0) figures[format.id] = broken.length
  expect(broken.length, broken.slice(0, 3).join('\n')).toBeLessThanOrEqual(PENDING[name]?.[format.id] ?? 0)
}

/** A check of events that make no sense may throw: that is a finding too. */
function caught(check: () => string | undefined): string | undefined {
  try {
    return check()
  } catch (error) {
    return `it throws ${String(error)}`
  }
}
