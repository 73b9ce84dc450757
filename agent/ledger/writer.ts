// The writer: every waiting change in one transaction, all or nothing, and what happens when the disk refuses.
import { mkdirSync } from 'node:fs'
import { isStationError } from '../fault.ts'
import { BALLAST_BYTES, Ballast } from './ballast.ts'
import type { Database } from './database.ts'
import { faultOf, isOwnFault, ledgerFile, openDatabase, sizeOf } from './database.ts'
import { takeLock } from './lock.ts'
import { ensureLedger, migrate } from './migrate.ts'
import type { Answer, Failure, Op, ReadOp, Value, WriteOp } from './ops.ts'
import { isRead } from './ops.ts'
import type { Migration } from './schema.ts'
import { MIGRATIONS } from './schema.ts'
import { Tables } from './tables.ts'

export interface WriterOptions {
  readonly dir: string
  readonly station: string
  /** UTC ms, for the birth of a ledger and the names of copies. */
  readonly at: number
  /** Becomes the epoch if a ledger is made. */
  readonly epoch: string
  /** False: no flush at all; only for a simulation, whose power cuts are its own. */
  readonly durable: boolean
  /** 0: none. */
  readonly ballastBytes?: number
  readonly migrations?: readonly Migration[]
}

/** Log pages (4 KiB) after which a commit copies them into the file even if the bench is never idle: 16 MB. */
const CHECKPOINT_PAGES = 4096
/** A log smaller than this is not worth a checkpoint while idle. */
const TIDY_BYTES = 1024 * 1024

export class Writer {
  readonly #options: WriterOptions
  readonly #ballast: Ballast
  readonly #unlock: () => void
  #db: Database
  #tables: Tables
  /** The connection met an error of the disk: it is opened afresh before the next try. */
  #sick = false

  /** @throws StationError STATION_LEDGER_* when the ledger cannot be opened */
  constructor(options: WriterOptions) {
    this.#options = options
    this.#ballast = new Ballast(options.dir, options.ballastBytes ?? BALLAST_BYTES)
    makeDir(options.dir)
    this.#unlock = takeLock(options.dir)
    try {
      ;[this.#db, this.#tables] = this.#openWithRoom()
    } catch (error) {
      this.#unlock()
      throw faultOf(error, options.dir, options.dir)
    }
    this.#ballast.make()
  }

  get epoch(): string {
    return this.#tables.epoch
  }

  /** Carries out what waits: all changes in one transaction, then what is read. One answer per op, in order. */
  flush(ops: readonly Op[]): readonly Answer[] {
    const writes = ops.filter((op) => !isRead(op)) as readonly WriteOp[]
    const written = this.#write(writes)
    let next = 0
    return ops.map((op) => (isRead(op) ? this.#read(op) : (written[next++] as Answer)))
  }

  close(): void {
    try {
      // The last connection to close copies the log into the file; a full disk may refuse, the log then stays.
      this.#db.close()
    } finally {
      this.#unlock()
    }
  }

  #write(ops: readonly WriteOp[]): readonly Answer[] {
    if (ops.length === 0) return []
    // Once a disk was full, room for the ballast is the proof that it no longer is.
    if (!this.#ballast.make()) return failed(ops, this.#full())
    try {
      this.#heal()
      return this.#together(ops)
    } catch (error) {
      // One bad entry must not hold up its neighbours for ever: each on its own then.
      if (isOwnFault(error))
        return ops.length === 1 ? failed(ops, this.#failure(error)) : this.#each(ops)
      return this.#afterDiskError(ops, error)
    }
  }

  #together(ops: readonly WriteOp[]): readonly Answer[] {
    const values: Value[] = []
    try {
      this.#tables.begin()
      for (const op of ops) values.push(this.#tables.apply(op))
      this.#tables.commit()
    } catch (error) {
      this.#tables.rollback()
      throw error
    }
    const { seq } = this.#tables
    // Whoever shared the transaction sees the same highest row: it is on the disk with them. One object for all whose
    // step closed no run: to the other thread it travels once.
    const plain: Answer = { value: { seq, chain: null } }
    return values.map((value) => {
      if (value === null || typeof value !== 'object' || !('chain' in value)) return { value }
      return value.chain === null ? plain : { value: { ...value, seq } }
    })
  }

  #each(ops: readonly WriteOp[]): readonly Answer[] {
    return ops.flatMap((op) => {
      try {
        return this.#together([op])
      } catch (error) {
        if (!isOwnFault(error)) this.#sick = true
        return failed([op], this.#failure(error))
      }
    })
  }

  #afterDiskError(ops: readonly WriteOp[], error: unknown): readonly Answer[] {
    const failure = this.#failure(error)
    if (failure.code !== 'STATION_LEDGER_FULL') {
      this.#sick = true
      return failed(ops, failure)
    }
    // With the ballast gone the log can go into the file, which often is all the room that was missing.
    this.#ballast.release()
    try {
      this.#db.pragma('wal_checkpoint(TRUNCATE)')
      if (this.#ballast.make()) return this.#together(ops)
    } catch {
      // The first error is the one to report; the next try starts afresh.
      this.#sick = true
    }
    return failed(ops, failure)
  }

  #read(op: ReadOp): Answer {
    try {
      this.#heal()
      switch (op.op) {
        case 'states':
          return { value: this.#tables.states() }
        case 'seq':
          return { value: this.#tables.seq }
        case 'unsent':
          return { value: this.#tables.unsent(op.after, op.max) }
        case 'old-photos':
          return { value: this.#tables.oldPhotos(op.before, op.max) }
        case 'tidy':
          this.#tidy()
          return { value: null }
      }
    } catch (error) {
      if (!isOwnFault(error)) this.#sick = true
      return { failure: this.#failure(error) }
    }
  }

  #tidy(): void {
    if (!this.#ballast.make()) return
    if ((sizeOf(`${ledgerFile(this.#options.dir)}-wal`) ?? 0) < TIDY_BYTES) return
    this.#db.pragma('wal_checkpoint(PASSIVE)')
  }

  #heal(): void {
    if (!this.#sick) return
    this.#db.close()
    ;[this.#db, this.#tables] = this.#open()
    this.#sick = false
  }

  #openWithRoom(): [Database, Tables] {
    try {
      return this.#open()
    } catch (error) {
      if (!isStationError(error) || error.code !== 'STATION_LEDGER_FULL') throw error
      this.#ballast.release()
      return this.#open()
    }
  }

  #open(): [Database, Tables] {
    const { dir, station, at, epoch, durable, migrations = MIGRATIONS } = this.#options
    const newest = migrations.reduce((max, one) => Math.max(max, one.version), 0)
    let db: Database | undefined
    try {
      ensureLedger(dir, { epoch, station, at, durable }, migrations)
      db = openDatabase(ledgerFile(dir), { readonly: false, durable, newest })
      migrate(db, dir, at, migrations)
      db.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`)
      return [db, new Tables(db)]
    } catch (error) {
      db?.close()
      throw faultOf(error, ledgerFile(dir), dir)
    }
  }

  #failure(error: unknown): Failure {
    const fault = faultOf(error, ledgerFile(this.#options.dir), this.#options.dir)
    return { code: fault.code, where: fault.where }
  }

  #full(): Failure {
    return { code: 'STATION_LEDGER_FULL', where: this.#options.dir }
  }
}

function makeDir(dir: string): void {
  try {
    mkdirSync(dir, { recursive: true })
  } catch {
    // On a read-only disk Node's recursive form says ENOENT; the plain one tells the true reason.
    try {
      mkdirSync(dir)
    } catch (error) {
      throw faultOf(error, dir, dir)
    }
  }
}

const failed = (ops: readonly Op[], failure: Failure): readonly Answer[] =>
  ops.map(() => ({ failure }))
