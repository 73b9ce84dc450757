// The managers' page: what the bench brought in any range of time, as figures, charts and tables.
import { useEffect, useState } from 'preact/hooks'
import type { ThroughputReport } from '../../../core/throughput/report.ts'
import { ask } from '../../shared/api.ts'
import { show } from '../../shared/shell.tsx'
import { fill, words } from '../../words/words.ts'
import { Apart, Cards, notResealed } from './cards.tsx'
import { Chart } from './chart.tsx'
import { bucketLabel, count, dateText, fine, localDate } from './format.ts'
import { BucketTable, CauseTable, GroupTable } from './tables.tsx'
import { EstimateTable, TimeTable } from './time-tables.tsx'
import { Downloads, searchOf, Toolbar, viewOf } from './toolbar.tsx'

const { throughput: t } = words
const view = viewOf(location.search)

const MINUTE_MS = 60_000

function Charts({ report }: { readonly report: ThroughputReport }) {
  const { bucket, buckets } = report
  const named = { bucket: t.buckets[bucket] }
  const ticks = buckets.map((row) => bucketLabel(bucket, row))
  return (
    <>
      <section class="card wide">
        <h2>{fill(t.chartDevices, named)}</h2>
        <Chart
          label={`${fill(t.chartDevices, named)}. ${fill(t.chartHint, named)}`}
          ticks={ticks}
          unit={t.devices}
          format={fine}
          series={[
            { name: t.resealed, colour: '--series-a', values: buckets.map((row) => row.devices) },
            {
              name: t.other,
              colour: '--series-b',
              values: buckets.map((row) => notResealed(row.verdicts)),
            },
          ]}
        />
      </section>
      <section class="card wide">
        <h2>{fill(t.chartWait, named)}</h2>
        <Chart
          label={`${fill(t.chartWait, named)}. ${fill(t.chartHint, named)}`}
          ticks={ticks}
          unit={t.minutes}
          format={fine}
          series={[
            {
              name: t.waitPerDevice,
              colour: '--series-c',
              values: buckets.map(({ operatorWaitPerDeviceMs: ms }) =>
                ms === null ? null : ms / MINUTE_MS,
              ),
            },
          ]}
        />
      </section>
    </>
  )
}

function Shown({ report }: { readonly report: ThroughputReport }) {
  const newest = report.ledger.last
  return (
    <>
      <Toolbar view={view} report={report} />
      <p class="note">
        {dateText(report.buckets[0]?.date ?? report.from.slice(0, 10))} –{' '}
        {dateText(report.buckets.at(-1)?.date ?? report.to.slice(0, 10))} ·{' '}
        {fill(t.zone, { zone: report.zone })} · {count(report.total.runs)} {t.runs}
      </p>
      {report.total.runs > 0 ? null : (
        <p class="note">
          {newest === null
            ? t.emptyLedger
            : `${t.empty} ${fill(t.newestIs, { date: dateText(localDate(newest, report.zone)) })}`}
        </p>
      )}
      <Cards report={report} />
      <Apart report={report} />
      <Charts report={report} />
      <GroupTable report={report} linkTo={(key) => searchOf({ ...view, by: report.by, key })} />
      <CauseTable report={report} />
      <TimeTable report={report} />
      <EstimateTable report={report} />
      <BucketTable report={report} />
      <Downloads view={view} report={report} />
    </>
  )
}

function Page() {
  const [report, setReport] = useState<ThroughputReport | null>(null)
  const [fault, setFault] = useState<string | null>(null)
  useEffect(() => {
    ask<ThroughputReport>(`/api/v1/throughput${searchOf(view)}`).then(setReport, (error: unknown) =>
      setFault(error instanceof Error ? error.message : words.shell.noAnswer),
    )
  }, [])
  if (fault !== null)
    return (
      <p class="bad" role="alert">
        {fault}
      </p>
    )
  return report === null ? <p class="note">{words.shell.loading}</p> : <Shown report={report} />
}

show(words.shell.throughput, <Page />)
