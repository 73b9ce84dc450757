// What is asked of the writer, as flat rows of texts and numbers: cheap to hand to another thread, encoded once.
import { iso } from '../core/ids.ts'
import type { RecordBody } from '../core/record.ts'
import type { FaultCode } from '../fault.ts'
import type { ChainEntry, Committed, Entry, HookChange } from '../ports.ts'
import { canonicalText } from './digest.ts'
import type { OldPhotos } from './photo-rows.ts'

export interface CommitRow {
  readonly op: 'commit'
  readonly bay: string
  readonly input: number
  readonly at: number
  readonly uid: string
  readonly fact: string
  readonly state: string
  readonly phase: string
  readonly run: string | null
  readonly serial: string | null
  /** JSON of the edges, or null when there are none. */
  readonly effects: string | null
  readonly record: RecordRow | null
  /** JSON body of the event, or null. */
  readonly event: string | null
  readonly alarms: readonly AlarmRow[]
}
export interface RecordRow {
  readonly body: string
  readonly run: string
  readonly serial: string | null
  readonly bay: string
  readonly verdict: string
  readonly startedAt: number
  readonly endedAt: number
  readonly provisionMs: number | null
}
export interface AlarmRow {
  readonly body: string
  /** The device whose history takes it, and its place there; null when no device is known. */
  readonly note: NoteRow | null
}
export interface NoteRow {
  readonly op: 'note'
  readonly kind: ChainEntry['kind']
  readonly serial: string | null
  readonly name: string
  readonly at: number
  readonly body: string
}

export type WriteOp =
  | CommitRow
  | NoteRow
  | { readonly op: 'sent'; readonly seqs: readonly number[] }
  | { readonly op: 'park'; readonly seq: number; readonly why: string }
  | { readonly op: 'boot'; readonly bays: readonly string[] }
  | { readonly op: 'prune'; readonly before: number; readonly max: number }
  | {
      readonly op: 'erase-audit'
      readonly before: number
      readonly at: number
      readonly max: number
    }
  | { readonly op: 'hooks'; readonly change: HookChange }
export type ReadOp =
  | { readonly op: 'states' }
  | { readonly op: 'seq' }
  | { readonly op: 'unsent'; readonly after: number; readonly max: number }
  | { readonly op: 'old-photos'; readonly before: number; readonly max: number }
  /** Housekeeping while nothing waits: checkpoint, ballast. */
  | { readonly op: 'tidy' }
export type Op = WriteOp | ReadOp

/** An outbox row as it crosses the thread: the body still a text. */
export interface RawOutboxRow {
  readonly seq: number
  readonly epoch: string
  readonly topic: string
  readonly at: number
  readonly body: string
}
/** Outbox rows by column: another thread takes over five lists in a third of the time of as many objects. */
export interface OutboxPage {
  readonly seqs: readonly number[]
  readonly epochs: readonly string[]
  readonly topics: readonly string[]
  readonly ats: readonly number[]
  readonly texts: readonly string[]
}
export interface Pruned {
  readonly inputs: number
  readonly outbox: number
}
export type Value =
  | Committed
  | Pruned
  | readonly (readonly [string, string])[]
  | readonly (readonly [string, number])[]
  | OutboxPage
  | OldPhotos
  | number
  | null

export interface Failure {
  readonly code: FaultCode
  readonly where: string
}
/** One answer per op, in their order. */
export type Answer = { readonly value: Value } | { readonly failure: Failure }

const READS: ReadonlySet<string> = new Set(['states', 'seq', 'unsent', 'old-photos', 'tidy'])
export const isRead = (op: Op): op is ReadOp => READS.has(op.op)

/**
 * What the board's estimate is made from, ms: from the begin of the last provisioning to its success page, restarts and
 * waits between them included, as the estimate itself counts. Records without it (no estimate was told): the sum of the
 * steps. Null when the run never came so far.
 */
function provisionMs({ durations, estimate }: RecordBody): number | null {
  if (estimate?.tookMs !== undefined) return Math.round(estimate.tookMs)
  const steps = Object.entries(durations).filter(([step]) => step.startsWith('provision'))
  return steps.length === 0 ? null : steps.reduce((sum, [, ms]) => sum + Math.round(ms), 0)
}

/**
 * One step as flat rows.
 * @throws TypeError when a part of it has no JSON form
 */
export function commitRow(entry: Entry): CommitRow {
  const { bay, run, serial, input, transition, record } = entry
  return {
    op: 'commit',
    bay,
    input: input.input,
    at: Math.round(input.at),
    uid: input.uid,
    fact: JSON.stringify(input.fact),
    state: entry.state,
    phase: entry.phase,
    run,
    serial,
    effects: entry.effects.length === 0 ? null : JSON.stringify(entry.effects),
    record: record === null ? null : recordRow(record),
    event:
      transition === null
        ? null
        : JSON.stringify({ bay, run, serial, input: input.input, ...transition }),
    alarms: entry.alarms.map((alarm) => ({
      body: JSON.stringify({ bay, ...alarm }),
      note:
        alarm.serial === null
          ? null
          : noteRow('annotation', alarm.serial, 'alarm', input.at, {
              bay,
              code: alarm.code,
              run: alarm.run,
              detail: alarm.detail,
            }),
    })),
  }
}

function recordRow(record: NonNullable<Entry['record']>): RecordRow {
  return {
    body: canonicalText(record),
    run: record.run,
    serial: record.device.serial?.toWellFormed() ?? null,
    bay: record.bay,
    verdict: record.verdict,
    startedAt: Date.parse(record.startedAt),
    endedAt: Date.parse(record.endedAt),
    provisionMs: provisionMs(record),
  }
}

export const noteRow = (
  kind: ChainEntry['kind'],
  serial: string | null,
  name: string,
  at: number,
  body: Readonly<Record<string, unknown>>,
): NoteRow => ({
  op: 'note',
  kind,
  serial: serial?.toWellFormed() ?? null,
  name: name.toWellFormed(),
  at: Math.round(at),
  body: canonicalText(body),
})

/** The text that the digest of a note covers, from its columns. */
export const noteDigestText = (note: Omit<NoteRow, 'op' | 'kind'>): string =>
  // Its parts in RFC 8785 order; the body already is such a text.
  `{"at":"${iso(note.at)}","body":${note.body},"kind":${JSON.stringify(note.name)},"schema":"reseal/note/1","serial":${JSON.stringify(note.serial)}}`
