import { describe, expect, it } from 'vitest'
import { formats } from '../../src/index.js'
import { namedFixtures, rightOf } from './named.js'

/** The promise is 98 of 100; what is reached today is kept. `npm run detection -- --list` names the others. */
const WRONG_TODAY = 37

describe('the fixtures of all formats', () => {
  const named = namedFixtures(new URL('../../fixtures/', import.meta.url))

  it('are there, of every format', () => {
    expect(new Set(named.map(({ format }) => format))).toEqual(new Set(formats().map(({ id }) => id)))
    expect(named.length).toBeGreaterThan(1800)
  })

  it('are named right by detect in 98 of 100', () => {
    expect(rightOf(named) / named.length).toBeGreaterThanOrEqual(0.98)
    const wrong = named.filter(({ verdict }) => verdict === 'wrong').map(({ id, found }) => `${id}: ${found}`)
    expect(wrong.length, wrong.join('\n')).toBeLessThanOrEqual(WRONG_TODAY)
  })
})
