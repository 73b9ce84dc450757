// An order's picture: every device in exactly one place, and what must be mended by whom.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { VERDICTS } from '../../agent/core/evidence.ts'
import {
  LIST_MAX,
  type OpenRun,
  type OrderDevice,
  OrderGatherer,
  type OrderPlan,
} from '../../agent/core/order-progress.ts'

const plan = (serials: readonly string[] | null, count: number | null = null): OrderPlan => ({
  order: 'WO-1',
  customer: 'Contoso',
  tenantDomain: 'contoso.com',
  profile: 'Standard',
  active: true,
  serials: serials === null ? null : new Set(serials),
  count,
})
const device = (serial: string, more: Partial<OrderDevice> = {}): OrderDevice => ({
  serial,
  run: `run-${serial}`,
  runs: 1,
  verdict: 'resealed',
  grade: 'witnessed',
  code: null,
  action: null,
  firstAt: 1,
  endedAt: 2,
  alarmAt: null,
  ...more,
})
const open = (bay: string, serial: string | null, more: Partial<OpenRun> = {}): OpenRun => ({
  bay,
  run: `open-${bay}`,
  serial,
  phase: 'provisioning',
  hold: null,
  order: 'WO-1',
  ...more,
})
function pictureOf(own: OrderPlan, devices: readonly OrderDevice[], runs: readonly OpenRun[] = []) {
  const gatherer = new OrderGatherer(own, runs)
  for (const one of devices) gatherer.add(one)
  return gatherer.picture()
}

test('devices by their newest run, the missing ones by the list', () => {
  const picture = pictureOf(
    plan(['A', 'B', 'C', 'D', 'E']),
    [
      device('A'),
      device('B', { verdict: 'failed', code: '0x80180014', action: 'x' }),
      device('C', { verdict: 'aborted', code: 'OPERATOR_ABORTED' }),
      device('X', { alarmAt: 9 }),
    ],
    [open('1', 'D')],
  )
  expect(picture).toMatchObject({
    devices: 5,
    resealed: 2,
    failed: 1,
    again: 1,
    open: 1,
    missing: 1,
    missingSerials: ['E'],
    alarmedSerials: ['X'],
    strangerSerials: ['X'],
  })
})

test('what remote IT must do stands first, by code, with the serial numbers that wait', () => {
  const failed = (serial: string, code: string) => device(serial, { verdict: 'failed', code })
  const { todo } = pictureOf(plan(null, 9), [
    failed('A', 'STATION_NETWORK'),
    failed('B', 'STATION_NETWORK'),
    failed('C', '0x80180014'),
    failed('D', 'DEVICE_NO_PROFILE'),
    failed('E', 'DEVICE_NO_PROFILE'),
  ])
  expect(todo.map(({ code, who, serials }) => [code, who, serials.length])).toEqual([
    ['DEVICE_NO_PROFILE', 'remote IT', 2],
    ['0x80180014', 'remote IT', 1],
    ['STATION_NETWORK', 'bench', 2],
  ])
  expect(todo[1]?.hint).toBe('Delete the Intune record or unblock the device')
})

test('a device of another customer is named on both sides and counted on none', () => {
  const wrong = open('7', 'B1', { hold: 'wrong-customer', phase: 'hold', order: 'WO-1' })
  expect(pictureOf(plan(['A']), [], [wrong])).toMatchObject({ open: 0, wrongCustomer: [wrong] })
  const other = { ...plan(['B1']), order: 'WO-2' }
  expect(pictureOf(other, [], [wrong])).toMatchObject({ missing: 1, wrongCustomer: [wrong] })
})

test('long lists are cut and say so', () => {
  const serials = Array.from({ length: LIST_MAX + 1 }, (_, n) => `S${n}`)
  const picture = pictureOf(plan(serials), [])
  expect(picture).toMatchObject({ missing: LIST_MAX + 1, cut: true })
  expect(picture.missingSerials).toHaveLength(LIST_MAX)
})

test('after any history each listed device stands in exactly one place', () => {
  const serial = fc.constantFrom('A', 'B', 'C', 'D', 'E', 'F')
  fc.assert(
    fc.property(
      fc.uniqueArray(serial),
      fc.uniqueArray(fc.record({ serial, verdict: fc.constantFrom(...VERDICTS) }), {
        selector: (one) => one.serial,
      }),
      fc.option(serial, { nil: null }),
      (listed, devices, openSerial) => {
        const runs = openSerial === null ? [] : [open('1', openSerial)]
        const own = devices.map(({ serial, verdict }) => device(serial, { verdict }))
        const picture = pictureOf(plan(listed), own, runs)
        const all = new Set([
          ...listed,
          ...devices.map((one) => one.serial),
          ...(openSerial === null ? [] : [openSerial]),
        ])
        const { resealed, failed, again, open: inBay, missing } = picture
        expect(resealed + failed + again + inBay + (missing ?? 0)).toBe(all.size)
      },
    ),
  )
})
