// The tables of a report: buckets, groups, causes, where the time went, and how good the estimate was.
import type { ComponentChildren } from 'preact'
import type { ThroughputFigures, ThroughputReport } from '../../../core/throughput/report.ts'
import { fill, words } from '../../words/words.ts'
import { notResealed } from './cards.tsx'
import { bucketLabel, count, decimal, share, shortDate, span, stepText } from './format.ts'

const { throughput: t } = words

interface WithReport {
  readonly report: ThroughputReport
}

/** A table that may be wider than a phone: it scrolls in itself, with keys too. */
export function Wide({
  id,
  children,
}: {
  readonly id: string
  readonly children: ComponentChildren
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
    <section class="wide" id={id} tabIndex={0}>
      {children}
    </section>
  )
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

/** A bar as wide as its share; the number beside it says the same. */
const Bar = ({ part, kind = 'plain' }: { readonly part: number; readonly kind?: string }) => (
  <span class={`bar ${kind}`} aria-hidden="true">
    <i style={{ width: `${Math.max(0, Math.min(100, part * 100))}%` }} />
  </span>
)

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

/** Operator wait, machine wait and what neither holds: the parts of the whole. */
function Waits({ report }: WithReport) {
  const { total } = report
  const parts = [
    { name: t.operator, kind: 'person', ms: total.operatorWaitMs },
    { name: t.machine, kind: 'machine', ms: total.machineWaitMs },
    { name: t.unattributed, kind: 'rest', ms: total.unattributedMs },
  ]
  const all = Math.max(1, total.durationMs)
  return (
    <div class="waits">
      <div class="stack" aria-hidden="true">
        {parts.map(({ kind, ms }) => (
          <i key={kind} class={kind} style={{ width: `${Math.max(0, (100 * ms) / all)}%` }} />
        ))}
      </div>
      <dl>
        {parts.map(({ name, kind, ms }) => (
          <div key={kind}>
            <dt>
              <i class={`swatch ${kind}`} aria-hidden="true" /> {name}
            </dt>
            <dd>
              {share(ms / all)} · {span(ms)}
            </dd>
          </div>
        ))}
        <div>
          <dt>{t.timeSum}</dt>
          <dd>{span(total.durationMs)}</dd>
        </div>
      </dl>
    </div>
  )
}

export function TimeTable({ report }: WithReport) {
  const rows = [...report.waits.filter(({ step }) => step === 'total'), ...report.steps]
  const error = decimal(report.percentileError * 100)
  return (
    <Wide id="time">
      <h2>{t.time}</h2>
      <Waits report={report} />
      <table>
        <thead>
          <tr>
            <th scope="col">{t.step}</th>
            <th scope="col" class="number">
              {t.n}
            </th>
            <th scope="col" class="bars">
              {t.share}
            </th>
            <th scope="col" class="number">
              {t.sum}
            </th>
            <th scope="col" class="number">
              p50
            </th>
            <th scope="col" class="number">
              p75
            </th>
            <th scope="col" class="number">
              p90
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.step} class={row.few ? 'few' : ''}>
              <th scope="row">
                {stepText(row.step)} {row.few ? <span class="mark">{t.few}</span> : null}
              </th>
              <td class="number">{count(row.n)}</td>
              <td>
                <Bar part={row.share ?? 0} /> {share(row.share)}
              </td>
              <td class="number">{span(row.sumMs)}</td>
              <td class="number">{span(row.p50Ms)}</td>
              <td class="number">{span(row.p75Ms)}</td>
              <td class="number">{span(row.p90Ms)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="note">{fill(t.percentiles, { error })}</p>
    </Wide>
  )
}

/** Shares that a right estimate has, by what p50 and p90 mean. */
const RIGHT = { early: 0.5, within: 0.4, late: 0.1 } as const

export function EstimateTable({ report }: WithReport) {
  const { estimate } = report
  return (
    <section id="estimate">
      <h2>{t.estimate}</h2>
      {estimate.n === 0 ? (
        <p class="note">{t.noEstimate}</p>
      ) : (
        <>
          <table>
            <thead>
              <tr>
                <th scope="col">
                  <span class="unseen">{t.estimate}</span>
                </th>
                <th scope="col" class="number">
                  {t.expected}
                </th>
                <th scope="col" class="number">
                  {t.truly}
                </th>
              </tr>
            </thead>
            <tbody>
              {(['early', 'within', 'late'] as const).map((side) => (
                <tr key={side}>
                  <th scope="row">{t[side]}</th>
                  <td class="number">{share(RIGHT[side])}</td>
                  <td class="number">{share(estimate[side])}</td>
                </tr>
              ))}
            </tbody>
          </table>
          <p class="note">
            {fill(t.estimateOf, { n: count(estimate.n) })}{' '}
            {estimate.few ? <span class="mark">{t.few}</span> : null}
          </p>
        </>
      )}
    </section>
  )
}
