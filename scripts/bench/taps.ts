// How true taps are to their times, over the wire's own time, on a keyboard chip double at the pace of 9600 Bd.
import { measureTapTiming } from '../../test/fakes/tap-timing.ts'
import { median, type Row, rowOf } from './row.ts'

const ROUNDS = 3
const TAPS = 100
const HOLD_MS = 50
const GAP_MS = 100

export async function taps(): Promise<readonly Row[]> {
  const late: number[] = []
  const wires: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const timing = await measureTapTiming(TAPS, HOLD_MS, GAP_MS)
    late.push(timing.p99Ms)
    wires.push(timing.wireMs)
  }
  return [
    rowOf({
      name: 'keyboard: tap later than its time, p99',
      unit: 'ms',
      ours: late,
      goal: { of: 'figure', is: 'at most', value: 2 },
      note: `${ROUNDS} × ${TAPS} taps of ${HOLD_MS} ms, ${GAP_MS} ms apart, CH9329 double on a terminal; beyond the wire's own ${median(wires).toFixed(1)} ms a report`,
    }),
  ]
}
