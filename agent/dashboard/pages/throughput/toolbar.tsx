// What the page shows is in its address: range, bucket and grouping, so that a view can be sent to somebody.
import type { Dim } from '../../../core/throughput/additions.ts'
import type { ThroughputReport } from '../../../core/throughput/report.ts'
import type { BucketKind } from '../../../core/throughput/shifts.ts'
import { fill, words } from '../../words/words.ts'
import { localDate } from './format.ts'

const { throughput: t } = words

/** The fields of the address, as far as the page knows them. */
export type View = Readonly<Partial<Record<'from' | 'to' | 'bucket' | 'by' | 'key', string>>>

const FIELDS = ['from', 'to', 'bucket', 'by', 'key'] as const

export function viewOf(search: string): View {
  const given = new URLSearchParams(search)
  return Object.fromEntries(
    FIELDS.flatMap((name) => (given.has(name) ? [[name, given.get(name) ?? '']] : [])),
  )
}

export const searchOf = (view: View & Readonly<Record<string, string>>): string =>
  `?${new URLSearchParams(view)}`

/** The local date of the last moment of a range. */
function lastDate({ buckets }: ThroughputReport): string {
  return buckets.at(-1)?.date ?? ''
}

const dayBefore = (date: string, days: number): string => {
  const day = new Date(`${date}T00:00:00Z`)
  day.setUTCDate(day.getUTCDate() - days)
  return day.toISOString().slice(0, 10)
}

interface ToolbarProps {
  readonly view: View
  readonly report: ThroughputReport
}

const BUCKET_NAMES = Object.keys(t.buckets) as readonly BucketKind[]
const DIM_NAMES = Object.keys(t.dims) as readonly Dim[]

export function Toolbar({ view, report }: ToolbarProps) {
  const to = view.to ?? lastDate(report)
  const newest = report.ledger.last === null ? to : localDate(report.ledger.last, report.zone)
  const go = (change: View) => {
    const next = { ...view, ...change } as Record<string, string>
    if (next['by'] === 'all' || change.by !== undefined) delete next['key']
    location.search = searchOf(next)
  }
  const range = (days: number, bucket: string) =>
    go({ from: dayBefore(newest, days - 1), to: newest, bucket })
  return (
    <form
      class="toolbar no-print"
      onSubmit={(event) => {
        event.preventDefault()
        const given = new FormData(event.currentTarget)
        go(Object.fromEntries(['from', 'to'].map((name) => [name, String(given.get(name))])))
      }}
    >
      <label>
        {t.from}
        <input
          type="date"
          name="from"
          required
          defaultValue={(view.from ?? report.buckets[0]?.date ?? '').slice(0, 10)}
        />
      </label>
      <label>
        {t.to}
        <input type="date" name="to" required defaultValue={to.slice(0, 10)} />
      </label>
      <button type="submit" class="main">
        {t.show}
      </button>
      <span class="quick">
        <button type="button" onClick={() => range(1, 'hour')}>
          {t.newestDay}
        </button>
        <button type="button" onClick={() => range(7, 'day')}>
          {t.week}
        </button>
        <button type="button" onClick={() => range(30, 'day')}>
          {t.month}
        </button>
      </span>
      <label>
        {t.bucket}
        <select
          name="bucket"
          value={report.bucket}
          onChange={(event) => go({ bucket: event.currentTarget.value })}
        >
          {BUCKET_NAMES.map((name) => (
            <option key={name} value={name}>
              {t.buckets[name]}
            </option>
          ))}
        </select>
      </label>
      <label>
        {t.by}
        <select
          name="by"
          value={report.by}
          onChange={(event) => go({ by: event.currentTarget.value })}
        >
          {DIM_NAMES.map((name) => (
            <option key={name} value={name}>
              {t.dims[name]}
            </option>
          ))}
        </select>
      </label>
      {report.key === null ? null : (
        <button type="button" onClick={() => go({ by: report.by })}>
          {fill(t.only, { dim: t.dims[report.by], key: report.key || t.nobody })} ✕{' '}
          <span class="unseen">{t.wholeBench}</span>
        </button>
      )}
    </form>
  )
}

/** The same figures as files. */
export function Downloads({ view, report }: ToolbarProps) {
  const path = (more: Readonly<Record<string, string>>) =>
    `/api/v1/throughput${searchOf({ ...view, from: report.from, to: report.to, ...more })}`
  const tables = [
    ['buckets', fill(t.table, { bucket: t.buckets[report.bucket] })],
    ...(report.by === 'all' ? [] : [['groups', fill(t.groups, { dim: t.dims[report.by] })]]),
    ['steps', t.time],
    ['causes', t.causes],
  ] as const
  return (
    <p class="downloads no-print">
      {t.download}:{' '}
      {tables.map(([table = '', name = '']) => (
        <a key={table} href={path({ format: 'csv', table })} download>
          {fill(t.csvOf, { table: name })}
        </a>
      ))}
      <a href={path({})}>{t.json}</a>
    </p>
  )
}
