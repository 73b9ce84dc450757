// The agent of an assisted bay is killed at every commit boundary of one device's run, and of many bays at random.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Random } from '../../drivers/virtual/index.ts'
import { Sim } from './parts/bench-sim.ts'
import { Coverage, STRIDE } from './parts/boundaries.ts'
import { runToEnd } from './parts/end.ts'

/** What is covered stands in kill.test.ts. */
const SEEDS = { first: 101, last: 200 }
const EACH_SEEDS = [104]
const TIMEOUT_MS = 300_000

describe('an agent that is killed at every commit boundary of a run in an assisted bay', () => {
  const coverage = new Coverage()
  beforeAll(() => coverage.begin())
  afterAll(() => coverage.end())

  test(
    'leaves one record per run, a whole chain, no replayed key and no stuck bay',
    async () => {
      for (let seed = SEEDS.first; seed <= SEEDS.last; seed++) await coverage.stride(seed, 'all')
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
        expect(await coverage.each(seed, 'all'), `boundaries of seed ${seed}`).toBeGreaterThan(40)
      expect(coverage.complaints).toEqual([])
    },
    TIMEOUT_MS,
  )
})

describe('an agent of eight bays that is killed at random commits and sent-marks', () => {
  const BENCHES = 12
  const DEVICES = 24
  const KILLS_MAX = 60

  test(
    'loses nothing: one record per run, each published once by key, all bays free at the end',
    async () => {
      const sums = { records: 0, restarted: 0, kills: 0, betweenSentMarks: 0, again: 0 }
      for (let seed = 1; seed <= BENCHES; seed++) {
        const chance = new Random(seed, 'where the kills strike')
        const sim: Sim = new Sim({
          seed,
          bays: 8,
          devices: DEVICES,
          faults: true,
          publishes: true,
          kill: (at) => {
            const kills = sim.book.kills < KILLS_MAX && chance.chance(1 / 50)
            if (kills && at.what === 'sent') sums.betweenSentMarks++
            return kills
          },
        })
        const { complaints, records, kills } = await runToEnd(sim)
        expect(complaints, `seed ${seed}`).toEqual([])
        sums.records += records.length
        sums.restarted += records.filter(({ agentRestarts }) => agentRestarts > 0).length
        sums.kills += kills
        sums.again += sim.consumer.again
      }
      expect(sums.records).toBeGreaterThanOrEqual(BENCHES * DEVICES)
      // The cases that this is about did happen.
      expect(sums.restarted).toBeGreaterThan(sums.records / 4)
      expect(sums.kills).toBeGreaterThan(BENCHES * 20)
      expect(sums.betweenSentMarks).toBeGreaterThan(BENCHES)
      expect(sums.again).toBeGreaterThan(0)
    },
    TIMEOUT_MS,
  )
})
