// Checks bound to a card's own address: they go out by that card or are refused, also when another one leads out first.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { NetworkPlace, Round, RoundPlan } from '../../../drivers/network/address.ts'
import { DNS, SmallInternet } from './parts/small-internet.ts'

const HELPER = fileURLToPath(new URL('../../../agent/station/network-helper.ts', import.meta.url))
/** Benchmark addresses (RFC 2544): the second bay network. */
const [FAR, NEAR] = ['198.18.0.1', '198.18.0.2']
const HOSTS = ['a.test', 'page.test', 'time.test']

let net: SmallInternet
beforeAll(async () => {
  net = await SmallInternet.open(HOSTS)
  net.addUplink('up1', 'in1', FAR, NEAR)
})
afterAll(() => net?.close())

/** A round with a card to bind to, in the namespace of the bay: there are two ways out of it. */
function round(place: NetworkPlace): Promise<Round> {
  const common = { need: 'required', for: 'a test' } as const
  const plan: RoundPlan = {
    place,
    addresses: [
      { host: 'a.test', port: 443, check: 'tls', ...common },
      {
        host: 'page.test',
        port: 80,
        check: 'http',
        path: '/',
        body: 'Microsoft Connect Test',
        ...common,
      },
      { host: 'time.test', port: 123, check: 'ntp', ...common },
    ],
    roots: [net.root],
    oneMs: 1000,
    allMs: 5000,
    parallel: 8,
    procRoot: '/proc',
    sysRoot: '/sys',
    resolvConf: '/nowhere',
  }
  return new Promise((resolve, reject) => {
    const child = spawn('ip', ['netns', 'exec', net.bay, process.execPath, HELPER])
    let out = ''
    child.stdout.on('data', (bytes: Buffer) => {
      out += bytes.toString()
    })
    child.on('error', reject)
    child.on('close', () => resolve(JSON.parse(out) as Round))
    child.stdin.end(JSON.stringify(plan))
  })
}
const at = (name: string): NetworkPlace => ({ from: 'interface', name, dns: [DNS] })
const kinds = ({ asked }: Round) => asked.map(({ reached }) => reached.is)

describe('a card to bind to', () => {
  test('that does not lead out is refused, with the rule that is missing', async () => {
    await net.behave()
    const { obstacle, asked } = await round(at('up1'))
    expect(obstacle).toMatchObject({
      id: 'path',
      value: `from ${NEAR} the way leads by up0, not up1`,
      hint: expect.stringContaining(`ip rule add from ${NEAR} table 100`),
    })
    expect(asked).toEqual([])
    // Nothing was asked by the wrong way: that answer would be another network's.
    expect(await net.behave()).toEqual([])
  })

  test('with a rule is the way of all: names, TLS, page and clock', async () => {
    net.ip(`rule add from ${NEAR} table 100`)
    net.ip(`route add default via ${FAR} dev up1 table 100`)
    await net.behave()
    const other = await round(at('up1'))
    expect(other.obstacle).toBeNull()
    expect(kinds(other)).toEqual(['reached', 'reached', 'reached'])
    expect(await net.behave()).toEqual([NEAR])
    expect(kinds(await round(at('up0')))).toEqual(['reached', 'reached', 'reached'])
    expect(await net.behave()).toEqual(['198.18.100.2'])
  })

  test('that has no address, no cable, or is not there says so', async () => {
    expect((await round(at('up9'))).obstacle).toMatchObject({ id: 'interface' })
    net.ip('link add bare0 type veth peer bare1')
    net.ip('link set bare0 up')
    net.ip('link set bare1 up')
    expect((await round(at('bare0'))).obstacle).toMatchObject({
      id: 'interface',
      value: 'bare0 has no IPv4 address',
    })
    net.pull()
    try {
      expect((await round(at('up0'))).obstacle).toMatchObject({
        id: 'uplink',
        value: 'no link on up0',
      })
    } finally {
      net.plug()
    }
  })
})
