// Look-up, packing table and work orders over HTTP, on a real ledger.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { verifyLedger } from '../../../agent/ledger/verify.ts'
import { packOutAnswer } from '../../../agent/wire/lookup.ts'
import { orderAnswer, ordersAnswer } from '../../../agent/wire/orders.ts'
import { hooksAnswer } from '../../../agent/wire/webhooks.ts'
import { ask, post } from '../web/server.ts'
import { type DeskStation, openDesk } from './desk-station.ts'

let desk: DeskStation
beforeEach(async () => {
  desk = await openDesk()
})
afterEach(() => desk.close())

const ORDERS = `orders:
  - order: WO-1
    customer: Contoso
    tenantDomain: contoso.com
    profile: Standard
    serials: [A1, A2, A3, A4]
  - order: WO-2
    customer: Fabrikam
    tenantDomain: fabrikam.com
    profile: Standard
    serials: [B1]
`
const take = (text: string, name = 'orders.yaml') =>
  post(desk.port, '/api/v1/work-orders/import', { name, text })
const pack = (text: string, order: string | null = null) =>
  post(desk.port, '/api/v1/pack-out', { text, order })

test('a device is looked up by any of its names, unknown ones are not seen', async () => {
  const ztdId = '7f1f9d5e-1111-4222-8333-444455556666'
  await desk.run('5CG1', { device: { serial: '5CG1', ztdId } })
  const bySerial = await ask(desk.port, '/api/v1/devices/5cg1/reseal')
  expect(bySerial.json).toMatchObject({ serial: '5CG1', answer: 'resealed', attempts: 1 })
  const byZtd = await ask(desk.port, `/api/v1/devices/${ztdId}/reseal`)
  expect(byZtd.json).toMatchObject({ serial: '5CG1', found: { by: 'ztdId' } })
  const nobody = await ask(desk.port, '/api/v1/devices/nobody/reseal')
  expect(nobody.json).toMatchObject({ answer: 'not-seen', attempts: 0 })
  expect(nobody.json['words']).toBe('Not seen at this station. That says nothing about the device.')
})

test('ten thousand serial numbers come back as a table, in order and in bounded time', async () => {
  for (const n of [0, 5000, 9999]) await desk.run(`SN${n}`)
  const asked = Array.from({ length: 10_000 }, (_, n) => `SN${n}`)
  const table = await post(desk.port, '/api/v1/devices/lookup.csv', { text: asked.join('\n') })
  expect(table.status).toBe(200)
  expect(table.headers['content-type']).toBe('text/csv; charset=utf-8')
  const lines = table.text.trimEnd().split('\r\n')
  expect(lines).toHaveLength(10_001)
  expect(lines.filter((line) => line.includes(',resealed,resealed,'))).toHaveLength(3)
  expect(lines.slice(1).map((line) => line.split(',', 1)[0])).toEqual(asked)
  const tooMany = await post(desk.port, '/api/v1/devices/lookup.csv', {
    text: [...asked, 'one more'].join('\n'),
  })
  expect(tooMany.status).toBe(400)
})

test('the packing table is green for a due device alone, and writes every scan into its history', async () => {
  await desk.run('A1', { workOrder: 'WO-1' })
  await desk.run('A2', { workOrder: 'WO-1', verdict: 'failed' })
  await take(ORDERS)
  const green = await pack('a1')
  expect(green.status, green.text).toBe(200)
  expect(packOutAnswer.parse(green.json)).toMatchObject({
    go: true,
    serial: 'A1',
    grade: 'witnessed',
    before: null,
  })
  expect((await pack('A1')).json).toMatchObject({ go: true, before: expect.any(String) })
  expect((await pack('A1', 'WO-2')).json).toMatchObject({ go: false, why: 'other-order' })
  expect((await pack('A2')).json).toMatchObject({ go: false, why: 'not-resealed' })
  expect((await pack('5CGX')).json).toMatchObject({ go: false, why: 'not-seen' })
  await desk.alarm('A1')
  expect((await pack('A1')).json).toMatchObject({ go: false, why: 'alarm' })
  expect((await pack('A1', 'no such order')).status).toBe(400)
  const history = await desk.reader.device('A1')
  const scans = history.annotations.filter(({ kind }) => kind === 'pack-out')
  expect(scans.map(({ body }) => [body['go'], body['why']])).toEqual([
    [true, ''],
    [true, ''],
    [false, 'other-order'],
    [false, 'alarm'],
  ])
  expect((await desk.reader.device('5CGX')).annotations).toHaveLength(1)
  // A scan makes nobody seen.
  expect((await desk.reader.answer('5CGX', desk.clock.now())).answer).toBe('not-seen')
  expect(await verifyLedger(desk.dir)).toMatchObject({ ok: true })
})

test('too early is red with its time, and green the moment it is due', async () => {
  const handOverAfter = new Date(desk.clock.now() + 60_000).toISOString()
  await desk.run('A1', { handOverAfter })
  expect((await pack('A1')).json).toMatchObject({ why: 'too-early', from: handOverAfter })
})

test('work orders are taken whole, told with their progress, and closed out with every attempt', async () => {
  expect((await take(ORDERS)).json).toEqual({ orders: ['WO-1', 'WO-2'] })
  await desk.run('A1', { workOrder: 'WO-1', verdict: 'failed', error: NO_PROFILE })
  await desk.run('A1', { workOrder: 'WO-1' })
  await desk.run('A2', { workOrder: 'WO-1', verdict: 'failed', error: NO_PROFILE })
  await desk.run('C9', { workOrder: 'WO-1' })
  await desk.alarm('C9')
  const list = ordersAnswer.parse((await ask(desk.port, '/api/v1/work-orders')).json)
  expect(list.orders[0]).toMatchObject({ order: 'WO-1', devices: 4, resealed: 2, failed: 1 })
  const one = orderAnswer.parse((await ask(desk.port, '/api/v1/work-orders/WO-1')).json)
  expect(one).toMatchObject({
    missingSerials: ['A3', 'A4'],
    strangerSerials: ['C9'],
    alarmedSerials: ['C9'],
    todo: [{ code: 'DEVICE_NO_PROFILE', who: 'remote IT', serials: ['A2'] }],
  })
  const csv = (await ask(desk.port, '/api/v1/work-orders/WO-1/close-out.csv')).text
  expect(
    csv
      .trimEnd()
      .split('\r\n')
      .slice(1)
      .map((line) => line.split(',').slice(1, 4).join()),
  ).toEqual([
    'A1,resealed,yes',
    'A2,failed,yes',
    'C9,resealed-alarm,no',
    'A3,missing,yes',
    'A4,missing,yes',
  ])
  const runs = (await ask(desk.port, '/api/v1/work-orders/WO-1/close-out.csv?rows=runs')).text
  expect(runs.trimEnd().split('\r\n')).toHaveLength(5)
  expect((await ask(desk.port, '/api/v1/work-orders/nope')).status).toBe(404)
})

test('with any bad line nothing of a file is taken, and each bad line is named', async () => {
  await take(ORDERS)
  const bad =
    'order,customer,tenantDomain,profile,serial\nWO-9,X,x.com,P,S1\nWO-9,,,,S 2\nWO-8,Y,nodomain,P,S3\n'
  const refused = await take(bad, 'bad.csv')
  expect(refused.status).toBe(422)
  const fields = refused.json['fields'] as readonly { path: string }[]
  expect(fields.map(({ path }) => path.split(':')[0])).toEqual(['line 3', 'line 4'])
  const { orders } = ordersAnswer.parse(
    (await ask(desk.port, '/api/v1/work-orders?which=all')).json,
  )
  expect(orders.map(({ order }) => order)).toEqual(['WO-1', 'WO-2'])
  for (const name of ['../x.yaml', '.x.yaml', 'x.sh', 'a/b.csv', ''])
    expect((await take(ORDERS, name)).status, name).toBe(400)
})

const NO_PROFILE = { code: 'DEVICE_NO_PROFILE', action: 'Let remote IT register the device.' }

test('a station without webhooks says so', async () => {
  const { json } = await ask(desk.port, '/api/v1/webhooks')
  expect(hooksAnswer.parse(json)).toEqual({ webhooks: [] })
  expect((await post(desk.port, '/api/v1/webhooks/erp/test', {})).status).toBe(404)
})
