// Histories of a bench as fast-check draws them, and the ways in which they get into a ledger.
import { mkdirSync } from 'node:fs'
import fc from 'fast-check'
import { VERDICTS } from '../../../../agent/core/evidence.ts'
import type { RecordBody } from '../../../../agent/core/record.ts'
import { type Database, ledgerFile, rawDatabase } from '../../../../agent/ledger/database.ts'
import { FIRST_PREV, link, sha256 } from '../../../../agent/ledger/digest.ts'
import { ensureLedger } from '../../../../agent/ledger/migrate.ts'
import { commitRow } from '../../../../agent/ledger/ops.ts'
import { MIGRATIONS } from '../../../../agent/ledger/schema.ts'
import { Writer } from '../../../../agent/ledger/writer.ts'
import { aRecord } from '../../../fakes/records.ts'
import { step } from '../../ledger/parts/steps.ts'

/** 2026-03-27T00:00Z: the days around the change to summer time in Europe. */
export const BEGIN = Date.parse('2026-03-27T00:00:00Z')
const DAYS = 6

const drawn = fc.record({
  endedAt: fc.integer({ min: BEGIN, max: BEGIN + DAYS * 86_400_000 }),
  lastedMs: fc.oneof(
    fc.integer({ min: 0, max: 4 * 3_600_000 }),
    fc.integer({ min: 0, max: 3 * 86_400_000 }),
  ),
  serial: fc.constantFrom('5CG0000001', '5CG0000002', '5CG0000003', '5CG0000004', '123456', null),
  bay: fc.constantFrom('1', '2', '3'),
  verdict: fc.constantFrom(...VERDICTS),
  order: fc.constantFrom('WO-1', 'WO-2', undefined),
  model: fc.constantFrom('Book 14', 'Böok\ud800', undefined),
  operator: fc.constantFrom('Ada', undefined),
  retries: fc.constantFrom(0, 0, 1),
  prompts: fc.integer({ min: 0, max: 9 }),
  waitMs: fc.integer({ min: 0, max: 600_000 }),
  steps: fc.dictionary(
    fc.constantFrom('provision', 'summon', 'hold', 'a-step-of-later'),
    fc.integer({ min: 0, max: 7_200_000 }),
  ),
  estimate: fc.option(
    fc.record({
      p50Ms: fc.integer({ min: 1000, max: 3_000_000 }),
      tookMs: fc.option(fc.integer({ min: 0, max: 9_000_000 }), { nil: undefined }),
    }),
    { nil: undefined },
  ),
  code: fc.constantFrom('0x800705B4', '0x80180014', 'OPERATOR_ABORTED'),
})

type Drawn = typeof drawn extends fc.Arbitrary<infer T> ? T : never

function recordOf(one: Drawn, n: number): RecordBody {
  const { endedAt, lastedMs, order, model, operator, estimate, code } = one
  const {
    handOverAfter: _after,
    useBefore: _before,
    ...bare
  } = aRecord(`run-${n}`, {
    bay: one.bay,
    device: { serial: one.serial, ...(model === undefined ? {} : { model }) },
    verdict: one.verdict,
    startedAt: new Date(endedAt - lastedMs).toISOString(),
    endedAt: new Date(endedAt).toISOString(),
    operatorWaitMs: one.waitMs,
    machineWaitMs: Math.max(0, lastedMs - one.waitMs),
    retries: one.retries,
    prompts: one.prompts,
    durations: one.steps,
    ...(order === undefined ? {} : { workOrder: order }),
    ...(operator === undefined ? {} : { operator }),
    ...(one.verdict === 'resealed' ? {} : { error: { code, action: 'look' } }),
  })
  if (estimate === undefined) return bare
  const { p50Ms, tookMs } = estimate
  const told = { p50Ms, p90Ms: p50Ms * 2, n: 30 }
  return { ...bare, estimate: tookMs === undefined ? told : { ...told, tookMs } }
}

/** Records in the order of the chain; their times are in none, as after a clock was set. */
export const histories = fc
  .array(drawn, { minLength: 1, maxLength: 40 })
  .map((all) => all.map(recordOf))

const BIRTH = { station: 'bench-1', at: BEGIN, epoch: 'E-1', durable: false } as const

const entryOf = (record: RecordBody, input: number) =>
  commitRow(
    step(record.bay, input, { record, serial: record.device.serial, run: null, phase: 'done' }),
  )

/** Commits them through the writer, so many in one transaction; every third record is sent a second time by mistake. */
export function commitAll(dir: string, records: readonly RecordBody[], batch: number): void {
  const writer = new Writer({ ...BIRTH, dir, ballastBytes: 0 })
  try {
    for (let from = 0; from < records.length; from += batch) {
      const rows = records.slice(from, from + batch).map((one, at) => entryOf(one, from + at + 1))
      writer.flush(rows)
      // The same run under another input is refused; what shares its transaction goes on without it.
      const again = records[from]
      if (again !== undefined && from % 3 === 0)
        writer.flush([entryOf(again, 10_000 + from), { op: 'sent', seqs: [1] }])
    }
  } finally {
    writer.close()
  }
}

/** A ledger as the first version wrote it: tables of figures did not exist. */
export function writeFirstVersion(dir: string, records: Iterable<RecordBody>): void {
  mkdirSync(dir, { recursive: true })
  ensureLedger(dir, BIRTH, MIGRATIONS.slice(0, 1))
  const db = rawDatabase(ledgerFile(dir))
  const put = {
    chain: db.prepare('INSERT INTO chain VALUES (?, ?, ?, ?)'),
    record: db.prepare('INSERT INTO records VALUES (?, ?, ?, ?, ?, ?, ?, ?)'),
    body: db.prepare('INSERT INTO bodies VALUES (?, ?)'),
  }
  let head = FIRST_PREV
  db.transaction(() => {
    let seq = 0
    for (const record of records) {
      seq += 1
      const row = entryOf(record, seq).record
      if (row === null) throw new Error('a run without a record')
      const { entry, head: next } = link(seq, head, 'record', sha256(row.body))
      head = next
      const { run, serial, bay, verdict, startedAt, endedAt, provisionMs, body } = row
      put.chain.run(entry.seq, entry.kind, entry.digest, entry.prev)
      put.record.run(entry.seq, run, serial, bay, verdict, startedAt, endedAt, provisionMs)
      put.body.run(entry.seq, body)
    }
  })()
  db.close()
}

/** Opens and closes a ledger, which brings it to the newest version. */
export function openOnce(dir: string): void {
  new Writer({ ...BIRTH, dir, ballastBytes: 0 }).close()
}

/** Everything that is kept for the figures, as text. */
export function keptIn(dir: string): string {
  const db: Database = rawDatabase(ledgerFile(dir))
  try {
    const all = ['figures', 'sketches', 'causes', 'journeys'].map((table) =>
      db.prepare(`SELECT * FROM ${table}`).raw().all(),
    )
    return JSON.stringify(all)
  } finally {
    db.close()
  }
}
