/** Timers of the platform cannot be longer. */
const LONGEST_TIMER = 2 ** 31 - 1

/** @throws TypeError for what is neither true nor false */
export function flag(name: string, value: unknown): boolean | undefined {
  if (value === undefined || typeof value === 'boolean') return value
  throw wrong(name, 'true or false', value)
}

/**
 * One of some words, the first by default.
 *
 * @throws TypeError that lists them
 * @example word('damaged', options.damaged, ['keep', 'drop'])
 */
export function word<T extends string>(name: string, value: unknown, words: readonly [T, ...T[]]): T {
  if (value === undefined) return words[0]
  const found = words.find((word) => word === value)
  if (found === undefined) throw wrong(name, words.map((word) => `'${word}'`).join(' or '), value)
  return found
}

/** @throws TypeError for what is no whole number above 0 */
export function count(name: string, value: unknown, byDefault: number): number {
  if (value === undefined) return byDefault
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value
  throw wrong(name, 'a positive whole number', value)
}

/** @throws TypeError for what is no whole number from 0 on */
export function countFromZero(name: string, value: unknown, byDefault: number): number {
  if (value === 0) return 0
  if (value !== undefined && !(Number.isSafeInteger(value) && Number(value) > 0))
    throw wrong(name, 'a whole number, 0 or more', value)
  return count(name, value, byDefault)
}

/** A time, no longer than timers can be. @throws TypeError for what is no whole number above 0 */
export function milliseconds(name: string, value: unknown, byDefault: number): number {
  return Math.min(count(name, value, byDefault), LONGEST_TIMER)
}

/** @throws TypeError for what cannot stand in a header; it does not show it */
export function key(name: string, value: unknown): string | undefined {
  if (value === undefined || (typeof value === 'string' && /^[\x21-\x7e]+$/.test(value))) return value
  throw new TypeError(`${name}: expected a key without spaces or control characters`)
}

/** @throws TypeError for what is no function */
export function callable<T>(name: string, value: T): T {
  if (value === undefined || typeof value === 'function') return value
  throw wrong(name, 'a function', value)
}

/** The error for an option that is wrong: what it takes, and what it got. */
export function wrong(name: string, expected: string, got: unknown): TypeError {
  const shown =
    typeof got === 'string'
      ? JSON.stringify(got)
      : got === undefined
        ? 'nothing'
        : typeof got === 'object'
          ? JSON.stringify(got)
          : String(got)
  return new TypeError(`${name}: expected ${expected}, got ${shown}`)
}
