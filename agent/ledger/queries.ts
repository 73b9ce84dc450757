// What pages, exports and look-ups read: one method per question, each over an index or in bounded pages.
import { StationError } from '../fault.ts'
import type { AuditQuery, ChainEntry, FigureQuery, Figures, RunProof } from '../ports.ts'
import { auditPage } from './audit-rows.ts'
import type { Database } from './database.ts'
import { ledgerFile, NEWEST_VERSION, openDatabase } from './database.ts'
import { FIRST_PREV, headOf, sha256 } from './digest.ts'
import { readFigures } from './figures-read.ts'
import { HookRows } from './hook-rows.ts'
import { Lookups } from './lookups.ts'
import type { RawOutboxRow } from './ops.ts'
import { EVENTS_SQL, rawOutbox } from './outbox-rows.ts'
import type {
  Bounds,
  Range,
  RawHistory,
  RawNote,
  RawRun,
  RawWalked,
  RunsQuery,
  Totals,
} from './raw-runs.ts'
import { PARKED, WAITS } from './schema.ts'
import type { Binding } from './statements.ts'
import { Statements } from './statements.ts'

/** Runs of one page: 64 bodies of about 3 KB are some 2 ms of parsing for whoever asked. */
export const PAGE_MAX = 64
/** Chain numbers from the newest on that are looked through before the index of times is asked. */
const RECENT = 2000
/** Runs and notes of one device that a look-up gives; more are a swapped label, not a history. */
const HISTORY_MAX = 200
const EVENTS_MAX = 1000
const TIMES_MAX = 1000
/** Entries that one walked run may carry for what stands before it: 12 MB, as a row of an export may have 16 (json-rows.ts). */
const BETWEEN_MAX = 60_000
const RUN_SQL = `SELECT c.seq, c.kind, c.digest, c.prev, b.body FROM records r JOIN chain c USING (seq) JOIN bodies b USING (seq)`

export class Queries {
  readonly #db: Database
  readonly #sql: Statements
  readonly #lookups: Lookups
  readonly #hooks: HookRows

  /** @throws StationError FILE_UNREADABLE when there is no ledger, else STATION_LEDGER_* */
  constructor(dir: string) {
    this.#db = openDatabase(ledgerFile(dir), {
      readonly: true,
      durable: true,
      newest: NEWEST_VERSION,
    })
    this.#sql = new Statements(this.#db)
    this.#lookups = new Lookups(this.#sql)
    this.#hooks = new HookRows(this.#sql)
  }

  close(): void {
    this.#db.close()
  }

  device(serial: string): RawHistory {
    const notes = this.#sql.all(
      'SELECT kind, at, body FROM notes WHERE serial = ? ORDER BY seq DESC LIMIT ?',
      serial,
      HISTORY_MAX,
    ) as RawNote[]
    const open = this.#sql.get(
      // The commit that closes a run still names it: with its record there it is open no more.
      `SELECT bay, phase, run FROM bays WHERE serial = ? AND run IS NOT NULL
         AND NOT EXISTS (SELECT 1 FROM records r WHERE r.run = bays.run) LIMIT 1`,
      serial,
    )
    return {
      runs: this.#runs(
        `${RUN_SQL} WHERE r.serial = ? ORDER BY r.seq DESC LIMIT ?`,
        serial,
        HISTORY_MAX,
      ),
      notes: notes.reverse(),
      open: (open as RawHistory['open']) ?? null,
    }
  }

  run(run: string): RawRun | null {
    return this.#runs(`${RUN_SQL} WHERE r.run = ?`, run)[0] ?? null
  }

  /** Holds one run against its digest, and its entry against the ones before and behind it. */
  proof(run: string): RunProof | null {
    const found = this.run(run)
    if (found === null) return null
    const { entry, head, body } = found
    const at = (seq: number) =>
      this.#sql.get('SELECT seq, kind, digest, prev FROM chain WHERE seq = ?', seq) as
        | ChainEntry
        | undefined
    const [before, behind] = [at(entry.seq - 1), at(entry.seq + 1)]
    const wanted = entry.seq === 1 ? FIRST_PREV : before === undefined ? null : headOf(before)
    return {
      chain: { entry, head },
      digestFits: sha256(body) === entry.digest,
      prevFits: wanted === entry.prev,
      nextFits: behind === undefined ? null : behind.prev === head,
    }
  }

  runs(query: RunsQuery): readonly RawRun[] {
    const max = Math.max(0, Math.min(query.max, PAGE_MAX * 8))
    const before = query.before ?? Number.MAX_SAFE_INTEGER
    if (query.since !== undefined && query.until === undefined) {
      // Who says since when mostly wants the newest: a full page of these spares the look at all that is as new.
      const first = Math.min(before, this.#newest() + 1) - RECENT
      const recent = this.#page(query, { first, last: before - 1 }, max)
      if (recent.length === max || first <= 1) return recent
    }
    const bounds = this.bounds(query)
    if (bounds === null) return []
    return this.#page(query, { ...bounds, last: Math.min(bounds.last, before - 1) }, max)
  }

  #newest(): number {
    return (this.#sql.get('SELECT max(seq) AS seq FROM records') as { seq: number | null }).seq ?? 0
  }

  /** Runs of `query` whose chain numbers lie in `bounds`, newest first. */
  #page(query: RunsQuery, bounds: Bounds, max: number): readonly RawRun[] {
    const where: string[] = []
    const values: Binding[] = []
    const add = (text: string, value: Binding | undefined) => {
      if (value === undefined) return
      where.push(text)
      values.push(value)
    }
    add('r.serial = ?', query.serial)
    add('r.bay = ?', query.bay)
    // The plus keeps SQLite on the order of the chain: its other plan sorts a million rows for one page.
    add('+r.verdict = ?', query.verdict)
    add('+r.ended_at >= ?', query.since)
    add('+r.ended_at < ?', query.until)
    add('r.seq >= ?', bounds.first)
    add('r.seq <= ?', bounds.last)
    const sql = `${RUN_SQL} WHERE ${where.join(' AND ')} ORDER BY r.seq DESC LIMIT ?`
    return this.#runs(sql, ...values, max)
  }

  /** The next page of a walk within `bounds` after chain entry `after`; empty at the end. */
  walk(range: Range, bounds: Bounds, after: number): readonly RawWalked[] {
    const runs = this.#runs(
      `${RUN_SQL} WHERE r.seq > ? AND r.seq <= ? AND +r.ended_at >= ? AND +r.ended_at < ? ORDER BY r.seq LIMIT ?`,
      Math.max(after, bounds.first - 1),
      bounds.last,
      range.since ?? 0,
      range.until ?? Number.MAX_SAFE_INTEGER,
      PAGE_MAX,
    )
    let last = after
    return runs.map((run) => {
      const { seq } = run.entry
      // A walk from a later run on has no need of what was before its first.
      const between = last === 0 && bounds.first > 1 ? [] : this.#entries(last, seq)
      last = seq
      return { ...run, between }
    })
  }

  events(after: number, max: number): readonly RawOutboxRow[] {
    return this.#sql.all(EVENTS_SQL, after, Math.min(max, EVENTS_MAX)).map(rawOutbox)
  }

  provisionTimes(max: number): readonly number[] {
    const rows = this.#sql.all(
      `SELECT provision_ms AS ms FROM records WHERE +verdict = 'resealed' AND provision_ms IS NOT NULL ORDER BY seq DESC LIMIT ?`,
      Math.min(max, TIMES_MAX),
    ) as { ms: number }[]
    return rows.map(({ ms }) => ms)
  }

  figures(query: FigureQuery): Figures {
    return readFigures(this.#db, this.#sql, query)
  }

  runsBefore(serial: string): number {
    return (
      this.#sql.get('SELECT count(*) AS n FROM records WHERE serial = ?', serial) as { n: number }
    ).n
  }

  /** `midnight`: UTC ms since when a reseal counts as today's. */
  totals(midnight: number): Totals {
    const verdicts = this.#sql.all('SELECT verdict, runs FROM verdicts ORDER BY verdict') as {
      verdict: string
      runs: number
    }[]
    const oldest = this.#sql.get(
      `SELECT at FROM outbox WHERE state = ${WAITS} ORDER BY seq LIMIT 1`,
    ) as { at: number } | undefined
    const today = this.#sql.get(
      `SELECT count(*) AS n FROM records WHERE verdict = 'resealed' AND ended_at >= ?`,
      midnight,
    )
    return {
      runs: verdicts.reduce((sum, row) => sum + row.runs, 0),
      unsent: this.#count(WAITS),
      parked: this.#count(PARKED),
      verdicts: Object.fromEntries(verdicts.map((row) => [row.verdict, row.runs])),
      oldestUnsentAt: oldest?.at ?? null,
      head: this.head(),
      resealedToday: (today as { n: number }).n,
    }
  }

  /** Over an index that holds these rows alone: some ms for a backlog of 100,000. */
  #count(state: number): number {
    const sql = `SELECT count(*) AS n FROM outbox WHERE state = ${state}`
    return (this.#sql.get(sql) as { n: number }).n
  }

  answer = (asked: string, now: number) => this.#lookups.answer(asked, now)
  answerLines = (asked: readonly string[], now: number) => this.#lookups.answerLines(asked, now)
  orderDevices = (order: string, after: string, max: number) =>
    this.#lookups.orderDevices(order, after, max)
  orderRuns = (order: string, after: number, max: number) =>
    this.#lookups.orderRuns(order, after, max)
  orderTallies = (orders: readonly string[]) => this.#lookups.orderTallies(orders)
  alarmsIn = (since: number, until: number) => this.#lookups.alarmsIn(since, until)
  openRuns = () => this.#lookups.openRuns()
  audits = (query: AuditQuery) => auditPage(this.#sql, query)
  hookCursor = (hook: string) => this.#hooks.cursor(hook)
  hooksDue = (hook: string, max: number) => this.#hooks.due(hook, max)
  hooksDead = (hook: string, max: number) => this.#hooks.dead(hook, max)
  hookStates = (hooks: readonly string[]) => this.#hooks.states(hooks)

  head(): string {
    const last = this.#sql.get(
      'SELECT seq, kind, digest, prev FROM chain ORDER BY seq DESC LIMIT 1',
    ) as ChainEntry | undefined
    return last === undefined ? FIRST_PREV : headOf(last)
  }

  /** First and last chain number in a range of time: one look at an index, exact even if the clock was set back. */
  bounds(range: Range): Bounds | null {
    if (range.since === undefined && range.until === undefined)
      return { first: 1, last: Number.MAX_SAFE_INTEGER }
    const found = this.#sql.get(
      'SELECT min(seq) AS first, max(seq) AS last FROM records WHERE ended_at >= ? AND ended_at < ?',
      range.since ?? 0,
      range.until ?? Number.MAX_SAFE_INTEGER,
    ) as { first: number | null; last: number | null }
    return found.first === null || found.last === null
      ? null
      : { first: found.first, last: found.last }
  }

  #entries(after: number, before: number): readonly ChainEntry[] {
    if (before === after + 1) return []
    // Fewer than there are would look like a broken chain to whoever verifies the export.
    if (before - after - 1 > BETWEEN_MAX)
      throw new StationError('STATION_EXPORT_GAP', `entries ${after + 1} to ${before - 1}`)
    return this.#sql.all(
      'SELECT seq, kind, digest, prev FROM chain WHERE seq > ? AND seq < ? ORDER BY seq',
      after,
      before,
    ) as ChainEntry[]
  }

  #runs(sql: string, ...values: Binding[]): RawRun[] {
    const rows = this.#sql.all(sql, ...values) as (ChainEntry & { readonly body: string })[]
    return rows.map(({ seq, kind, digest, prev, body }) => {
      const entry = { seq, kind, digest, prev }
      return { entry, head: headOf(entry), body }
    })
  }
}
