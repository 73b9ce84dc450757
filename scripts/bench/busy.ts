// Memory and event-loop delay of a station with 64 busy bays, on a disk as it is and on one with slow flushes.
import { execFile } from 'node:child_process'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { AGENT_FLAGS } from '../launcher/checkout.js'
import type { BusyFigures } from './busy-station.ts'
import { type Row, rowOf } from './row.ts'

const WARM_UP_MS = 30_000
const WATCH_MS = 30_000
const STATION = fileURLToPath(new URL('./busy-station.ts', import.meta.url))
const SLOW_FLUSH = new URL('./slow-flush.ts', import.meta.url).href

async function watch(
  preload: readonly string[],
  warmUpMs = WARM_UP_MS,
  watchMs = WATCH_MS,
): Promise<BusyFigures> {
  const args = [
    ...AGENT_FLAGS,
    ...preload.flatMap((url) => ['--import', url]),
    STATION,
    String(warmUpMs),
    String(watchMs),
  ]
  const { stdout } = await promisify(execFile)(process.execPath, args)
  return JSON.parse(stdout) as BusyFigures
}

export async function busy(): Promise<readonly Row[]> {
  // The first start after a change compiles the sources, which takes some 20 MB once.
  await watch([], 1000, 1000)
  const plain = await watch([])
  const slow = await watch([SLOW_FLUSH])
  const load = (of: BusyFigures): string =>
    `${of.busy.toFixed(0)} of 64 virtual bays in work, ${(of.commits / of.seconds).toFixed(0)} commits/s, ${of.records} records in ${of.seconds.toFixed(0)} s, board and embedded broker`
  const delay = (name: string, of: BusyFigures): Row =>
    rowOf({
      name,
      unit: 'ms',
      ours: [of.delayP99Ms],
      goal: { of: 'figure', is: 'below', value: 10 },
      note: `${load(of)}; median ${of.delayP50Ms.toFixed(1)} ms, longest ${of.delayMaxMs.toFixed(0)} ms`,
    })
  return [
    rowOf({
      name: 'agent: resident memory, 64 busy bays',
      unit: 'MB',
      ours: [plain.rssMb],
      goal: { of: 'figure', is: 'at most', value: 180 },
      note: `${load(plain)}; the simulated world is in the same process`,
    }),
    delay('agent: event-loop delay, p99', plain),
    delay('agent: event-loop delay, flushes +20 ms, p99', slow),
  ]
}
