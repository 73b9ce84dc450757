// Cuts a range of time into hours, shifts, days and weeks as a facility's wall clock shows them, changes of summer time included.
import { SLOT_MS } from './additions.ts'

export const BUCKETS = ['hour', 'shift', 'day', 'week'] as const
export type BucketKind = (typeof BUCKETS)[number]

export interface Shift {
  readonly name: string
  /** Minute of the local day at which it begins; a multiple of 15. */
  readonly minute: number
}
/** When people work: each shift lasts until the next one begins. */
export interface ShiftPlan {
  /** IANA name of the facility's zone. */
  readonly zone: string
  /** In the order of the day; at least one. */
  readonly list: readonly Shift[]
}

export interface Bucket {
  /** UTC ms; the end is not in it. */
  readonly from: number
  readonly to: number
  /** Local date on which it begins: of the shift or week itself when the range cuts it. */
  readonly date: string
  /** Local time at which it begins, HH:MM. */
  readonly time: string
  /** Name of the shift; null for other buckets. */
  readonly shift: string | null
}

/** More buckets than anybody reads; a year of shifts is 1,095. */
export const BUCKETS_MAX = 1200

/**
 * The buckets that `from` to `to` (UTC ms) touch, cut to it, oldest first; edges fall on quarters of an hour.
 * @throws RangeError for more than BUCKETS_MAX
 */
export function bucketsOf(
  kind: BucketKind,
  from: number,
  to: number,
  plan: ShiftPlan,
): readonly Bucket[] {
  const buckets: Bucket[] = []
  let last: Begin | null = null
  for (const begin of beginsOf(kind, from, plan)) {
    if (last !== null && begin.at <= last.at) continue
    if (last !== null && begin.at > from) {
      buckets.push(bucketOf(last, Math.max(from, last.at), Math.min(to, begin.at), plan))
      if (buckets.length > BUCKETS_MAX)
        throw new RangeError(`more than ${BUCKETS_MAX} buckets: take longer ones`)
    }
    if (begin.at >= to) break
    last = begin
  }
  return buckets
}

/** The local day that holds a moment. */
export function dayOf(at: number, plan: ShiftPlan): { readonly from: number; readonly to: number } {
  const day = localOf(at, plan.zone).toPlainDate()
  return { from: startOf(day, plan.zone), to: startOf(day.add({ days: 1 }), plan.zone) }
}

/** The local day of a date, YYYY-MM-DD. */
export function dayNamed(
  date: string,
  { zone }: ShiftPlan,
): { readonly from: number; readonly to: number } {
  const day = Temporal.PlainDate.from(date)
  return { from: startOf(day, zone), to: startOf(day.add({ days: 1 }), zone) }
}

interface Begin {
  readonly at: number
  readonly shift: string | null
}

const localOf = (at: number, zone: string) =>
  Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone)
const startOf = (day: Temporal.PlainDate, zone: string): number =>
  slotted(day.toZonedDateTime(zone).epochMilliseconds)
/** Zones of today are whole quarters off UTC; only those of before 1972 need the rounding. */
const slotted = (at: number): number => Math.round(at / SLOT_MS) * SLOT_MS

function bucketOf(begin: Begin, from: number, to: number, { zone }: ShiftPlan): Bucket {
  const local = localOf(begin.at, zone)
  const time = local.toPlainTime().toString({ smallestUnit: 'minute' })
  return { from, to, date: local.toPlainDate().toString(), time, shift: begin.shift }
}

/** Begins of buckets without end, from one at or before `from` on. */
function* beginsOf(kind: BucketKind, from: number, plan: ShiftPlan): Generator<Begin> {
  const { zone, list } = plan
  const first = localOf(from, zone)
  if (kind === 'hour') {
    const { minute, second, millisecond } = first
    let at = from - minute * 60_000 - second * 1000 - millisecond
    for (;;) {
      yield { at: slotted(at), shift: null }
      at += 3_600_000
      // A zone that moves by half an hour moves its full hours too.
      at -= localOf(at, zone).minute * 60_000
    }
  }
  const today = first.toPlainDate()
  if (kind === 'shift') {
    for (let day = today.subtract({ days: 1 }); ; day = day.add({ days: 1 })) {
      for (const { name, minute } of list) {
        const plainTime = Temporal.PlainTime.from({
          hour: Math.floor(minute / 60),
          minute: minute % 60,
        })
        const { epochMilliseconds } = day.toZonedDateTime({ timeZone: zone, plainTime })
        yield { at: slotted(epochMilliseconds), shift: name }
      }
    }
  }
  const days = kind === 'week' ? 7 : 1
  const back = kind === 'week' ? today.dayOfWeek - 1 : 0
  for (let day = today.subtract({ days: back }); ; day = day.add({ days })) {
    yield { at: startOf(day, zone), shift: null }
  }
}
