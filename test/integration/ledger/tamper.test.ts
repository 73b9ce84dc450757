// The proof must name the first row that was changed, taken out, moved or cut off, in the ledger and in its exports.
import Sqlite from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { exportRuns } from '../../../agent/ledger/export.ts'
import { verifyExport, verifyLedger } from '../../../agent/ledger/verify.ts'
import { aDir, aLedger, aReader } from './parts/samples.ts'
import { anAlarm, closing, START, step } from './parts/steps.ts'

/** Ten closed runs; after each but the last an alarm, so that records have the odd numbers of the chain. */
async function filled(dir: string): Promise<void> {
  const ledger = await aLedger(dir)
  for (let n = 1; n <= 10; n++) {
    await ledger.commit(closing('B1', 2 * n, `r-${n}`))
    if (n < 10) await ledger.commit(step('B1', 2 * n + 1, { alarms: [anAlarm(`SN-r-${n}`)] }))
  }
  await ledger.close()
}

/** What a hand with the file and a tool could do; the guards of the tables are the first thing it takes away. */
function tamper(dir: string, sql: string): void {
  const guards = ['chain', 'records', 'bodies', 'notes']
    .flatMap((table) => [`DROP TRIGGER ${table}_update;`, `DROP TRIGGER ${table}_delete;`])
    .join('')
  const db = new Sqlite(`${dir}/ledger.db`)
  db.exec(`PRAGMA foreign_keys=OFF;${guards}${sql}`)
  db.close()
}

async function exported(dir: string, format: 'json' | 'ndjson', range = {}): Promise<string> {
  const reader = await aReader(dir)
  let text = ''
  for await (const piece of exportRuns(reader, format, range)) text += piece
  return text
}
async function* pieces(text: string, size = 1000): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size)
}

describe('verify of a ledger', () => {
  it('finds a whole one whole', async () => {
    const dir = aDir()
    await filled(dir)
    expect(await verifyLedger(dir)).toMatchObject({ ok: true, rows: 19 })
  })

  it.each([
    [
      'a changed verdict in a record',
      `UPDATE bodies SET body = replace(body, '"resealed"', '"failed"') WHERE seq = 7`,
      7,
      /changed/,
    ],
    [
      'a changed column beside an untouched record',
      `UPDATE records SET verdict = 'failed' WHERE seq = 7`,
      7,
      /columns differ/,
    ],
    [
      'a changed digest',
      `UPDATE chain SET digest = replace(digest, substr(digest, 1, 4), '0000') WHERE seq = 7`,
      7,
      /changed/,
    ],
    [
      'a record and its digest changed together',
      `UPDATE bodies SET body = '{}' WHERE seq = 7; UPDATE chain SET digest = '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a' WHERE seq = 7`,
      7,
      /columns differ/,
    ],
    ['a changed alarm', `UPDATE notes SET body = '{}' WHERE seq = 8`, 8, /changed/],
    [
      'an alarm moved to another device',
      `UPDATE notes SET serial = 'SN-x' WHERE seq = 8`,
      8,
      /changed/,
    ],
    [
      'a missing record',
      `DELETE FROM bodies WHERE seq = 7; DELETE FROM records WHERE seq = 7`,
      7,
      /missing|changed/,
    ],
    ['a missing alarm', 'DELETE FROM notes WHERE seq = 8', 8, /missing/],
    [
      'a row that is gone with its entry',
      'DELETE FROM bodies WHERE seq = 7; DELETE FROM records WHERE seq = 7; DELETE FROM chain WHERE seq = 7',
      7,
      /entry 7 is missing/,
    ],
    [
      'a missing beginning',
      'DELETE FROM bodies WHERE seq < 3; DELETE FROM records WHERE seq < 3; DELETE FROM notes WHERE seq < 3; DELETE FROM chain WHERE seq < 3',
      1,
      /missing/,
    ],
    [
      'two records that changed places',
      `UPDATE bodies SET seq = -1 WHERE seq = 7; UPDATE bodies SET seq = 7 WHERE seq = 9; UPDATE bodies SET seq = 9 WHERE seq = -1`,
      7,
      /changed/,
    ],
    [
      'two entries that changed places',
      `UPDATE chain SET seq = -1 WHERE seq = 7; UPDATE chain SET seq = 7 WHERE seq = 9; UPDATE chain SET seq = 9 WHERE seq = -1`,
      7,
      /does not follow/,
    ],
    [
      'a record put in without a link',
      `INSERT INTO records SELECT 99, 'r-99', serial, bay, verdict, started_at, ended_at, provision_ms FROM records WHERE seq = 7`,
      99,
      /outside/,
    ],
  ])('names %s', async (_, sql, seq, why) => {
    const dir = aDir()
    await filled(dir)
    tamper(dir, sql)
    const verified = await verifyLedger(dir)
    expect(verified).toMatchObject({ ok: false, firstBad: { seq } })
    expect(verified.firstBad?.why).toMatch(why)
  })

  it('names a cut tail by a head that was published elsewhere, and misses it without one', async () => {
    const dir = aDir()
    await filled(dir)
    const { head } = await verifyLedger(dir)
    expect(await verifyLedger(dir, { heads: [head] })).toMatchObject({ ok: true })
    tamper(
      dir,
      'DELETE FROM outbox; DELETE FROM bodies WHERE seq > 15; DELETE FROM records WHERE seq > 15; DELETE FROM notes WHERE seq > 15; DELETE FROM chain WHERE seq > 15',
    )
    expect(await verifyLedger(dir)).toMatchObject({ ok: true, rows: 15 })
    const verified = await verifyLedger(dir, { heads: [head] })
    expect(verified).toMatchObject({ ok: false, firstBad: { seq: 16 } })
    expect(verified.firstBad?.why).toContain(head)
  })

  it('is protected by the tables themselves against a slip of the hand', async () => {
    const dir = aDir()
    await filled(dir)
    const db = new Sqlite(`${dir}/ledger.db`)
    for (const sql of [
      'DELETE FROM records',
      "UPDATE bodies SET body = ''",
      'DELETE FROM chain',
      'DELETE FROM notes',
    ]) {
      expect(() => db.exec(sql)).toThrow(/never change/)
    }
    db.close()
  })
})

describe('verify of an export', () => {
  it.each(['json', 'ndjson'] as const)(
    'finds a whole %s whole, however it is cut into pieces',
    async (format) => {
      const dir = aDir()
      await filled(dir)
      const text = await exported(dir, format)
      for (const size of [1, 7, 4096]) {
        expect(await verifyExport(pieces(text, size))).toMatchObject({
          ok: true,
          rows: 10,
          byDigestOnly: 0,
        })
      }
      const { head } = await verifyLedger(dir)
      expect(await verifyExport(pieces(text), { heads: [head] })).toMatchObject({ ok: true, head })
    },
  )

  it('takes a part of the chain, also spread over lines by another tool, also as bytes', async () => {
    const dir = aDir()
    await filled(dir)
    const text = await exported(dir, 'json', { since: START + 8_000, until: START + 15_000 })
    const rows = JSON.parse(text) as unknown[]
    expect(rows).toHaveLength(4)
    const pretty = new TextEncoder().encode(JSON.stringify(rows, null, 2))
    async function* bytes() {
      for (let at = 0; at < pretty.length; at += 5) yield pretty.subarray(at, at + 5)
    }
    expect(await verifyExport(bytes())).toMatchObject({ ok: true, rows: 4 })
  })

  const rowsOf = (text: string) => text.trimEnd().split('\n')
  it.each([
    [
      'a changed record',
      (rows: string[]) => rows.with(3, rows[3]!.replace('"resealed"', '"failed"')),
      7,
      /changed/,
    ],
    ['a missing row', (rows: string[]) => rows.toSpliced(3, 1), 6, /missing/],
    ['changed order', (rows: string[]) => rows.with(3, rows[4]!).with(4, rows[3]!), 6, /missing/],
    [
      'a row that comes twice',
      (rows: string[]) => rows.toSpliced(4, 0, rows[3]!),
      6,
      /order was changed/,
    ],
    [
      'a forged head',
      (rows: string[]) => rows.with(3, rows[3]!.replace(/"head":"..../, '"head":"0000')),
      7,
      /head/,
    ],
    [
      'a row without its chain',
      (rows: string[]) => rows.with(3, '{"record":{}}'),
      6,
      /no \{record, chain\}/,
    ],
    [
      'a row cut in the middle',
      (rows: string[]) => [...rows.slice(0, 9), rows[9]!.slice(0, 200)],
      18,
      /middle of a row/,
    ],
    [
      'a row that is no JSON',
      (rows: string[]) => rows.with(3, '{"record": nonsense}'),
      6,
      /no JSON/,
    ],
    ['a text that is no export', () => ['serial,verdict', 'SN-1,resealed'], 1, /no JSON/],
  ])('names %s', async (_, change, seq, why) => {
    const dir = aDir()
    await filled(dir)
    const text = change(rowsOf(await exported(dir, 'ndjson'))).join('\n')
    const verified = await verifyExport(pieces(text))
    expect(verified).toMatchObject({ ok: false, firstBad: { seq } })
    expect(verified.firstBad?.why).toMatch(why)
  })

  it('names a cut tail by a head that was published elsewhere', async () => {
    const dir = aDir()
    await filled(dir)
    const { head } = await verifyLedger(dir)
    const text = rowsOf(await exported(dir, 'ndjson'))
      .slice(0, 8)
      .join('\n')
    expect(await verifyExport(pieces(text))).toMatchObject({ ok: true, rows: 8 })
    expect(await verifyExport(pieces(text), { heads: [head] })).toMatchObject({
      ok: false,
      firstBad: { seq: 16 },
    })
  })
})
