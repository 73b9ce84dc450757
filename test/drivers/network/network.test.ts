// The network check against real sockets of loopback: a name server, an answering and a lying page, closed ports.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bayId } from '../../../agent/core/ids.ts'
import type { Finding } from '../../../agent/ports.ts'
import { scaledClock, systemClock } from '../../../drivers/host/clock.ts'
import { type NetworkAddress, openNetworkCheck } from '../../../drivers/network/index.ts'
import { NameServer } from './name-server.ts'

const BAY = bayId('1')
const never = new AbortController().signal
const HEAD = 'Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT'
const ROUTE = `${HEAD}\nup0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\n`
const SUBNET = `${HEAD}\nup0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n`
const names = new NameServer({ 'good.test': '127.0.0.1', 'six.test': '::1' })

let root = ''
let dns = ''
let page = (_request: IncomingMessage, response: ServerResponse) => {
  response.end('Microsoft Connect Test')
}
const web = createServer((request, response) => page(request, response))
let open = 0
let closed = 0

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'reseal-net-'))
  await mkdir(join(root, 'net'))
  dns = await names.listen()
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve))
  open = (web.address() as AddressInfo).port
  const gone = createServer()
  await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve))
  closed = (gone.address() as AddressInfo).port
  await new Promise((resolve) => gone.close(resolve))
})
afterAll(async () => {
  names.close()
  web.closeAllConnections()
  web.close()
  await rm(root, { recursive: true })
})

const row = (host: string, port: number, need: 'required' | 'optional' = 'required') =>
  ({ host, port, need, check: 'tcp', for: 'a test' }) as const
const portal = () =>
  ({
    ...row('good.test', open),
    check: 'http',
    path: '/connecttest.txt',
    body: 'Microsoft Connect Test',
  }) as const

function drip(response: ServerResponse): void {
  const timer = setInterval(() => response.write(' '), 20)
  response.on('close', () => clearInterval(timer))
}

async function network(
  addresses: readonly NetworkAddress[],
  more: {
    route?: string
    off?: boolean
    oneMs?: number
    allMs?: number
    clock?: ReturnType<typeof systemClock>
  } = {},
) {
  const { route = ROUTE, off = false, clock = systemClock(), ...times } = more
  await writeFile(join(root, 'net/route'), route)
  return openNetworkCheck({
    clock,
    addresses,
    bays: new Map(
      Array.from({ length: 24 }, (_, index) => bayId(String(index)))
        .filter((bay) => !off || bay !== BAY)
        .map((bay) => [bay, { place: { from: 'host', dns: [dns] }, accept: [] }] as const),
    ),
    helper: null,
    signal: never,
    resolvConf: join(root, 'resolv.conf'),
    procRoot: root,
    sysRoot: root,
    ...times,
  })
}
const told = (findings: readonly Finding[]) =>
  findings.map(({ id, grade, value }) => `${grade} ${id}: ${value}`)

describe('the network check', () => {
  it('finds a fit network fit', async () => {
    const check = await network([row('good.test', open), portal(), row('127.0.0.1', open)])
    expect(told(await check.check(BAY, never))).toEqual([
      'ok network.uplink: up0',
      'ok network.dns: names resolve',
      'ok network.addresses: 3 of 3 answer',
      expect.stringMatching(/^ok network\.clock: HTTP Date (?:equal|0\.\d s )/),
    ])
  })

  it('holds for what is required, warns for the rest, and names each with a hint', async () => {
    const check = await network([
      row('good.test', open),
      row('good.test', closed),
      row('127.0.0.1', closed, 'optional'),
      row('nowhere.test', 443),
      row('six.test', closed, 'optional'),
      { ...row('*.wild.test', 443), check: 'none' },
    ])
    const findings = await check.check(BAY, never)
    expect(told(findings)).toEqual([
      'ok network.uplink: up0',
      'ok network.dns: names resolve',
      'ok network.addresses: 1 of 5 answer',
      'hold network.dns-wrong.good.test: wrong DNS answer: 127.0.0.1 is no public address (ECONNREFUSED)',
      'warn network.dns-wrong.six.test: wrong DNS answer: ::1 is no public address (ECONNREFUSED)',
      'hold network.dns.nowhere.test: no DNS answer: ENOTFOUND',
      'warn network.blocked.127.0.0.1: no answer: ECONNREFUSED',
    ])
    expect(findings[3]?.hint).toContain(`good.test:${closed}`)
  })

  it('says a missing uplink once', async () => {
    for (const route of ['', HEAD, SUBNET, 'nonsense\n\0\0']) {
      const check = await network([row('good.test', open)], { route })
      const before = names.asked
      expect(told(await check.check(BAY, never))).toEqual(['hold network.uplink: no default route'])
      expect(names.asked).toBe(before)
    }
  })

  it('says an uplink without a link once', async () => {
    const folder = join(root, 'class/net/up0')
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, 'carrier'), '0\n')
    const check = await network([row('good.test', open)])
    expect(told(await check.check(BAY, never))).toEqual(['hold network.uplink: no link on up0'])
    await writeFile(join(folder, 'carrier'), '1\n')
    const again = await network([row('good.test', open)])
    expect((await again.check(BAY, never))[0]).toMatchObject({ grade: 'ok', value: 'up0' })
  })

  it('says dead DNS once, and soon', async () => {
    names.isSilent = true
    const check = await network(
      Array.from({ length: 40 }, (_, i) => row(`n${i}.test`, 443)),
      { oneMs: 200 },
    )
    const from = performance.now()
    const findings = await check.check(BAY, never)
    names.isSilent = false
    expect(told(findings).slice(1)).toEqual(['hold network.dns: no name resolves: not in time'])
    expect(performance.now() - from).toBeLessThan(2000)
  })

  it('says a wall around the network once', async () => {
    const check = await network(Array.from({ length: 40 }, () => row('127.0.0.1', closed)))
    expect(told(await check.check(BAY, never)).slice(1)).toEqual([
      'ok network.dns: names resolve',
      'hold network.addresses: nothing answers: ECONNREFUSED',
    ])
  })

  it.each<[string, typeof page, string, string]>([
    [
      'a sign-in page by redirection',
      (_, r) => r.writeHead(302, { location: 'http://login.test/a?b' }).end(),
      'portal',
      'sign-in page: sent to login.test (302)',
    ],
    ['a sign-in page by status', (_, r) => r.writeHead(511).end(), 'portal', 'asks (511)'],
    [
      'a sign-in page in its place',
      (_, r) => r.end('<html>Welcome</html>'),
      'portal',
      'another page answers',
    ],
    [
      'a page without end',
      (_, r) => {
        r.write('x'.repeat(100_000))
      },
      'portal',
      'another page answers',
    ],
    [
      'a proxy that asks who it is',
      (_, r) => r.writeHead(407, { 'proxy-authenticate': 'Basic' }).end(),
      'proxy',
      'proxy: it wants a sign-in (407 Basic)',
    ],
  ])('is not fooled by %s', async (_, lie, kind, value) => {
    const truth = page
    page = lie
    try {
      const check = await network([portal(), row('127.0.0.1', open)], { oneMs: 500 })
      const findings = await check.check(BAY, never)
      const found = findings.find(({ id }) => id === `network.${kind}.good.test`)
      expect(found).toMatchObject({ grade: 'hold', value: expect.stringContaining(value) })
      expect(found?.hint).toContain('good.test')
    } finally {
      page = truth
    }
  })

  it.each<[string, typeof page, string]>([
    ['says nothing', () => undefined, 'no whole page comes in time'],
    ['says one byte a moment', (_, r) => drip(r), 'no whole page comes in time'],
    ['hangs up', (q) => q.socket.destroy(), 'ECONNRESET'],
  ])('waits for no server that %s', async (_, lie, why) => {
    const truth = page
    page = lie
    try {
      const check = await network([portal(), row('127.0.0.1', open)], { oneMs: 500 })
      const found = (await check.check(BAY, never)).find(({ grade }) => grade === 'hold')
      // Its address is an inner one: that is where to look first.
      expect(found?.id).toBe('network.dns-wrong.good.test')
      expect(found?.value).toContain(why)
    } finally {
      page = truth
    }
  })

  it('ends in the time it has, whatever is silent', async () => {
    names.isSilent = true
    const check = await network([row('127.0.0.1', open), row('a.test', 443)], { allMs: 300 })
    const from = performance.now()
    const findings = told(await check.check(BAY, never))
    names.isSilent = false
    expect(findings).toContain('hold network.dns.a.test: no DNS answer: not in time')
    expect(performance.now() - from).toBeLessThan(2000)
  })

  it('asks once for many bays, and again only when the answer is old', async () => {
    // Ages are real time: a minute of this bench passes in 60 ms, and the answer is still young.
    const clock = scaledClock(1000, 0)
    const check = await network([row('good.test', open)], { clock })
    const before = names.asked
    const all = await Promise.all(
      Array.from({ length: 24 }, (_, i) => check.check(bayId(String(i)), never)),
    )
    const once = names.asked - before
    expect(new Set(all.map((findings) => JSON.stringify(findings))).size).toBe(1)
    const later = await check.check(BAY, never)
    expect(names.asked - before).toBe(once)
    expect(told(later).at(-1)).toBe('ok network.age: 0 s')
  })

  it('asks a network that was bad again after ten seconds', async () => {
    const real = systemClock()
    let ahead = 0
    const clock = { ...real, mono: () => real.mono() + ahead }
    const check = await network([row('good.test', closed)], { clock })
    expect(told(await check.check(BAY, never)).join()).toContain('hold')
    ahead = 9_000
    expect(told(await check.check(BAY, never)).at(-1)).toBe('ok network.age: 9 s')
    ahead = 11_000
    expect(told(await check.check(BAY, never)).join()).not.toContain('network.age')
  })

  it('that is switched off or broken off says that nothing was checked', async () => {
    const off = await network([row('good.test', open)], { off: true })
    expect(told(await off.check(BAY, never))).toEqual(['warn network: not checked'])
    expect(told(await off.check(bayId('2'), never))).toContain('ok network.uplink: up0')
    names.isSilent = true
    const check = await network([row('good.test', open)], { oneMs: 1000 })
    const stop = new AbortController()
    const from = performance.now()
    const [first, second] = [check.check(BAY, stop.signal), check.check(BAY, never)]
    stop.abort()
    expect(told(await first)).toEqual(['warn network: not checked'])
    expect(performance.now() - from).toBeLessThan(500)
    names.isSilent = false
    // The other bay still gets its answer.
    expect((await second)[0]?.id).toBe('network.uplink')
    expect(told(await check.check(BAY, AbortSignal.abort()))).toEqual(['warn network: not checked'])
  })
})
