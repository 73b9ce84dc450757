// A station of 64 virtual bays on the stepped clock, faults included: days of it pass in minutes.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLog } from '../../agent/log.ts'
import { StationPublisher } from '../../agent/publish/publisher.ts'
import { DAY_MS, keepHouse } from '../../agent/station/housekeeping.ts'
import { tracked } from '../../agent/station/tracked.ts'
import { mixed, openVirtualWorld } from '../../agent/station/virtual-world.ts'
import { openStation } from '../../agent/station.ts'
import { startWeb, type Web } from '../../agent/web/web.ts'
import { seededIds } from '../../drivers/host/ids.ts'
import { SteppedClock } from '../../drivers/virtual/index.ts'
import { virtualConfig } from '../../station-config/loader.ts'
import { SinkBroker } from './sink-broker.ts'

export const BAYS = 64
export const HOUR = 60 * 60_000
export const EVENTS_MAX = 2_000_000_000
/** One person serves 24 bays; this one is three times as quick, so that 64 are in work. */
const HUMAN_RATE = 0.3
/** Of devices that left only so many are remembered by the virtual world, which is no part of the station. */
const TRUTHS_MAX = 96
const SEED = 5

export async function openDays() {
  const dir = mkdtempSync(join(tmpdir(), 'reseal-soak-'))
  const clock = new SteppedClock()
  const config = mixed(virtualConfig(BAYS))
  const world = openVirtualWorld({
    config,
    clock,
    seed: SEED,
    devices: Number.POSITIVE_INFINITY,
    faults: true,
    viewerFirstMs: 0,
    humanRate: HUMAN_RATE,
    truthsMax: TRUTHS_MAX,
  })
  const life = new AbortController()

  /** Lets the clock go on until an answer is there. */
  async function settle<T>(work: Promise<T>): Promise<T> {
    let isSettled = false
    const end = () => {
      isSettled = true
    }
    work.then(end, end)
    await clock.run(() => isSettled, EVENTS_MAX)
    return work
  }

  const station = await settle(
    openStation({
      config,
      dataDir: dir,
      clock,
      ids: seededIds(SEED),
      log: silentLog,
      version: '0.0.0',
      world: world.world,
      orders: world.orders,
      host: world.host,
      ledgerMode: 'in-process',
      durable: false,
      wrap: (port) => tracked(port, clock),
      outside: null,
    }),
  )
  const { bench, ledger, reader } = station
  const broker = new SinkBroker(clock)
  const publisher = new StationPublisher({
    ...{ broker, ledger, reader, bench, clock, timers: clock },
    ...{ virtual: false, site: config.site, station: config.station, version: '0.0.0' },
    bays: config.bays.map(({ bay }) => bay),
    report: bench.report,
  })
  await settle(publisher.start(life.signal))
  // The journal is let go after a day, so that what is let go is seen too.
  const house = { clock, host: world.host, dataDir: dir, report: bench.report, log: silentLog }
  void keepHouse({ ...house, ledger: tracked(ledger, clock), keepMs: DAY_MS }, life.signal)
  world.serve(bench, life.signal)

  /** The board's server on a free port of this PC, with the station's pages and figures. */
  function serveBoard(): Promise<Web> {
    const watched = tracked(reader, clock)
    const { site, station: name, shifts, layout } = config
    return startWeb({
      ...{ bench, clock, reader: watched, log: silentLog, host: '127.0.0.1', port: 0 },
      resealAnswer: (asked) => watched.answer(asked, clock.now()),
      station: { site, station: name, version: '0.0.0', virtual: true, ...(layout && { layout }) },
      throughput: { figures: watched, shifts },
    })
  }

  async function close(): Promise<void> {
    life.abort()
    await settle(publisher.stop(1000))
    await settle(station.close())
    rmSync(dir, { recursive: true, force: true })
  }
  return { clock, station, broker, settle, serveBoard, close }
}
