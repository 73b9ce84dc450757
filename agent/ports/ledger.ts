// The ports of the ledger: the commit point, the outbox, and what may be read beside it.
import type { Fact } from '../core/facts.ts'
import type { BayId, InstantMs } from '../core/ids.ts'
import type { Alarm, Effect, Transition } from '../core/output.ts'
import type { RecordBody } from '../core/record.ts'
import type { ResealAnswer } from '../core/reseal-answer.ts'
import type { Dim, Sums } from '../core/throughput/additions.ts'
import type { Measure } from '../core/throughput/sketch.ts'

/** Everything of one step, for one transaction. */
export interface Entry {
  readonly bay: BayId
  /** The stamped input as journalled. */
  readonly input: {
    readonly input: number
    readonly at: InstantMs
    readonly uid: string
    readonly fact: Fact
  }
  /** The state after the step, `writeState`. */
  readonly state: string
  readonly phase: string
  readonly run: string | null
  readonly serial: string | null
  /** Edges issued with this commit (plays and checks), for the restart. */
  readonly effects: readonly Effect[]
  readonly record: RecordBody | null
  readonly transition: Transition | null
  readonly alarms: readonly Alarm[]
}

/** One link of the hash chain: over digests, not bodies (architecture: engine rule 7). */
export interface ChainEntry {
  readonly seq: number
  readonly kind: 'record' | 'annotation' | 'audit' | 'erasure'
  readonly digest: string
  readonly prev: string
}
export interface Chained {
  readonly entry: ChainEntry
  /** SHA-256 (hex) of the entry as RFC 8785 JSON: the `prev` of the next one. */
  readonly head: string
}

export interface Committed {
  /** Highest outbox row number committed so far (the `seq` of retained topics). */
  readonly seq: number
  readonly chain: Chained | null
}

export interface Ledger {
  readonly epoch: string
  /** When it resolves, the whole step survives a power cut. Rejects with STATION_LEDGER_* and nothing is changed. */
  commit(entry: Entry): Promise<Committed>
  /** The latest state text per bay, at start. */
  states(): Promise<ReadonlyMap<string, string>>
  /** Boot counters: +1 for each bay now, answer the counts; a bay's first commit clears its own. */
  countBoot(bays: readonly BayId[]): Promise<ReadonlyMap<string, number>>
  /** Adds an annotation to a device's history and the chain (alarm after reseal, late confirmation). */
  annotate(
    serial: string,
    kind: string,
    at: InstantMs,
    body: Readonly<Record<string, unknown>>,
  ): Promise<Committed>
  /** Outbox rows from `after` on that are neither sent nor parked, oldest first. */
  unsent(after: number, max: number): Promise<readonly OutboxRow[]>
  markSent(seqs: readonly number[]): Promise<void>
  park(seq: number, why: string): Promise<void>
  /** Highest outbox row number committed so far. */
  seq(): Promise<number>
  close(): Promise<void>
}

export interface OutboxRow {
  readonly seq: number
  /** The epoch it was written in, kept over a restore. */
  readonly epoch: string
  /** Below the prefix: `records/<run>`, `events`, `alarms`. */
  readonly topic: string
  readonly at: InstantMs
  /** The payload without its envelope. */
  readonly body: Readonly<Record<string, unknown>>
  /** JSON text of the body, where it is at hand. */
  readonly text?: string
}

export interface StoredRun {
  readonly seq: number
  readonly record: RecordBody
  readonly chain: Chained
  /** In a walk: the entries of the chain since the run before (annotations, audit), so that a missing run shows. */
  readonly between?: readonly ChainEntry[]
}

export interface RunProof {
  readonly chain: Chained
  /** The stored record has the digest of its entry. */
  readonly digestFits: boolean
  /** The entry before it has the hash that this one names. */
  readonly prevFits: boolean
  /** The entry behind it names this one's hash; null: there is none yet. */
  readonly nextFits: boolean | null
}

export interface DeviceHistory {
  readonly runs: readonly StoredRun[]
  readonly annotations: readonly {
    readonly kind: string
    readonly at: string
    readonly body: Readonly<Record<string, unknown>>
  }[]
  /** Bay and phase of an open run of this serial, if there is one. */
  readonly open: { readonly bay: string; readonly phase: string; readonly run: string } | null
}

export interface EventRow {
  readonly seq: number
  readonly epoch: string
  readonly at: InstantMs
  readonly topic: string
  readonly body: Readonly<Record<string, unknown>>
}

/** What a throughput report asks of the maintained sums. */
export interface FigureQuery {
  /** Bucket edges as numbers of quarters of an hour since 1970, rising; one more than buckets. */
  readonly edges: readonly number[]
  readonly by: Dim
  /** Only this bay, model, order or operator; null: all. */
  readonly key: string | null
}
export interface FigureRow {
  readonly key: string
  readonly sums: Sums
}
/** Durations of one measure; percentiles within SKETCH_ERROR of a value of that rank. */
export interface Spread {
  readonly n: number
  readonly sumMs: number
  readonly p50Ms: number
  readonly p75Ms: number
  readonly p90Ms: number
}
export interface Figures {
  readonly buckets: readonly Sums[]
  readonly groups: readonly FigureRow[]
  readonly groupsLeftOut: number
  /** Codes of runs that did not end resealed, most first. */
  readonly causes: readonly { readonly code: string; readonly runs: number }[]
  readonly spreads: Readonly<Partial<Record<Measure, Spread>>>
  /** Bays that had a run open in the range. */
  readonly bays: number
  /** First and last slot in which a run closed, of the whole ledger; null in an empty one. */
  readonly first: number | null
  readonly last: number | null
  /** The last such slot before the range. */
  readonly before: number | null
}

export interface FigureReader {
  /** Sums over a range, from what is kept up with every record; some ms for a month of a million runs. */
  figures(query: FigureQuery): Promise<Figures>
}

/** Read-only view on its own connection. */
export interface LedgerReader {
  device(serial: string): Promise<DeviceHistory>
  /** The one answer for a serial number, ZtdId, MAC or the text of a QR code; the same for page, HTTP, MQTT and commands. */
  answer(asked: string, now: InstantMs): Promise<ResealAnswer>
  run(run: string): Promise<StoredRun | null>
  /** What the chain says about a closed run and the entries on both sides of it. Absent: nobody asks here. */
  proof?(run: string): Promise<RunProof | null>
  /** Closed runs, newest first; `before` is the `seq` of the last one of the page before. */
  runs(query: {
    readonly before?: number
    readonly max: number
    readonly serial?: string
    readonly verdict?: string
    readonly bay?: string
    readonly since?: InstantMs
    readonly until?: InstantMs
  }): Promise<readonly StoredRun[]>
  /** Every closed run in chain order, in constant memory. */
  walk(range: { readonly since?: InstantMs; readonly until?: InstantMs }): AsyncIterable<StoredRun>
  /** Outbox rows after `seq`, sent or not, for resuming event streams. */
  events(after: number, max: number): Promise<readonly EventRow[]>
  /** How long provisioning took in the last runs that ended green, ms, newest first. */
  provisionTimes(max: number): Promise<readonly number[]>
  /** Closed runs per serial, for the attempt number. */
  runsBefore(serial: string): Promise<number>
  /** Runs, verdict counts, backlog of the outbox, oldest unsent at. */
  totals(): Promise<{
    readonly runs: number
    readonly verdicts: Readonly<Record<string, number>>
    readonly unsent: number
    readonly parked: number
    readonly oldestUnsentAt: InstantMs | null
    readonly head: string
    readonly resealedToday: number
  }>
  close(): Promise<void>
}
