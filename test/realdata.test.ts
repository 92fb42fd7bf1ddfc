import { describe, expect, it } from 'vitest'
import { hasRealData, measure } from '../scripts/realdata.js'

describe.skipIf(!hasRealData)(
  'real completions beside the project (skipped where ../shared/realdata is absent)',
  () => {
    for (const feed of ['whole', 'one character at a time'] as const) {
      it(`give every certain call exactly, ${feed}`, { timeout: 60_000 }, () => {
        for (const { file, exact, findings } of measure(feed)) {
          expect(exact, file).toBeGreaterThan(1000)
          expect(findings, file).toEqual([])
        }
      })
    }
  },
)
