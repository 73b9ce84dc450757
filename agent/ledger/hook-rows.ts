// The webhooks' queues in the ledger: what each still has to deliver and what it gave up, apart from the outbox.
import type { HookChange, HookRow, HookState } from '../ports.ts'
import type { Statements } from './statements.ts'

const WAITS = 0
const DEAD = 2
/** A receiver's reason is kept for a person to read, not as an archive. */
const WHY_MAX = 300
/** Dead messages of one hook that are kept; a receiver that is gone for ever must not fill the disk. */
const DEAD_MAX = 10_000
const ROWS_MAX = 500

/** Carries out one change within the open transaction; the number of rows it changed. */
export function changeHooks(sql: Statements, change: HookChange): number {
  const { hook } = change
  switch (change.do) {
    case 'take': {
      sql.run(
        'INSERT INTO hooks (hook, cursor) VALUES (?, ?) ON CONFLICT DO UPDATE SET cursor = max(cursor, excluded.cursor)',
        hook,
        change.cursor,
      )
      const taken = change.rows.map(({ seq, key, event, at, body, due }) =>
        sql.run(
          `INSERT OR IGNORE INTO hook_rows (hook, seq, key, event, at, body, state, due) VALUES (?, ?, ?, ?, ?, ?, ${WAITS}, ?)`,
          hook,
          seq,
          key,
          event,
          at,
          body,
          due,
        ),
      )
      return taken.reduce((sum, n) => sum + n, 0)
    }
    case 'done': {
      const sent = sql.run('DELETE FROM hook_rows WHERE hook = ? AND seq = ?', hook, change.seq)
      sql.run(
        'UPDATE hooks SET delivered = delivered + 1, delivered_at = ? WHERE hook = ?',
        change.at,
        hook,
      )
      return sent
    }
    case 'again':
      return sql.run(
        `UPDATE hook_rows SET tries = tries + 1, due = ?, why = ? WHERE hook = ? AND seq = ? AND state = ${WAITS}`,
        change.due,
        change.why.slice(0, WHY_MAX),
        hook,
        change.seq,
      )
    case 'dead': {
      const given = sql.run(
        `UPDATE hook_rows SET tries = tries + 1, state = ${DEAD}, why = ? WHERE hook = ? AND seq = ?`,
        change.why.slice(0, WHY_MAX),
        hook,
        change.seq,
      )
      sql.run(
        `DELETE FROM hook_rows WHERE hook = ? AND state = ${DEAD} AND seq <= (SELECT seq FROM hook_rows
           WHERE hook = ? AND state = ${DEAD} ORDER BY seq DESC LIMIT 1 OFFSET ${DEAD_MAX})`,
        hook,
        hook,
      )
      return given
    }
    case 'resend':
      return resend(sql, hook, change.seqs, change.due)
  }
}

function resend(
  sql: Statements,
  hook: string,
  seqs: readonly number[] | null,
  due: number,
): number {
  const again = `UPDATE hook_rows SET state = ${WAITS}, tries = 0, due = ? WHERE hook = ? AND state = ${DEAD}`
  if (seqs === null) return sql.run(again, due, hook)
  return seqs.reduce((sum, seq) => sum + sql.run(`${again} AND seq = ?`, due, hook, seq), 0)
}

/** What the reader tells of the queues. */
export class HookRows {
  readonly #sql: Statements

  constructor(sql: Statements) {
    this.#sql = sql
  }

  cursor(hook: string): number | null {
    const row = this.#sql.get('SELECT cursor FROM hooks WHERE hook = ?', hook)
    return (row as { cursor: number } | undefined)?.cursor ?? null
  }

  due(hook: string, max: number): readonly HookRow[] {
    return this.#rows(hook, WAITS, 'due, seq', max)
  }

  dead(hook: string, max: number): readonly HookRow[] {
    return this.#rows(hook, DEAD, 'seq DESC', max)
  }

  states(hooks: readonly string[]): readonly HookState[] {
    const count = (hook: string, state: number) =>
      (
        this.#sql.get(
          'SELECT count(*) AS n FROM hook_rows WHERE hook = ? AND state = ?',
          hook,
          state,
        ) as { n: number }
      ).n
    return hooks.map((hook) => {
      const row = this.#sql.get('SELECT delivered, delivered_at FROM hooks WHERE hook = ?', hook) as
        | { delivered: number; delivered_at: number | null }
        | undefined
      return {
        hook,
        waiting: count(hook, WAITS),
        dead: count(hook, DEAD),
        delivered: row?.delivered ?? 0,
        deliveredAt: row?.delivered_at ?? null,
      }
    })
  }

  #rows(hook: string, state: number, order: string, max: number): readonly HookRow[] {
    return this.#sql.all(
      `SELECT seq, key, event, at, body, tries, due, why FROM hook_rows WHERE hook = ? AND state = ?
       ORDER BY ${order} LIMIT ?`,
      hook,
      state,
      Math.min(max, ROWS_MAX),
    ) as HookRow[]
  }
}
