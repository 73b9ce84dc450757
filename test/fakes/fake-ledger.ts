// A ledger in memory for tests of its users: the same promises as the real one, and faults on demand.
import { createHash } from 'node:crypto'
import { lookUp } from '../../agent/core/lookup.ts'
import type { RecordBody } from '../../agent/core/record.ts'
import type { ResealAnswer } from '../../agent/core/reseal-answer.ts'
import { StationError } from '../../agent/fault.ts'
import type {
  Chained,
  Committed,
  DeviceHistory,
  Entry,
  EventRow,
  Ledger,
  LedgerReader,
  OutboxRow,
  StoredRun,
} from '../../agent/ports.ts'

type Row = OutboxRow & { sent: boolean; parked: string | null }

export class FakeLedger implements Ledger, LedgerReader {
  epoch: string
  /** While set, every call rejects with STATION_LEDGER_FAULT. */
  isBroken = false
  /** Sizes of the batches in which rows were marked sent. */
  readonly batches: number[] = []
  readonly rows: Row[] = []
  readonly stored: StoredRun[] = []
  readonly notes = new Map<string, DeviceHistory['annotations'][number][]>()
  readonly opened = new Map<string, DeviceHistory['open']>()
  readonly #states = new Map<string, string>()
  #firstUnsent = 0

  constructor(epoch = 'epoch-1') {
    this.epoch = epoch
  }

  /** Puts a row into the outbox without a step. */
  add(topic: string, body: Readonly<Record<string, unknown>>, at = Date.now()): number {
    const seq = this.rows.length + 1
    this.rows.push({ seq, epoch: this.epoch, topic, at, body, sent: false, parked: null })
    return seq
  }

  /** Closes a run: its record, chain entry and outbox row. */
  closeRun(record: RecordBody): StoredRun {
    const chain = this.#chain(record)
    const run = { seq: this.stored.length + 1, record, chain }
    this.stored.push(run)
    this.add(`records/${record.run}`, { record, chain }, Date.parse(record.endedAt))
    return run
  }

  #chain(record: RecordBody): Chained {
    const sha = (text: string) => createHash('sha256').update(text).digest('hex')
    const prev = this.stored.at(-1)?.chain.head ?? '0'.repeat(64)
    const entry = {
      seq: this.stored.length + 1,
      kind: 'record',
      digest: sha(JSON.stringify(record)),
      prev,
    } as const
    return { entry, head: sha(JSON.stringify(entry)) }
  }

  #check(): void {
    if (this.isBroken) throw new StationError('STATION_LEDGER_FAULT', 'fake')
  }

  async commit(entry: Entry): Promise<Committed> {
    this.#check()
    this.#states.set(entry.bay, entry.state)
    const { bay, run, serial } = entry
    const { at, input } = entry.input
    if (entry.transition !== null) {
      this.add('events', { bay, input, run, serial, ...entry.transition }, at)
    }
    for (const alarm of entry.alarms) this.add('alarms', { bay, ...alarm }, at)
    const closed = entry.record === null ? null : this.closeRun(entry.record)
    return { seq: this.rows.length, chain: closed?.chain ?? null }
  }

  async states(): Promise<ReadonlyMap<string, string>> {
    return new Map(this.#states)
  }

  async countBoot(bays: readonly string[]): Promise<ReadonlyMap<string, number>> {
    return new Map(bays.map((bay) => [bay, 1]))
  }

  async annotate(
    serial: string,
    kind: string,
    at: number,
    body: Readonly<Record<string, unknown>>,
  ): Promise<Committed> {
    this.#check()
    const notes = this.notes.get(serial) ?? []
    notes.push({ kind, at: new Date(at).toISOString(), body })
    this.notes.set(serial, notes)
    return { seq: this.rows.length, chain: null }
  }

  async unsent(after: number, max: number): Promise<readonly OutboxRow[]> {
    this.#check()
    while (this.rows[this.#firstUnsent]?.sent) this.#firstUnsent += 1
    const found: OutboxRow[] = []
    const from = Math.max(this.#firstUnsent, after)
    for (let at = from; at < this.rows.length && found.length < max; at += 1) {
      const row = this.rows[at]
      if (row !== undefined && !row.sent && row.parked === null) found.push(row)
    }
    return found
  }

  async markSent(seqs: readonly number[]): Promise<void> {
    this.#check()
    this.batches.push(seqs.length)
    for (const seq of seqs) {
      const row = this.rows[seq - 1]
      if (row !== undefined) row.sent = true
    }
  }

  async park(seq: number, why: string): Promise<void> {
    this.#check()
    const row = this.rows[seq - 1]
    if (row !== undefined) row.parked = why
  }

  async seq(): Promise<number> {
    return this.rows.length
  }

  async device(serial: string): Promise<DeviceHistory> {
    this.#check()
    return this.#device(serial)
  }

  async answer(asked: string, now: number): Promise<ResealAnswer> {
    this.#check()
    const device = (serial: string) => this.#device(serial)
    return lookUp({ device, serialsOf: () => [] }, asked, now)
  }

  #device(serial: string): DeviceHistory {
    return {
      runs: this.stored.filter(({ record }) => record.device.serial === serial),
      annotations: this.notes.get(serial) ?? [],
      open: this.opened.get(serial) ?? null,
    }
  }

  async run(run: string): Promise<StoredRun | null> {
    return this.stored.find(({ record }) => record.run === run) ?? null
  }

  async runs(query: Parameters<LedgerReader['runs']>[0]): Promise<readonly StoredRun[]> {
    this.#check()
    const { before = Number.POSITIVE_INFINITY, max, serial, verdict, bay, since, until } = query
    const within = (record: RecordBody) =>
      (serial === undefined || record.device.serial === serial) &&
      (verdict === undefined || record.verdict === verdict) &&
      (bay === undefined || record.bay === bay) &&
      (since === undefined || Date.parse(record.endedAt) >= since) &&
      (until === undefined || Date.parse(record.endedAt) < until)
    return this.stored
      .filter(({ seq, record }) => seq < before && within(record))
      .toReversed()
      .slice(0, max)
  }

  async *walk(range: { readonly since?: number; readonly until?: number }) {
    yield* (await this.runs({ ...range, max: this.stored.length })).toReversed()
  }

  async events(after: number, max: number): Promise<readonly EventRow[]> {
    return this.rows.slice(after, after + max)
  }

  async provisionTimes(max: number): Promise<readonly number[]> {
    const times = this.stored.map(({ record }) => record.durations['provision'] ?? 0)
    return times.toReversed().slice(0, max)
  }

  async runsBefore(serial: string): Promise<number> {
    return this.stored.filter(({ record }) => record.device.serial === serial).length
  }

  async totals(): ReturnType<LedgerReader['totals']> {
    this.#check()
    const waiting = this.rows.filter((row) => !row.sent && row.parked === null)
    return {
      runs: this.stored.length,
      verdicts: {},
      unsent: waiting.length,
      parked: this.rows.filter(({ parked }) => parked !== null).length,
      oldestUnsentAt: waiting[0]?.at ?? null,
      head: this.stored.at(-1)?.chain.head ?? '0'.repeat(64),
      resealedToday: 0,
    }
  }

  async close(): Promise<void> {}
}
