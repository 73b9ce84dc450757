// The composition root: what a station is made of, in the order in which it comes up.
import { openHostFacts } from '../drivers/host/host-facts.ts'
import type { StationConfig } from '../station-config/loader.ts'
import type { OrderBook } from '../station-config/orders.ts'
import { Bench } from './bench/bench.ts'
import { watchClock } from './bench/clock-watch.ts'
import type { BayWanted } from './bench/place.ts'
import { openLedger, type StationLedger } from './ledger/ledger.ts'
import { openReader, type StationReader } from './ledger/reader.ts'
import type { Log } from './log.ts'
import type { Clock, HostFacts, Ids, Orders } from './ports.ts'
import { CommitMeter } from './station/commit-meter.ts'
import { DAY_MS, keepHouse } from './station/housekeeping.ts'
import type { IntakeNeeds, Probes } from './station/intake.ts'
import { LiveOrders } from './station/live-orders.ts'
import { openLocal, portDesk } from './station/local.ts'
import { openOrderDesk } from './station/order-desk.ts'
import { type Outside, openBoard, openPublisher } from './station/outside.ts'
import { type OpenedParts, openWorld, type Pc, type World } from './station/parts.ts'
import { noteStation, openDoors } from './station/people.ts'
import { Reload } from './station/reload.ts'
import { rulesOf } from './station/rules.ts'
import { Scanners } from './station/scanners.ts'
import { Stack } from './station/stack.ts'

export interface StationOptions {
  readonly config: StationConfig
  readonly dataDir: string
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Log
  readonly version: string
  /** A virtual world in place of the bench's real parts. */
  readonly world?: World
  /** Real parts at another kernel's HID and gadget nodes: tests and the soak have doubles there. */
  readonly pc?: Pc
  readonly host?: HostFacts
  /** In place of those of the config's files; `book` shows them to people too. */
  readonly orders?: Orders & { readonly book?: () => OrderBook }
  /** The simulation keeps the ledger in its own process and may count what is in flight. */
  readonly ledgerMode?: 'thread' | 'in-process'
  readonly durable?: boolean
  readonly wrap?: <T extends object>(port: T) => T
  /** Board and broker; null for a bench that talks to nobody. */
  readonly outside: Outside | null
}

export interface Station {
  readonly bench: Bench
  readonly ledger: StationLedger
  readonly reader: StationReader
  /** Takes a config that was read anew, without ending an open run; what it cannot take it logs. */
  reload(next: StationConfig): Promise<void>
  /** Where the board is; null without one. */
  readonly boardUrl: string | null
  readonly brokerUrl: string | null
  /** Lines for the console at the start: the certificate's fingerprint, the first admin's code. */
  readonly notices: readonly string[]
  /** Keys up, goodbye to the broker, everything committed stays. Under 2 s. */
  close(): Promise<void>
}

/** Opens a station; what was opened before a part that fails is closed again. */
export async function openStation(options: StationOptions): Promise<Station> {
  const stack = new Stack()
  const failed = (name: string, error: unknown) =>
    options.log.error(`${name} did not close`, { error })
  try {
    const station = await compose(options, stack)
    return { ...station, close: () => stack.close(failed) }
  } catch (error) {
    await stack.close(failed)
    throw error
  }
}

/** What the bench asks of the work orders of the config and the data directory. */
const askedOf = (live: LiveOrders): Orders => ({
  fresh: () => live.fresh(),
  lookup: (serial, bound) => live.book().lookup(serial, bound),
  ztdOf: (serial) => live.book().ztdOf(serial),
})

async function compose(o: StationOptions, stack: Stack): Promise<Omit<Station, 'close'>> {
  const { config, clock, ids, log, dataDir } = o
  const wrap = o.wrap ?? ((port) => port)
  const mode = o.ledgerMode ?? 'thread'

  const opening = openLedger({
    dir: dataDir,
    mode,
    clock,
    ids,
    station: `${config.site}/${config.station}`,
    ...(o.durable === undefined ? {} : { durable: o.durable }),
  })
  const commits = o.outside === null ? null : new CommitMeter(o.outside.timers)
  const rawLedger = wrap(await opening)
  const ledger = commits?.watch(rawLedger) ?? rawLedger
  stack.defer('ledger', () => ledger.close())
  const reader = wrap(await openReader(dataDir, { mode, clock }))
  stack.defer('ledger reader', () => reader.close())

  const timers = o.outside?.timers ?? clock
  const liveOrders = new LiveOrders({ files: config.orders, dataDir, clock: timers, log })
  stack.defer('orders', () => liveOrders.close())
  const orders = o.orders ?? askedOf(liveOrders)
  const host = o.host ?? openHostFacts({ clock, dataDir })
  const health: { report: Bench['report'] } = { report: () => undefined }
  const report: Bench['report'] = (row) => health.report(row)
  const pc = o.pc === undefined ? {} : { pc: o.pc }
  const world = o.world ?? (await openWorld({ config, clock, log, dataDir, stack, report, ...pc }))
  const rulesIn = (read: StationConfig) => rulesOf(read, o.world === undefined ? 1 : clock.rate)
  const rules = rulesIn(config)
  const opened = new Map<string, OpenedParts>()
  const bays: BayWanted[] = []
  for (const bay of config.bays) {
    const parts = await world.parts(bay)
    opened.set(bay.bay, parts)
    bays.push({ rules: rules(bay), parts, order: bay.order })
  }

  const life = new AbortController()
  const bench = await Bench.open({
    clock,
    ids,
    ledger,
    reader,
    host,
    bays,
    network: world.network,
    estimate: config.estimate,
    orders,
    onOpen: (bench) => {
      health.report = bench.report
    },
    onRefused: (bay, { code, detail }) => log.warn('press refused', { bay, code, detail }),
  })
  stack.defer('bench', () => bench.close())
  stack.defer('sources', () => life.abort())
  const scanners = new Scanners({ bench, log, open: world.scanner ?? null })
  stack.defer('scanners', () => scanners.close())
  await scanners.follow(config.scanners)
  const reload = new Reload({ bench, world, rulesOf: rulesIn, scanners, log }, config, opened)
  stack.defer('reload', () => reload.close())
  /** The config whose bays are those that stand on the bench now. */
  const live: StationConfig = Object.defineProperty({ ...config }, 'bays', {
    get: () => reload.bays,
  })
  if (o.world === undefined) {
    void watchClock(clock, (byMs) => bench.clockJumped(byMs), life.signal)
    const { report } = bench
    const keepMs = config.keepJournalDays * DAY_MS
    const keepAuditMs = config.accounts === null ? null : config.accounts.keepAuditDays * DAY_MS
    const keepPhotosMs = config.keepPhotoDays * DAY_MS
    const keep = { keepMs, keepAuditMs, keepPhotosMs }
    const house = { clock, ledger, host, dataDir, ...keep, report, log }
    void keepHouse(house, life.signal)
  }

  const inner = {
    bench,
    ledger,
    reader,
    reload: async (next: StationConfig) => {
      await reload.take(next)
      const bays = next.bays.length
      await noteStation(ledger, clock, 'config', { bays }, (error) =>
        log.error('an audit note could not be written', { error }),
      )
    },
  }
  if (o.outside === null) return { ...inner, boardUrl: null, brokerUrl: null, notices: [] }
  const ports = portDesk(live, world.control ?? (() => null), bench, log)
  const doors = openDoors(config, dataDir, o.outside.timers)
  const { accounts } = doors
  const near = { config: live, bench, ports, accounts, audit: ledger }
  await openLocal({ ...near, clock, log, dataDir, stack })
  const inside = {
    config,
    clock,
    log,
    bench,
    ledger,
    reader,
    version: o.version,
    stack,
    virtual: o.world !== undefined,
    diskFree: () => host.diskFree(dataDir),
    commits,
    orders: openOrderDesk(liveOrders, o.orders?.book ?? null),
    dataDir,
    ports,
    doors,
    probes: await probesOf({
      config: live,
      bench,
      clock,
      timers: o.outside.timers,
      log,
      dataDir,
      stack,
    }),
  }
  const board = await openBoard(inside, o.outside)
  const broker = await openPublisher(inside, o.outside, life.signal)
  return { ...inner, boardUrl: board.url, brokerUrl: broker.url, notices: doors.notices }
}

/** The intake brings all of the TPM's code with it: a station without one does not keep that in memory. */
async function probesOf(needs: IntakeNeeds): Promise<Probes | null> {
  if (needs.config.probe === null) return null
  const { openProbes } = await import('./station/intake.ts')
  return openProbes(needs)
}
