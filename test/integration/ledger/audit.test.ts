// The audit in a real ledger: in the hash chain, in pages, and its bodies may go while the chain still verifies.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openLedger, type StationLedger } from '../../../agent/ledger/ledger.ts'
import { openReader } from '../../../agent/ledger/reader.ts'
import { verifyLedger } from '../../../agent/ledger/verify.ts'
import type { AuditNote } from '../../../agent/ports.ts'
import { systemClock } from '../../../drivers/host/clock.ts'
import { randomIds } from '../../../drivers/host/ids.ts'

const DAY_MS = 86_400_000
const START = Date.parse('2026-01-01T00:00:00Z')
let dir: string
let now: number
let ledger: StationLedger
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'reseal-audit-'))
  now = START
  const clock = { ...systemClock(), now: () => now }
  ledger = await openLedger({ dir, mode: 'in-process', clock, ids: randomIds(), station: 'a/b' })
})
afterEach(async () => {
  await ledger.close()
  rmSync(dir, { recursive: true })
})

const note = (n: number, more: Partial<AuditNote> = {}): AuditNote => ({
  what: n % 2 === 0 ? 'sign-in' : 'answer',
  at: now,
  who: `Ada ${n}`,
  account: 'ada',
  role: 'operator',
  via: 'session',
  from: '10.0.0.7',
  of: String(n),
  outcome: 'done',
  detail: { n },
  ...more,
})

async function rows(query: { before?: number; what?: string; since?: number } = {}) {
  const reader = await openReader(dir, { mode: 'in-process', clock: { now: () => now } })
  try {
    return await reader.audits({ max: 100, ...query })
  } finally {
    await reader.close()
  }
}

test('notes come back newest first, in pages, by kind and time', async () => {
  for (let n = 1; n <= 10; n += 1) {
    now = START + n * DAY_MS
    await ledger.audit(note(n))
  }
  await ledger.annotate('5CG1', 'alarm', now, { bay: '1' })
  const all = await rows()
  expect(all.map(({ of }) => of)).toEqual(['10', '9', '8', '7', '6', '5', '4', '3', '2', '1'])
  expect(all[0]).toEqual({ ...note(10), seq: 10 })
  expect((await rows({ before: all[4]?.seq ?? 0 })).map(({ of }) => of)[0]).toBe('5')
  expect((await rows({ what: 'sign-in' })).map(({ of }) => of)).toEqual(['10', '8', '6', '4', '2'])
  expect(await rows({ since: START + 9 * DAY_MS })).toHaveLength(2)
})

test('a changed note is found by verify', async () => {
  for (let n = 1; n <= 5; n += 1) await ledger.audit(note(n))
  expect(await verifyLedger(dir)).toMatchObject({ ok: true, rows: 5 })
  const db = new Sqlite(join(dir, 'ledger.db'))
  db.exec(`DROP TRIGGER notes_update; UPDATE notes SET body = replace(body, 'Ada 3', 'Eve 3')`)
  db.close()
  expect(await verifyLedger(dir)).toMatchObject({ ok: false, firstBad: { seq: 3 } })
})

test('old bodies go, younger ones stay, and the chain still verifies and says who let them go', async () => {
  for (let n = 1; n <= 20; n += 1) {
    now = START + n * DAY_MS
    await ledger.audit(note(n))
  }
  await ledger.annotate('5CG1', 'alarm', START, { bay: '1' })
  const before = await verifyLedger(dir)
  expect(await ledger.eraseAudit(5 * DAY_MS)).toBe(14)
  expect((await rows()).map(({ of }) => Number(of))).toEqual([20, 19, 18, 17, 16, 15])
  const after = await verifyLedger(dir, { heads: [before.head] })
  expect(after).toMatchObject({ ok: true, rows: 8 })
  expect(await ledger.eraseAudit(5 * DAY_MS)).toBe(0)
  const db = new Sqlite(join(dir, 'ledger.db'), { readonly: true })
  expect(JSON.stringify(db.prepare('SELECT * FROM notes').all())).not.toContain('Ada 3')
  expect(db.prepare(`SELECT body FROM notes WHERE kind = 'audit'`).get()).toEqual({
    body: `{"before":"2026-01-16T00:00:00.000Z","count":14,"upTo":14}`,
  })
  db.close()
})

test('nobody lets go of a body that no erasure covers, and of no other note at all', async () => {
  for (let n = 1; n <= 4; n += 1) await ledger.audit(note(n))
  await ledger.annotate('5CG1', 'alarm', now, { bay: '1' })
  const db = new Sqlite(join(dir, 'ledger.db'))
  expect(() => db.exec('DELETE FROM notes WHERE seq = 2')).toThrow(/never change/)
  db.exec('INSERT INTO erasures VALUES (5, 5)')
  expect(() => db.exec('DELETE FROM notes WHERE seq = 5')).toThrow(/never change/)
  // A hand that lies to the triggers still lacks an entry of the chain.
  db.exec('DELETE FROM notes WHERE seq = 2')
  db.close()
  expect(await verifyLedger(dir)).toMatchObject({ ok: false, firstBad: { seq: 2 } })
})
