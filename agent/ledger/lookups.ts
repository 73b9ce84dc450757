// What look-ups and work orders read: one device by any of its names, an order's devices, and what is open in the bays.
import type { InstantMs } from '../core/ids.ts'
import { iso } from '../core/ids.ts'
import { type Finder, lookUp } from '../core/lookup.ts'
import { lookupCsvLine } from '../core/lookup-csv.ts'
import type { OpenRun, OrderDevice, OrderRun, OrderTally } from '../core/order-progress.ts'
import type { AnswerHistory, Attempt, ResealAnswer } from '../core/reseal-answer.ts'
import type { ChainEntry } from '../ports.ts'
import { headOf } from './digest.ts'
import type { Statements } from './statements.ts'

/** Notes and earlier runs of one device that an answer counts; more are a swapped label, not a history. */
const NOTES_MAX = 200
const EARLIER_MAX = 1000
/** Runs of one MAC or ZtdId that are looked through for serial numbers: a dock has thousands. */
const SHARED_MAX = 500
const OTHERS_MAX = 20
const LINES_MAX = 256
const PAGE_MAX = 500

export class Lookups implements Finder {
  readonly #sql: Statements

  constructor(sql: Statements) {
    this.#sql = sql
  }

  answer(asked: string, now: InstantMs): ResealAnswer {
    return lookUp(this, asked, now)
  }

  answerLines(asked: readonly string[], now: InstantMs): string {
    return asked
      .slice(0, LINES_MAX)
      .map((text) => lookupCsvLine(text, lookUp(this, text, now)))
      .join('')
  }

  /** The newest run whole, those before it as lines: an answer rests on the newest alone. */
  device(serial: string): AnswerHistory {
    const rows = this.#sql.all(
      'SELECT seq, run, bay, verdict, ended_at FROM records WHERE serial = ? ORDER BY seq DESC LIMIT ?',
      serial,
      EARLIER_MAX,
    ) as { seq: number; run: string; bay: string; verdict: Attempt['verdict']; ended_at: number }[]
    const [newest, ...before] = rows
    const notes = this.#sql.all(
      'SELECT kind, at, body FROM notes WHERE serial = ? ORDER BY seq DESC LIMIT ?',
      serial,
      NOTES_MAX,
    ) as { kind: string; at: number; body: string }[]
    return {
      runs: newest === undefined ? [] : [this.#run(newest.seq)],
      earlier: before.map(({ run, bay, verdict, ended_at }) => ({
        run,
        bay,
        verdict,
        endedAt: iso(ended_at),
      })),
      annotations: notes
        .reverse()
        .map(({ kind, at, body }) => ({ kind, at: iso(at), body: JSON.parse(body) })),
      open: this.#openOf(serial),
    }
  }

  serialsOf(by: 'ztdId' | 'mac', value: string): readonly string[] {
    const column = by === 'mac' ? 'mac' : 'ztd_id'
    // What stands in a bay now has no record yet, and is the newest.
    const open = this.#sql.all(
      `SELECT serial FROM bays WHERE run IS NOT NULL AND serial IS NOT NULL AND lower(state ->> ?) = ? LIMIT ${OTHERS_MAX}`,
      by === 'mac' ? '$.run.mac' : '$.run.ztdId',
      value,
    ) as { serial: string }[]
    const closed = this.#sql.all(
      `SELECT serial FROM (SELECT record FROM devices WHERE ${column} = ? ORDER BY record DESC LIMIT ${SHARED_MAX})
         JOIN records ON seq = record WHERE serial IS NOT NULL`,
      value,
    ) as { serial: string }[]
    const serials = new Set([...open, ...closed].map(({ serial }) => serial))
    return [...serials].slice(0, OTHERS_MAX)
  }

  orderDevices(order: string, after: string, max: number): readonly OrderDevice[] {
    return this.#sql.all(
      `SELECT o.serial, r.run, o.runs, o.verdict, o.grade, o.code, o.action, o.first_at AS firstAt, o.ended_at AS endedAt,
         (SELECT max(n.at) FROM notes n WHERE n.serial = o.serial AND n.kind = 'alarm' AND n.at >= o.ended_at) AS alarmAt
       FROM order_devices o JOIN records r ON r.seq = o.record
       WHERE o.work_order = ? AND o.serial > ? ORDER BY o.serial LIMIT ?`,
      order,
      after,
      Math.min(max, PAGE_MAX),
    ) as OrderDevice[]
  }

  orderRuns(order: string, after: number, max: number): readonly OrderRun[] {
    return this.#sql.all(
      `SELECT r.seq, r.run, r.serial, r.bay, r.verdict, b.body ->> '$.grade' AS grade, b.body ->> '$.error.code' AS code,
         b.body ->> '$.error.action' AS action, b.body ->> '$.attempt' AS attempt, r.started_at AS startedAt,
         r.ended_at AS endedAt, b.body ->> '$.handOverAfter' AS handOverAfter, b.body ->> '$.useBefore' AS useBefore,
         d.ztd_id AS ztdId, b.body ->> '$.device.model' AS model, c.digest
       FROM devices d JOIN records r ON r.seq = d.record JOIN bodies b ON b.seq = d.record JOIN chain c ON c.seq = d.record
       WHERE d.work_order = ? AND d.record > ? ORDER BY d.record LIMIT ?`,
      order,
      after,
      Math.min(max, PAGE_MAX),
    ) as OrderRun[]
  }

  orderTallies(orders: readonly string[]): readonly OrderTally[] {
    return orders.map((order) => {
      const rows = this.#sql.all(
        'SELECT verdict, count(*) AS n FROM order_devices WHERE work_order = ? GROUP BY verdict',
        order,
      ) as { verdict: string; n: number }[]
      return { order, verdicts: Object.fromEntries(rows.map(({ verdict, n }) => [verdict, n])) }
    })
  }

  alarmsIn(since: InstantMs, until: InstantMs): number {
    const sql = "SELECT count(*) AS n FROM notes WHERE kind = 'alarm' AND at >= ? AND at < ?"
    return (this.#sql.get(sql, since, until) as { n: number }).n
  }

  openRuns(): readonly OpenRun[] {
    return this.#sql.all(
      // The commit that closes a run still names it: with its record there it is open no more.
      `SELECT bay, run, serial, phase, state ->> '$.run.order.order' AS "order",
         CASE phase WHEN 'hold' THEN state ->> '$.phase.why' END AS hold
       FROM bays WHERE run IS NOT NULL AND NOT EXISTS (SELECT 1 FROM records r WHERE r.run = bays.run) ORDER BY bay`,
    ) as OpenRun[]
  }

  #run(seq: number): AnswerHistory['runs'][number] {
    const row = this.#sql.get(
      'SELECT c.seq, c.kind, c.digest, c.prev, b.body FROM chain c JOIN bodies b USING (seq) WHERE seq = ?',
      seq,
    ) as ChainEntry & { readonly body: string }
    const { kind, digest, prev, body } = row
    const entry = { seq, kind, digest, prev }
    return { seq, record: JSON.parse(body), chain: { entry, head: headOf(entry) } }
  }

  #openOf(serial: string): AnswerHistory['open'] {
    const open = this.#sql.get(
      `SELECT bay, phase, run FROM bays WHERE serial = ? AND run IS NOT NULL
         AND NOT EXISTS (SELECT 1 FROM records r WHERE r.run = bays.run) LIMIT 1`,
      serial,
    )
    return (open as AnswerHistory['open'] | undefined) ?? null
  }
}
