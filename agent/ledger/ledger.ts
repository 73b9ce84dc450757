// The ledger as the bench and the publisher see it: asynchronous, one promise per step, whatever thread does the work.
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type InstantMs, iso } from '../core/ids.ts'
import { StationError } from '../fault.ts'
import type {
  AuditLog,
  AuditNote,
  Clock,
  Committed,
  Entry,
  HookChange,
  Ids,
  Ledger,
  OutboxRow,
} from '../ports.ts'
import { auditRow } from './audit-rows.ts'
import type { Channel, Mode } from './channel.ts'
import { LocalChannel, ThreadChannel } from './channel.ts'
import type { Answer, Op, OutboxPage, Pruned, Value } from './ops.ts'
import { commitRow, noteRow } from './ops.ts'
import { rowsOf } from './outbox-rows.ts'
import { type OldPhotos, PHOTOS_ERASED } from './photo-rows.ts'
import { photosOf } from './photos.ts'
import type { WriterOptions } from './writer.ts'
import { Writer } from './writer.ts'

export interface LedgerOptions {
  readonly dir: string
  readonly mode: Mode
  readonly clock: Clock
  readonly ids: Ids
  readonly station: string
  /** False: no flush of the disk at all; only for a simulation, whose power cuts are its own. Default true. */
  readonly durable?: boolean
  /** Size of the ballast, bytes; 0: none. Default 8 MB. */
  readonly ballastBytes?: number
}

/** After this long without a commit the log is copied into the file and the ballast made again. */
const IDLE_MS = 250
/** Rows that one transaction of the retention takes, so that a commit never waits long behind it. */
const PRUNE_ROWS = 500
const PHOTOS_AT_ONCE = 100
/** Most rows of one `unsent`. */
const UNSENT_MAX = 1000

export interface StationLedger extends Ledger, AuditLog {
  /** Lets go of journal rows and confirmed outbox rows older than `olderThanMs`; never of a record or of the chain. */
  prune(olderThanMs: number): Promise<Pruned>
  /** Lets bodies of the audit older than `olderThanMs` go, with erasure entries in the chain; how many went. */
  eraseAudit(olderThanMs: number): Promise<number>
  /** Takes photos older than `olderThanMs` off the disk, with erasure entries in the chain; how many went. */
  erasePhotos(olderThanMs: number): Promise<number>
  /** One change of a webhook's queue; the number of rows it changed. */
  changeHooks(change: HookChange): Promise<number>
}

/**
 * Opens the ledger of `dir`, making it if there is none; this process alone writes it until `close`.
 * @throws StationError STATION_LEDGER_LOCKED, _FULL, _READONLY, _CORRUPT, _NEWER, _FAULT
 */
export async function openLedger(options: LedgerOptions): Promise<StationLedger> {
  const { dir, mode, clock, ids, station, durable = true, ballastBytes } = options
  const at = clock.now()
  const writerOptions: WriterOptions = {
    dir,
    station,
    at,
    durable,
    epoch: ids.next(at),
    ...(ballastBytes === undefined ? {} : { ballastBytes }),
  }
  if (mode === 'in-process') {
    const writer = new Writer(writerOptions)
    // No timer here: a simulated clock must not be kept going by housekeeping; SQLite checkpoints as the log grows.
    return new ChannelLedger(dir, writer.epoch, new LocalChannel<Op, Answer>(writer), clock, false)
  }
  const { channel, hello } = await ThreadChannel.open<Op, Answer, { readonly epoch: string }>(
    new URL('./writer-worker.ts', import.meta.url),
    writerOptions,
  )
  return new ChannelLedger(dir, hello.epoch, channel, clock, true)
}

class ChannelLedger implements StationLedger {
  readonly epoch: string
  readonly #dir: string
  readonly #channel: Channel<Op, Answer>
  readonly #clock: Clock
  readonly #tidies: boolean
  #lastAskAt = 0
  #cancelTidy: (() => void) | null = null
  #closed = false

  constructor(
    dir: string,
    epoch: string,
    channel: Channel<Op, Answer>,
    clock: Clock,
    tidies: boolean,
  ) {
    this.#dir = dir
    this.epoch = epoch
    this.#channel = channel
    this.#clock = clock
    this.#tidies = tidies
  }

  async commit(entry: Entry): Promise<Committed> {
    let row: Op
    try {
      row = commitRow(entry)
    } catch (error) {
      throw new StationError('STATION_LEDGER_FAULT', `bay ${entry.bay}: ${String(error)}`, {
        cause: error,
      })
    }
    return (await this.#ask(row)) as Committed
  }

  async states(): Promise<ReadonlyMap<string, string>> {
    return new Map((await this.#ask({ op: 'states' })) as readonly (readonly [string, string])[])
  }

  async countBoot(bays: readonly string[]): Promise<ReadonlyMap<string, number>> {
    return new Map(
      (await this.#ask({ op: 'boot', bays })) as readonly (readonly [string, number])[],
    )
  }

  async annotate(
    serial: string,
    kind: string,
    at: InstantMs,
    body: Readonly<Record<string, unknown>>,
  ): Promise<Committed> {
    return (await this.#ask(noteRow('annotation', serial, kind, at, body))) as Committed
  }

  async unsent(after: number, max: number): Promise<readonly OutboxRow[]> {
    return rowsOf(
      (await this.#ask({ op: 'unsent', after, max: Math.min(max, UNSENT_MAX) })) as OutboxPage,
    )
  }

  async markSent(seqs: readonly number[]): Promise<void> {
    if (seqs.length > 0) await this.#ask({ op: 'sent', seqs })
  }

  async park(seq: number, why: string): Promise<void> {
    await this.#ask({ op: 'park', seq, why })
  }

  async seq(): Promise<number> {
    return (await this.#ask({ op: 'seq' })) as number
  }

  async prune(olderThanMs: number): Promise<Pruned> {
    const before = this.#clock.now() - olderThanMs
    let inputs = 0
    let outbox = 0
    // Ends: each round takes rows away, and rows that are made meanwhile are younger than `before`.
    for (;;) {
      const round = (await this.#ask({ op: 'prune', before, max: PRUNE_ROWS })) as Pruned
      inputs += round.inputs
      outbox += round.outbox
      if (round.inputs + round.outbox === 0) return { inputs, outbox }
    }
  }

  async changeHooks(change: HookChange): Promise<number> {
    return (await this.#ask({ op: 'hooks', change })) as number
  }

  async audit(note: AuditNote): Promise<Committed> {
    return (await this.#ask(auditRow(note))) as Committed
  }

  async eraseAudit(olderThanMs: number): Promise<number> {
    const at = this.#clock.now()
    let all = 0
    // Ends: each round takes rows away, and what is added meanwhile is younger.
    for (;;) {
      const op = { op: 'erase-audit', before: at - olderThanMs, at, max: PRUNE_ROWS } as const
      const gone = (await this.#ask(op)) as number
      if (gone === 0) return all
      all += gone
    }
  }

  async erasePhotos(olderThanMs: number): Promise<number> {
    const at = this.#clock.now()
    const before = at - olderThanMs
    let all = 0
    for (;;) {
      const op = { op: 'old-photos', before, max: PHOTOS_AT_ONCE } as const
      const old = (await this.#ask(op)) as OldPhotos | null
      if (old === null) return all
      // Files first: after a stop between the two the same ones go again, and none is ever left behind.
      for (const file of old.files) await rm(join(photosOf(this.#dir), file), { force: true })
      const body = { upTo: old.upTo, count: old.count, before: iso(before) }
      await this.#ask(noteRow('erasure', null, PHOTOS_ERASED, at, body))
      all += old.count
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#cancelTidy?.()
    await this.#channel.close()
  }

  async #ask(op: Op): Promise<Value> {
    this.#lastAskAt = this.#clock.mono()
    const answer = await this.#channel.ask(op)
    if (this.#tidies && op.op !== 'tidy') this.#armTidy(IDLE_MS)
    if ('failure' in answer) throw new StationError(answer.failure.code, answer.failure.where)
    return answer.value
  }

  /** One timer at a time, put off while there is work: not one per commit. */
  #armTidy(ms: number): void {
    if (this.#cancelTidy !== null || this.#closed) return
    this.#cancelTidy = this.#clock.after(ms, () => {
      this.#cancelTidy = null
      const idleMs = this.#clock.mono() - this.#lastAskAt
      if (this.#channel.busy || idleMs < IDLE_MS) this.#armTidy(IDLE_MS)
      // Nobody waits for it; what it cannot do, the next commit will report.
      else this.#ask({ op: 'tidy' }).catch(() => undefined)
    })
  }
}
