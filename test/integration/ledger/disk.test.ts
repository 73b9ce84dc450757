// A disk that is full, read-only, damaged or holds something else: a typed fault, nothing half done, and recovery by itself.
import {
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { FAULTS } from '../../../agent/fault.ts'
import { verifyLedger } from '../../../agent/ledger/verify.ts'
import type { Ledger } from '../../../agent/ports.ts'
import { aDir, aLedger, aReader, codeOf, MODES } from './parts/samples.ts'
import { aSmallDisk } from './parts/small-disk.ts'
import { closing, step } from './parts/steps.ts'

const MB = 1024 * 1024

/** Commits until one is refused; gives the input that was refused and how. A full disk refuses within some MB. */
async function commitUntilRefused(
  ledger: Ledger,
  from: number,
): Promise<{ input: number; code: string }> {
  for (let input = from; input < from + 5000; input++) {
    const code = await codeOf(ledger.commit(closing('B1', input, `r-${input}`)))
    if (!code.startsWith('no fault')) return { input, code }
  }
  throw new Error('5000 commits went through on a full disk')
}

describe.each(MODES)('a full disk, mode %s', (mode) => {
  it('refuses the step whole, lets the ballast go, and goes on by itself when there is room', async () => {
    const disk = aSmallDisk(24)
    const dir = join(disk.dir, 'ledger')
    const ledger = await aLedger(dir, mode, { ballastBytes: 4 * MB })
    expect(existsSync(join(dir, 'ledger.ballast'))).toBe(true)
    await ledger.commit(step('B1', 1))
    disk.fill()
    const { input, code } = await commitUntilRefused(ledger, 2)
    expect(code).toBe('STATION_LEDGER_FULL')
    expect(existsSync(join(dir, 'ledger.ballast'))).toBe(false)
    // Nothing of the refused step is there, and what was there can be read.
    expect((await ledger.states()).get('B1')).toBe(`{"bay":"B1","input":${input - 1}}`)
    const reader = await aReader(dir, mode)
    expect(await reader.run(`r-${input}`)).toBeNull()
    expect(await verifyLedger(dir)).toMatchObject({ ok: true })

    // Room for a while is no recovery: it takes as much as the ballast needs.
    const refused = closing('B1', input, `r-${input}`)
    expect(await codeOf(ledger.commit(refused))).toBe('STATION_LEDGER_FULL')
    disk.empty()
    expect((await ledger.commit(refused)).chain?.entry.kind).toBe('record')
    expect(existsSync(join(dir, 'ledger.ballast'))).toBe(true)
    expect((await reader.run(`r-${input}`))?.record.run).toBe(`r-${input}`)
    expect(await verifyLedger(dir)).toMatchObject({ ok: true })
  })
})

describe('a full disk at the start', () => {
  it('opens a ledger with the help of its ballast', async () => {
    const disk = aSmallDisk(24)
    const dir = join(disk.dir, 'ledger')
    const first = await aLedger(dir, 'in-process', { ballastBytes: 4 * MB })
    await first.commit(step('B1', 1))
    await first.close()
    disk.fill()
    const again = await aLedger(dir, 'in-process', { ballastBytes: 4 * MB })
    expect((await again.states()).get('B1')).toBe('{"bay":"B1","input":1}')
  })

  it('says that it is full where no ledger can be made', async () => {
    const disk = aSmallDisk(1)
    disk.fill()
    expect(await codeOf(aLedger(disk.dir))).toBe('STATION_LEDGER_FULL')
    expect(await codeOf(aLedger(disk.dir, 'thread'))).toBe('STATION_LEDGER_FULL')
    disk.empty()
    expect(await codeOf(aLedger(disk.dir))).toMatch(/^no fault/)
  })
})

describe('a disk that cannot be written', () => {
  it('says so at the start, and opens when it can be written again', async () => {
    const disk = aSmallDisk(8)
    const first = await aLedger(disk.dir)
    await first.commit(step('B1', 1))
    await first.close()
    disk.remount('ro')
    expect(await codeOf(aLedger(disk.dir))).toBe('STATION_LEDGER_READONLY')
    expect(await codeOf(aLedger(join(disk.dir, 'new')))).toBe('STATION_LEDGER_READONLY')
    disk.remount('rw')
    expect(await codeOf(aLedger(disk.dir))).toMatch(/^no fault/)
  })
})

/** Page numbers of a table of the ledger in `dir`. */
function pagesOf(dir: string, table: string): number[] {
  const db = new Sqlite(join(dir, 'ledger.db'), { readonly: true })
  const rows = db.prepare('SELECT pageno FROM dbstat WHERE name = ?').all(table) as {
    pageno: number
  }[]
  db.close()
  return rows.map(({ pageno }) => pageno)
}

function spoil(dir: string, page: number): void {
  const fd = openSync(join(dir, 'ledger.db'), 'r+')
  writeSync(fd, Buffer.alloc(4096, 0xa5), 0, 4096, (page - 1) * 4096)
}

async function aFilledDir(): Promise<string> {
  const dir = aDir()
  const ledger = await aLedger(dir)
  await Promise.all(
    Array.from({ length: 300 }, (_, index) => ledger.commit(closing(`B${index}`, 1, `r-${index}`))),
  )
  await ledger.close()
  return dir
}

describe('a damaged page', () => {
  it('in the states is told at the start, where they are needed', async () => {
    const dir = await aFilledDir()
    for (const page of pagesOf(dir, 'bays')) spoil(dir, page)
    expect(await codeOf(aLedger(dir))).toBe('STATION_LEDGER_CORRUPT')
    expect(await verifyLedger(dir)).toMatchObject({ ok: true, rows: 300 })
  })

  it('in an index of the records refuses the closing step whole and lets other steps pass', async () => {
    const dir = await aFilledDir()
    const ledger = await aLedger(dir)
    for (const page of pagesOf(dir, 'sqlite_autoindex_records_1')) spoil(dir, page)
    const last = closing('B1', 2, 'r-last')
    expect(await codeOf(ledger.commit(last))).toBe('STATION_LEDGER_CORRUPT')
    expect(await codeOf(ledger.commit(last))).toBe('STATION_LEDGER_CORRUPT')
    expect((await ledger.states()).get('B1')).toBe('{"bay":"B1","input":1}')
    expect((await ledger.commit(step('B2', 2))).seq).toBe(601)
    expect(await verifyLedger(dir)).toMatchObject({ ok: true, rows: 300 })
  })

  it('in the records is found by verify and told to whoever reads them', async () => {
    const dir = await aFilledDir()
    const pages = pagesOf(dir, 'bodies')
    spoil(dir, pages[Math.floor(pages.length / 2)] ?? 0)
    expect(await codeOf(verifyLedger(dir))).toBe('STATION_LEDGER_CORRUPT')
    const reader = await aReader(dir)
    const walk = async () => {
      for await (const run of reader.walk({})) void run
    }
    expect(await codeOf(walk())).toBe('STATION_LEDGER_CORRUPT')
    expect((await reader.run('r-0'))?.record.run).toBe('r-0')
  })
})

const SQLITE_HEADER = Buffer.from('SQLite format 3\0')

describe('a file that is no ledger', () => {
  const other = (dir: string, sql: string) => {
    const db = new Sqlite(join(dir, 'ledger.db'))
    db.exec(sql)
    db.close()
  }
  const write = (dir: string, bytes: Uint8Array | string) =>
    writeFileSync(join(dir, 'ledger.db'), bytes)
  const CASES: readonly (readonly [string, (dir: string) => void, string])[] = [
    ['an empty file', (dir) => write(dir, ''), 'STATION_LEDGER_CORRUPT'],
    ['a text', (dir) => write(dir, 'serial,verdict\nSN-1,resealed\n'), 'STATION_LEDGER_CORRUPT'],
    ['zeros', (dir) => write(dir, Buffer.alloc(8192)), 'STATION_LEDGER_CORRUPT'],
    [
      'bytes by chance',
      (dir) =>
        write(
          dir,
          Buffer.from(Array.from({ length: 9000 }, (_, n) => (n * 7919 + (n >> 3) * 104729) & 255)),
        ),
      'STATION_LEDGER_CORRUPT',
    ],
    [
      'a header and nothing behind it',
      (dir) => write(dir, SQLITE_HEADER),
      'STATION_LEDGER_CORRUPT',
    ],
    [
      'a header with rubbish behind it',
      (dir) => write(dir, Buffer.concat([SQLITE_HEADER, Buffer.alloc(8176, 0x5a)])),
      'STATION_LEDGER_CORRUPT',
    ],
    [
      'another database',
      (dir) => other(dir, 'CREATE TABLE t (x); INSERT INTO t VALUES (1)'),
      'STATION_LEDGER_CORRUPT',
    ],
    [
      'our mark without our tables',
      (dir) =>
        other(
          dir,
          'PRAGMA application_id = 1381188940; PRAGMA user_version = 1; CREATE TABLE t (x)',
        ),
      'STATION_LEDGER_FAULT',
    ],
    [
      'a ledger of a newer version',
      (dir) =>
        other(
          dir,
          'PRAGMA application_id = 1381188940; PRAGMA user_version = 99; CREATE TABLE t (x)',
        ),
      'STATION_LEDGER_NEWER',
    ],
    ['a directory', (dir) => mkdirSync(join(dir, 'ledger.db')), 'STATION_LEDGER_READONLY'],
    [
      'a log without its file',
      (dir) => writeFileSync(join(dir, 'ledger.db-wal'), 'x'),
      'STATION_LEDGER_CORRUPT',
    ],
  ]
  it.each(CASES)('%s is a typed fault and stays as it is', async (name, make, code) => {
    const dir = aDir()
    make(dir)
    const file = join(dir, 'ledger.db')
    const before = statSync(file, { throwIfNoEntry: false })?.isFile() ? readFileSync(file) : null
    expect(await codeOf(aLedger(dir))).toBe(code)
    expect(await codeOf(aLedger(dir, 'thread'))).toBe(code)
    const seen = await codeOf(aReader(dir).then((reader) => reader.totals()))
    expect(Object.keys(FAULTS)).toContain(seen)
    expect(Object.keys(FAULTS)).toContain(await codeOf(verifyLedger(dir)))
    // The one that wears our mark is turned to the log mode of ours before its tables are missed.
    if (before === null || name.startsWith('our mark')) return
    expect(readFileSync(file).equals(before)).toBe(true)
  })

  it('none at all is said to a reader, who never makes one', async () => {
    const dir = aDir()
    expect(await codeOf(aReader(dir))).toBe('FILE_UNREADABLE')
    expect(await codeOf(aReader(dir, 'thread'))).toBe('FILE_UNREADABLE')
    expect(existsSync(join(dir, 'ledger.db'))).toBe(false)
  })

  it.each([0.1, 0.3, 0.5, 0.7, 0.9])(
    'a file cut at %f of its length is never taken for whole',
    async (share) => {
      const dir = await aFilledDir()
      const file = join(dir, 'ledger.db')
      truncateSync(file, Math.floor((readFileSync(file).length * share) / 4096) * 4096)
      const opened = await codeOf(aLedger(dir).then((ledger) => ledger.commit(step('B1', 2))))
      const verified = await codeOf(verifyLedger(dir))
      expect([opened, verified].some((code) => code === 'STATION_LEDGER_CORRUPT')).toBe(true)
      expect(verified).not.toContain('"ok":true,"rows":300')
    },
  )
})
