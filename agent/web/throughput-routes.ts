// Figures for managers: one report over any range, and the list of shifts that a report can be had of.
import type { FastifyInstance } from 'fastify'
import { iso } from '../core/ids.ts'
import { type Dim, SLOT_MS, type Sums, slotOf } from '../core/throughput/additions.ts'
import { type FaultWords, reportOf, type ThroughputReport } from '../core/throughput/report.ts'
import {
  type Bucket,
  type BucketKind,
  bucketsOf,
  dayNamed,
  dayOf,
  type ShiftPlan,
} from '../core/throughput/shifts.ts'
import { throughputCsv } from '../core/throughput/tables.ts'
import { FAULTS } from '../fault.ts'
import type { Clock, FigureReader, Figures } from '../ports.ts'
import { shiftsQuery, throughputQuery } from '../wire/throughput.ts'
import { demand } from './auth/person.ts'
import { valid } from './bay-routes.ts'
import { HttpProblem } from './problem.ts'

export interface ThroughputParts {
  readonly figures: FigureReader
  readonly shifts: ShiftPlan
}

const DAY_MS = 24 * 3_600_000
/** Longer ranges are no report any more, and cost more than a page may. */
const RANGE_MAX_MS = 400 * DAY_MS
/** How far back one list of shifts goes. */
const SHIFTS_MS = 15 * DAY_MS
/** Fewer shifts than this, and older ones are looked for. */
const SHIFTS_MIN = 6
const LOOKS_MAX = 8
const MAY = { config: { may: 'throughput.read' } } as const

export function throughputRoutes(
  app: FastifyInstance,
  { figures, shifts }: ThroughputParts,
  clock: Pick<Clock, 'now'>,
): void {
  const ask = (buckets: readonly Bucket[], by: Dim, key: string | null): Promise<Figures> =>
    figures.figures({ edges: edgesOf(buckets), by, key })
  /** The newest quarter of an hour in which a run closed; null in an empty ledger. */
  const newest = async (): Promise<number | null> => {
    const { last } = await figures.figures({ edges: [0, 0], by: 'all', key: null })
    return last === null ? null : last * SLOT_MS
  }

  app.get('/api/v1/throughput', MAY, async (request, reply) => {
    const {
      bucket,
      by,
      key = null,
      format,
      table,
      ...range
    } = valid(throughputQuery, request.query)
    // Operators by name are for those who may see people.
    if (by === 'operator') demand(request, 'people.read')
    const at = (moment: number | string, end: 'from' | 'to') =>
      typeof moment === 'string' ? dayNamed(moment, shifts)[end] : moment
    const near = range.from ?? range.to ?? (await newest()) ?? clock.now()
    const day = typeof near === 'string' ? dayNamed(near, shifts) : dayOf(near, shifts)
    const from = at(range.from ?? day.from, 'from')
    const to = at(range.to ?? day.to, 'to')
    const buckets = cut(bucket, from, to, shifts)
    const asked = { bucket, by, key, zone: shifts.zone, buckets, now: clock.now() }
    const report: ThroughputReport = reportOf(asked, await ask(buckets, by, key), faultWords)
    if (format === 'json') return report
    const name = `throughput-${table}-${report.from.slice(0, 10)}.csv`
    return reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', `attachment; filename="${name}"`)
      .send(throughputCsv(report, table))
  })

  app.get('/api/v1/shifts', MAY, async ({ query }) => {
    const { before } = valid(shiftsQuery, query)
    const found: ShiftRow[] = []
    let limit = before ?? Number.POSITIVE_INFINITY
    let last = before === undefined ? await newest() : before - 1
    // A hall that stood still for weeks has its shifts further back.
    for (let look = 0; last !== null && look < LOOKS_MAX && found.length < SHIFTS_MIN; look += 1) {
      const end = Math.min(limit, dayOf(last, shifts).to)
      const buckets = whole(cut('shift', end - SHIFTS_MS, end, shifts), end, shifts)
      const measured = await ask(buckets, 'all', null)
      const rows = buckets.map((one, at) => shiftRow(one, measured.buckets[at]))
      found.push(...rows.filter(({ runs }) => runs > 0).reverse())
      limit = buckets[0]?.from ?? end
      last = measured.before === null ? null : measured.before * SLOT_MS
    }
    return { zone: shifts.zone, shifts: found }
  })
}

type ShiftRow = ReturnType<typeof shiftRow>

const shiftRow = (one: Bucket, sums: Sums | undefined) => ({
  from: iso(one.from),
  to: iso(one.to),
  date: one.date,
  time: one.time,
  shift: one.shift,
  runs: sums?.runs ?? 0,
  devices: sums?.devices ?? 0,
})

function cut(kind: BucketKind, from: number, to: number, plan: ShiftPlan): readonly Bucket[] {
  const wrong = (detail: string) => new HttpProblem(400, 'BACKEND_REQUEST_INVALID', detail)
  if (from >= to) throw wrong('from: must be before to')
  if (to - from > RANGE_MAX_MS) throw wrong('to: at most 400 days after from')
  try {
    return bucketsOf(kind, floor(from), ceil(to), plan)
  } catch (error) {
    if (error instanceof RangeError) throw wrong(`bucket: ${error.message}`)
    throw error
  }
}

/** The first shift of a list from its own begin, and the last up to its own end if it began before `end`. */
function whole(buckets: readonly Bucket[], end: number, plan: ShiftPlan): readonly Bucket[] {
  const [first] = buckets
  if (first === undefined) return buckets
  const around = bucketsOf('shift', first.from - DAY_MS, end + DAY_MS, plan)
  return around.filter(({ from, to }) => to > first.from && from < end)
}

const floor = (at: number): number => Math.floor(at / SLOT_MS) * SLOT_MS
const ceil = (at: number): number => Math.ceil(at / SLOT_MS) * SLOT_MS

const edgesOf = (buckets: readonly Bucket[]): readonly number[] => [
  ...buckets.map(({ from }) => slotOf(from)),
  slotOf(buckets.at(-1)?.to ?? 0),
]

/** Codes of the fault table; who must act in its own words. */
const faultWords: FaultWords = (code) => {
  if (!Object.hasOwn(FAULTS, code)) return null
  const { meaning, who, hint } = FAULTS[code as keyof typeof FAULTS]
  return { meaning, who, hint }
}
