// A station with 64 busy virtual bays, board and broker in a process of its own: `node busy-station.ts <ms to warm up> <ms to watch>`.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import process from 'node:process'
// What the command line keeps in memory belongs to the agent too.
import '../../agent/cli/run.ts'
import { benchAtSpeed, RESOLUTION_MS } from './bench-at-speed.ts'

export interface BusyFigures {
  /** Resident memory, MB: the highest of all samples. */
  readonly rssMb: number
  /** Event-loop delay, ms, beyond the timer that measures it. */
  readonly delayP50Ms: number
  readonly delayP99Ms: number
  readonly delayMaxMs: number
  /** Bays with a device in work, on average. */
  readonly busy: number
  readonly commits: number
  readonly records: number
  readonly seconds: number
}

const SAMPLE_MS = 250
const IDLE = new Set(['empty', 'settling', 'present', 'closed', 'done'])

const [, , warmUpMs = '20000', watchMs = '30000'] = process.argv
const dir = mkdtempSync(join(import.meta.dirname, '../../node_modules/.cache/bench-busy-'))
const { station, timers, close } = await benchAtSpeed(dir)

/** `VmRSS:	  188732 kB` */
const rssMb = (): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'latin1'))?.[1]) / 1024

await timers.sleep(Number(warmUpMs))
const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
let commits = 0
const stop = station.bench.subscribe(() => {
  commits += 1
})
const closed = async () => (await station.reader.runs({ max: 1 }))[0]?.seq ?? 0
const before = await closed()
const samples: number[] = []
let busy = 0
delays.enable()
const from = timers.mono()
while (timers.mono() - from < Number(watchMs)) {
  await timers.sleep(SAMPLE_MS)
  samples.push(rssMb())
  busy += station.bench.bays().filter(({ state }) => !IDLE.has(state)).length
}
delays.disable()
stop()
const seconds = (timers.mono() - from) / 1000
const beyond = (ns: number): number => Math.max(0, ns / 1e6 - RESOLUTION_MS)
const figures: BusyFigures = {
  rssMb: Math.max(...samples),
  delayP50Ms: beyond(delays.percentile(50)),
  delayP99Ms: beyond(delays.percentile(99)),
  delayMaxMs: beyond(delays.max),
  busy: busy / samples.length,
  commits,
  records: (await closed()) - before,
  seconds,
}
process.stdout.write(`${JSON.stringify(figures)}\n`)
await close()
rmSync(dir, { recursive: true, force: true })
