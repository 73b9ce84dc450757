// Lines as iproute2 6.1 prints them, and anything else that may come down the pipe.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Lines, parseMonitorLine } from '../../../drivers/link/monitor-lines.ts'

describe('a line of ip monitor', () => {
  it.each<[string, string, readonly string[]]>([
    [
      'a port of a card',
      '2: eth0: <NO-CARRIER,BROADCAST,MULTICAST,UP> mtu 1500 qdisc mq state DOWN group default \\    link/ether 02:fc:00:00:00:01 brd ff:ff:ff:ff:ff:ff',
      ['eth0'],
    ],
    [
      'one end of a pair',
      '6: va@vb: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default \\    link/ether 06:1d:be:90:26:99',
      ['va', 'va@vb'],
    ],
    [
      'one that went',
      'Deleted 6: va@NONE: <BROADCAST,MULTICAST> mtu 1500 qdisc noop state DOWN group default ',
      ['va', 'va@NONE'],
    ],
    ['one whose peer is elsewhere', '12: b1@if11: <BROADCAST> mtu 1500', ['b1', 'b1@if11']],
    ['a name with an @ of its own', '12: a@b: <BROADCAST> mtu 1500', ['a', 'a@b']],
  ])('names the interface: %s', (_, line, names) => {
    expect(parseMonitorLine(line)).toEqual({ kind: 'link', names })
  })

  it.each<[string, string, string | null]>([
    ['a neighbour', '10.99.0.2 dev va lladdr 02:00:00:00:00:05 REACHABLE ', '02:00:00:00:00:05'],
    ['a stale one', '10.99.0.2 dev va lladdr 02:00:00:00:00:05 STALE ', '02:00:00:00:00:05'],
    [
      'one of IPv6',
      'fe80::1 dev va lladdr 9c:EB:e8:00:00:05 router REACHABLE ',
      '9c:eb:e8:00:00:05',
    ],
    ['an entry of a bridge', 'dev va lladdr 02:00:00:00:00:06 REACHABLE ', '02:00:00:00:00:06'],
    ['set by hand', '10.99.0.2 dev va lladdr 02:00:00:00:00:05 PERMANENT ', null],
    ['our own in a bridge', 'dev va lladdr 06:1d:be:90:26:99 PERMANENT ', null],
    ['a group', 'ff02::16 dev va lladdr 33:33:00:00:00:16 NOARP ', null],
    ['a group that looks learnt', '224.0.0.1 dev va lladdr 01:00:5e:00:00:01 STALE ', null],
    ['zeros', '10.99.0.2 dev va lladdr 00:00:00:00:00:00 STALE ', null],
    ['one that went', 'Deleted 10.99.0.2 dev va lladdr 02:00:00:00:00:05 STALE ', null],
    ['no answer', '10.99.0.2 dev va  FAILED ', null],
    ['an address that is too long', '10.99.0.2 dev va lladdr 02:00:00:00:00:05:07:08 STALE ', null],
  ])('tells a learnt MAC alone: %s', (_, line, mac) => {
    const expected = mac === null ? null : { kind: 'mac', iface: 'va', mac }
    expect(parseMonitorLine(line)).toEqual(expected)
  })

  it('takes any text, cut anywhere, in bounded memory', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'binary', maxLength: 80 }), { maxLength: 20 }),
        (chunks) => {
          const lines = new Lines()
          const whole = chunks.flatMap((chunk) => lines.take(chunk))
          for (const line of whole) parseMonitorLine(line)
          const all = chunks.join('').split('\n').slice(0, -1)
          expect(whole).toEqual(all.filter((line) => line !== ''))
        },
      ),
      { seed: 5 },
    )
    const lines = new Lines()
    for (let i = 0; i < 1000; i++) expect(lines.take('x'.repeat(1000))).toEqual([])
    expect(lines.take('\n7: p1: <UP>\n').filter((line) => line.startsWith('7'))).toHaveLength(1)
  })
})
