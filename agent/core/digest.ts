// A day in one page: what was resealed, what failed and why, what needs somebody, for a file and a topic instead of a mail.
import type { Verdict } from './evidence.ts'
import { type InstantMs, iso } from './ids.ts'
import type { RecordBody } from './record.ts'

/** What of a closed run the day needs. */
export interface DayRun {
  readonly serial: string | null
  readonly verdict: Verdict
  readonly code: string | null
  readonly action: string | null
  readonly workOrder: string | null
}

export const dayRun = ({ device, verdict, error, workOrder }: RecordBody): DayRun => ({
  serial: device.serial,
  verdict,
  code: error?.code ?? null,
  action: error?.action ?? null,
  workOrder: workOrder ?? null,
})

export interface Cause {
  readonly code: string
  readonly runs: number
  readonly action: string
}
export interface DayOrder {
  readonly order: string
  readonly runs: number
  /** Devices that were resealed that day. */
  readonly resealed: number
  /** Devices whose last run of the day ended otherwise. */
  readonly notResealed: number
}

export interface Digest {
  readonly schema: 'reseal/digest/1'
  readonly site: string
  readonly station: string
  /** The bench PC's own day, `2026-11-23`. */
  readonly date: string
  /** UTC, ISO 8601; `to` is not part of it. */
  readonly from: string
  readonly to: string
  readonly runs: number
  /** Devices by the last run of the day. */
  readonly devices: { readonly resealed: number; readonly notResealed: number }
  readonly verdicts: Readonly<Partial<Record<Verdict, number>>>
  readonly alarms: number
  readonly causes: readonly Cause[]
  readonly orders: readonly DayOrder[]
  /** More runs than are counted closed that day. */
  readonly cut: boolean
}

export interface Day {
  readonly site: string
  readonly station: string
  readonly date: string
  readonly from: InstantMs
  readonly to: InstantMs
  /** In the order in which they closed. */
  readonly runs: readonly DayRun[]
  readonly alarms: number
  readonly cut: boolean
}

/** Longest lists; the exports have all. */
const LIST_MAX = 20

/** The newest run of each device; runs without a serial number count each for itself. */
function lastOf(runs: readonly DayRun[]): readonly DayRun[] {
  const last = new Map<string, DayRun>()
  for (const [at, run] of runs.entries()) last.set(run.serial ?? `run ${at}`, run)
  return [...last.values()]
}

const devicesOf = (runs: readonly DayRun[]) => {
  const last = lastOf(runs)
  const resealed = last.filter(({ verdict }) => verdict === 'resealed').length
  return { resealed, notResealed: last.length - resealed }
}

function causesOf(runs: readonly DayRun[]): readonly Cause[] {
  const causes = new Map<string, Cause>()
  for (const { code, action } of runs) {
    if (code === null) continue
    const before = causes.get(code)
    causes.set(code, {
      code,
      runs: (before?.runs ?? 0) + 1,
      action: action ?? before?.action ?? '',
    })
  }
  const most = (a: Cause, b: Cause) => b.runs - a.runs || a.code.localeCompare(b.code)
  return [...causes.values()].toSorted(most).slice(0, LIST_MAX)
}

function ordersOf(runs: readonly DayRun[]): readonly DayOrder[] {
  const named = runs.filter(({ workOrder }) => workOrder !== null)
  const groups = Map.groupBy(named, ({ workOrder }) => workOrder ?? '')
  return [...groups]
    .map(([order, own]) => ({ order, runs: own.length, ...devicesOf(own) }))
    .toSorted((a, b) => b.runs - a.runs || a.order.localeCompare(b.order))
    .slice(0, LIST_MAX)
}

/** The digest of a day; a pure sum of its runs. */
export function digestOf({ site, station, date, from, to, runs, alarms, cut }: Day): Digest {
  const verdicts: Partial<Record<Verdict, number>> = {}
  for (const { verdict } of runs) verdicts[verdict] = (verdicts[verdict] ?? 0) + 1
  return {
    schema: 'reseal/digest/1',
    site,
    station,
    date,
    from: iso(from),
    to: iso(to),
    runs: runs.length,
    devices: devicesOf(runs),
    verdicts,
    alarms,
    causes: causesOf(runs),
    orders: ordersOf(runs),
    cut,
  }
}

const plural = (n: number, one: string) => `${n} ${one}${n === 1 ? '' : 's'}`

/** The same as a text that a person reads on any screen, 80 columns. */
export function digestText(digest: Digest): string {
  const { devices, verdicts, causes, orders } = digest
  const lines = [
    `Reseal ${digest.site}/${digest.station}, ${digest.date}`,
    '',
    `${plural(devices.resealed, 'device')} resealed, ${devices.notResealed} not. ${plural(digest.runs, 'run')}${digest.cut ? ' (cut)' : ''}, ${plural(digest.alarms, 'alarm')}.`,
    ...(digest.runs === 0
      ? []
      : [
          `Runs: ${Object.entries(verdicts)
            .map(([verdict, n]) => `${verdict} ${n}`)
            .join(', ')}.`,
        ]),
    ...(orders.length === 0 ? [] : ['', 'Work orders']),
    ...orders.map(
      ({ order, resealed, notResealed }) => `  ${order}: ${resealed} resealed, ${notResealed} not`,
    ),
    ...(causes.length === 0 ? [] : ['', 'Why runs did not end resealed']),
    ...causes.map(({ code, runs, action }) =>
      `  ${String(runs).padStart(4)}  ${code}  ${action}`.trimEnd(),
    ),
  ]
  return `${lines.join('\n')}\n`
}
