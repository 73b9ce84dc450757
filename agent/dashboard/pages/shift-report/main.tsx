// One shift on paper: what was made, what was not and who acts, for the hand-over to the next one.
import { useEffect, useState } from 'preact/hooks'
import type { RecordBody } from '../../../core/record.ts'
import type { ThroughputReport } from '../../../core/throughput/report.ts'
import { ask } from '../../shared/api.ts'
import { show } from '../../shared/shell.tsx'
import { fill, words } from '../../words/words.ts'
import { Wide } from '../throughput/bars.tsx'
import { Apart, Cards } from '../throughput/cards.tsx'
import { clockText, count, dateText } from '../throughput/format.ts'
import { BucketTable, CauseTable, GroupTable } from '../throughput/tables.tsx'
import { TimeTable } from '../throughput/time-tables.tsx'

const { throughput: t } = words

interface Shift {
  readonly from: string
  readonly to: string
  readonly date: string
  readonly shift: string | null
  readonly runs: number
}
interface Shifts {
  readonly zone: string
  readonly shifts: readonly Shift[]
}
interface Runs {
  readonly runs: readonly { readonly seq: number; readonly record: RecordBody }[]
}
interface Named {
  readonly site: string
  readonly station: string
}
interface Report {
  readonly whole: ThroughputReport
  readonly orders: ThroughputReport
  readonly hands: Hands
}
interface Hands {
  readonly rows: readonly RecordBody[]
  readonly isCut: boolean
}

/** Most runs that are looked through for devices that need a hand. */
const RUNS_MAX = 500

/** The last run of each device that did not end resealed. */
function handsOf(runs: Runs['runs']): Hands {
  const seen = new Set<string>()
  const rows: RecordBody[] = []
  // Newest first: the first one met of a device is its last.
  for (const { record } of runs) {
    const name = record.device.serial ?? record.run
    if (seen.has(name)) continue
    seen.add(name)
    if (record.verdict !== 'resealed') rows.push(record)
  }
  return { rows, isCut: runs.length === RUNS_MAX }
}

async function load(shift: Shift): Promise<Report> {
  const range = `from=${encodeURIComponent(shift.from)}&to=${encodeURIComponent(shift.to)}`
  const figures = (by: string) =>
    ask<ThroughputReport>(`/api/v1/throughput?${range}&bucket=hour&by=${by}`)
  const times = `since=${encodeURIComponent(shift.from)}&until=${encodeURIComponent(shift.to)}`
  const [whole, orders, runs] = await Promise.all([
    figures('bay'),
    figures('order'),
    ask<Runs>(`/api/v1/runs?${times}&max=${RUNS_MAX}`),
  ])
  return { whole, orders, hands: handsOf(runs.runs) }
}

const titleOf = ({ date, from, to, shift }: Shift, zone: string): string =>
  fill(t.shiftOf, {
    shift: shift ?? '',
    date: dateText(date),
    from: clockText(from, zone),
    to: clockText(to, zone),
  })

function HandTable({ hands }: { readonly hands: Hands }) {
  return (
    <Wide id="hands">
      <h2>{t.hands}</h2>
      {hands.rows.length === 0 ? (
        <p class="note">{t.noHands}</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">{t.serial}</th>
              <th scope="col">{t.bay}</th>
              <th scope="col">{t.verdict}</th>
              <th scope="col">{t.code}</th>
              <th scope="col">{t.action}</th>
            </tr>
          </thead>
          <tbody>
            {hands.rows.map((record) => (
              <tr key={record.run}>
                <th scope="row">{record.device.serial ?? t.nobody}</th>
                <td>{record.bay}</td>
                <td>{t.verdicts[record.verdict]}</td>
                <td>
                  <code>{record.error?.code}</code>
                </td>
                <td>{record.error?.action}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {hands.isCut ? <p class="note">{fill(t.handsLeftOut, { n: RUNS_MAX })}</p> : null}
    </Wide>
  )
}

interface PaperProps {
  readonly shift: Shift
  readonly zone: string
  readonly station: Named
  readonly report: Report
}

function Paper({ shift, zone, station, report }: PaperProps) {
  const name = `${station.site} / ${station.station}`
  const now = new Date().toISOString()
  return (
    <article class="paper">
      <h2 class="title">{titleOf(shift, zone)}</h2>
      <p class="note">
        {t.station}: {name} · {fill(t.zone, { zone })} · {count(report.whole.total.runs)} {t.runs}
      </p>
      <Cards report={report.whole} />
      <Apart report={report.whole} />
      <HandTable hands={report.hands} />
      <CauseTable report={report.whole} />
      <BucketTable report={report.whole} />
      <GroupTable report={report.whole} />
      <GroupTable report={report.orders} />
      <TimeTable report={report.whole} />
      <div class="sign">
        <p>{t.notes}</p>
        <p>{t.handedOver}</p>
        <p>{t.takenOver}</p>
      </div>
      <p class="note">
        {fill(t.madeAt, {
          at: `${dateText(now.slice(0, 10))} ${clockText(now, zone)}`,
          station: name,
        })}
      </p>
    </article>
  )
}

/** The shift of the address, else the newest. */
const wanted = (): string | null => new URLSearchParams(location.search).get('from')

function Page() {
  const [shifts, setShifts] = useState<Shifts | null>(null)
  const [station, setStation] = useState<Named>({ site: '', station: '' })
  const [report, setReport] = useState<Report | null>(null)
  const [fault, setFault] = useState<string | null>(null)
  const failed = (error: unknown) =>
    setFault(error instanceof Error ? error.message : words.shell.noAnswer)
  const chosen = shifts?.shifts.find(({ from }) => from === wanted()) ?? shifts?.shifts[0]
  useEffect(() => {
    ask<Named>('/api/v1/station').then(setStation, failed)
    ask<Shifts>('/api/v1/shifts').then(setShifts, failed)
  }, [])
  useEffect(() => {
    if (chosen !== undefined) load(chosen).then(setReport, failed)
  }, [chosen])
  if (fault !== null)
    return (
      <p class="bad" role="alert">
        {fault}
      </p>
    )
  if (shifts === null) return <p class="note">{words.shell.loading}</p>
  if (chosen === undefined) return <p class="note">{t.emptyLedger}</p>
  return (
    <>
      <div class="toolbar no-print">
        <label>
          {t.chooseShift}
          <select
            value={chosen.from}
            onChange={(event) => {
              location.search = `?from=${encodeURIComponent(event.currentTarget.value)}`
            }}
          >
            {shifts.shifts.map((one) => (
              <option key={one.from} value={one.from}>
                {titleOf(one, shifts.zone)} · {count(one.runs)} {t.runs}
              </option>
            ))}
          </select>
        </label>
        <button type="button" class="main" onClick={() => print()}>
          {t.print}
        </button>
      </div>
      {report === null ? (
        <p class="note">{words.shell.loading}</p>
      ) : (
        <Paper shift={chosen} zone={shifts.zone} station={station} report={report} />
      )}
    </>
  )
}

show(t.report, <Page />)
