// The figures that a manager asks for first, large.
import type { ThroughputReport } from '../../../core/throughput/report.ts'
import { fill, words } from '../../words/words.ts'
import { count, decimal, share, span } from './format.ts'

const { throughput: t } = words

interface CardProps {
  readonly name: string
  readonly value: string
  readonly more: string
}

const Card = ({ name, value, more }: CardProps) => (
  <div class="card figure">
    <h2>{name}</h2>
    <p class="value">{value}</p>
    <p class="note">{more}</p>
  </div>
)

export const notResealed = (verdicts: ThroughputReport['total']['verdicts']): number =>
  Object.entries(verdicts).reduce((sum, [name, n]) => (name === 'resealed' ? sum : sum + n), 0)

const kindsOf = (verdicts: ThroughputReport['total']['verdicts']): string =>
  Object.entries(verdicts)
    .filter(([name, n]) => name !== 'resealed' && n > 0)
    .map(([name, n]) => `${count(n)} ${t.verdicts[name as keyof typeof t.verdicts]}`)
    .join(' · ')

export function Cards({ report }: { readonly report: ThroughputReport }) {
  const { total } = report
  return (
    <div class="figures">
      <Card
        name={t.devices}
        value={count(total.devices)}
        more={fill(t.perHour, { n: decimal(total.devicesPerHour) })}
      />
      <Card
        name={t.yield}
        value={share(total.yield)}
        more={fill(t.yieldOf, { right: count(total.firstTimeRight), all: count(total.journeys) })}
      />
      <Card
        name={t.notResealed}
        value={count(notResealed(total.verdicts))}
        more={kindsOf(total.verdicts)}
      />
      <Card
        name={t.waitPerDevice}
        value={span(total.operatorWaitPerDeviceMs)}
        more={fill(t.promptsPerDevice, { n: decimal(total.promptsPerDevice) })}
      />
      {total.occupancy === null ? null : (
        <Card name={t.occupancy} value={share(total.occupancy)} more={t.occupancyOf} />
      )}
    </div>
  )
}

/** What the yield leaves out; nothing when it leaves out nothing. */
export function Apart({ report }: { readonly report: ThroughputReport }) {
  const { junkSerials, withoutSerial } = report.total.apart
  if (junkSerials + withoutSerial === 0) return null
  return (
    <p class="note">{fill(t.apart, { junk: count(junkSerials), unnamed: count(withoutSerial) })}</p>
  )
}
