// The station's two doors: the board over HTTP and the broker over MQTT.

import { join } from 'node:path'
import { openBroker } from '../../drivers/broker/index.ts'
import type { StationConfig } from '../../station-config/loader.ts'
import type { Bench } from '../bench/bench.ts'
import type { StationLedger } from '../ledger/ledger.ts'
import type { StationReader } from '../ledger/reader.ts'
import type { Log } from '../log.ts'
import type { Clock, OrderDesk, PortDesk, ProbeIntake } from '../ports.ts'
import { Digests } from '../publish/digests.ts'
import { StationPublisher } from '../publish/publisher.ts'
import type { StationName } from '../web/overview.ts'
import { startWeb } from '../web/web.ts'
import type { CommitMeter } from './commit-meter.ts'
import { openWebhooks } from './hooks.ts'
import type { Doors } from './people.ts'
import { openLabelDesk } from './printing.ts'
import type { Stack } from './stack.ts'

export interface Outside {
  /** Real time: brokers and browsers do not live on bench time. */
  readonly timers: Clock
}

interface Inside {
  readonly config: StationConfig
  readonly clock: Clock
  readonly log: Log
  readonly bench: Bench
  readonly ledger: StationLedger
  readonly reader: StationReader
  readonly orders: OrderDesk
  readonly dataDir: string
  readonly diskFree: () => Promise<number>
  readonly commits: CommitMeter | null
  readonly version: string
  readonly virtual: boolean
  /** The probe intake; null when it is off. */
  readonly probes: Pick<ProbeIntake, 'issue'> | null
  readonly ports: PortDesk
  readonly doors: Doors
  readonly stack: Stack
}

/** How long a clean stop may drain the outbox. */
const STOP_MS = 1000

export async function openBoard(inside: Inside, outside: Outside): Promise<{ url: string }> {
  const { config, clock, log, bench, reader, version, virtual, stack } = inside
  const hooks = openWebhooks({ ...inside, timers: outside.timers })
  const sending = new AbortController()
  const sent = hooks.run(sending.signal)
  stack.defer('webhooks', () => {
    sending.abort()
    return sent
  })
  let url = ''
  const labels = openLabelDesk({
    config: config.printer,
    base: () => outerUrl(url, config),
    timers: outside.timers,
    report: bench.report,
  })
  stack.defer('label printer', () => labels.close())
  const station: StationName & { outerUrl?: string } = {
    site: config.site,
    station: config.station,
    version,
    virtual,
    ...(config.layout === undefined ? {} : { layout: config.layout }),
    switched: switchedBays(config),
  }
  const web = await startWeb({
    bench,
    reader,
    clock,
    log,
    host: config.web.host,
    port: config.web.port,
    resealAnswer: (asked) => reader.answer(asked, clock.now()),
    station,
    probes: inside.probes,
    ports: inside.ports,
    photos: { dir: inside.dataDir, ledger: inside.ledger },
    throughput: { figures: reader, shifts: config.shifts },
    names: config.web.names,
    doors: {
      people: inside.doors.people,
      tls: inside.doors.tls,
      audit: inside.ledger,
      audits: reader,
    },
    desks: { reader, ledger: inside.ledger, orders: inside.orders, hooks },
    labels,
    gauges: {
      diskFree: inside.diskFree,
      onCommit: (tell) => inside.commits?.listen(tell),
    },
  })
  url = web.url
  const outer = outerUrl(url, config)
  if (!/^https?:..(?:localhost|127\.|\[|0\.0\.0\.0)/.test(outer)) station.outerUrl = outer
  stack.defer('board', () => web.close())
  return { url: web.url }
}

/** The board's address as a phone reaches it: by its first name in the config, where it has one. */
function outerUrl(url: string, { web }: StationConfig): string {
  const { names = [] }: { readonly names?: readonly string[] } = web
  const outer = new URL(url)
  outer.hostname = names[0] ?? outer.hostname
  return outer.origin
}

/** Bays whose port at a switch is handed to the station. */
const switchedBays = ({ bays, switches }: StationConfig): readonly string[] =>
  bays.flatMap(({ bay, link }) =>
    'switchId' in link && switches.some((one) => one.switch === link.switchId && one.control)
      ? [bay]
      : [],
  )

export async function openPublisher(
  inside: Inside,
  outside: Outside,
  signal: AbortSignal,
): Promise<{ url: string }> {
  const { config, clock, bench, ledger, reader, version, virtual, stack } = inside
  const { url, ...login } = config.mqtt
  const clientId = `reseal-${config.site}-${config.station}`
  const opened = await openBroker({ url, clientId, login, clock: outside.timers })
  stack.defer('embedded broker', () => opened.close())
  const digests = new Digests({
    dir: join(inside.dataDir, 'digests'),
    site: config.site,
    station: config.station,
    reader,
    clock,
    timers: outside.timers,
    log: inside.log,
  })
  const publisher = new StationPublisher({
    broker: opened.broker,
    ledger,
    reader,
    bench,
    clock,
    timers: outside.timers,
    virtual,
    version,
    site: config.site,
    station: config.station,
    formerBays: [...(await ledger.states()).keys()].filter((bay) => bench.bay(bay) === null),
    get bays() {
      return bench.bays().map(({ bay }) => bay)
    },
    report: bench.report,
    digests,
  })
  stack.defer('publisher', () => publisher.stop(STOP_MS))
  await publisher.start(signal)
  const writing = new AbortController()
  const written = digests.run(writing.signal)
  stack.defer('digests', () => {
    writing.abort()
    return written
  })
  return { url: opened.url }
}
