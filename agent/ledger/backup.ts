// A copy of the ledger while the bench works, and the way back from one, after which nothing may be taken for something else.
import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import type { InstantMs } from '../core/ids.ts'
import { isStationError, StationError } from '../fault.ts'
import {
  faultOf,
  ledgerFile,
  NEWEST_VERSION,
  openDatabase,
  rawDatabase,
  sizeOf,
} from './database.ts'
import { takeLock } from './lock.ts'
import { fileTime, flushPath, migrate } from './migrate.ts'
import { noteRow } from './ops.ts'
import { copyPhotos, type PhotosCopied, photosOf, photosOfBackup } from './photos.ts'
import { Queries } from './queries.ts'
import { MIGRATIONS } from './schema.ts'
import { Tables } from './tables.ts'
import { verifyDatabase } from './verify.ts'

/** Pages per step of the online backup: 1 MB, some ms of the caller's thread. */
const STEP_PAGES = 256

export interface BackedUp {
  readonly bytes: number
  readonly photos: PhotosCopied
}

/**
 * Copies the ledger of `dir` to `file` as it stands now, and the photos that it names to `<file>.photos`; a station may
 * go on writing it.
 * @throws StationError FILE_UNREADABLE when there is no ledger or `file` cannot be written
 */
export async function backupLedger(dir: string, file: string): Promise<BackedUp> {
  const db = openDatabase(ledgerFile(dir), {
    readonly: true,
    durable: true,
    newest: NEWEST_VERSION,
  })
  const aside = `${file}.part`
  try {
    rmSync(aside, { force: true })
    // An open read transaction pins what is copied: without it every commit of the bench would start the copy over.
    db.exec('BEGIN')
    db.prepare('SELECT count(*) FROM epochs').get()
    await db.backup(aside, { progress: () => STEP_PAGES })
    db.exec('COMMIT')
    // One file that stands for itself, with no log beside it.
    const copy = rawDatabase(aside)
    copy.pragma('journal_mode = DELETE')
    const photos = await copyPhotos(copy, photosOf(dir), photosOfBackup(file)).finally(() =>
      copy.close(),
    )
    flushPath(aside)
    renameSync(aside, file)
    flushPath(dirname(file))
    return { bytes: sizeOf(file) ?? 0, photos }
  } catch (error) {
    rmSync(aside, { force: true })
    const fault = faultOf(error, file, dirname(file))
    if (fault.code === 'STATION_LEDGER_CORRUPT' || fault.code === 'STATION_LEDGER_FULL') throw fault
    throw new StationError('FILE_UNREADABLE', fault.where, { cause: error })
  } finally {
    db.close()
  }
}

export interface RestoreOptions {
  readonly station: string
  readonly at: InstantMs
  /** A new id: the epoch from now on. */
  readonly epoch: string
}
export interface Restored {
  readonly epoch: string
  readonly rows: number
  readonly head: string
  /** Where the ledger that stood there before is kept; null when there was none. */
  readonly aside: string | null
  readonly photos: PhotosCopied
}

/**
 * Puts the backup `file` in the place of the ledger of `dir`, checked, with its photos, and begins a new epoch: rewound outbox numbers
 * would else be taken for messages already seen.
 * @throws StationError STATION_LEDGER_LOCKED while a station runs, FILE_UNREADABLE, STATION_LEDGER_CORRUPT, STATION_CHAIN_BROKEN
 */
export async function restoreLedger(
  file: string,
  dir: string,
  options: RestoreOptions,
): Promise<Restored> {
  if (!existsSync(file)) throw new StationError('FILE_UNREADABLE', file)
  mkdirSync(dir, { recursive: true })
  const unlock = takeLock(dir)
  const staged = `${ledgerFile(dir)}.staged`
  try {
    copyWithLog(file, staged)
    const { rows, head } = await beginEpoch(staged, dir, basename(file), options)
    const photos = await restorePhotos(staged, file, dir)
    flushPath(staged)
    const restored = `${ledgerFile(dir)}.restored`
    renameSync(staged, restored)
    flushPath(dir)
    // From here on a crash is finished by the next opening (migrate.ts).
    const aside = setAside(dir, options.at)
    renameSync(restored, ledgerFile(dir))
    flushPath(dir)
    return { epoch: options.epoch, rows, head, aside, photos }
  } catch (error) {
    throw faultOf(error, file, dir)
  } finally {
    for (const part of ['', '-wal', '-shm']) rmSync(`${staged}${part}`, { force: true })
    unlock()
  }
}

/** Before the ledger changes places: photos have the names of their bytes, so that one too many harms nothing. */
async function restorePhotos(staged: string, file: string, dir: string): Promise<PhotosCopied> {
  const db = openDatabase(staged, { readonly: true, durable: true, newest: NEWEST_VERSION })
  try {
    return await copyPhotos(db, photosOfBackup(file), photosOf(dir))
  } finally {
    db.close()
  }
}

function copyWithLog(file: string, staged: string): void {
  for (const part of ['-shm', '-wal', '']) rmSync(`${staged}${part}`, { force: true })
  copyFileSync(file, staged)
  // A plain copy of a running ledger has its newest commits in the log beside it.
  if (existsSync(`${file}-wal`)) copyFileSync(`${file}-wal`, `${staged}-wal`)
}

async function beginEpoch(
  staged: string,
  dir: string,
  from: string,
  { station, at, epoch }: RestoreOptions,
): Promise<{ readonly rows: number; readonly head: string }> {
  const db = openDatabase(staged, { readonly: false, durable: true, newest: NEWEST_VERSION })
  try {
    const damage = String(db.pragma('quick_check(1)', { simple: true }))
    if (damage !== 'ok') throw new StationError('STATION_LEDGER_CORRUPT', `${from}: ${damage}`)
    const verified = await verifyDatabase(db, {})
    if (!verified.ok)
      throw new StationError('STATION_CHAIN_BROKEN', `${from}: ${verified.firstBad?.why ?? ''}`)
    migrate(db, dir, at, MIGRATIONS)
    db.prepare('INSERT INTO epochs (epoch, station, at, why) VALUES (?, ?, ?, ?)').run(
      epoch,
      station,
      at,
      'restore',
    )
    const tables = new Tables(db)
    tables.begin()
    tables.apply(noteRow('audit', null, 'restore', at, { epoch, from: verified.head }))
    tables.commit()
    return { rows: verified.rows, head: verified.head }
  } finally {
    db.close()
  }
}

/** Nothing is thrown away: the ledger that is replaced stays beside the new one under the time of the restore. */
function setAside(dir: string, at: InstantMs): string | null {
  const file = ledgerFile(dir)
  if (!existsSync(file)) return null
  foldLog(dir)
  const aside = `${file}.before-restore-${fileTime(at)}`
  renameSync(file, aside)
  if (existsSync(`${file}-wal`)) renameSync(`${file}-wal`, `${aside}-wal`)
  rmSync(`${file}-shm`, { force: true })
  return aside
}

/** Copies the log into the file if the old ledger still opens; a damaged one keeps its log beside it. */
function foldLog(dir: string): void {
  try {
    openDatabase(ledgerFile(dir), {
      readonly: false,
      durable: true,
      newest: NEWEST_VERSION,
    }).close()
  } catch (error) {
    if (!isStationError(error)) throw error
  }
}

/** The head of the chain of `dir` now, to be kept elsewhere as an anchor. */
export function headOfLedger(dir: string): string {
  const queries = new Queries(dir)
  try {
    return queries.head()
  } finally {
    queries.close()
  }
}
