// Keeps the sums of the throughput pages in the transaction that writes a record, and builds them for records of before.
import type { RecordBody } from '../core/record.ts'
import {
  type Addition,
  additionsOf,
  DIMS,
  type Dim,
  journeyOf,
  keyIn,
  type OpenJourney,
  SLOTS_A_DAY,
  SUMS,
  type SumName,
} from '../core/throughput/additions.ts'
import {
  emptySketch,
  mergeSketch,
  readSketch,
  type Sketch,
  writeSketch,
} from '../core/throughput/sketch.ts'
import type { Database } from './database.ts'
import { Statements } from './statements.ts'

/** Quarters of an hour, and UTC days. */
export const QUARTERS = 0
export const DAYS = 1

/** Rows that wait in memory while a ledger of before is added up; more are written out: some 50 MB. */
const ROWS_MAX = 20_000

/** Place of each sum among the columns. */
const AT = Object.fromEntries(SUMS.map((name, at) => [name, at])) as Record<SumName, number>
const COLUMNS = SUMS.map((name) => `"${name}"`)
const ADD_SUMS = `INSERT INTO figures (dim, level, slot, key, ${COLUMNS}) VALUES (?, ?, ?, ?, ${SUMS.map(() => '?')})
  ON CONFLICT DO UPDATE SET ${COLUMNS.map((name) => `${name} = ${name} + excluded.${name}`)}`
const ADD_CAUSE = `INSERT INTO causes VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET runs = runs + excluded.runs`
const SKETCH = 'SELECT bytes FROM sketches WHERE dim = ? AND level = ? AND slot = ? AND key = ?'
const PUT_SKETCH =
  'INSERT INTO sketches VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET bytes = excluded.bytes'

/** What waits to be added to one row of each table. */
interface Waiting {
  readonly dim: Dim
  readonly level: number
  readonly slot: number
  readonly key: string
  /** In the order of SUMS. */
  readonly sums: number[]
  readonly causes: Map<string, number>
  sketch: Sketch | null
}

export class FigureBook {
  readonly #sql: Statements
  readonly #waiting = new Map<string, Waiting>()

  constructor(sql: Statements) {
    this.#sql = sql
  }

  /** Takes a record of the open transaction; what it adds is written by `write`, once for all that share it. */
  take(record: RecordBody): void {
    this.#gather(record)
  }

  /** The transaction is rolled back. */
  forget(): void {
    this.#waiting.clear()
  }

  /** Adds up many records in the order of the chain, some rows at a time. */
  takeAll(records: Iterable<RecordBody>): void {
    for (const record of records) {
      this.#gather(record)
      if (this.#waiting.size >= ROWS_MAX) this.write()
    }
    this.write()
  }

  #gather(record: RecordBody): void {
    const journey = journeyOf(record)
    const before = journey === null ? null : this.#journey(journey)
    const { additions, open } = additionsOf(record, before)
    for (const addition of additions) {
      const { slot } = addition.place
      const day = Math.floor(slot / SLOTS_A_DAY)
      const sums = (Object.entries(addition.sums) as [SumName, number][])
        .filter(([, value]) => value !== 0)
        .map(([name, value]) => [AT[name], value] as const)
      for (const dim of addition.dims ?? DIMS) {
        const key = keyIn(dim, addition.place).toWellFormed()
        this.#add(dim, QUARTERS, slot, key, sums, addition)
        this.#add(dim, DAYS, day, key, sums, addition)
      }
    }
    if (journey === null) return
    if (open !== null) this.#remember(journey, open)
    else if (before !== null)
      this.#sql.run(
        'DELETE FROM journeys WHERE serial = ? AND work_order = ?',
        journey.serial.toWellFormed(),
        journey.order.toWellFormed(),
      )
  }

  #add(
    dim: Dim,
    level: number,
    slot: number,
    key: string,
    sums: readonly (readonly [at: number, value: number])[],
    { sketch, code }: Addition,
  ): void {
    const name = `${dim} ${level} ${slot} ${key}`
    let row = this.#waiting.get(name)
    if (row === undefined) {
      row = { dim, level, slot, key, sums: SUMS.map(() => 0), causes: new Map(), sketch: null }
      this.#waiting.set(name, row)
    }
    for (const [at, value] of sums) row.sums[at] = (row.sums[at] ?? 0) + value
    if (code !== undefined) row.causes.set(code, (row.causes.get(code) ?? 0) + 1)
    if (sketch === undefined) return
    row.sketch ??= emptySketch()
    mergeSketch(row.sketch, sketch)
  }

  /** Writes what waits; the last thing before the transaction ends. */
  write(): void {
    for (const row of this.#waiting.values()) {
      const at = [row.dim, row.level, row.slot, row.key] as const
      this.#sql.run(ADD_SUMS, ...at, ...row.sums)
      for (const [code, runs] of row.causes)
        this.#sql.run(ADD_CAUSE, ...at, code.toWellFormed(), runs)
      if (row.sketch !== null) this.#sketch(at, row.sketch)
    }
    this.#waiting.clear()
  }

  #sketch(at: readonly [Dim, number, number, string], more: Sketch): void {
    const stored = this.#sql.get(SKETCH, ...at) as { bytes: Uint8Array } | undefined
    const sketch = stored === undefined ? more : readSketch(stored.bytes)
    if (stored !== undefined) mergeSketch(sketch, more)
    this.#sql.run(PUT_SKETCH, ...at, writeSketch(sketch))
  }

  #journey({ serial, order }: { serial: string; order: string }): OpenJourney | null {
    const row = this.#sql.get(
      'SELECT runs, slot, bay, model, operator FROM journeys WHERE serial = ? AND work_order = ?',
      serial.toWellFormed(),
      order.toWellFormed(),
    ) as (OpenJourney['place'] & { runs: number }) | undefined
    if (row === undefined) return null
    const { runs, ...place } = row
    return { runs, place: { ...place, order } }
  }

  #remember(
    { serial, order }: { serial: string; order: string },
    { runs, place }: OpenJourney,
  ): void {
    this.#sql.run(
      `INSERT INTO journeys VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET runs = excluded.runs,
        slot = excluded.slot, bay = excluded.bay, model = excluded.model, operator = excluded.operator`,
      serial.toWellFormed(),
      order.toWellFormed(),
      runs,
      place.slot,
      place.bay.toWellFormed(),
      place.model.toWellFormed(),
      place.operator.toWellFormed(),
    )
  }
}

/** Bodies of one turn of the walk: some MB. */
const WALK_ROWS = 1000

/** Adds up every record of a ledger whose tables of figures are empty. */
export function addUpAll(db: Database): void {
  const sql = new Statements(db)
  new FigureBook(sql).takeAll(bodies(sql))
}

function* bodies(sql: Statements): Generator<RecordBody> {
  for (let after = 0; ; ) {
    const rows = sql.all(
      'SELECT seq, body FROM bodies WHERE seq > ? ORDER BY seq LIMIT ?',
      after,
      WALK_ROWS,
    ) as { seq: number; body: string }[]
    for (const { body } of rows) yield JSON.parse(body) as RecordBody
    const last = rows.at(-1)
    if (last === undefined) return
    after = last.seq
  }
}
