// Weeks of scans and sign-ins between two runs: the export still carries the whole chain, or says why it cannot.
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { expect, test } from 'vitest'
import { exportRuns } from '../../../agent/ledger/export.ts'
import { verifyExport } from '../../../agent/ledger/verify.ts'
import { aDir, aLedger, aReader, codeOf } from './parts/samples.ts'
import { closing, START } from './parts/steps.ts'

/** Between the ends of the two runs, which are a second apart. */
const BETWEEN = START + 1_500

/** Two runs, and `count` entries of the audit between them. */
async function gapped(count: number) {
  const dir = aDir()
  const ledger = await aLedger(dir, 'in-process', { durable: false })
  await ledger.commit(closing('B1', 1, 'r-1'))
  const note = {
    ...{ what: 'packout-scan', at: START, who: 'Ada', account: 'ada', role: 'operator' },
    ...{ via: 'session', from: '10.0.0.7', of: 'S1', detail: {} },
    outcome: 'done',
  } as const
  for (let n = 0; n < count; n += 1) await ledger.audit(note)
  return { dir, ledger }
}

test('an export with more than 10,000 entries between two runs verifies', async () => {
  const { dir, ledger } = await gapped(10_050)
  await ledger.commit(closing('B1', 2, 'r-2'))
  const reader = await aReader(dir)
  const found = await verifyExport(exportRuns(reader, 'ndjson', {}))
  expect(found).toMatchObject({ ok: true, rows: 2, head: (await reader.totals()).head })
}, 30_000)

test('more than a row can carry is a fault with its numbers, and the two parts go by themselves', async () => {
  const { dir, ledger } = await gapped(0)
  await ledger.close()
  const db = new Sqlite(join(dir, 'ledger.db'))
  db.prepare(
    `WITH RECURSIVE n (seq) AS (SELECT 2 UNION ALL SELECT seq + 1 FROM n WHERE seq <= 60001)
     INSERT INTO chain SELECT seq, 'audit', ?, ? FROM n`,
  ).run('0'.repeat(64), '0'.repeat(64))
  db.close()
  const again = await aLedger(dir)
  await again.commit(closing('B1', 2, 'r-2'))
  const reader = await aReader(dir)
  const whole = async (range: object) => {
    for await (const _ of exportRuns(reader, 'ndjson', range));
  }
  expect(await codeOf(whole({}))).toBe('STATION_EXPORT_GAP')
  for (const range of [{ until: BETWEEN }, { since: BETWEEN }]) {
    const found = await verifyExport(exportRuns(reader, 'ndjson', range))
    expect(found).toMatchObject({ ok: true, rows: 1 })
  }
}, 30_000)
