// How a ledger file comes to be and grows: made aside and moved into place whole, migrated forward only, with a copy first.
import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { join } from 'node:path'
import type { InstantMs } from '../core/ids.ts'
import { iso } from '../core/ids.ts'
import { StationError } from '../fault.ts'
import type { Database } from './database.ts'
import { ledgerFile, rawDatabase, sizeOf } from './database.ts'
import type { Migration } from './schema.ts'
import { APPLICATION_ID } from './schema.ts'

export interface Birth {
  readonly epoch: string
  readonly station: string
  readonly at: InstantMs
  /** False: no flush (a simulation). */
  readonly durable: boolean
}

/** Flushes a file or a directory to the disk. */
export function flushPath(path: string): void {
  const fd = openSync(path, 'r')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

/** A time that may stand in a file name. */
export const fileTime = (at: InstantMs): string => iso(at).replace(/[:.]/g, '-')

/**
 * Makes the ledger of `dir` if there is none, and finishes a restore that was cut short.
 * @throws StationError STATION_LEDGER_CORRUPT when the file is gone but its log is there
 */
export function ensureLedger(dir: string, birth: Birth, migrations: readonly Migration[]): void {
  const file = ledgerFile(dir)
  const restored = `${file}.restored`
  if (existsSync(restored)) {
    if (existsSync(file)) rmSync(restored)
    else {
      // The log that may still lie there is that of the old ledger: beside the new one it would be played into it.
      if (existsSync(`${file}-wal`)) renameSync(`${file}-wal`, `${file}.before-restore-wal`)
      rmSync(`${file}-shm`, { force: true })
      renameSync(restored, file)
    }
  }
  if (existsSync(file)) return
  if ((sizeOf(`${file}-wal`) ?? 0) > 0) {
    throw new StationError('STATION_LEDGER_CORRUPT', `${file} is gone but its log is there`)
  }
  const aside = `${file}.new`
  for (const part of ['', '-wal', '-shm', '-journal']) rmSync(`${aside}${part}`, { force: true })
  const db = rawDatabase(aside)
  try {
    db.pragma('journal_mode = WAL')
    db.pragma(`synchronous = ${birth.durable ? 'FULL' : 'OFF'}`)
    db.pragma(`application_id = ${APPLICATION_ID}`)
    for (const migration of migrations) apply(db, migration)
    db.prepare('INSERT INTO epochs VALUES (1, ?, ?, ?, ?)').run(
      birth.epoch,
      birth.station,
      birth.at,
      'new',
    )
  } finally {
    db.close()
  }
  renameSync(aside, file)
  if (birth.durable) flushPath(dir)
}

/** Brings an open ledger to the newest version; before each step the file is copied to `backups/`. */
export function migrate(
  db: Database,
  dir: string,
  at: InstantMs,
  migrations: readonly Migration[],
): void {
  for (const migration of migrations) {
    const version = versionOf(db)
    if (migration.version <= version) continue
    db.pragma('wal_checkpoint(TRUNCATE)')
    const backups = join(dir, 'backups')
    mkdirSync(backups, { recursive: true })
    const copy = join(backups, `ledger-v${version}-${fileTime(at)}.db`)
    copyFileSync(ledgerFile(dir), copy)
    flushPath(copy)
    apply(db, migration)
  }
}

export const versionOf = (db: Database): number =>
  Number(db.pragma('user_version', { simple: true }))

function apply(db: Database, migration: Migration): void {
  db.transaction(() => {
    db.exec(migration.sql)
    migration.fill?.(db)
    db.pragma(`user_version = ${migration.version}`)
  })()
}
