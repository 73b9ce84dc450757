// The tables of a report: buckets, groups and causes.
import type { ThroughputFigures, ThroughputReport } from '../../../core/throughput/report.ts'
import { fill, words } from '../../words/words.ts'
import { Bar, Wide } from './bars.tsx'
import { notResealed } from './cards.tsx'
import { bucketLabel, count, share, shortDate, span } from './format.ts'

const { throughput: t } = words

interface WithReport {
  readonly report: ThroughputReport
}

/** Columns that buckets and groups have in common. */
const HEADS = [t.devices, t.notResealed, t.yield, t.waitPerDevice, t.occupancy] as const

const FigureCells = ({ row }: { readonly row: ThroughputFigures }) => (
  <>
    <td class="number">{count(row.devices)}</td>
    <td class="number">{count(notResealed(row.verdicts))}</td>
    <td class="number">{share(row.yield)}</td>
    <td class="number">{span(row.operatorWaitPerDeviceMs)}</td>
    <td class="number">{share(row.occupancy)}</td>
  </>
)

const Heads = ({ first }: { readonly first: string }) => (
  <thead>
    <tr>
      <th scope="col">{first}</th>
      {HEADS.map((head) => (
        <th key={head} scope="col" class="number">
          {head}
        </th>
      ))}
    </tr>
  </thead>
)

export function BucketTable({ report }: WithReport) {
  const { bucket, buckets } = report
  const days = new Set(buckets.map(({ date }) => date))
  const label = (row: (typeof buckets)[number]) =>
    bucket === 'hour' && days.size > 1
      ? `${shortDate(row.date)} ${row.time}`
      : bucketLabel(bucket, row)
  return (
    <Wide id="buckets">
      <h2>{fill(t.table, { bucket: t.buckets[bucket] })}</h2>
      <table>
        <Heads first={t.whenColumn} />
        <tbody>
          {buckets.map((row) => (
            <tr key={row.from}>
              <th scope="row">{label(row)}</th>
              <FigureCells row={row} />
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  )
}

interface GroupProps extends WithReport {
  /** Address that shows one group alone; left out on paper. */
  readonly linkTo?: (key: string) => string
}

export function GroupTable({ report, linkTo }: GroupProps) {
  const { by, groups, groupsLeftOut } = report
  if (by === 'all' || groups.length === 0) return null
  const name = (key: string) => (key === '' ? t.nobody : key)
  return (
    <Wide id="groups">
      <h2>{fill(t.groups, { dim: t.dims[by] })}</h2>
      <table>
        <Heads first={t.dims[by]} />
        <tbody>
          {groups.map((row) => (
            <tr key={row.key}>
              <th scope="row">
                {linkTo === undefined ? (
                  name(row.key)
                ) : (
                  <a href={linkTo(row.key)}>{name(row.key)}</a>
                )}
              </th>
              <FigureCells row={row} />
            </tr>
          ))}
        </tbody>
      </table>
      {groupsLeftOut === 0 ? null : (
        <p class="note">{fill(t.groupsLeftOut, { n: groupsLeftOut })}</p>
      )}
    </Wide>
  )
}

export function CauseTable({ report }: WithReport) {
  const { causes } = report
  const most = causes[0]?.runs ?? 1
  return (
    <Wide id="causes">
      <h2>{t.causes}</h2>
      {causes.length === 0 ? (
        <p class="note">{t.noCauses}</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">{t.code}</th>
              <th scope="col" class="number">
                {t.runs}
              </th>
              <th scope="col" class="bars">
                {t.share}
              </th>
              <th scope="col" class="number">
                {t.upTo}
              </th>
              <th scope="col">{t.meaning}</th>
              <th scope="col">{t.who}</th>
              <th scope="col">{t.action}</th>
            </tr>
          </thead>
          <tbody>
            {causes.map((cause) => (
              <tr key={cause.code}>
                <th scope="row">
                  <code>{cause.code}</code>
                </th>
                <td class="number">{count(cause.runs)}</td>
                <td>
                  <Bar part={cause.runs / most} kind="other" /> {share(cause.share)}
                </td>
                <td class="number">{share(cause.upTo)}</td>
                <td>{cause.meaning}</td>
                <td>{cause.who}</td>
                <td>{cause.action}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Wide>
  )
}
