// Two hundred drawn benches and the acceptance line, held against what really happened to their devices.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { canonicalText } from '../../agent/ledger/digest.ts'
import { silentLog } from '../../agent/log.ts'
import { runStepped } from '../../agent/station/stepped-run.ts'
import { type Summary, summaryOf } from '../../agent/station/summary.ts'
import { mixed } from '../../agent/station/virtual-world.ts'
import { virtualConfig } from '../../station-config/loader.ts'
import { Sim } from './parts/bench-sim.ts'
import { runToEnd, type SimEnd } from './parts/end.ts'

const SEEDS = 200
const CHUNK = 25
/** Few devices, but each bay sees more than one. */
const BENCH = { bays: 4, devices: 8, faults: true } as const
/** Every so many seeds a bench runs twice, and one has a broker. */
const TWICE_EVERY = 8
const PUBLISHES_EVERY = 5
const TIMEOUT_MS = 180_000

const simulate = (seed: number): Promise<SimEnd> =>
  runToEnd(new Sim({ seed, ...BENCH, publishes: seed % PUBLISHES_EVERY === 0 }))

const textOf = ({ records, head }: SimEnd): string => canonicalText({ records, head })

describe('a drawn bench with faults', () => {
  const firsts = Array.from({ length: SEEDS / CHUNK }, (_, index) => index * CHUNK + 1)

  test.each(firsts)(
    `does right by every device, seeds %i and the next ${CHUNK - 1}`,
    async (first) => {
      for (let seed = first; seed < first + CHUNK; seed++) {
        const end = await simulate(seed)
        expect(end.complaints, `seed ${seed}`).toEqual([])
        expect(end.records.length, `records of seed ${seed}`).toBeGreaterThanOrEqual(BENCH.devices)
        if (seed % TWICE_EVERY === 0)
          expect(textOf(await simulate(seed)), `seed ${seed} again`).toBe(textOf(end))
      }
    },
    TIMEOUT_MS,
  )
})

describe('the acceptance line: 300 devices, 24 bays, seed 7, with faults', () => {
  const LINE = { bays: 24, seed: 7, faults: true } as const
  const DEVICES = 300
  const LIMIT_MS = 60_000

  async function demo(): Promise<Summary> {
    const dataDir = mkdtempSync(join(tmpdir(), 'reseal-line-'))
    try {
      const run = await runStepped({
        config: mixed(virtualConfig(LINE.bays)),
        dataDir,
        seed: LINE.seed,
        devices: DEVICES,
        faults: LINE.faults,
        days: null,
        log: silentLog,
        version: '0',
        durable: false,
      })
      const summary = await run.settle(
        summaryOf({
          options: LINE,
          reader: run.station.reader,
          truths: run.world.truths(),
          runs: run.runs,
          figures: run.figures,
          isDone: run.isDone,
          elapsedMs: run.clock.mono(),
        }),
      )
      await run.close()
      return summary
    } finally {
      rmSync(dataDir, { recursive: true, force: true })
    }
  }

  test(
    'has no wrong verdict, no forbidden key and one record per run, twice the same',
    async () => {
      const startedAt = performance.now()
      const first = await demo()
      const tookMs = performance.now() - startedAt
      console.log(
        `acceptance line: ${JSON.stringify({ ...first, indistinguishable: first.indistinguishable.length, tookMs: Math.round(tookMs) })}`,
      )
      expect(first).toMatchObject({
        devices: DEVICES,
        isDone: true,
        wrong: [],
        runsWithoutOneRecord: [],
        resetPressed: 0,
        unknownNextPressed: 0,
        keysWithoutGuard: 0,
      })
      expect(first.records).toBeGreaterThanOrEqual(DEVICES)
      expect(tookMs).toBeLessThan(LIMIT_MS)
      expect(await demo()).toEqual(first)
    },
    TIMEOUT_MS,
  )
})
