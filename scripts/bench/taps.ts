// How true taps are to their times, over the wire's own time, on a keyboard chip double at the end of a terminal.
import { measureTapTiming } from '../../test/fakes/tap-timing.ts'
import { median, percentile, type Row, rowOf } from './row.ts'

const ROUNDS = 3
const TAPS = 100
const HOLD_MS = 50
const GAP_MS = 100

/** p99 of how late bare timers of the same waits are, while `work` goes on: what the machine itself costs. */
async function timersBeside(work: Promise<unknown>): Promise<number> {
  let goesOn = true
  const over = () => {
    goesOn = false
  }
  work.then(over, over)
  const late: number[] = []
  for (let n = 0; goesOn; n += 1) {
    const ms = n % 2 === 0 ? HOLD_MS : GAP_MS
    const from = performance.now()
    await new Promise((resolve) => setTimeout(resolve, ms))
    late.push(performance.now() - from - ms)
  }
  return percentile(late, 0.99)
}

export async function taps(): Promise<readonly Row[]> {
  const late: number[] = []
  const timers: number[] = []
  const wires: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const measuring = measureTapTiming(TAPS, HOLD_MS, GAP_MS)
    timers.push(await timersBeside(measuring))
    const timing = await measuring
    late.push(timing.p99Ms)
    wires.push(timing.wireMs)
  }
  return [
    rowOf({
      name: 'keyboard: tap later than its time, p99',
      unit: 'ms',
      ours: late,
      bare: timers,
      goal: { of: 'figure', is: 'at most', value: 2 },
      note: `${ROUNDS} × ${TAPS} taps of ${HOLD_MS} ms, ${GAP_MS} ms apart, CH9329 double on a terminal; beyond the wire's own ${median(wires).toFixed(1)} ms a report; bare: timers of the same waits beside it`,
    }),
  ]
}
