import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createParser, type Format, formats, getFormat, parse } from '../../src/index.js'
import { askingOnce } from '../support/ask-once.js'
import type { Create } from '../support/run.js'
import { isHard } from '../support/runs.js'
import { madePromises, nameOf, textPromises } from './all.js'
import { brokenParsers } from './broken-parsers.js'
import { isTypeless } from './format-facts.js'
import { fixturesOf } from './texts.js'
import type { TextPromise } from './trial.js'

// A check that finds nothing wrong is worth something only if it finds what is wrong. Each promise is broken here on
// purpose, and its check has to say so.

const hermes = getFormat('hermes')
const typeless = formats().find(isTypeless)

/** What the checks of a promise find wrong with a parser, on the fixtures of a format and on texts made for it, or a share. */
function* problemsOf(id: string, format: Format, create: Create, share = 1): Generator<string> {
  const checks = textPromises.filter((promise) => promise.id === id)
  const samples = [
    ...fixturesOf(format),
    ...VARIANTS.flatMap((options) => fixturesOf(format).map((s) => ({ ...s, options }))),
  ]
  for (const { check } of checks) {
    for (const [seed, { text, options }] of samples.entries()) {
      if (seed % share !== 0) continue
      yield* thrown(() => check({ create, parse, format, text, options, seed }))
    }
  }
  for (const { id: made, applies, attempts } of madePromises) {
    if (made !== id || applies?.(format) === false) continue
    for (const { text, check } of fc.sample(attempts(format), { numRuns: 100 / share, seed: 1 })) {
      if (text !== undefined) yield* thrown(() => check(create))
    }
  }
}

/** What the checks find wrong with the parser itself, once for each promise: promises.test.ts tries it on all of that. */
const found = new Map<string, string[]>()
const sound = askingOnce(createParser)
function problemsOfOwn(id: string, format: Format): string[] {
  const problems = found.get(id) ?? [...problemsOf(id, format, sound, isHard ? 1 : 4)]
  found.set(id, problems)
  return problems
}

const VARIANTS = [{ damaged: 'drop' as const }, { repair: false }]

/** A check of events that make no sense may throw: that is a finding too. */
function thrown(check: () => string | undefined): string[] {
  try {
    const problem = check()
    return problem === undefined ? [] : [problem]
  } catch (error) {
    return [String(error)]
  }
}

describe('a broken parser is found out', () => {
  it.each(brokenParsers.map((broken) => ({ ...broken, name: `${broken.breaks}: it ${broken.how}` })))(
    '$name',
    ({ breaks, create }) => {
      const format = breaks === 'I24' ? typeless : hermes
      if (format === undefined) return expect(formats().some(isTypeless)).toBe(false)
      expect(problemsOfOwn(breaks, format)).toEqual([])
      expect(problemsOf(breaks, format, create).next().value).toBeDefined()
    },
    60_000,
  )

  it('I2: a parse that is no fold of the events', () => {
    const check = textPromises.find(({ id }) => id === 'I2')?.check as TextPromise['check']
    const trim: typeof parse = (text, options) => ({ ...parse(text, options), content: '' })
    expect(
      check({ create: createParser, parse: trim, format: hermes, text: 'Hello.', options: {}, seed: 0 }),
    ).toBeDefined()
  })

  it('for every promise', () => {
    const broken = new Set([...brokenParsers.map(({ breaks }) => breaks), 'I2'])
    const unbroken = [...textPromises, ...madePromises].filter(({ id }) => !broken.has(id))
    expect(unbroken.map(nameOf)).toEqual([])
  })
})
