import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { formats } from '../../src/index.js'
import { CEILING_SHARES, CEILINGS, GOAL, GOAL_SHARES } from './ceilings.js'
import { UNDAMAGED } from './matrix.js'
import { count, type Figures, figuresOf, tableOf, tallyOf } from './tally.js'
import type { Judged } from './verdict.js'

// One damaged piece of markup never makes another call, and never loses one without a word. Every registered format is
// covered: its texts come from `render`. `npm run damage -- --list FORMAT` prints what is behind a figure.

const tallies = formats().map(tallyOf)
const names = Object.keys(GOAL) as (keyof Figures)[]

describe.each(tallies.map((tally) => [tally.format, tally] as const))('%s', (format, tally) => {
  const figures = figuresOf(tally)
  const ceiling = CEILINGS[format] ?? GOAL

  it('is damaged in many ways, and read right undamaged', () => {
    expect(tally.samples.length).toBeGreaterThan(100)
    const undamaged = tally.samples.filter(({ way, shape }) => way === UNDAMAGED && shape.written === undefined)
    expect(undamaged.length).toBeGreaterThanOrEqual(5)
    expect(undamaged.filter(({ verdict }) => verdict !== 'right').map(shown)).toEqual([])
  })

  it.each(names)('%s: no more than before', (name) => {
    expect(figures[name], `npm run damage -- --list ${format}`).toBeLessThanOrEqual(ceiling[name])
  })
})

it('the ceilings are those of formats that miss the goal', () => {
  for (const [format, ceiling] of Object.entries(CEILINGS)) {
    const tally = tallies.find((one) => one.format === format)
    expect(tally, `${format} is registered`).toBeDefined()
    expect(
      names.some((name) => ceiling[name] > GOAL[name]),
      `${format} holds the goal: take it out`,
    ).toBe(true)
    if (tally === undefined) continue
    const figures = figuresOf(tally)
    const better = names.filter((name) => figures[name] < ceiling[name])
    if (better.length > 0) console.info(`${format} is better than its ceiling, lower it: ${JSON.stringify(figures)}`)
  }
})

it('over all formats: another call or silence in one text of a hundred, markup left in one of twenty', () => {
  const samples = tallies.flatMap((tally) => tally.samples)
  const bad = count(samples, 'another call', 'quoted call', 'silent') / samples.length
  const left = count(samples, 'markup left') / samples.length
  const bounds = Object.keys(CEILINGS).length === 0 ? GOAL_SHARES : CEILING_SHARES
  console.info(tableOf(tallies))
  console.info(`another call or silent ${percent(bad)} (goal 1 %), markup left ${percent(left)} (goal 5 %)`)
  expect(bad).toBeLessThanOrEqual(bounds.anotherOrSilent)
  expect(left).toBeLessThanOrEqual(bounds.markupLeft)
})

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`
}

function shown({ shape, text, verdict }: Judged): string {
  return `${verdict}: ${shape.name}: ${text}`
}

it('the table of test/README.md has every format: npm run damage -- --readme writes it', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  expect(tallies.map(({ format }) => format).filter((format) => !readme.includes(`\n| ${format} | `))).toEqual([])
})
