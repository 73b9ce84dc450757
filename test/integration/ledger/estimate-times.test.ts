// The board's estimate is made from the very time that it is held against: restarts and waits between begin and success count.
import { expect, test } from 'vitest'
import { EstimateBook } from '../../../agent/bench/estimate.ts'
import { additionsOf } from '../../../agent/core/throughput/additions.ts'
import { aRecord } from '../../fakes/records.ts'
import { aDir, aLedger, aReader } from './parts/samples.ts'
import { closing, step } from './parts/steps.ts'

const MIN = 60_000
/** Ten minutes on the page, eight in restarts: 18 to 22 from begin to success. */
const record = (n: number) =>
  aRecord(`r-${n}`, {
    durations: { provision: 10 * MIN, restart: 8 * MIN },
    estimate: { p50Ms: 20 * MIN, p90Ms: 22 * MIN, n: 30, tookMs: (18 + (n % 5)) * MIN },
  })

test('the estimate is drawn from begin to success, so that what follows it lies in its own spread', async () => {
  const dir = aDir()
  const ledger = await aLedger(dir)
  for (let n = 0; n < 40; n += 1)
    await ledger.commit(step('B1', n, { record: record(n), phase: 'done' }))
  const reader = await aReader(dir)
  const book = new EstimateBook(reader, { p50Ms: 1, p90Ms: 2, n: 0 })
  await book.refresh()
  const { current } = book
  expect(current).toEqual({ p50Ms: 20 * MIN, p90Ms: 22 * MIN, n: 40 })
  // The same runs held against it as the calibration does: 2 of 5 before the half, the rest inside, none late.
  const sides = Array.from({ length: 40 }, (_, n) => {
    const tookMs = (18 + (n % 5)) * MIN
    const told = aRecord(`s-${n}`, { estimate: { ...current, tookMs } })
    const sums = JSON.stringify(additionsOf(told, null))
    return (['eta_early', 'eta_within', 'eta_late'] as const).find((side) => sums.includes(side))
  })
  const count = (side: string) => sides.filter((one) => one === side).length
  expect([count('eta_early'), count('eta_within'), count('eta_late')]).toEqual([16, 24, 0])
})

test('a record that was told no estimate counts by its steps', async () => {
  const dir = aDir()
  const ledger = await aLedger(dir)
  await ledger.commit(closing('B1', 1, 'r-1'))
  const reader = await aReader(dir)
  expect(await reader.provisionTimes(9)).toEqual([1_900_000])
})
