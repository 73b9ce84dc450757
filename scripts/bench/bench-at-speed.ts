// The bench of the benchmarks: a station with 64 virtual bays at full speed, with board and embedded broker.
import { openLog } from '../../agent/log.ts'
import type { Clock } from '../../agent/ports.ts'
import { mixed, openVirtualWorld } from '../../agent/station/virtual-world.ts'
import { openStation, type Station } from '../../agent/station.ts'
import { scaledClock, systemClock } from '../../drivers/host/clock.ts'
import { randomIds } from '../../drivers/host/ids.ts'
import { virtualConfig } from '../../station-config/loader.ts'

const BAYS = 64
/** Bench time passes so many times faster: a run of 40 minutes takes 40 s, as on the bench that newcomers see. */
const RATE = 60
/** One person serves 24 bays, not 64: this one is three times as quick. */
const HUMAN_RATE = 0.3
/** Of the event-loop monitor, ms; its own timer is late by as much. */
export const RESOLUTION_MS = 1

export interface BenchAtSpeed {
  readonly station: Station
  /** Real time. */
  readonly timers: Clock
  close(): Promise<void>
}

/** Opens it on the ledger of `dataDir`; devices come without an end. */
export async function benchAtSpeed(dataDir: string): Promise<BenchAtSpeed> {
  const timers = systemClock()
  const clock = scaledClock(RATE, timers.now())
  const base = mixed(virtualConfig(BAYS))
  const outside = { web: { ...base.web, port: 0 }, mqtt: { ...base.mqtt, url: 'embedded:0' } }
  const config = { ...base, ...outside }
  const world = openVirtualWorld({
    config,
    clock,
    seed: 7,
    devices: Number.POSITIVE_INFINITY,
    faults: true,
    viewerFirstMs: 0,
    humanRate: HUMAN_RATE,
  })
  const station = await openStation({
    config,
    dataDir,
    clock,
    ids: randomIds(),
    log: openLog({ level: 'error', pretty: false }),
    version: '0.0.0',
    world: world.world,
    orders: world.orders,
    host: world.host,
    outside: { timers },
  })
  const life = new AbortController()
  world.serve(station.bench, life.signal)
  return {
    station,
    timers,
    close: () => {
      life.abort()
      return station.close()
    },
  }
}
