// Reads the sums of the throughput pages: whole days where a range covers them, quarters of an hour at its edges.
import {
  type Dim,
  SLOTS_A_DAY,
  SUMS,
  type SumName,
  type Sums,
} from '../core/throughput/additions.ts'
import { MEASURES, type Measure, SketchSum } from '../core/throughput/sketch.ts'
import type { FigureQuery, FigureRow, Figures, Spread } from '../ports.ts'
import type { Database } from './database.ts'
import { DAYS, QUARTERS } from './figures.ts'
import type { Binding, Statements } from './statements.ts'

/** Groups of one answer; the rest is counted, not told. */
export const GROUPS_MAX = 500
/** Causes of one answer: there are some 40 codes. */
const CAUSES_MAX = 200
const SHARES = [0.5, 0.75, 0.9] as const

/** A stretch of slots of one level. */
interface Stretch {
  readonly level: number
  readonly from: number
  readonly to: number
}

/** The fewest stretches that cover the quarters `from` to `to` (the end is not in it). */
export function stretchesOf(from: number, to: number): readonly Stretch[] {
  const firstDay = Math.ceil(from / SLOTS_A_DAY)
  const lastDay = Math.floor(to / SLOTS_A_DAY)
  if (firstDay >= lastDay) return from < to ? [{ level: QUARTERS, from, to }] : []
  const edges = [
    { level: QUARTERS, from, to: firstDay * SLOTS_A_DAY },
    { level: DAYS, from: firstDay, to: lastDay },
    { level: QUARTERS, from: lastDay * SLOTS_A_DAY, to },
  ]
  return edges.filter((one) => one.from < one.to)
}

const COLUMNS = SUMS.map((name) => `sum("${name}") AS "${name}"`).join(', ')
const AT = 'dim = ? AND level = ? AND slot >= ? AND slot < ?'

/** Everything of one report, as of one moment. */
export function readFigures(db: Database, sql: Statements, query: FigureQuery): Figures {
  return db.transaction(() => new Reading(sql, query).all())()
}

class Reading {
  readonly #sql: Statements
  readonly #query: FigureQuery
  /** Dimension and key of the selection. */
  readonly #dim: Dim
  readonly #key: string
  readonly #stretches: readonly Stretch[]

  constructor(sql: Statements, query: FigureQuery) {
    this.#sql = sql
    this.#query = query
    const isOne = query.key !== null && query.by !== 'all'
    this.#dim = isOne ? query.by : 'all'
    this.#key = isOne ? (query.key ?? '') : ''
    const { edges } = query
    this.#stretches = stretchesOf(edges[0] ?? 0, edges.at(-1) ?? 0)
  }

  all(): Figures {
    const { by } = this.#query
    const groups = by === 'all' ? [] : this.#groups(by)
    return {
      buckets: this.#buckets(),
      groups: groups.slice(0, GROUPS_MAX),
      groupsLeftOut: Math.max(0, groups.length - GROUPS_MAX),
      causes: this.#causes(),
      spreads: this.#spreads(),
      bays: this.#query.by === 'bay' ? groups.length : this.#groups('bay').length,
      first: this.#end('ASC'),
      last: this.#end('DESC'),
      before: this.#end('DESC', this.#query.edges[0] ?? 0),
    }
  }

  #buckets(): readonly Sums[] {
    const { edges } = this.#query
    const rows = this.#sql.all(
      `SELECT slot, ${SUMS.map((name) => `"${name}"`)} FROM figures WHERE ${AT} AND key = ? ORDER BY slot`,
      this.#dim,
      QUARTERS,
      edges[0] ?? 0,
      edges.at(-1) ?? 0,
      this.#key,
    ) as (Sums & { readonly slot: number })[]
    const buckets = edges.slice(1).map(() => noSums())
    let bucket = 0
    for (const row of rows) {
      while (row.slot >= (edges[bucket + 1] ?? Number.POSITIVE_INFINITY)) bucket += 1
      const sums = buckets[bucket]
      if (sums !== undefined) for (const name of SUMS) sums[name] += row[name]
    }
    return buckets
  }

  #groups(dim: Dim): readonly FigureRow[] {
    const groups = new Map<string, Record<SumName, number>>()
    const sql = `SELECT key, ${COLUMNS} FROM figures WHERE ${AT} GROUP BY key`
    for (const stretch of this.#stretches) {
      for (const row of this.#sql.all(sql, dim, ...bounds(stretch))) {
        const { key, ...values } = row as { readonly key: string } & Sums
        const sums = groups.get(key) ?? noSums()
        for (const name of SUMS) sums[name] += values[name]
        groups.set(key, sums)
      }
    }
    return [...groups]
      .map(([key, sums]) => ({ key, sums }))
      .filter(({ sums }) => sums.runs > 0 || sums.busy_ms > 0)
      .sort((a, b) => b.sums.devices - a.sums.devices || compare(a.key, b.key))
  }

  #causes(): Figures['causes'] {
    const counts = new Map<string, number>()
    const sql = `SELECT code, sum(runs) AS runs FROM causes WHERE ${AT} AND key = ? GROUP BY code`
    for (const stretch of this.#stretches) {
      const rows = this.#sql.all(sql, this.#dim, ...bounds(stretch), this.#key)
      for (const { code, runs } of rows as { code: string; runs: number }[])
        counts.set(code, (counts.get(code) ?? 0) + runs)
    }
    return [...counts]
      .map(([code, runs]) => ({ code, runs }))
      .sort((a, b) => b.runs - a.runs || compare(a.code, b.code))
      .slice(0, CAUSES_MAX)
  }

  #spreads(): Figures['spreads'] {
    const all = new SketchSum()
    const sql = `SELECT bytes FROM sketches WHERE ${AT} AND key = ?`
    for (const stretch of this.#stretches) {
      for (const row of this.#sql.all(sql, this.#dim, ...bounds(stretch), this.#key))
        all.add((row as { bytes: Uint8Array }).bytes)
    }
    const spreads: Partial<Record<Measure, Spread>> = {}
    for (const [at, measure] of MEASURES.entries()) {
      const n = all.n(measure)
      if (n === 0) continue
      const [p50Ms, p75Ms, p90Ms] = SHARES.map((share) => all.percentile(measure, share) ?? 0)
      const sumMs = all.sums[at] ?? 0
      spreads[measure] = { n, sumMs, p50Ms: p50Ms ?? 0, p75Ms: p75Ms ?? 0, p90Ms: p90Ms ?? 0 }
    }
    return spreads
  }

  /** The first or last slot in which a run closed. */
  #end(order: 'ASC' | 'DESC', before = Number.MAX_SAFE_INTEGER): number | null {
    const row = this.#sql.get(
      `SELECT slot FROM figures WHERE dim = 'all' AND level = ${QUARTERS} AND key = '' AND runs > 0 AND slot < ? ORDER BY slot ${order} LIMIT 1`,
      before,
    ) as { slot: number } | undefined
    return row?.slot ?? null
  }
}

const bounds = ({ level, from, to }: Stretch): readonly Binding[] => [level, from, to]
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
const noSums = (): Record<SumName, number> =>
  Object.fromEntries(SUMS.map((name) => [name, 0])) as Record<SumName, number>
