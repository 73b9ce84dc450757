// Numbers, times and shares as the person's language writes them.
import { language, words } from '../../words/words.ts'

const tag = language()
const whole = new Intl.NumberFormat(tag, { maximumFractionDigits: 0 })
const one = new Intl.NumberFormat(tag, { maximumFractionDigits: 1 })
const two = new Intl.NumberFormat(tag, { maximumFractionDigits: 2 })
const percent = new Intl.NumberFormat(tag, { style: 'percent', maximumFractionDigits: 1 })
const NONE = '–'

export const count = (value: number): string => whole.format(value)
export const decimal = (value: number | null): string => (value === null ? NONE : one.format(value))
/** For axes, whose steps may be quarters. */
export const fine = (value: number | null): string => (value === null ? '' : two.format(value))
export const share = (value: number | null): string =>
  value === null ? NONE : percent.format(value)

/** `1:02:03`, `4:05` or `0:07`: hours only when there are some. */
export function span(ms: number | null): string {
  if (ms === null) return NONE
  const seconds = Math.round(Math.abs(ms) / 1000)
  const pad = (value: number) => String(value).padStart(2, '0')
  const hours = Math.floor(seconds / 3600)
  const rest = `${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}`
  const sign = ms < 0 ? '−' : ''
  return `${sign}${hours > 0 ? `${hours}:${rest}` : rest.replace(/^0(?=\d:)/, '')}`
}

const dates = new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeZone: 'UTC' })
const shortDates = new Intl.DateTimeFormat(tag, {
  day: 'numeric',
  month: 'short',
  timeZone: 'UTC',
})

/** A local date of the facility, YYYY-MM-DD, as people write it. */
export const dateText = (date: string): string => dates.format(new Date(`${date}T00:00:00Z`))
export const shortDate = (date: string): string => shortDates.format(new Date(`${date}T00:00:00Z`))

/** A moment by the facility's wall clock. */
export const clockText = (
  iso: string,
  zone: string,
  more: Intl.DateTimeFormatOptions = {},
): string =>
  new Intl.DateTimeFormat(tag, {
    timeZone: zone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    ...more,
  }).format(new Date(iso))

/** The facility's local date of a moment, YYYY-MM-DD. */
export const localDate = (iso: string, zone: string): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' }).format(new Date(iso))

export interface Labelled {
  readonly date: string
  readonly time: string
  readonly shift: string | null
}

/** What stands at a bucket: `06:00`, `5 Jan early`, `5 Jan`. */
export function bucketLabel(bucket: 'hour' | 'shift' | 'day' | 'week', at: Labelled): string {
  if (bucket === 'hour') return at.time
  const date = shortDate(at.date)
  return bucket === 'shift' ? `${date} ${at.shift ?? ''}` : date
}

/** Name of a step or of a whole wait. */
export function stepText(step: string): string {
  const { throughput: t } = words
  if (step === 'total') return t.total
  if (step === 'operator') return t.operator
  if (step === 'machine') return t.machine
  return (t.steps as Readonly<Record<string, string>>)[step] ?? step
}
