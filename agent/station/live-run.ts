// A station in real time, on real parts or on a virtual bench whose time runs faster; until the signal aborts.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { scaledClock, systemClock } from '../../drivers/host/clock.ts'
import { randomIds } from '../../drivers/host/ids.ts'
import type { StationConfig } from '../../station-config/loader.ts'
import type { Log } from '../log.ts'
import { openStation, type Station } from '../station.ts'
import { tellUplink } from './network.ts'
import { tellTransitions } from './transitions.ts'
import { openVirtualWorld, type VirtualWorld } from './virtual-world.ts'

/** Bench time passes so many times faster at speed 1: a run of 40 minutes takes 40 seconds. */
export const RATE_AT_SPEED_1 = 60
/** A viewer at the board may answer first: real ms before the simulated operator goes. */
const VIEWER_FIRST_MS = 6000
/** The simulated operator of the live bench acts three times as fast as a person would in the viewer's time. */
const HASTE = 3

export interface LiveOptions {
  readonly config: StationConfig
  /** null: a folder that lives as long as the virtual bench. */
  readonly dataDir: string | null
  readonly log: Log
  readonly version: string
  readonly signal: AbortSignal
}

export interface VirtualOptions {
  readonly speed: number
  readonly seed: number
  readonly devices: number
  readonly faults: boolean
}

export interface LiveRun {
  readonly station: Station
  readonly close: () => Promise<void>
}

/** Runs the bench of a config on its real parts. */
export async function openLive(
  options: LiveOptions & { readonly dataDir: string },
): Promise<LiveRun> {
  const { config, dataDir, log, version } = options
  const clock = systemClock()
  const station = await openStation({
    config,
    dataDir,
    clock,
    ids: randomIds(),
    log,
    version,
    outside: { timers: clock },
  })
  tellTransitions(station.bench, log)
  return { station, close: () => station.close() }
}

export interface LiveVirtualRun extends LiveRun {
  readonly world: VirtualWorld
  readonly operator: ReturnType<VirtualWorld['serve']>
}

/** Runs a virtual bench that can be watched. */
export async function openLiveVirtual(
  options: LiveOptions,
  virtual: VirtualOptions,
): Promise<LiveVirtualRun> {
  const { config, log, version, signal } = options
  const rate = (config.rate ?? RATE_AT_SPEED_1) * virtual.speed
  const timers = systemClock()
  const clock = scaledClock(rate, timers.now())
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'reseal-virtual-'))
  const { seed, devices, faults } = virtual
  const world = openVirtualWorld({
    config,
    clock,
    seed,
    devices,
    faults,
    viewerFirstMs: VIEWER_FIRST_MS,
    humanRate: Math.max(1, rate / HASTE),
  })
  const remove = () => {
    if (options.dataDir === null) rmSync(dataDir, { recursive: true, force: true })
  }
  let station: Station
  try {
    station = await openStation({
      config,
      dataDir,
      clock,
      ids: randomIds(),
      log,
      version,
      world: world.world,
      orders: world.orders,
      host: world.host,
      outside: { timers },
    })
  } catch (error) {
    remove()
    throw error
  }
  tellTransitions(station.bench, log)
  void tellUplink(log)
  const life = new AbortController()
  const operator = world.serve(station.bench, AbortSignal.any([signal, life.signal]))
  return {
    station,
    world,
    operator,
    close: async () => {
      life.abort()
      await station.close()
      remove()
    },
  }
}
