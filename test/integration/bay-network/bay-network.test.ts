// The example of a bay network on a kernel: leases, NAT and the intake work; another bay, the station and forged sources do not.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { until } from '../../fakes/pty.ts'
import { BOARD, FACILITY, INTAKE, INTERNET, SmallBench, STATION, WAY_OUT } from './small-bench.ts'

let bench: SmallBench
let one = ''
let two = ''

beforeAll(async () => {
  bench = await SmallBench.open()
  await bench.listen('net', `tcp:${INTERNET}:80`, `udp:${INTERNET}:53`, `tcp:${FACILITY}:80`)
  await bench.listen('station', `udp:${STATION}:123`, 'tcp:0.0.0.0:22')
  await bench.serveDhcp()
  await bench.run()
}, 120_000)
afterAll(() => bench?.close())

describe('a device at a bay', () => {
  it('gets a lease, and its run opens by it, at its own bay', async () => {
    bench.plug('one')
    await until('a device is there', async () => (await bench.state('01')) === 'present', 15_000)
    one = await bench.lease('one', 'DESKTOP-ONE')
    expect(one).toMatch(/^198\.18\.20\.\d+$/)
    await until('the run opens', async () => (await bench.state('01')) === 'identify', 20_000)
    expect(await bench.state('02')).not.toBe('identify')
    expect(bench.calls).toEqual([`add ${bench.mac('one')} ${one} DESKTOP-ONE`])
    bench.plug('two')
    two = await bench.lease('two', 'DESKTOP-TWO')
    await until('its run opens', async () => (await bench.state('02')) === 'identify', 20_000)
  })

  it('stands in the forwarding table of the bridge, at its own port', async () => {
    const table = await bench.in('station', 'bridge', 'fdb', 'show', 'br', 'br-bays')
    expect(table).toContain(`${bench.mac('one')} dev bay01 master br-bays`)
    expect(table).toContain(`${bench.mac('two')} dev bay02 master br-bays`)
  })

  it('reaches the Internet by NAT, the intake, and this network’s DNS and NTP', async () => {
    const reached = await bench.reach(
      'one',
      `tcp:${INTERNET}:80`,
      `tcp:${STATION}:${INTAKE}`,
      `udp:${STATION}:53`,
      `udp:${STATION}:123`,
    )
    expect(reached[`tcp:${INTERNET}:80`]).toBe(WAY_OUT)
    expect(reached[`tcp:${STATION}:${INTAKE}`]).toBe('open')
    expect(reached[`udp:${STATION}:53`]).not.toBe(false)
    expect(reached[`udp:${STATION}:123`]).toBe(one)
  })

  it('reaches nothing else of the station, nor the facility behind it', async () => {
    const places = [
      `tcp:${STATION}:${BOARD}`,
      `tcp:${STATION}:22`,
      `tcp:${STATION}:1`,
      `tcp:${WAY_OUT}:${BOARD}`,
      `tcp:${WAY_OUT}:22`,
      `tcp:${WAY_OUT}:${INTAKE}`,
      `tcp:${FACILITY}:80`,
    ]
    const reached = await bench.reach('one', ...places)
    expect(reached).toEqual(Object.fromEntries(places.map((place) => [place, false])))
    // The listeners are there: from the other side they answer.
    const seen = await bench.reach('net', `tcp:${WAY_OUT}:22`, `tcp:${WAY_OUT}:${BOARD}`)
    expect(Object.values(seen)).not.toContain(false)
  })

  it('reaches no other bay, by address or as its neighbour', async () => {
    await bench.listen('two', 'tcp:0.0.0.0:445', 'udp:0.0.0.0:137')
    expect(await bench.reach('one', `tcp:${two}:445`, `udp:${two}:137`)).toEqual({
      [`tcp:${two}:445`]: false,
      [`udp:${two}:137`]: false,
    })
    // Also when both believe to be neighbours and know each other's MAC.
    await bench.in('one', 'ip', 'neigh', 'replace', two, 'lladdr', bench.mac('two'), 'dev', 'eth0')
    await bench.in('two', 'ip', 'neigh', 'replace', one, 'lladdr', bench.mac('one'), 'dev', 'eth0')
    expect(await bench.reach('one', `udp:${two}:137`)).toEqual({ [`udp:${two}:137`]: false })
    // And by the way of the station, as by a router.
    await bench.in('one', 'ip', 'route', 'add', `${two}/32`, 'via', STATION)
    expect(await bench.reach('one', `tcp:${two}:445`)).toEqual({ [`tcp:${two}:445`]: false })
  })

  it('is not reached from outside', async () => {
    await bench.in('net', 'ip', 'route', 'add', '198.18.20.0/24', 'via', WAY_OUT)
    expect(await bench.reach('net', `tcp:${two}:445`)).toEqual({ [`tcp:${two}:445`]: false })
    await bench.in('net', 'ip', 'route', 'del', '198.18.20.0/24')
  })

  it('speaks no IPv6, to the station or to another bay', async () => {
    await bench.in('station', 'sysctl', '-q', '-w', 'net.ipv6.conf.br-bays.disable_ipv6=0')
    await bench.in('station', 'ip', 'addr', 'add', 'fd00:20::1/64', 'dev', 'br-bays', 'nodad')
    await bench.in('one', 'ip', 'addr', 'add', 'fd00:20::2/64', 'dev', 'eth0', 'nodad')
    await bench.listen('station', 'tcp:[fd00:20::1]:8081')
    const place = 'tcp:[fd00:20::1]:8081'
    // The station speaks it for once, by mistake: the firewall alone stands there.
    expect(await bench.reach('station', place)).not.toEqual({ [place]: false })
    expect(await bench.reach('one', place)).toEqual({ [place]: false })
  })

  it('gets nowhere with a forged source', async () => {
    const forged = '198.18.99.9'
    await bench.in('one', 'ip', 'addr', 'add', `${forged}/32`, 'dev', 'eth0')
    const places = [`tcp:${INTERNET}:80@${forged}`, `udp:${STATION}:123@${forged}`]
    // There would be a way back, and a listener that answers anybody.
    await bench.in('station', 'ip', 'route', 'add', `${forged}/32`, 'dev', 'br-bays')
    expect(await bench.reach('one', ...places)).toEqual(
      Object.fromEntries(places.map((place) => [place, false])),
    )
  })

  it('cannot pass for the station with the other bay', async () => {
    await bench.in('two', 'ip', 'addr', 'add', `${STATION}/32`, 'dev', 'eth0')
    // An answer that nobody asked for: whoever hears it believes it.
    await bench.in('two', 'busybox', 'arping', '-A', '-c', '3', '-w', '4', '-I', 'eth0', STATION)
    const known = await bench.in('one', 'ip', 'neigh', 'show', STATION)
    expect(known).toContain('lladdr')
    expect(known).not.toContain(bench.mac('two'))
    expect(await bench.reach('one', `udp:${STATION}:123`)).toEqual({ [`udp:${STATION}:123`]: one })
  })

  it('is no new sign of life when dnsmasq starts again and replays what it gave', async () => {
    const before = bench.calls.length
    await bench.stopDhcp()
    await bench.serveDhcp()
    await until('the replay', () => bench.calls.length >= before + 2, 15_000)
    const replayed = bench.calls.slice(before)
    expect(replayed.map((call) => call.split(' ', 1)[0])).toEqual(['old', 'old'])
  })
})
