// How true taps are to their times, over the wire's own time, on a keyboard chip double at the end of a terminal.
import { measureTapTiming } from '../../test/fakes/tap-timing.ts'
import { median, percentile, type Row, rowOf } from './row.ts'

const ROUNDS = 3
const TAPS = 100
const HOLD_MS = 50
const GAP_MS = 100

/** How late bare timers of the same waits are, while `work` goes on: what the machine itself costs. */
async function timersBeside(work: Promise<unknown>): Promise<readonly number[]> {
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
  return late
}

export async function taps(): Promise<readonly Row[]> {
  const beyond: number[] = []
  const timers: number[] = []
  const wires: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const measuring = measureTapTiming(TAPS, HOLD_MS, GAP_MS)
    timers.push(...(await timersBeside(measuring)))
    const timing = await measuring
    beyond.push(...timing.beyondMs)
    wires.push(...timing.wireMs)
  }
  // The terminal has late moments of its own: what it takes at its p99 without any pause is not the agent's.
  const wire = percentile(wires, 0.99)
  return [
    rowOf({
      name: 'keyboard: tap later than its time, p99',
      unit: 'ms',
      ours: [percentile(beyond, 0.99) - wire],
      bare: [percentile(timers, 0.99)],
      goal: { of: 'figure', is: 'at most', value: 2 },
      note: `${ROUNDS * TAPS} taps of ${HOLD_MS} ms, ${GAP_MS} ms apart, CH9329 double at the pace of 9600 baud; beyond the wire's own p99 of ${wire.toFixed(1)} ms a report (median ${median(wires).toFixed(1)}); bare: timers of the same waits beside it`,
    }),
  ]
}
