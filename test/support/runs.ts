/** How many times as often as usual the properties run: CALLSIFT_RUNS, which `npm run test:hard` sets. */
const factor = Number(process.env.CALLSIFT_RUNS ?? '1')

if (!Number.isFinite(factor) || factor <= 0) {
  throw new Error(`CALLSIFT_RUNS: expected a number above 0, got ${JSON.stringify(process.env.CALLSIFT_RUNS)}`)
}

/** The tests run once for every mutant (`npm run mutation`): without what takes long and finds no more. */
export const isQuick = process.env.CALLSIFT_QUICK === '1'

/** `usual` runs, times CALLSIFT_RUNS. */
export function runs(usual: number): number {
  return Math.max(1, Math.round(usual * factor))
}

/** A harder run than usual, which tries all of what the usual run takes a share of. */
export const isHard = runs(1) > 1

/**
 * Parameters of a property. The usual run tries the same texts every time, so that a red test stays red; a harder run
 * tries new ones each time. Fast-check prints the seed of a failure: CALLSIFT_SEED takes it.
 */
export function parameters(usual: number): { numRuns: number; seed?: number } {
  const seed = process.env.CALLSIFT_SEED
  if (seed !== undefined) return { numRuns: runs(usual), seed: Number(seed) }
  return factor === 1 ? { numRuns: usual, seed: 20260 } : { numRuns: runs(usual) }
}

/** All of a matrix; in a quick run every fourth of it, from `turn` on. */
export function shareOf<T>(all: readonly T[], turn = 0): T[] {
  return all.filter((_, i) => !isQuick || i % 4 === turn % 4)
}
