// Work orders: whose device a serial number is, in every case, and how files come in whole.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { DEMANDS, demandsOf } from '../../agent/core/tpm/demands.ts'
import { ORDER_DEMANDS } from '../../station-config/order-schema.ts'
import { importedOrders, importOrders } from '../../station-config/order-store.ts'
import { loadOrders, type OrderBook, parseOrders } from '../../station-config/orders.ts'
import { tempDir, tempFile } from './config-files.ts'

const order = (id: string, more: string) =>
  `{order: ${id}, customer: C ${id}, tenantDomain: ${id}.example, profile: P, ${more}}`
const file = (...orders: string[]) => tempFile('orders.yaml', `orders: [${orders.join(', ')}]`)
const book = (...orders: string[]): OrderBook => {
  const { book: found, problems } = loadOrders([file(...orders)])
  expect(problems).toEqual([])
  return found as OrderBook
}
const ZTD = '6f9619ff-8b86-d011-b42d-00c04fc964ff'

const A = order('a', 'serials: [A1, A2]')
const B = order('b', `serials: [{serial: B1, ztdId: ${ZTD}}, B2]`)
const C = order('c', 'count: 10')
const D = order('d', 'count: 5')
const OLD = order('old', 'serials: [A1, X1], active: false')

describe('a serial number', () => {
  const cases: readonly (readonly [
    what: string,
    orders: string[],
    serial: string,
    bay: string | null,
    want: readonly [string | null, string | null, boolean],
  ])[] = [
    ['on one list belongs to that order', [A, B, C], 'A1', null, ['a', null, true]],
    ['is compared without case and outer blanks', [A, B], ' b2 ', null, ['b', null, true]],
    ['on no list belongs to the only counted order', [A, C], 'Z9', null, ['c', null, true]],
    [
      'on no list belongs to nobody among two counted orders',
      [A, C, D],
      'Z9',
      null,
      [null, null, true],
    ],
    [
      'on no list belongs to nobody without a counted order',
      [A, B],
      'Z9',
      null,
      [null, null, true],
    ],
    ['is held against the order of its bay', [A, B], 'A2', 'a', ['a', null, true]],
    ['of another order is told apart in a bound bay', [A, B], 'B1', 'a', ['a', 'b', false]],
    [
      'of another order is told apart in a bay of a counted order',
      [A, C],
      'A1',
      'c',
      ['c', 'a', true],
    ],
    ['that is not on the list of its bay is not listed', [A, B, C], 'Z9', 'a', ['a', null, false]],
    ['is taken by a bay of a counted order', [C, D], 'Z9', 'd', ['d', null, true]],
    [
      'in a bay bound to an unknown order is looked up as in any bay',
      [A, C],
      'A1',
      'gone',
      ['a', null, true],
    ],
    ['of an order that is not active belongs to nobody', [A, OLD], 'X1', null, [null, null, true]],
    ['may stand on an old list too', [A, OLD], 'A1', null, ['a', null, true]],
  ]
  it.each(cases)('%s', (_what, orders, serial, bay, [id, other, listed]) => {
    const found = book(...orders).lookup(serial, bay)
    expect([found.order?.order ?? null, found.otherOrder, found.listed]).toEqual([
      id,
      other,
      listed,
    ])
  })
})

describe('a ZtdId', () => {
  it('is known only with its own serial number', () => {
    const orders = book(A, B)
    expect(orders.ztdOf('b1')).toBe(ZTD.toLowerCase())
    expect(orders.ztdOf('B2')).toBeNull()
    expect(orders.ztdOf('A1')).toBeNull()
  })
})

describe('an order', () => {
  it('has the defaults that the flow expects', () => {
    expect(book(C).orders[0]?.order).toEqual({
      order: 'c',
      customer: 'C c',
      tenantDomain: 'c.example',
      profile: 'P',
      user: 'any',
      models: [],
      windows: null,
      join: 'entra',
      pageTimeoutMs: 3_600_000,
      demandsAttestation: false,
      demands: [],
    })
  })
  it('keeps serial numbers as they are written, whatever YAML takes them for', () => {
    const serials = '[007, 12E5, 0x1F, 12345678901234567890, 1.50, 42, "true"]'
    const [one] = book(order('n', `serials: ${serials}`)).orders
    expect([...(one?.serials?.keys() ?? [])]).toEqual([
      '007',
      '12E5',
      '0X1F',
      '12345678901234567890',
      '1.50',
      '42',
      'TRUE',
    ])
  })
  it('may demand proofs of the TPM, also in the older spelling, and in a spreadsheet', () => {
    const of = (line: string) => book(order('d', `${line}, count: 1`)).orders[0]?.order ?? null
    expect(ORDER_DEMANDS).toEqual(DEMANDS)
    expect(demandsOf(of('demandsAttestation: true'))).toEqual(['attestation'])
    expect(of('demands: [attestation]')).toMatchObject({ demandsAttestation: true })
    // What is read from the boot log rests on an attestation.
    expect(demandsOf(of('demands: [secure-boot]'))).toEqual(['attestation', 'secure-boot'])
    expect(of('demands: [windows-ready]')).toMatchObject({ demandsAttestation: false })
    expect(demandsOf(of('demands: [windows-ready]'))).toEqual(['windows-ready'])
    const csv =
      'order,customer,tenantDomain,profile,demands,serial\nX,C,x.example,P,attestation|boot-log,X1\n'
    expect(parseOrders(csv, 'x.csv').orders[0]?.order.demands).toEqual(['attestation', 'boot-log'])
    expect(parseOrders(csv.replace('boot-log', 'boot-lock'), 'x.csv').problems).toHaveLength(1)
  })
  it('is the same from YAML, JSON and CSV', () => {
    const json = {
      orders: [
        {
          order: 'J',
          customer: 'C',
          tenantDomain: 'j.example',
          profile: 'P, "x"',
          user: '*@j.example',
          models: ['M 1', 'M 2'],
          windows: 11,
          join: 'hybrid',
          pageTimeoutMinutes: 90,
          demandsAttestation: true,
          serials: ['J1', { serial: 'J2', ztdId: ZTD }],
        },
      ],
    }
    const csv = `Order,Customer,Tenant Domain,profile,user,models,windows,join,page_timeout_minutes,demands-attestation,serial,ztdId\r\nJ,C,j.example,"P, ""x""",*@j.example,M 1|M 2,11,hybrid,90,yes,J1,\r\n\r\nJ,,,,,,,,,,J2,${ZTD}\r\n`
    const files = [
      tempFile('o.json', JSON.stringify(json)),
      tempFile('o.csv', csv),
      tempFile('o.yaml', JSON.stringify(json.orders)),
    ]
    const [first, ...rest] = files
      .map((one) => loadOrders([one]))
      .map(({ book: found, problems }) => {
        expect(problems).toEqual([])
        const [one] = found?.orders ?? []
        return { order: one?.order, serials: [...(one?.serials ?? [])] }
      })
    expect(first?.order).toMatchObject({
      profile: 'P, "x"',
      models: ['M 1', 'M 2'],
      windows: 11,
      pageTimeoutMs: 5_400_000,
    })
    expect(first?.serials).toEqual([
      ['J1', null],
      ['J2', ZTD],
    ])
    for (const one of rest) expect(one).toEqual(first)
  })
  it('of a spreadsheet may use semicolons, quoted breaks and a byte order mark', () => {
    const text = '\uFEFForder;customer;tenantDomain;profile;count\nS;"A\nB; C";s.example;P;3'
    const { book: found, problems } = loadOrders([tempFile('s.csv', text)])
    expect(problems).toEqual([])
    expect(found?.orders[0]).toMatchObject({ count: 3, order: { customer: 'A\nB; C' } })
  })
})

describe('ten thousand devices', () => {
  it('load in seconds and are looked up at once', () => {
    const rows = Array.from({ length: 10_000 }, (_, n) => `W,,,,SN${n}`).join('\n')
    const { book: found, problems } = loadOrders([
      tempFile('w.csv', `order,customer,tenantDomain,profile,serial\nW,C,w.example,P,SN\n${rows}`),
    ])
    expect(problems).toEqual([])
    expect(found?.orders[0]?.serials?.size).toBe(10_001)
    expect(found?.lookup('sn9999').order?.order).toBe('W')
  })
})

describe('importing', () => {
  it('keeps the file under its name, and a second import replaces it', async () => {
    const data = tempDir()
    const source = file(A)
    expect((await importOrders(source, data)).problems).toEqual([])
    expect(importedOrders(data).map((one) => readFileSync(one, 'utf8'))).toEqual([
      readFileSync(source, 'utf8'),
    ])
    writeFileSync(source, `orders: [${C}]`)
    expect((await importOrders(source, data)).problems).toEqual([])
    expect(loadOrders(importedOrders(data)).book?.lookup('x').order?.order).toBe('c')
    expect(readdirSync(join(data, 'orders'))).toEqual(['orders.yaml'])
  })
  it('takes nothing of a file with one bad line among many', async () => {
    const data = tempDir()
    const bad = tempFile(
      'bad.csv',
      'order,customer,tenantDomain,profile,serial\nB,C,b.example,P,S1\nB,,,,S2\nB,,,,S 3\n',
    )
    const { book: found, problems } = await importOrders(bad, data)
    expect(found).toBeNull()
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatchObject({ line: 4, code: 'ORDERS_INVALID' })
    expect(existsSync(join(data, 'orders'))).toBe(false)
  })
  it('takes nothing that clashes with what is there or in the config', async () => {
    const data = tempDir()
    await importOrders(file(A), data)
    const clash = tempFile('other.yaml', `orders: [${order('z', 'serials: [a2]')}]`)
    expect((await importOrders(clash, data)).problems[0]?.message).toMatch(
      /on the list of a already/,
    )
    const config = tempFile('config-orders.yaml', `orders: [${order('y', 'serials: [Y1]')}]`)
    const again = tempFile('y.yaml', `orders: [${order('y', 'serials: [Y2]')}]`)
    expect((await importOrders(again, data, [config])).problems[0]?.message).toMatch(
      /stands in .* too/,
    )
    expect(importedOrders(data)).toHaveLength(1)
  })
  it('says when the data directory cannot be written', async () => {
    const blocked = tempFile('data', 'a file')
    expect((await importOrders(file(A), blocked)).problems[0]?.code).toBe('FILE_UNREADABLE')
  })
})
