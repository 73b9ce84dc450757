// The station's figures for Prometheus, read when somebody asks and at no other time.
import { Counter, Gauge, Registry } from 'prom-client'
import { SIGNALS } from '../core/signals.ts'
import type { BenchControl } from '../ports.ts'
import type { StationOverview } from './overview.ts'

export interface Metrics {
  readonly contentType: string
  text(): Promise<string>
  /** One request was answered. */
  answered(method: string, status: number): void
}

export function makeMetrics(
  bench: BenchControl,
  overview: StationOverview,
  streams: () => number,
): Metrics {
  const registers = [new Registry()] as const
  const gauge = (name: string, help: string, labelNames: readonly string[] = []) =>
    new Gauge({ name, help, labelNames: [...labelNames], registers: [...registers] })
  const bays = gauge('reseal_bays', 'Bays by the signal they show', ['signal'])
  const runs = gauge('reseal_runs', 'Closed runs in the ledger by verdict', ['verdict'])
  const unsent = gauge('reseal_outbox_unsent', 'Messages that wait for the broker')
  const parked = gauge('reseal_outbox_parked', 'Messages that the broker refused three times')
  const seq = gauge('reseal_ledger_seq', 'Number of the last committed message')
  const health = gauge('reseal_part_ok', 'Health of a part: 1 ok, 0 not', ['part', 'bay'])
  const open = gauge('reseal_event_streams', 'Open event streams')
  const memory = gauge('process_resident_memory_bytes', 'Resident memory of the agent')
  const requests = new Counter({
    name: 'reseal_http_requests_total',
    help: 'Answered requests by method and status',
    labelNames: ['method', 'status'],
    registers: [...registers],
  })

  const read = async () => {
    const now = await overview.look()
    for (const signal of SIGNALS) bays.set({ signal }, 0)
    for (const view of bench.bays()) bays.inc({ signal: view.signal })
    for (const [verdict, count] of Object.entries(now.verdicts)) runs.set({ verdict }, count)
    health.reset()
    for (const { part, bay, ok } of now.health) health.set({ part, bay: bay ?? '' }, ok ? 1 : 0)
    unsent.set(now.outbox.unsent)
    parked.set(now.outbox.parked)
    seq.set(now.seq)
    open.set(streams())
    memory.set(process.memoryUsage.rss())
  }
  return {
    contentType: registers[0].contentType,
    text: async () => {
      await read()
      return registers[0].metrics()
    },
    answered: (method, status) => requests.inc({ method, status: String(status) }),
  }
}
