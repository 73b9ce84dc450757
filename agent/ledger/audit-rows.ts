// The audit in the ledger: its pages for readers, and how its bodies go by age while the chain still verifies.
import { iso } from '../core/ids.ts'
import type { AuditNote, AuditQuery, AuditRow, Chained } from '../ports.ts'
import type { NoteRow } from './ops.ts'
import { noteRow } from './ops.ts'
import type { Binding, Statements } from './statements.ts'

const PAGE_MAX = 500

/** The note of the chain: `what` is its name, the rest its body. */
export function auditRow({ what, at, ...body }: AuditNote): NoteRow {
  return noteRow('audit', null, what, at, body)
}

/** Newest first. */
export function auditPage(sql: Statements, query: AuditQuery): readonly AuditRow[] {
  const where = [`(SELECT kind FROM chain c WHERE c.seq = n.seq) = 'audit'`, 'n.seq < ?']
  const values: Binding[] = [query.before ?? Number.MAX_SAFE_INTEGER]
  const add = (text: string, value: Binding | undefined) => {
    if (value === undefined) return
    where.push(text)
    values.push(value)
  }
  add('n.kind = ?', query.what)
  add('n.at >= ?', query.since)
  add('n.at < ?', query.until)
  const rows = sql.all(
    `SELECT n.seq, n.kind, n.at, n.body FROM notes n WHERE ${where.join(' AND ')} ORDER BY n.seq DESC LIMIT ?`,
    ...values,
    Math.max(0, Math.min(query.max, PAGE_MAX)),
  ) as { seq: number; kind: string; at: number; body: string }[]
  return rows.map(({ seq, kind, at, body }) => ({
    ...(JSON.parse(body) as Omit<AuditRow, 'seq' | 'what' | 'at'>),
    seq,
    what: kind,
    at,
  }))
}

/**
 * Lets bodies of the audit go that are older than `before`, oldest first, at most `max` of them, and says so in the chain.
 * The answer: how many went.
 */
export function eraseAudit(
  sql: Statements,
  note: (row: NoteRow) => Chained,
  { before, at, max }: { readonly before: number; readonly at: number; readonly max: number },
): number {
  const oldest = sql.all(
    `SELECT n.seq, n.at FROM notes n JOIN chain c USING (seq) WHERE c.kind = 'audit' ORDER BY n.seq LIMIT ?`,
    max,
  ) as { seq: number; at: number }[]
  // Only what stands before the first young one: a clock that was set back must not leave holes.
  const young = oldest.findIndex((row) => row.at >= before)
  const old = young === -1 ? oldest : oldest.slice(0, young)
  const last = old.at(-1)
  if (last === undefined) return 0
  const body = { upTo: last.seq, count: old.length, before: iso(before) }
  const chained = note(noteRow('erasure', null, 'audit', at, body))
  sql.run('INSERT INTO erasures VALUES (?, ?)', chained.entry.seq, last.seq)
  sql.run(
    `DELETE FROM notes WHERE seq <= ? AND (SELECT kind FROM chain c WHERE c.seq = notes.seq) = 'audit'`,
    last.seq,
  )
  return old.length
}

/** Up to which entry bodies of the audit may be missing; the erasure that says it is checked like every other entry. */
export const ERASED_SQL = `SELECT coalesce(max(json_extract(n.body, '$.upTo')), 0) AS upTo
  FROM notes n JOIN chain c USING (seq) WHERE c.kind = 'erasure' AND n.kind = 'audit'`
