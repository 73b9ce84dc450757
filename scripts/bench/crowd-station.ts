// A station with 64 busy bays on a ledger of many runs, watched by a crowd: `node crowd-station.ts <data dir>`.
import { monitorEventLoopDelay } from 'node:perf_hooks'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { benchAtSpeed, RESOLUTION_MS } from './bench-at-speed.ts'

/** What the station saw between `watch` and `end`. */
export interface CrowdStation {
  /** Signals that changed: bay, wall-clock ms, and the new one. */
  readonly edges: readonly (readonly [bay: string, atMs: number, signal: string])[]
  readonly delayP99Ms: number
  readonly delayMaxMs: number
  readonly commits: number
  readonly seconds: number
  /** Parts that are not well, by their fault. */
  readonly faults: readonly (string | null)[]
}

const [, , dir = ''] = process.argv
const { station, timers, close } = await benchAtSpeed(dir)

const say = (word: object): void => void process.stdout.write(`${JSON.stringify(word)}\n`)
const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
let edges: [string, number, string][] = []
let commits = 0
let from = timers.mono()
const signals = new Map<string, string>()
station.bench.subscribe((bay) => {
  commits += 1
  const signal = bay === null ? undefined : station.bench.bay(bay)?.signal
  if (bay === null || signal === undefined || signals.get(bay) === signal) return
  signals.set(bay, signal)
  edges.push([bay, timers.now(), signal])
})

function figures(): CrowdStation {
  return {
    edges,
    delayP99Ms: Math.max(0, delays.percentile(99) / 1e6 - RESOLUTION_MS),
    delayMaxMs: Math.max(0, delays.max / 1e6 - RESOLUTION_MS),
    commits,
    seconds: (timers.mono() - from) / 1000,
    faults: station.bench.health().flatMap(({ ok, code }) => (ok ? [] : [code])),
  }
}

say({ url: station.boardUrl })
for await (const word of createInterface({ input: process.stdin })) {
  if (word === 'watch') {
    edges = []
    for (const { bay, signal } of station.bench.bays()) signals.set(bay, signal)
    commits = 0
    from = timers.mono()
    delays.reset()
    delays.enable()
  } else if (word === 'end') {
    delays.disable()
    say(figures())
  } else break
}
await close()
// The line to the benchmark would keep it alive.
process.exit(0)
