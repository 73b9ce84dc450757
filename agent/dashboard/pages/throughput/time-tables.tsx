// Where the time of the runs went, and how good the estimate of provisioning was.
import type { ThroughputReport } from '../../../core/throughput/report.ts'
import { fill, words } from '../../words/words.ts'
import { Bar, Wide } from './bars.tsx'
import { count, decimal, share, span, stepText } from './format.ts'

const { throughput: t } = words

interface WithReport {
  readonly report: ThroughputReport
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
