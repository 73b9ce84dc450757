// The one door to better-sqlite3: how a connection is opened, and what an error of SQLite means for the bench.
import { statfsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import Sqlite from 'better-sqlite3'
import type { FaultCode } from '../fault.ts'
import { isStationError, StationError } from '../fault.ts'
import { APPLICATION_ID, MIGRATIONS } from './schema.ts'

export type Database = Sqlite.Database
export type Statement = Sqlite.Statement<unknown[], unknown>

/** Names of the files in the ledger's directory. */
export const ledgerFile = (dir: string): string => join(dir, 'ledger.db')
export const NEWEST_VERSION = MIGRATIONS.reduce((max, one) => Math.max(max, one.version), 0)

/** A disk with less than this is full, whatever SQLite called the error (a log page, an index page and some slack). */
const FULL_BELOW_BYTES = 256 * 1024

/** A closing writer, or a reader that plays in the log after a crash, holds a lock for a moment: wait so long for it. */
const BUSY_MS = 2000

/** Free bytes for this user on the file system of `path`; 0 when it cannot be told. */
export function freeBytes(path: string): number {
  try {
    const stat = statfsSync(path)
    return stat.bavail * stat.bsize
  } catch {
    return 0
  }
}

const CODES: readonly (readonly [RegExp, FaultCode])[] = [
  [/^(?:SQLITE_FULL|ENOSPC|EDQUOT)/, 'STATION_LEDGER_FULL'],
  [
    /^(?:SQLITE_READONLY|SQLITE_CANTOPEN|SQLITE_PERM|EROFS|EACCES|EPERM)/,
    'STATION_LEDGER_READONLY',
  ],
  [/^(?:SQLITE_CORRUPT|SQLITE_NOTADB)/, 'STATION_LEDGER_CORRUPT'],
  [/^(?:SQLITE_BUSY|SQLITE_LOCKED)/, 'STATION_LEDGER_LOCKED'],
]

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''

/** True when the entry itself is at fault and not the disk: its neighbours may go on without it. */
export const isOwnFault = (error: unknown): boolean =>
  !isStationError(error) &&
  !/^(?:SQLITE_(?!CONSTRAINT|MISMATCH|TOOBIG|RANGE|ERROR)|E[A-Z]+$)/.test(codeOf(error))

/** Any error of a database or its files as a fault of the table; `where` is a path or an operation. */
export function faultOf(error: unknown, where: string, dir: string): StationError {
  if (isStationError(error)) return error
  const text = codeOf(error)
  const detail = `${where}: ${error instanceof Error ? error.message : String(error)}`
  const known = CODES.find(([pattern]) => pattern.test(text))?.[1]
  // A full disk also shows as a failed write of the index file, which SQLite calls an I/O error.
  const full = text.startsWith('SQLITE_IOERR') || text.startsWith('SQLITE_CANTOPEN')
  const code =
    full && freeBytes(dir) < FULL_BELOW_BYTES
      ? 'STATION_LEDGER_FULL'
      : (known ?? 'STATION_LEDGER_FAULT')
  return new StationError(code, detail, { cause: error })
}

export interface Opening {
  readonly readonly: boolean
  /** False only for a simulation, whose power cuts are its own: no flush at all. */
  readonly durable: boolean
  /** Newest version of the tables that the caller can bring a file to. */
  readonly newest: number
}

/**
 * Opens `file`, sets it up and checks that it is a ledger this version knows.
 * @throws StationError STATION_LEDGER_CORRUPT, _NEWER, _READONLY, _FULL, _LOCKED, _FAULT; FILE_UNREADABLE when a reader finds none
 */
export function openDatabase(file: string, opening: Opening): Database {
  const size = sizeOf(file)
  if (opening.readonly && size === null)
    throw new StationError('FILE_UNREADABLE', `no ledger at ${file}`)
  // Ours are made aside and moved into place whole; an empty one was cut by something else.
  if (size === 0) throw new StationError('STATION_LEDGER_CORRUPT', `${file} is empty`)
  let db: Database | undefined
  try {
    db = new Sqlite(file, { readonly: opening.readonly, fileMustExist: true, timeout: BUSY_MS })
    checkIsOurs(db, file, opening.newest)
    setUp(db, opening)
    return db
  } catch (error) {
    db?.close()
    throw faultOf(error, file, dirname(file))
  }
}

function setUp(db: Database, opening: Opening): void {
  db.pragma('foreign_keys = ON')
  db.pragma('trusted_schema = OFF')
  // The page cache of a connection, KiB: its default of 16 MB twice would be a fifth of the agent's memory.
  db.pragma('cache_size = -4096')
  if (opening.readonly) {
    db.pragma('query_only = ON')
    return
  }
  db.pragma('journal_mode = WAL')
  db.pragma(`synchronous = ${opening.durable ? 'FULL' : 'OFF'}`)
  db.pragma('journal_size_limit = 67108864')
}

function checkIsOurs(db: Database, file: string, newest: number): void {
  const version = Number(db.pragma('user_version', { simple: true }))
  if (Number(db.pragma('application_id', { simple: true })) !== APPLICATION_ID) {
    throw new StationError('STATION_LEDGER_CORRUPT', `${file} is no ledger of Reseal`)
  }
  if (version > newest) {
    throw new StationError(
      'STATION_LEDGER_NEWER',
      `${file} has version ${version}, this program knows ${newest}`,
    )
  }
}

/** Bytes of a file, or null when it is not there. */
export function sizeOf(file: string): number | null {
  return statSync(file, { throwIfNoEntry: false })?.size ?? null
}

/** A bare connection without our checks: for making a new file, for the lock, for migrations. */
export function rawDatabase(file: string): Database {
  return new Sqlite(file, { timeout: 0 })
}
