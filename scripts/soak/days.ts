// Three days of a bench of 64 bays by the stepped clock: does anything grow that should not? `node days.ts [hours]`.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { silentLog } from '../../agent/log.ts'
import { StationPublisher } from '../../agent/publish/publisher.ts'
import { DAY_MS, keepHouse } from '../../agent/station/housekeeping.ts'
import { tracked } from '../../agent/station/tracked.ts'
import { mixed, openVirtualWorld } from '../../agent/station/virtual-world.ts'
import { openStation } from '../../agent/station.ts'
import { seededIds } from '../../drivers/host/ids.ts'
import { SteppedClock } from '../../drivers/virtual/index.ts'
import { virtualConfig } from '../../station-config/loader.ts'
import { type Sample, sampleNow, statusMb } from './figures.ts'
import { SinkBroker } from './sink-broker.ts'
import { between, type Line, leaks, tell } from './verdict.ts'

const BAYS = 64
const HOUR = 60 * 60_000
/** A new ledger grows beyond what SQLite keeps of it in memory (4 MB for each connection) within this time, h. */
const WARM_UP = 6
const SAMPLE_EVERY_MS = 2 * 60_000
/** One person serves 24 bays; this one is three times as quick, so that 64 are in work. */
const HUMAN_RATE = 0.3
/** Of devices that left only so many are remembered by the virtual world, which is no part of the station. */
const TRUTHS_MAX = 96
const EVENTS_MAX = 2_000_000_000

const hours = Number(process.argv[2] ?? 72)
if (!(hours >= 3)) throw new RangeError('less than three hours have no second and no last one')
const say = (text: string): void => void process.stdout.write(`${text}\n`)
const dir = mkdtempSync(join(tmpdir(), 'reseal-soak-'))
const clock = new SteppedClock()
const config = mixed(virtualConfig(BAYS))
const world = openVirtualWorld({
  config,
  clock,
  seed: 5,
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
    ids: seededIds(5),
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

let transitions = 0
bench.subscribe(() => {
  transitions++
})
const samples: Sample[] = []
const from = performance.now()
await clock.run(() => clock.mono() >= WARM_UP * HOUR, EVENTS_MAX)
transitions = 0
for (let due = SAMPLE_EVERY_MS; due <= hours * HOUR; due += SAMPLE_EVERY_MS) {
  await clock.run(() => clock.mono() >= WARM_UP * HOUR + due, EVENTS_MAX)
  const hour = Math.floor((due - 1) / HOUR)
  const isWhole = due % HOUR === 0
  // Collecting garbage takes its time: only what is compared is measured closely.
  if (hour === 1 || hour === hours - 1 || isWhole) samples.push(sampleNow(due - 1, clock.waiting))
  const last = samples.at(-1)
  if (isWhole && last !== undefined && (hour < 3 || hour % 6 === 5))
    say(
      `${String(hour + 1).padStart(3)} h: ${last.liveMb.toFixed(1)} MB alive, ${last.ownMb.toFixed(0)} MB its own, ${statusMb('VmRSS').toFixed(0)} MB resident, ` +
        `${last.open.timers} timers, ${transitions} commits, ${broker.taken} messages`,
    )
}
const seconds = (performance.now() - from) / 1000
const records = (await settle(reader.runs({ max: 1 })))[0]?.seq ?? 0
const lines: readonly Line[] = [
  ...leaks(between(samples, HOUR, 2 * HOUR), between(samples, (hours - 1) * HOUR, hours * HOUR), [
    'second hour',
    'last hour',
  ]),
  {
    name: 'work',
    text:
      `${BAYS} virtual bays for ${hours} h (after ${WARM_UP} h to warm up) in ${seconds.toFixed(0)} s: ${records} runs, ${transitions} commits, ` +
      `${broker.taken} messages, ${clock.fired} events`,
    ok: records > hours * BAYS * 0.2,
  },
]
const isGood = tell(lines, say)
life.abort()
await settle(publisher.stop(1000))
await settle(station.close())
rmSync(dir, { recursive: true, force: true })
process.exitCode = isGood ? 0 : 1
