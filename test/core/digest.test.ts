// A day in sums: devices by their last run, causes by how often, and a text that a person reads.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Day, type DayRun, digestOf, digestText } from '../../agent/core/digest.ts'
import { VERDICTS } from '../../agent/core/evidence.ts'

const FROM = Date.parse('2026-11-22T00:00:00Z')
const day = (runs: readonly DayRun[], more: Partial<Day> = {}): Day => ({
  site: 'hall',
  station: 's1',
  date: '2026-11-22',
  from: FROM,
  to: FROM + 86_400_000,
  runs,
  alarms: 0,
  cut: false,
  ...more,
})
const run = (serial: string | null, more: Partial<DayRun> = {}): DayRun => ({
  serial,
  verdict: 'resealed',
  code: null,
  action: null,
  workOrder: null,
  ...more,
})

test('a device counts by its last run, a cause by its runs', () => {
  const failed = { verdict: 'failed', code: '0x80180014', action: 'Unblock it' } as const
  const digest = digestOf(
    day([
      run('A', { ...failed, workOrder: 'WO-1' }),
      run('A', { workOrder: 'WO-1' }),
      run('B', { ...failed, workOrder: 'WO-1' }),
      run('C', { verdict: 'error', code: 'STATION_NETWORK', action: 'Mend it' }),
    ]),
  )
  expect(digest).toMatchObject({
    runs: 4,
    devices: { resealed: 1, notResealed: 2 },
    verdicts: { resealed: 1, failed: 2, error: 1 },
    causes: [
      { code: '0x80180014', runs: 2, action: 'Unblock it' },
      { code: 'STATION_NETWORK', runs: 1 },
    ],
    orders: [{ order: 'WO-1', runs: 3, resealed: 1, notResealed: 1 }],
  })
  expect(digestText(digest)).toBe(
    [
      'Reseal hall/s1, 2026-11-22',
      '',
      '1 device resealed, 2 not. 4 runs, 0 alarms.',
      'Runs: failed 2, resealed 1, error 1.',
      '',
      'Work orders',
      '  WO-1: 1 resealed, 1 not',
      '',
      'Why runs did not end resealed',
      '     2  0x80180014  Unblock it',
      '     1  STATION_NETWORK  Mend it',
      '',
    ].join('\n'),
  )
})

test('a quiet day says so', () => {
  expect(digestText(digestOf(day([])))).toBe(
    'Reseal hall/s1, 2026-11-22\n\n0 devices resealed, 0 not. 0 runs, 0 alarms.\n',
  )
})

test('every run is in exactly one verdict, every device in exactly one count', () => {
  const any = fc.record({
    serial: fc.option(fc.constantFrom('A', 'B', 'C'), { nil: null }),
    verdict: fc.constantFrom(...VERDICTS),
  })
  fc.assert(
    fc.property(fc.array(any), (some) => {
      const { verdicts, devices } = digestOf(day(some.map((one) => run(one.serial, one))))
      expect(Object.values(verdicts).reduce((sum, n) => sum + n, 0)).toBe(some.length)
      const named = new Set(some.map(({ serial }) => serial).filter((one) => one !== null))
      const nameless = some.filter(({ serial }) => serial === null).length
      expect(devices.resealed + devices.notResealed).toBe(named.size + nameless)
    }),
  )
})
