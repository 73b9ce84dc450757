// The agent of a bay with a capture is killed at every commit boundary of one device's run: nothing is lost, doubled or replayed.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Coverage, STRIDE } from './parts/boundaries.ts'

/**
 * What is covered, here for bays with a capture and in kill-assisted.test.ts for assisted ones, 200 seeds together:
 * - every commit boundary of every seed: 24 runs per seed, the r-th of which is killed at each boundary whose number is
 *   r modulo 24 (before and after a commit are two boundaries), so that later kills meet bays that were killed before;
 * - boundaries of rare phases that were met but not struck are gone back to, so that each phase is killed at on both sides;
 * - for EACH_SEEDS, one run per boundary with a single kill at exactly that boundary of the run as it goes undisturbed.
 */
const SEEDS = { first: 1, last: 100 }
const EACH_SEEDS = [3]
const TIMEOUT_MS = 300_000

describe('an agent that is killed at every commit boundary of a run in a bay with a capture', () => {
  const coverage = new Coverage()
  beforeAll(() => coverage.begin())
  afterAll(() => coverage.end())

  test(
    'leaves one record per run, a whole chain, no replayed key and no stuck bay',
    async () => {
      for (let seed = SEEDS.first; seed <= SEEDS.last; seed++) await coverage.stride(seed, 'none')
      expect(coverage.runs).toBe((SEEDS.last - SEEDS.first + 1) * STRIDE)
      await coverage.fill()
      expect(coverage.complaints).toEqual([])
      // Every boundary of every phase that a run came to was killed at.
      expect(coverage.neverKilled).toEqual([])
      expect(coverage.met.size).toBeGreaterThan(40)
    },
    TIMEOUT_MS,
  )

  test(
    'does so with a single kill at each boundary of an undisturbed run',
    async () => {
      for (const seed of EACH_SEEDS)
        expect(await coverage.each(seed, 'none'), `boundaries of seed ${seed}`).toBeGreaterThan(40)
      expect(coverage.complaints).toEqual([])
    },
    TIMEOUT_MS,
  )
})
