// Domain controllers of hybrid orders, asked from a bay's namespace by real DNS and TCP: told, and never a reason to hold.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Order } from '../../../agent/core/order.ts'
import { parseOrders } from '../../../station-config/orders.ts'
import { bad, HOSTS, Rig } from './parts/rig.ts'
import { addressOf, SmallInternet } from './parts/small-internet.ts'

const DC = 'dc1.corp.test'
const INDEX = HOSTS.length
const ID = 'network.domain-controller'
const SRV = '_ldap._tcp.dc._msdcs.corp.test'

let net: SmallInternet
let rig: Rig
beforeAll(async () => {
  net = await SmallInternet.open([...HOSTS, DC])
  rig = new Rig(net)
})
afterAll(() => net?.close())
afterEach(async () => {
  await net.behave()
  await net.names({})
})

/** An order as a person writes it. */
function order(more: string): Order {
  const text = `orders: [{ order: A, customer: C, tenantDomain: contoso.com, profile: P, count: 1, ${more} }]`
  const { orders, problems } = parseOrders(text, 'orders.yaml')
  expect(problems).toEqual([])
  const [first] = orders
  if (first === undefined) throw new Error('no order')
  return first.order
}
const found = async (more: string) =>
  (await rig.station({ order: order(more) })()).filter(({ id }) => id === ID)

describe('a hybrid order', () => {
  test('that names its controller hears that it answers, on all three ports', async () => {
    expect(await found(`join: hybrid, domainController: ${DC}`)).toEqual([
      {
        id: ID,
        grade: 'ok',
        value: `${DC} (${addressOf(INDEX)}) answers on Kerberos 88, LDAP 389, SMB 445`,
        hint: '',
      },
    ])
    expect(await found(`join: hybrid, domainController: ${addressOf(INDEX)}`)).toMatchObject([
      { grade: 'ok' },
    ])
  })

  test('that names its domain finds the controllers by DNS', async () => {
    await net.names({}, [`--srv-host=${SRV},${DC},389,0,5`])
    expect(await found('join: hybrid, adDomain: corp.test')).toMatchObject([
      { grade: 'ok', value: expect.stringContaining(`${DC} (`) },
    ])
    await net.names({})
    const [none] = await found('join: hybrid, adDomain: corp.test')
    expect(none).toMatchObject({ grade: 'warn', value: `none found: ${SRV}: ENOTFOUND` })
    expect(none?.hint).toContain('0x80070774')
  })

  test('whose controller is blocked, or has a port closed, is warned and not held; mended it is well', async () => {
    const options = { order: order(`join: hybrid, domainController: ${DC}`) }
    await rig.harmed(
      async () => net.hostDown(INDEX),
      async () => net.hostUp(INDEX),
      [
        `warn ${ID}: ${DC} (${addressOf(INDEX)}) does not answer on Kerberos 88, LDAP 389, SMB 445 (no connection in time)`,
      ],
      options,
    )
    await rig.harmed(
      () => net.behave({ closed: [445] }),
      () => net.behave(),
      [`warn ${ID}: ${DC} (${addressOf(INDEX)}) does not answer on SMB 445 (ECONNREFUSED)`],
      options,
    )
  })

  test('that names neither is told that nobody looked', async () => {
    expect(await found('join: hybrid')).toMatchObject([
      { grade: 'warn', value: 'not asked: the order names none' },
    ])
  })

  test('without an uplink says why nobody could look', async () => {
    const check = rig.station({ order: order(`join: hybrid, domainController: ${DC}`) })
    net.pull()
    try {
      expect(bad(await check())).toEqual([
        'hold network.uplink: no link on up0',
        `warn ${ID}: not asked: no link on up0`,
      ])
    } finally {
      net.plug()
    }
  })
})

describe('any other order', () => {
  test('asks for no controller', async () => {
    await net.behave()
    expect(await found('join: entra')).toEqual([])
    expect((await rig.station()()).filter(({ id }) => id === ID)).toEqual([])
  })

  test('may not name one, nor may a name be none', () => {
    const of = (more: string) =>
      parseOrders(
        `orders: [{ order: A, customer: C, tenantDomain: contoso.com, profile: P, count: 1, ${more} }]`,
        'orders.yaml',
      ).problems.map(({ message }) => message)
    expect(of(`domainController: ${DC}`)).toEqual([
      'domainController in an order that is not hybrid',
    ])
    expect(of('adDomain: corp.test')).toEqual(['adDomain in an order that is not hybrid'])
    expect(of('join: hybrid, domainController: "http://dc1/"')).toEqual(['this is no host'])
    expect(of('join: hybrid, adDomain: "corp test"')).toEqual(['this is no domain'])
    const csv =
      'order,customer,tenantDomain,profile,count,join,domainController\nA,C,contoso.com,P,1,hybrid,dc1.corp.test\n'
    expect(parseOrders(csv, 'orders.csv').orders[0]?.order).toMatchObject({
      join: 'hybrid',
      domainController: 'dc1.corp.test',
    })
  })
})
