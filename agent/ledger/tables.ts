// The statements of the writer: how one op changes the tables, and what the writer remembers between transactions.

import type { RecordBody } from '../core/record.ts'
import { StationError } from '../fault.ts'
import type { Chained } from '../ports.ts'
import { eraseAudit } from './audit-rows.ts'
import type { Database } from './database.ts'
import { FIRST_PREV, headOf, link, sha256 } from './digest.ts'
import { FigureBook } from './figures.ts'
import { changeHooks } from './hook-rows.ts'
import type { CommitRow, NoteRow, OutboxPage, Pruned, Value, WriteOp } from './ops.ts'
import { noteDigestText } from './ops.ts'
import { pageOf, rangesOf, rawOutbox, UNSENT_SQL } from './outbox-rows.ts'
import { type OldPhotos, oldPhotos } from './photo-rows.ts'
import { PARKED, SENT, WAITS } from './schema.ts'
import { Statements } from './statements.ts'

/** What lives in memory besides the tables; a rolled back transaction puts the copy back. */
export interface Memory {
  /** Last outbox row. */
  seq: number
  /** Last journal row. */
  journal: number
  chainSeq: number
  head: string
}

interface Last {
  readonly input: number
  readonly uid: string
}

/** A broker's reason is kept for a person to read, not as an archive. */
const WHY_MAX = 500

export class Tables {
  readonly epoch: string
  readonly #epochNumber: number
  readonly #db: Database
  readonly #sql: Statements
  readonly #figures: FigureBook
  readonly #booted = new Set<string>()
  #memory: Memory
  #saved: Memory
  /** The last committed input of each bay; and of those that the open transaction took. */
  readonly #last = new Map<string, Last>()
  readonly #taken = new Map<string, Last>()
  /** Bays whose boot counter this transaction cleared. */
  #cleared: string[] = []

  constructor(db: Database) {
    this.#db = db
    this.#sql = new Statements(db)
    this.#figures = new FigureBook(this.#sql)
    const epoch = this.#sql.get('SELECT number, epoch FROM epochs ORDER BY number DESC LIMIT 1') as
      | { number: number; epoch: string }
      | undefined
    if (epoch === undefined)
      throw new StationError('STATION_LEDGER_CORRUPT', 'the ledger has no epoch')
    this.epoch = epoch.epoch
    this.#epochNumber = epoch.number
    this.#memory = this.#recall()
    this.#saved = { ...this.#memory }
    const bays = this.#sql.all('SELECT bay, input, uid FROM bays') as (Last & { bay: string })[]
    for (const { bay, input, uid } of bays) this.#last.set(bay, { input, uid })
  }

  get seq(): number {
    return this.#memory.seq
  }

  begin(): void {
    this.#saved = { ...this.#memory }
    this.#cleared = []
    this.#taken.clear()
    this.#sql.run('BEGIN IMMEDIATE')
  }

  /** When it returns, the transaction is on the disk. */
  commit(): void {
    this.#figures.write()
    this.#sql.run('COMMIT')
    for (const bay of this.#cleared) this.#booted.add(bay)
    for (const [bay, last] of this.#taken) this.#last.set(bay, last)
  }

  rollback(): void {
    this.#memory = { ...this.#saved }
    this.#figures.forget()
    // SQLite itself rolls back after some errors; a second rollback would be one too.
    if (this.#db.inTransaction) this.#sql.run('ROLLBACK')
  }

  apply(op: WriteOp): Value {
    switch (op.op) {
      case 'commit':
        return this.#commit(op)
      case 'note':
        return { seq: this.#memory.seq, chain: this.#note(op) }
      case 'sent':
        return this.#sent(op.seqs)
      case 'park':
        return this.#park(op.seq, op.why)
      case 'boot':
        return op.bays.map((bay) => [bay, this.#boot(bay)] as const)
      case 'prune':
        return this.#prune(op.before, op.max)
      case 'erase-audit':
        return eraseAudit(this.#sql, (row) => this.#note(row), op)
      case 'hooks':
        return changeHooks(this.#sql, op.change)
    }
  }

  states(): readonly (readonly [string, string])[] {
    const rows = this.#sql.all('SELECT bay, state FROM bays ORDER BY bay') as {
      bay: string
      state: string
    }[]
    return rows.map(({ bay, state }) => [bay, state] as const)
  }

  unsent(after: number, max: number): OutboxPage {
    return pageOf(this.#sql.all(UNSENT_SQL, after, max).map(rawOutbox))
  }

  oldPhotos(before: number, max: number): OldPhotos | null {
    return oldPhotos(this.#sql, before, max)
  }

  #commit(row: CommitRow): Value {
    const last = this.#taken.get(row.bay) ?? this.#last.get(row.bay)
    // Tried again after an answer that was lost: it is in the tables already, so it is answered and not repeated.
    if (last !== undefined && last.input === row.input && last.uid === row.uid)
      return this.#again(row)
    this.#taken.set(row.bay, { input: row.input, uid: row.uid })
    this.#memory.journal += 1
    this.#sql.run(
      'INSERT INTO inputs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
      this.#memory.journal,
      row.bay,
      row.input,
      row.at,
      row.uid,
      row.phase,
      row.run,
      row.fact,
      row.effects,
    )
    this.#sql.run(
      `INSERT INTO bays (bay, input, uid, at, phase, run, serial, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET input = excluded.input, uid = excluded.uid, at = excluded.at, phase = excluded.phase,
         run = excluded.run, serial = excluded.serial, state = excluded.state`,
      row.bay,
      row.input,
      row.uid,
      row.at,
      row.phase,
      row.run,
      row.serial,
      row.state,
    )
    if (!this.#booted.has(row.bay)) {
      this.#sql.run('DELETE FROM boots WHERE bay = ?', row.bay)
      this.#cleared.push(row.bay)
    }
    let chain = row.record === null ? null : this.#record(row.record, row.at)
    for (const alarm of row.alarms) {
      const noted = alarm.note === null ? null : this.#note(alarm.note)
      chain ??= noted
      this.#queue('alarms', row.at, alarm.body, null)
    }
    if (row.event !== null) this.#queue('events', row.at, row.event, null)
    return { seq: this.#memory.seq, chain }
  }

  #again(row: CommitRow): Value {
    const found =
      row.record &&
      (this.#sql.get(
        'SELECT c.* FROM records r JOIN chain c USING (seq) WHERE r.run = ?',
        row.record.run,
      ) as Chained['entry'] | undefined)
    return { seq: this.#memory.seq, chain: found ? { entry: found, head: headOf(found) } : null }
  }

  #record(record: NonNullable<CommitRow['record']>, at: number): Chained {
    const chained = this.#link('record', sha256(record.body))
    const { seq } = chained.entry
    this.#sql.run(
      'INSERT INTO records VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      seq,
      record.run,
      record.serial,
      record.bay,
      record.verdict,
      record.startedAt,
      record.endedAt,
      record.provisionMs,
    )
    this.#sql.run('INSERT INTO bodies VALUES (?, ?)', seq, record.body)
    this.#figures.take(JSON.parse(record.body) as RecordBody)
    this.#queue(`records/${record.run}`, at, null, seq)
    this.#sql.run(
      'INSERT INTO verdicts VALUES (?, 1) ON CONFLICT DO UPDATE SET runs = runs + 1',
      record.verdict,
    )
    return chained
  }

  #note(note: NoteRow): Chained {
    const chained = this.#link(note.kind, sha256(noteDigestText(note)))
    const { seq } = chained.entry
    this.#sql.run(
      'INSERT INTO notes VALUES (?, ?, ?, ?, ?)',
      seq,
      note.serial,
      note.name,
      note.at,
      note.body,
    )
    return chained
  }

  #link(kind: Chained['entry']['kind'], digest: string): Chained {
    const memory = this.#memory
    const chained = link(memory.chainSeq + 1, memory.head, kind, digest)
    this.#sql.run(
      'INSERT INTO chain VALUES (?, ?, ?, ?)',
      chained.entry.seq,
      kind,
      digest,
      chained.entry.prev,
    )
    memory.chainSeq = chained.entry.seq
    memory.head = chained.head
    return chained
  }

  #queue(topic: string, at: number, body: string | null, record: number | null): void {
    this.#memory.seq += 1
    this.#sql.run(
      'INSERT INTO outbox (seq, epoch, at, topic, record, body) VALUES (?, ?, ?, ?, ?, ?)',
      this.#memory.seq,
      this.#epochNumber,
      at,
      topic,
      record,
      body,
    )
  }

  #sent(seqs: readonly number[]): null {
    const sql = `UPDATE outbox SET state = ${SENT} WHERE seq BETWEEN ? AND ? AND state = ${WAITS}`
    for (const [from, to] of rangesOf(seqs)) this.#sql.run(sql, from, to)
    return null
  }

  #park(seq: number, why: string): null {
    const sql = `UPDATE outbox SET state = ${PARKED}, why = ? WHERE seq = ? AND state = ${WAITS}`
    this.#sql.run(sql, why.slice(0, WHY_MAX), seq)
    return null
  }

  #boot(bay: string): number {
    this.#booted.delete(bay)
    this.#sql.run(
      'INSERT INTO boots VALUES (?, 1) ON CONFLICT DO UPDATE SET count = count + 1',
      bay,
    )
    return (this.#sql.get('SELECT count FROM boots WHERE bay = ?', bay) as { count: number }).count
  }

  /** The last row of either table stays: the next number is counted from it. Rows are looked at oldest first. */
  #prune(before: number, max: number): Pruned {
    const oldest = (table: string, more: string) =>
      `DELETE FROM ${table} WHERE seq IN (SELECT seq FROM
       (SELECT seq, at FROM ${table} WHERE seq < ? ${more} ORDER BY seq LIMIT ?) WHERE at < ?)`
    return {
      inputs: this.#sql.run(oldest('inputs', ''), this.#memory.journal, max, before),
      outbox: this.#sql.run(oldest('outbox', `AND state = ${SENT}`), this.#memory.seq, max, before),
    }
  }

  #recall(): Memory {
    const max = (table: string) =>
      (this.#sql.get(`SELECT coalesce(max(seq), 0) AS seq FROM ${table}`) as { seq: number }).seq
    const entry = this.#sql.get('SELECT * FROM chain ORDER BY seq DESC LIMIT 1') as
      | Chained['entry']
      | undefined
    return {
      seq: max('outbox'),
      journal: max('inputs'),
      chainSeq: entry?.seq ?? 0,
      head: entry === undefined ? FIRST_PREV : headOf(entry),
    }
  }
}
