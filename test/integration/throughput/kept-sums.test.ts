// The sums that are kept with every record are those that counting the records gives, whatever happened to the ledger.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { RecordBody } from '../../../agent/core/record.ts'
import { DIMS, SLOT_MS, SUMS } from '../../../agent/core/throughput/additions.ts'
import { SKETCH_ERROR } from '../../../agent/core/throughput/sketch.ts'
import { backupLedger, restoreLedger } from '../../../agent/ledger/backup.ts'
import { rawDatabase } from '../../../agent/ledger/database.ts'
import { stretchesOf } from '../../../agent/ledger/figures-read.ts'
import { Queries } from '../../../agent/ledger/queries.ts'
import {
  BEGIN,
  commitAll,
  histories,
  keptIn,
  openOnce,
  writeFirstVersion,
} from './parts/history.ts'
import { percentileOf, sumsOf } from './parts/oracle.ts'

const SLOT = BEGIN / SLOT_MS
/** Each makes a ledger on the disk. */
const RUNS = { numRuns: 25 }

async function inDir<T>(work: (dir: string) => T | Promise<T>): Promise<T> {
  const dir = mkdtempSync(join(tmpdir(), 'reseal-figures-'))
  try {
    return await work(dir)
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

function inLedger<T>(dir: string, ask: (queries: Queries) => T): T {
  const queries = new Queries(dir)
  try {
    return ask(queries)
  } finally {
    queries.close()
  }
}

/** Holds one report against the count of the records. */
function compare(dir: string, records: readonly RecordBody[], edges: readonly number[]): void {
  const from = (edges[0] ?? 0) * SLOT_MS
  const to = (edges.at(-1) ?? 0) * SLOT_MS
  inLedger(dir, (queries) => {
    for (const by of DIMS) {
      const { groups, buckets } = queries.figures({ edges, by, key: null })
      for (const [at, bucket] of buckets.entries()) {
        const [start, end] = [edges[at] ?? 0, edges[at + 1] ?? 0]
        expect(bucket).toEqual(sumsOf(records, 'all', '', start * SLOT_MS, end * SLOT_MS))
      }
      if (by === 'all') continue
      for (const { key, sums } of groups) {
        // A text that is no Unicode is stored as the nearest one that is.
        const whole = records.map((one) =>
          one.device.model === undefined
            ? one
            : { ...one, device: { ...one.device, model: one.device.model.toWellFormed() } },
        )
        expect(sums).toEqual(sumsOf(whole, by, key, from, to))
        const one = queries.figures({ edges, by, key })
        for (const name of SUMS)
          expect(one.buckets.reduce((sum, bucket) => sum + bucket[name], 0)).toBe(sums[name])
      }
      const runs = groups.reduce((sum, { sums }) => sum + sums.runs, 0)
      expect(runs).toBe(buckets.reduce((sum, bucket) => sum + bucket.runs, 0))
    }
    compareSpread(queries, records, edges)
  })
}

function compareSpread(
  queries: Queries,
  records: readonly RecordBody[],
  edges: readonly number[],
): void {
  const here = records.filter(({ endedAt }) => {
    const slot = Math.floor(Date.parse(endedAt) / SLOT_MS)
    return slot >= (edges[0] ?? 0) && slot < (edges.at(-1) ?? 0)
  })
  const { spreads, causes } = queries.figures({ edges, by: 'all', key: null })
  const times = here.flatMap(({ durations }) => durations['provision'] ?? [])
  expect(spreads.provision?.n ?? 0).toBe(times.length)
  expect(spreads.provision?.sumMs ?? 0).toBe(times.reduce((sum, ms) => sum + ms, 0))
  for (const [name, share] of [
    ['p50Ms', 0.5],
    ['p75Ms', 0.75],
    ['p90Ms', 0.9],
  ] as const) {
    const truth = percentileOf(times, share) ?? 0
    const given = spreads.provision?.[name] ?? 0
    expect(Math.abs(given - truth)).toBeLessThanOrEqual(truth * SKETCH_ERROR + 1)
  }
  expect(spreads.other?.n ?? 0).toBe(
    here.filter(({ durations }) => durations['a-step-of-later'] !== undefined).length,
  )
  const codes = new Map<string, number>()
  for (const { error } of here)
    if (error !== undefined) codes.set(error.code, (codes.get(error.code) ?? 0) + 1)
  expect(new Map(causes.map(({ code, runs }) => [code, runs]))).toEqual(codes)
}

const edgeLists = fc
  .uniqueArray(fc.integer({ min: SLOT - 100, max: SLOT + 700 }), { minLength: 2, maxLength: 6 })
  .map((all) => all.toSorted((a, b) => a - b))

describe('sums that are kept with every record', () => {
  test('are those of a count, for any history, range, bucket and group', async () => {
    await fc.assert(
      fc.asyncProperty(
        histories,
        fc.integer({ min: 1, max: 9 }),
        edgeLists,
        (records, batch, edges) =>
          inDir((dir) => {
            commitAll(dir, records, batch)
            compare(dir, records, edges)
          }),
      ),
      RUNS,
    )
  })

  test('are the same when a ledger of the first version is brought up, byte by byte', async () => {
    await fc.assert(
      fc.asyncProperty(histories, fc.integer({ min: 1, max: 9 }), (records, batch) =>
        inDir((dir) => {
          const [kept, old] = [join(dir, 'kept'), join(dir, 'old')]
          commitAll(kept, records, batch)
          writeFirstVersion(old, records)
          openOnce(old)
          expect(keptIn(old)).toBe(keptIn(kept))
          // A copy stands beside it from before each step.
          expect(readdirSync(join(old, 'backups')).some((name) => name.includes('-v1-'))).toBe(true)
        }),
      ),
      RUNS,
    )
  })

  test('come back from a backup, and go on from there', async () => {
    const [records = []] = fc.sample(histories, { numRuns: 1, seed: 7 })
    await inDir(async (dir) => {
      const [live, other] = [join(dir, 'live'), join(dir, 'other')]
      const half = Math.ceil(records.length / 2)
      commitAll(live, records.slice(0, half), 3)
      const file = join(dir, 'backup.db')
      await backupLedger(live, file)
      commitAll(other, records, 4)
      await restoreLedger(file, other, { station: 'bench-1', at: BEGIN, epoch: 'E-2' })
      expect(keptIn(other)).toBe(keptIn(live))
      compare(other, records.slice(0, half), [SLOT - 96, SLOT + 700])
    })
  })

  test('have one column for each sum, in the order of the code', async () => {
    await inDir((dir) => {
      openOnce(dir)
      const db = rawDatabase(join(dir, 'ledger.db'))
      const columns = db.pragma('table_info(figures)') as { name: string }[]
      db.close()
      expect(columns.map(({ name }) => name)).toEqual(['dim', 'level', 'slot', 'key', ...SUMS])
    })
  })
})

test('any range is covered by days and quarters that touch and do not overlap', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 5000 }),
      fc.integer({ min: 0, max: 5000 }),
      (from, length) => {
        let at = from
        for (const { level, from: first, to } of stretchesOf(from, from + length)) {
          const slots = level === 1 ? 96 : 1
          expect(first * slots).toBe(at)
          at = to * slots
        }
        expect(at).toBe(from + length)
      },
    ),
  )
})
