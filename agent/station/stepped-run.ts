// A whole virtual bench by the stepped clock: as fast as the machine goes, the same for the same seed.

import { seededIds } from '../../drivers/host/ids.ts'
import { SteppedClock } from '../../drivers/virtual/index.ts'
import type { StationConfig } from '../../station-config/loader.ts'
import type { Log } from '../log.ts'
import { openStation, type Station } from '../station.ts'
import { watchRuns } from './summary.ts'
import { tracked } from './tracked.ts'
import { openVirtualWorld, type VirtualWorld } from './virtual-world.ts'

export interface SteppedOptions {
  readonly config: StationConfig
  readonly dataDir: string
  readonly seed: number
  readonly devices: number
  readonly faults: boolean
  /** Virtual days after which no further device comes; null: when all have come. The bench ends with the last of them. */
  readonly days: number | null
  readonly log: Log
  readonly version: string
  readonly durable: boolean
  /** Aborts the run early. */
  readonly signal?: AbortSignal
}

export interface SteppedRun {
  readonly station: Station
  readonly world: VirtualWorld
  readonly clock: SteppedClock
  readonly figures: ReturnType<ReturnType<VirtualWorld['serve']>['figures']>
  /** False: it stopped before all devices were done. */
  readonly isDone: boolean
  /** Every run that was opened. */
  readonly runs: ReadonlySet<string>
  /** Lets the clock run until an answer is there: the ledger's answers hold time too. */
  readonly settle: <T>(work: Promise<T>) => Promise<T>
  readonly close: () => Promise<void>
}

const DAY_MS = 24 * 60 * 60_000
/** A bench that is not done after this many events goes round in circles. */
const EVENTS_MAX = 200_000_000

/** A device that still stands there so long after closing time has no end. */
const LAST_MS = 12 * 60 * 60_000

/** Runs until all devices are done, those of the last day too, or the signal aborts. The station is left open for reading. */
export async function runStepped(options: SteppedOptions): Promise<SteppedRun> {
  const { config, seed, devices, faults, days, log, version, dataDir, durable, signal } = options
  const clock = new SteppedClock()
  const world = openVirtualWorld({
    config,
    clock,
    seed,
    devices,
    faults,
    viewerFirstMs: 0,
    humanRate: 1,
  })
  const opening = openStation({
    config,
    dataDir,
    clock,
    ids: seededIds(seed),
    log,
    version,
    world: world.world,
    orders: world.orders,
    host: world.host,
    ledgerMode: 'in-process',
    durable,
    wrap: (port) => tracked(port, clock),
    outside: null,
  })
  const life = new AbortController()
  const end = days === null ? Number.POSITIVE_INFINITY : clock.now() + days * DAY_MS
  const settle = async <T>(work: Promise<T>): Promise<T> => {
    let settled = false
    const end = () => {
      settled = true
    }
    work.then(end, end)
    await clock.run(() => settled, EVENTS_MAX)
    return work
  }
  const opened = await settle(opening)
  const runs = watchRuns(opened.bench)
  const operator = world.serve(opened.bench, life.signal)
  let checks = 0
  const isOver = () => {
    // Looking at every bay is dear; a few hundred events later is soon enough.
    if (++checks % 256 !== 0) return false
    if (clock.now() >= end) world.bench.noMore()
    const isLate = clock.now() >= end + LAST_MS
    return signal?.aborted === true || isLate || (operator.isDone && opened.bench.quiet)
  }
  await clock.run(isOver, EVENTS_MAX)
  return {
    station: opened,
    world,
    clock,
    runs,
    settle,
    figures: operator.figures(),
    isDone: operator.isDone,
    close: () => {
      life.abort()
      return settle(opened.close())
    },
  }
}
