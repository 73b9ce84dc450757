// Backup while the bench works, the way back into a new epoch, and tables that grow with a copy first.
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { describe, expect, it, onTestFinished } from 'vitest'
import { backupLedger, restoreLedger } from '../../../agent/ledger/backup.ts'
import { NEWEST_VERSION } from '../../../agent/ledger/database.ts'
import { MIGRATIONS } from '../../../agent/ledger/schema.ts'
import { verifyLedger } from '../../../agent/ledger/verify.ts'
import { Writer } from '../../../agent/ledger/writer.ts'
import { aDir, aLedger, aReader, codeOf } from './parts/samples.ts'
import { closing, START, step } from './parts/steps.ts'

const again = (epoch: string) => ({ station: 'bench-1', at: START, epoch })

describe('a backup', () => {
  it('is a whole ledger of one moment, taken while commits go on', async () => {
    const dir = aDir()
    const ledger = await aLedger(dir, 'thread')
    for (let n = 1; n <= 300; n++) await ledger.commit(closing('B1', n, `r-${n}`))
    let on = true
    const busy = async () => {
      for (let n = 301; on; n++) await ledger.commit(closing('B1', n, `r-${n}`))
    }
    const working = busy()
    const file = join(dir, 'copy.db')
    await backupLedger(dir, file)
    on = false
    await working
    expect(existsSync(`${file}-wal`)).toBe(false)

    const other = aDir()
    const restored = await restoreLedger(file, other, again('E-new'))
    expect(restored.rows).toBeGreaterThanOrEqual(300)
    expect(restored.aside).toBeNull()
    // What was backed up is a beginning of what the ledger has.
    expect(await verifyLedger(dir, { heads: [restored.head] })).toMatchObject({ ok: true })
  })

  it('of nothing, or to a place that is not there, is refused', async () => {
    const dir = aDir()
    expect(await codeOf(backupLedger(dir, join(dir, 'x.db')))).toBe('FILE_UNREADABLE')
    await aLedger(dir)
    expect(await codeOf(backupLedger(dir, join(dir, 'none', 'x.db')))).toBe('FILE_UNREADABLE')
  })
})

describe('a restore', () => {
  it('begins a new epoch; rows of before keep theirs, and the ledger that was there is kept', async () => {
    const dir = aDir()
    const file = join(dir, 'copy.db')
    const first = await aLedger(dir)
    await first.commit(closing('B1', 1, 'r-1'))
    await backupLedger(dir, file)
    await first.commit(closing('B1', 2, 'r-2'))
    expect(await codeOf(restoreLedger(file, dir, again('E-new')))).toBe('STATION_LEDGER_LOCKED')
    await first.close()

    const { aside } = await restoreLedger(file, dir, again('E-new'))
    const ledger = await aLedger(dir)
    expect(ledger.epoch).toBe('E-new')
    expect((await ledger.commit(closing('B1', 2, 'r-3'))).seq).toBe(4)
    const keys = (await ledger.unsent(0, 10)).map(({ epoch, seq }) => `${epoch}:${seq}`)
    expect(keys).toEqual([`${first.epoch}:1`, `${first.epoch}:2`, 'E-new:3', 'E-new:4'])
    // The restore itself is part of the chain.
    expect(await verifyLedger(dir)).toMatchObject({ ok: true, rows: 3 })
    await ledger.close()

    const kept = aDir()
    renameSync(aside ?? '', join(kept, 'ledger.db'))
    const reader = await aReader(kept)
    expect((await reader.runs({ max: 9 })).map(({ record }) => record.run)).toEqual(['r-2', 'r-1'])
  })

  it('takes back what a broken chain, a damaged file or a text says about itself', async () => {
    const dir = aDir()
    const ledger = await aLedger(dir)
    for (let n = 1; n <= 50; n++) await ledger.commit(closing('B1', n, `r-${n}`))
    const good = join(dir, 'good.db')
    await backupLedger(dir, good)
    await ledger.close()
    const before = (await verifyLedger(dir)).head

    const broken = join(dir, 'broken.db')
    writeFileSync(broken, readFileSync(good))
    const db = new Sqlite(broken)
    db.exec(`DROP TRIGGER bodies_update; UPDATE bodies SET body = '{}' WHERE seq = 9`)
    db.close()
    expect(await codeOf(restoreLedger(broken, dir, again('E-1')))).toBe('STATION_CHAIN_BROKEN')
    const text = join(dir, 'text.db')
    writeFileSync(text, 'no ledger')
    expect(await codeOf(restoreLedger(text, dir, again('E-2')))).toBe('STATION_LEDGER_CORRUPT')
    const bytes = readFileSync(good)
    const cut = join(dir, 'cut.db')
    writeFileSync(cut, bytes.subarray(0, Math.floor(bytes.length / 8192) * 4096))
    expect(await codeOf(restoreLedger(cut, dir, again('E-3')))).toBe('STATION_LEDGER_CORRUPT')
    expect(await codeOf(restoreLedger(join(dir, 'none.db'), dir, again('E-4')))).toBe(
      'FILE_UNREADABLE',
    )
    // Whatever was refused left the ledger as it was.
    expect(await verifyLedger(dir)).toMatchObject({ ok: true, head: before })
    expect(readdirSync(dir).filter((name) => name.includes('staged'))).toEqual([])
  })

  it('that was cut short between its two moves is finished at the next start, without the old log', async () => {
    const dir = aDir()
    const file = join(dir, 'copy.db')
    const ledger = await aLedger(dir)
    await ledger.commit(closing('B1', 1, 'r-1'))
    await backupLedger(dir, file)
    await ledger.commit(closing('B1', 2, 'r-2'))
    // As a crash leaves it: the old file moved away, its log still there, the new one not yet in place.
    const log = readFileSync(join(dir, 'ledger.db-wal'))
    await ledger.close()
    renameSync(join(dir, 'ledger.db'), join(dir, 'ledger.db.before-restore-x'))
    writeFileSync(join(dir, 'ledger.db-wal'), log)
    renameSync(file, join(dir, 'ledger.db.restored'))
    const after = await aLedger(dir)
    expect([...(await after.states()).values()]).toEqual(['{"bay":"B1","input":1}'])
    expect(await verifyLedger(dir)).toMatchObject({ ok: true, rows: 1 })
  })
})

describe('a migration', () => {
  const NEXT = [
    ...MIGRATIONS,
    { version: NEWEST_VERSION + 1, sql: 'CREATE TABLE extra (x INTEGER) STRICT' },
  ]
  const writer = (dir: string, migrations = MIGRATIONS) => {
    const made = new Writer({
      dir,
      station: 'bench-1',
      at: START,
      epoch: 'E-1',
      durable: true,
      ballastBytes: 0,
      migrations,
    })
    onTestFinished(() => made.close())
    return made
  }

  it('keeps a copy of the file as it was, and is not taken back', async () => {
    const dir = aDir()
    const ledger = await aLedger(dir)
    await ledger.commit(closing('B1', 1, 'r-1'))
    await ledger.close()
    writer(dir, NEXT).close()
    const copies = readdirSync(join(dir, 'backups'))
    expect(copies).toEqual([`ledger-v${NEWEST_VERSION}-2026-11-23T08-00-00-000Z.db`])
    // The version of today refuses what a newer one wrote, and reads the copy.
    expect(await codeOf(aLedger(dir))).toBe('STATION_LEDGER_NEWER')
    expect(await codeOf(aReader(dir))).toBe('STATION_LEDGER_NEWER')
    const back = aDir()
    renameSync(join(dir, 'backups', copies[0] ?? ''), join(back, 'ledger.db'))
    expect(await verifyLedger(back)).toMatchObject({ ok: true, rows: 1 })
  })

  it('that fails changes nothing', async () => {
    const dir = aDir()
    const ledger = await aLedger(dir)
    await ledger.commit(step('B1', 1))
    await ledger.close()
    const bad = [
      ...MIGRATIONS,
      {
        version: NEWEST_VERSION + 1,
        sql: 'CREATE TABLE extra (x INTEGER) STRICT; CREATE TABLE bays (y)',
      },
    ]
    expect(() => writer(dir, bad)).toThrow(/STATION_LEDGER_FAULT/)
    const after = await aLedger(dir)
    expect((await after.states()).size).toBe(1)
  })
})

it('a ledger directory may lie where no folder is yet', async () => {
  const dir = join(aDir(), 'data', 'ledger')
  expect(await codeOf(aLedger(dir))).toMatch(/^no fault/)
  mkdirSync(dir, { recursive: true })
})
