// Hours, shifts, days and weeks by the facility's wall clock: days of 23 and 25 hours, zones off by half an hour.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SLOT_MS } from '../../../agent/core/throughput/additions.ts'
import {
  BUCKETS,
  bucketsOf,
  dayNamed,
  dayOf,
  type ShiftPlan,
} from '../../../agent/core/throughput/shifts.ts'

const HOUR = 3_600_000
const list = [
  { name: 'early', minute: 360 },
  { name: 'late', minute: 840 },
  { name: 'night', minute: 1320 },
]
const berlin: ShiftPlan = { zone: 'Europe/Berlin', list }
const at = (text: string) => Date.parse(text)
const hoursOf = (one: { from: number; to: number }) => (one.to - one.from) / HOUR

describe('summer time', () => {
  test('makes the last night of March an hour shorter and that of October an hour longer', () => {
    const march = bucketsOf('shift', at('2026-03-28T05:00Z'), at('2026-03-29T04:00Z'), berlin)
    expect(march.map((one) => [one.shift, one.date, one.time, hoursOf(one)])).toEqual([
      ['early', '2026-03-28', '06:00', 8],
      ['late', '2026-03-28', '14:00', 8],
      ['night', '2026-03-28', '22:00', 7],
    ])
    const october = bucketsOf('shift', at('2026-10-24T20:00Z'), at('2026-10-25T05:00Z'), berlin)
    expect(october.map((one) => [one.shift, hoursOf(one)])).toEqual([['night', 9]])
  })

  test('gives days of 23 and 25 hours, and a week of 167', () => {
    expect(hoursOf(dayNamed('2026-03-29', berlin))).toBe(23)
    expect(hoursOf(dayNamed('2026-10-25', berlin))).toBe(25)
    expect(hoursOf(dayOf(at('2026-03-29T12:00Z'), berlin))).toBe(23)
    const [week] = bucketsOf('week', at('2026-03-22T23:00Z'), at('2026-03-29T22:00Z'), berlin)
    expect(week && [week.date, hoursOf(week)]).toEqual(['2026-03-23', 167])
  })

  test('shows the hour that comes twice as two hours', () => {
    const { from, to } = dayNamed('2026-10-25', berlin)
    const hours = bucketsOf('hour', from, to, berlin)
    expect(hours).toHaveLength(25)
    expect(hours.filter(({ time }) => time === '02:00')).toHaveLength(2)
  })
})

test('a zone that is off by a half or three quarters of an hour has whole hours and shifts too', () => {
  for (const zone of ['Asia/Kolkata', 'Asia/Kathmandu', 'Australia/Lord_Howe']) {
    const plan = { zone, list }
    const { from, to } = dayNamed('2026-11-23', plan)
    expect(bucketsOf('hour', from, to, plan).map(({ time }) => time.slice(3))).toEqual(
      Array.from({ length: 24 }, () => '00'),
    )
    const shifts = bucketsOf('shift', from, to, plan)
    expect(shifts.map(({ shift }) => shift)).toEqual(['night', 'early', 'late', 'night'])
  }
})

test('the buckets of any range lie side by side and cover it', () => {
  const zones = [
    'UTC',
    'Europe/Berlin',
    'America/New_York',
    'Australia/Lord_Howe',
    'Asia/Kathmandu',
  ]
  const slot = fc.integer({
    min: at('2026-01-01T00:00Z') / SLOT_MS,
    max: at('2027-01-01') / SLOT_MS,
  })
  fc.assert(
    fc.property(
      fc.constantFrom(...BUCKETS),
      fc.constantFrom(...zones),
      slot,
      fc.integer({ min: 1, max: 96 * 40 }),
      (kind, zone, first, length) => {
        const from = first * SLOT_MS
        const to = from + length * SLOT_MS
        const buckets = bucketsOf(kind, from, to, { zone, list })
        expect(buckets[0]?.from).toBe(from)
        expect(buckets.at(-1)?.to).toBe(to)
        for (const [index, bucket] of buckets.entries()) {
          expect(bucket.to).toBeGreaterThan(bucket.from)
          expect(bucket.from % SLOT_MS).toBe(0)
          if (index > 0) expect(bucket.from).toBe(buckets[index - 1]?.to)
        }
      },
    ),
  )
})

test('more buckets than anybody reads are refused', () => {
  const from = at('2026-01-01T00:00Z')
  expect(() => bucketsOf('hour', from, from + 60 * 24 * HOUR, berlin)).toThrow(RangeError)
})
