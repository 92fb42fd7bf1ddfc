import { expect, it } from 'vitest'
import { soak } from '../../../bench/soak-run.js'

it('dying upstreams, silent readers and clients that leave lose and mix nothing', async () => {
  const { faults, requests, fates } = await soak(Number(process.env.CALLSIFT_SOAK ?? 6), 20)
  expect(faults).toEqual([])
  expect(requests).toBeGreaterThan(100)
  expect(Object.keys(fates)).toHaveLength(5)
}, 300_000)
