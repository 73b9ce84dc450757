// How an outbox row is read: a record's payload is put together from the record, which stands in the ledger only once.
import type { Chained, OutboxRow } from '../ports.ts'
import { headOf } from './digest.ts'
import type { OutboxPage, RawOutboxRow } from './ops.ts'
import { WAITS } from './schema.ts'

const OUTBOX_SELECT = `SELECT o.seq, e.epoch, o.topic, o.at, o.body, o.record, b.body AS record_body, c.kind, c.digest, c.prev
  FROM outbox o JOIN epochs e ON e.number = o.epoch
  LEFT JOIN bodies b ON b.seq = o.record LEFT JOIN chain c ON c.seq = o.record`

/** Outbox rows whose state is waiting; and all of them (the reader's events). */
export const UNSENT_SQL = `${OUTBOX_SELECT} WHERE o.state = ${WAITS} AND o.seq > ? ORDER BY o.seq LIMIT ?`
export const EVENTS_SQL = `${OUTBOX_SELECT} WHERE o.seq > ? ORDER BY o.seq LIMIT ?`

interface OutboxSelected {
  readonly seq: number
  readonly epoch: string
  readonly topic: string
  readonly at: number
  readonly body: string | null
  readonly record: number | null
  readonly record_body: string | null
  readonly kind: 'record'
  readonly digest: string
  readonly prev: string
}

/** Renders a selected outbox row: a record's payload is put together from the record and its place in the chain. */
export function rawOutbox(selected: unknown): RawOutboxRow {
  const row = selected as OutboxSelected
  const { seq, epoch, topic, at } = row
  if (row.record === null) return { seq, epoch, topic, at, body: row.body ?? '{}' }
  const entry = { seq: row.record, kind: row.kind, digest: row.digest, prev: row.prev }
  const chain: Chained = { entry, head: headOf(entry) }
  return {
    seq,
    epoch,
    topic,
    at,
    body: `{"record":${row.record_body},"chain":${JSON.stringify(chain)}}`,
  }
}

export const pageOf = (rows: readonly RawOutboxRow[]): OutboxPage => ({
  seqs: rows.map(({ seq }) => seq),
  epochs: rows.map(({ epoch }) => epoch),
  topics: rows.map(({ topic }) => topic),
  ats: rows.map(({ at }) => at),
  texts: rows.map(({ body }) => body),
})

/** A row whose body is parsed when somebody asks for it: what is only sent never is. */
class TextRow implements OutboxRow {
  readonly seq: number
  readonly epoch: string
  readonly topic: string
  readonly at: number
  readonly text: string

  constructor(seq: number, epoch: string, topic: string, at: number, text: string) {
    this.seq = seq
    this.epoch = epoch
    this.topic = topic
    this.at = at
    this.text = text
  }

  get body(): Readonly<Record<string, unknown>> {
    return JSON.parse(this.text)
  }
}

export const rowsOf = ({ seqs, epochs, topics, ats, texts }: OutboxPage): readonly OutboxRow[] =>
  seqs.map(
    (seq, n) => new TextRow(seq, epochs[n] ?? '', topics[n] ?? '', ats[n] ?? 0, texts[n] ?? '{}'),
  )

/** Numbers as ranges without gaps, first and last included: confirmed rows mostly follow each other. */
export function rangesOf(seqs: readonly number[]): readonly (readonly [number, number])[] {
  const ranges: [number, number][] = []
  for (const seq of seqs.toSorted((a, b) => a - b)) {
    const last = ranges.at(-1)
    if (last !== undefined && seq <= last[1] + 1) last[1] = seq
    else ranges.push([seq, seq])
  }
  return ranges
}
