// Taps keep the times of their script on a real port; the benchmark holds the 99th percentile on a quiet machine.
import { expect, test } from 'vitest'
import { median } from '../../../scripts/bench/row.ts'
import { measureTapTiming, PACE_MS } from '../../fakes/tap-timing.ts'

/** A busy test machine spoils a round; a driver that is late spoils all of them. */
const ROUNDS_MAX = 4

test('taps are never shorter than their script, and half of them within 2 ms of it', async () => {
  const medians: number[] = []
  for (let round = 0; round < ROUNDS_MAX && Math.min(...medians, 9) >= 2; round++) {
    const timing = await measureTapTiming(30, 30, 20)
    // A hold or gap that is shorter than its script shows as a report before wire and pause can be over.
    expect(Math.min(...timing.beyondMs)).toBeGreaterThanOrEqual(PACE_MS)
    medians.push(median(timing.beyondMs) - median(timing.wireMs))
  }
  expect(Math.min(...medians)).toBeLessThan(2)
})
