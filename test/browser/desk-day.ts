// A day's devices for the desks: green, failed, too early, alarmed, of another order.
import type { DeskStation } from '../integration/desk/desk-station.ts'

const HOUR = 3_600_000

export const ORDERS = `orders:
  - order: WO-1042
    customer: Contoso Retail
    tenantDomain: contoso.com
    profile: Store PC
    serials: [5CG4120A1X, 5CG4120A2X, 5CG4120A3X, 5CG4120A4X, 5CG4120A5X, 5CG4120A6X]
  - order: WO-1043
    customer: Fabrikam
    tenantDomain: fabrikam.com
    profile: Office PC
    serials: [5CG4130B1X, 5CG4130B2X]
`
export const ZTD = '7f1f9d5e-1111-4222-8333-444455556666'

/** Devices of a day: green, failed, too early, alarmed, of another order. */
export async function aDay(desk: DeskStation): Promise<void> {
  await desk.orders.take('orders.yaml', ORDERS)
  const mine = { workOrder: 'WO-1042' }
  const device = (serial: string) => ({
    device: { serial, ztdId: ZTD, manufacturer: 'HP', model: 'EliteBook 840 G11' },
  })
  const error = { code: '0x80180014', action: 'Delete the Intune record or unblock the device.' }
  await desk.run('5CG4120A1X', { ...mine, verdict: 'failed', error })
  await desk.run('5CG4120A1X', { ...mine, ...device('5CG4120A1X') })
  await desk.run('5CG4120A2X', { ...mine, verdict: 'failed', error })
  const handOverAfter = new Date(desk.clock.now() + HOUR).toISOString()
  await desk.run('5CG4120A3X', { ...mine, grade: 'stated', handOverAfter })
  await desk.run('5CG4120A4X', mine)
  await desk.alarm('5CG4120A4X')
  await desk.run('5CG4130B1X', { workOrder: 'WO-1043' })
}
