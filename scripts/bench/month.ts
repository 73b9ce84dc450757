// A month of 1,000,000 runs: the throughput page's report against bare queries over the records, and bringing up a ledger of before.
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import type { RecordBody } from '../../agent/core/record.ts'
import { bucketsOf, dayNamed } from '../../agent/core/throughput/shifts.ts'
import { ledgerFile, rawDatabase } from '../../agent/ledger/database.ts'
import { Queries } from '../../agent/ledger/queries.ts'
import { aRecord } from '../../test/fakes/records.ts'
import { openOnce, writeFirstVersion } from '../../test/integration/throughput/parts/history.ts'
import { inFolder } from './folder.ts'
import { inTurns, type Row, rowOf } from './row.ts'

const ROUNDS = 9
const RUNS = 1_000_000
const BAYS = 64
const FROM = '2026-06-01'
const TO = '2026-06-30'
const SLOT_MS = 900_000
const PLAN = { zone: 'Europe/Berlin', list: [{ name: 'day', minute: 360 }] }

const { from } = dayNamed(FROM, PLAN)
const { to } = dayNamed(TO, PLAN)

/** A month in which every bay closes a run each three minutes: more than any bench does, spread as a real one is. */
function* records(): Generator<RecordBody> {
  for (let n = 0; n < RUNS; n += 1) {
    const endedAt = from + Math.floor((n * (to - from)) / RUNS)
    // Bounded and uneven, from a counter: the same in every run of the benchmark.
    const part = ((n * 2_654_435_761) % 4_294_967_296) / 4_294_967_296
    const lastedMs = 1_200_000 + Math.round(part * 1_800_000)
    const isGood = n % 12 !== 0
    const record = aRecord(`run-${n}`, {
      bay: `B${n % BAYS}`,
      device: { serial: `5CG${n - (n % 3)}`, model: `Book ${n % 5}` },
      workOrder: `WO-${n % 40}`,
      operator: `op-${n % 8}`,
      verdict: isGood ? 'resealed' : 'failed',
      startedAt: new Date(endedAt - lastedMs).toISOString(),
      endedAt: new Date(endedAt).toISOString(),
      durations: { identify: 4000 + (n % 900), provision: lastedMs - 90_000, reseal: 60_000 },
      operatorWaitMs: Math.round(part * 60_000),
      machineWaitMs: lastedMs - Math.round(part * 60_000),
      ...(isGood ? {} : { error: { code: '0x80180014', action: 'remote IT' } }),
    })
    yield record
  }
}

const timed = (work: () => unknown): number => {
  const began = performance.now()
  work()
  return performance.now() - began
}

/** Brings the ledger up, and takes the copies away that it makes: 3 GB each. */
function bringUp(dir: string): number {
  const ms = timed(() => openOnce(dir))
  const backups = join(dir, 'backups')
  if (existsSync(backups)) for (const name of readdirSync(backups)) rmSync(join(backups, name))
  return ms
}

export const month = (): Promise<readonly Row[]> =>
  inFolder(async (dir) => {
    writeFirstVersion(dir, records())
    const upMs = bringUp(dir)
    const queries = new Queries(dir)
    const db = rawDatabase(ledgerFile(dir))
    const bare = db.prepare(`SELECT bay, verdict, (ended_at - ?) / 86400000 AS day, count(*) AS runs
      FROM records WHERE ended_at >= ? AND ended_at < ? GROUP BY bay, verdict, day`)
    const buckets = bucketsOf('day', from, to, PLAN)
    const edges = [...buckets.map((one) => one.from / SLOT_MS), to / SLOT_MS]
    try {
      const ms = await inTurns(ROUNDS, {
        bare: async () => timed(() => bare.all(from, from, to)),
        ours: async () => timed(() => queries.figures({ edges, by: 'bay', key: null })),
        one: async () => timed(() => queries.figures({ edges, by: 'bay', key: 'B7' })),
      })
      const what = `${RUNS} runs of one month over ${BAYS} bays, 40 orders, 8 operators`
      return [
        rowOf({
          name: 'month: report by bay, per day',
          unit: 'ms',
          ours: ms.ours,
          bare: ms.bare,
          goal: { of: 'figure', is: 'below', value: 100 },
          note: `${what}; ours: buckets, groups, causes and percentiles from kept sums; bare: one query that counts verdicts by bay and day from the records`,
        }),
        rowOf({
          name: 'month: report of one bay, per day',
          unit: 'ms',
          ours: ms.one,
          bare: ms.bare,
          goal: { of: 'figure', is: 'below', value: 100 },
          note: `${what}; the same for a single bay`,
        }),
        rowOf({
          name: 'month: bring up a ledger of version 1',
          unit: 's',
          ours: [upMs / 1000],
          goal: { of: 'figure', is: 'below', value: 600 },
          note: `${what}; all steps of the migration with a copy before each, once per ledger`,
        }),
      ]
    } finally {
      db.close()
      queries.close()
    }
  })
