// The station's figures for Prometheus, read when somebody asks and at no other time; names are a contract.
import { X509Certificate } from 'node:crypto'
import { type ELDHistogram, monitorEventLoopDelay } from 'node:perf_hooks'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import { VERDICTS } from '../core/evidence.ts'
import { SIGNALS } from '../core/signals.ts'
import type { Log } from '../log.ts'
import type { BenchControl, Clock, Health, LedgerReader } from '../ports.ts'
import type { StationOverview } from './overview.ts'
import { RunFigures } from './run-figures.ts'

export interface Metrics {
  readonly contentType: string
  text(): Promise<string>
  /** One request was answered. It is counted by its route as registered: never by a path with a serial number. */
  answered(request: FastifyRequest, reply: FastifyReply): void
  /** A step was committed, or was not. */
  committed(ok: boolean, ms: number): void
  close(): void
}

export interface MetricsParts {
  readonly bench: BenchControl
  readonly reader: LedgerReader
  readonly overview: StationOverview
  readonly clock: Clock
  readonly log: Log
  readonly streams: () => number
  /** PEM; null: plain HTTP. */
  readonly certificate: string | null
  /** Free bytes where the ledger lives; left out where nobody knows. */
  readonly diskFree?: (() => Promise<number>) | undefined
}

/** A part that is not listed does not compile. */
const PARTS: Readonly<Record<Health['part'], true>> = {
  ledger: true,
  broker: true,
  keyboard: true,
  link: true,
  lamp: true,
  scanner: true,
  button: true,
  screen: true,
  disk: true,
  uplink: true,
  printer: true,
  bay: true,
}
const VERBS = ['Scan', 'Look', 'Choose', 'Compare', 'Plug', 'Take out', 'Stop'] as const
/** A flush of a good disk takes 1 ms, of a bad one 100. */
const COMMIT_SECONDS = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 5]
const ANSWER_SECONDS = [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
const NS = 1e-9

export function makeMetrics(parts: MetricsParts): Metrics {
  const registry = new Registry()
  const registers: [Registry] = [registry]
  const gauge = (name: string, help: string, labelNames: readonly string[] = []) =>
    new Gauge({ name, help, labelNames: [...labelNames], registers })
  const runs = new RunFigures(parts.reader, registers)
  const readers = [
    benchGauges(parts, gauge),
    ledgerGauges(parts, gauge),
    processGauges(parts, gauge, registers),
  ]
  const requests = new Counter({
    name: 'reseal_http_requests_total',
    help: 'Answered requests by method and status',
    labelNames: ['method', 'status'],
    registers,
  })
  for (const method of ['GET', 'POST'])
    for (const status of ['200', '429', '500', '503']) requests.inc({ method, status }, 0)
  const seconds = new Histogram({
    name: 'reseal_http_request_duration_seconds',
    help: 'Time from a request to its answer by route; event streams are left out',
    labelNames: ['route'],
    buckets: ANSWER_SECONDS,
    registers,
  })
  const commits = new Histogram({
    name: 'reseal_ledger_commit_duration_seconds',
    help: 'Time until a step was safe on the disk',
    buckets: COMMIT_SECONDS,
    registers,
  })
  const refused = new Counter({
    name: 'reseal_ledger_commit_failures_total',
    help: 'Steps that could not be committed; each is tried again',
    registers,
  })
  const loop = monitorEventLoopDelay({ resolution: 10 })
  loop.enable()
  const delays = delayGauges(loop, gauge)

  return {
    contentType: registry.contentType,
    text: async () => {
      delays()
      // A ledger that cannot be read must not hide the figures that say so.
      await runs.read().catch((error: unknown) => parts.log.warn('Runs were not read', { error }))
      for (const read of readers) await read()
      return registry.metrics()
    },
    answered: ({ method, is404, routeOptions }, { statusCode, elapsedTime }) => {
      requests.inc({ method, status: String(statusCode) })
      const route = is404 ? 'none' : (routeOptions.url ?? 'none')
      if (route !== '/api/v1/events') seconds.observe({ route }, elapsedTime / 1000)
    },
    committed: (ok, ms) => {
      if (ok) commits.observe(ms / 1000)
      else refused.inc()
    },
    close: () => {
      loop.disable()
    },
  }
}

type MakeGauge = (name: string, help: string, labelNames?: readonly string[]) => Gauge
type Read = () => Promise<void>

function benchGauges({ bench, overview, clock }: MetricsParts, gauge: MakeGauge): Read {
  const bays = gauge('reseal_bays', 'Bays by the signal they show', ['signal'])
  const prompts = gauge('reseal_prompts_open', 'Bays that ask a person now, by verb', ['verb'])
  const oldest = gauge('reseal_prompt_oldest_seconds', 'How long the oldest open question waits')
  const health = gauge('reseal_part_ok', 'Health of a part: 1 ok, 0 not', ['part', 'bay'])
  const down = gauge('reseal_parts_down', 'Parts that do not work, by kind', ['part'])
  const broker = gauge('reseal_broker_up', 'Connection to the broker: 1 there, 0 not')
  const ready = gauge('reseal_ready', 'What /readyz says: 1 ready, 0 not')
  return async () => {
    for (const signal of SIGNALS) bays.set({ signal }, 0)
    for (const verb of VERBS) prompts.set({ verb }, 0)
    for (const part of Object.keys(PARTS)) down.set({ part }, 0)
    let since = clock.now()
    for (const { signal, prompt } of bench.bays()) {
      bays.inc({ signal })
      if (prompt?.loud !== true) continue
      prompts.inc({ verb: prompt.verb })
      since = Math.min(since, prompt.since)
    }
    oldest.set((clock.now() - since) / 1000)
    health.reset()
    const rows = bench.health()
    for (const { part, bay, ok } of rows) health.set({ part, bay: bay ?? '' }, ok ? 1 : 0)
    for (const { part } of rows.filter(({ ok }) => !ok)) down.inc({ part })
    broker.set(rows.some(({ part, ok }) => part === 'broker' && !ok) ? 0 : 1)
    ready.set((await overview.readiness()).ready ? 1 : 0)
  }
}

function ledgerGauges({ overview, clock }: MetricsParts, gauge: MakeGauge): Read {
  const runs = gauge('reseal_runs', 'Closed runs in the ledger by verdict', ['verdict'])
  const unsent = gauge('reseal_outbox_unsent', 'Messages that wait for the broker')
  const age = gauge('reseal_outbox_oldest_unsent_seconds', 'Age of the oldest message that waits')
  const parked = gauge('reseal_outbox_parked', 'Messages that the broker refused three times')
  const seq = gauge('reseal_ledger_seq', 'Number of the last committed message')
  return async () => {
    const { verdicts, outbox, seq: last } = await overview.look()
    for (const verdict of VERDICTS) runs.set({ verdict }, verdicts[verdict] ?? 0)
    unsent.set(outbox.unsent)
    parked.set(outbox.parked)
    const { oldestUnsentAt } = outbox
    age.set(oldestUnsentAt === null ? 0 : Math.max(0, clock.now() - oldestUnsentAt) / 1000)
    seq.set(last)
  }
}

function processGauges(parts: MetricsParts, gauge: MakeGauge, registers: [Registry]): Read {
  const { overview, clock, certificate, diskFree } = parts
  const { site, station, version, virtual } = overview.latest()
  gauge('reseal_build_info', 'Always 1; what runs here', [
    'site',
    'station',
    'version',
    'node',
    'virtual',
  ]).set({ site, station, version, node: process.version, virtual: String(virtual) }, 1)
  gauge('reseal_clock_rate_ratio', 'Bench time per real time; 1 on a real bench').set(clock.rate)
  const open = gauge('reseal_event_streams', 'Open event streams')
  const memory = gauge('process_resident_memory_bytes', 'Resident memory of the agent')
  const heap = gauge('nodejs_heap_size_used_bytes', 'Memory in use by JavaScript')
  const started = gauge('process_start_time_seconds', 'Start of the process, seconds since 1970')
  const cpu = new Counter({
    name: 'process_cpu_seconds_total',
    help: 'Processor time of the agent',
    registers,
  })
  if (certificate !== null)
    gauge(
      'reseal_tls_certificate_expiry_timestamp_seconds',
      "End of the board's certificate, seconds since 1970",
    ).set(Date.parse(new X509Certificate(certificate).validTo) / 1000)
  const disk =
    diskFree === undefined
      ? null
      : gauge('reseal_disk_free_bytes', 'Free bytes where the ledger lives')
  let told = 0
  return async () => {
    open.set(parts.streams())
    const { rss, heapUsed } = process.memoryUsage()
    memory.set(rss)
    heap.set(heapUsed)
    started.set(performance.timeOrigin / 1000)
    const { user, system } = process.cpuUsage()
    const used = (user + system) / 1e6
    cpu.inc(Math.max(0, used - told))
    told = used
    const free = await diskFree?.().catch(() => null)
    if (free != null && Number.isFinite(free)) disk?.set(free)
  }
}

/** Delays since the last reading. */
function delayGauges(loop: ELDHistogram, gauge: MakeGauge): () => void {
  const [p50, p99, max] = (['p50', 'p99', 'max'] as const).map((which) =>
    gauge(`reseal_event_loop_delay_${which}_seconds`, `Delay of the event loop, ${which}`),
  )
  return () => {
    const counted = loop.count > 0
    p50?.set(counted ? loop.percentile(50) * NS : 0)
    p99?.set(counted ? loop.percentile(99) * NS : 0)
    max?.set(counted ? loop.max * NS : 0)
    loop.reset()
  }
}
