// The network check in a bay's namespace against real DNS, TLS and HTTP: each harm has its finding, and mended it goes.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { bad, HOSTS, Rig } from './parts/rig.ts'
import { OTHER, SmallInternet } from './parts/small-internet.ts'

const [A, B] = ['a.test', 'b.test']

let net: SmallInternet
let rig: Rig
beforeAll(async () => {
  net = await SmallInternet.open(HOSTS)
  rig = new Rig(net)
})
afterAll(() => net?.close())
afterEach(async () => {
  await net.behave()
  await net.names({})
})

describe("a bay's own network", () => {
  test('is fit: names, issuers, page and clocks', async () => {
    const findings = await rig.station()()
    expect(findings.map(({ grade, id }) => `${grade} ${id}`)).toEqual([
      'ok network.uplink',
      'ok network.dns',
      'ok network.addresses',
      'ok network.clock',
      'ok network.tpm',
    ])
    expect(findings[2]?.value).toBe('7 of 7 answer')
    expect(findings[0]?.value).toBe('up0')
  })

  test('with a blocked host', () =>
    rig.harmed(
      async () => net.hostDown(0),
      async () => net.hostUp(0),
      ['hold network.blocked.a.test: no answer: no connection in time'],
    ))

  test('with an optional host blocked, and with one that the bench accepts', async () => {
    net.hostDown(3)
    net.hostDown(1)
    try {
      expect(bad(await rig.station({ accept: [B] })())).toEqual([
        'warn network.blocked.b.test: no answer: no connection in time',
        'warn network.blocked.d.test: no answer: no connection in time',
      ])
    } finally {
      net.hostUp(3)
      net.hostUp(1)
    }
  })

  test.each<[string, string | null, string]>([
    [
      'a sinkhole',
      '10.66.66.66',
      `dns-wrong.${A}: wrong DNS answer: 10.66.66.66 is no public address (no connection in time)`,
    ],
    [
      'another server',
      OTHER,
      `dns-wrong.${A}: wrong DNS answer: ${OTHER} answers for shop.example`,
    ],
    ['nothing', null, `dns.${A}: no DNS answer: ENOTFOUND`],
  ])('whose DNS leads a host to %s', async (_, at, finding) => {
    await rig.harmed(
      async () => {
        await net.names({ [A]: at })
        await net.behave({ tls: { [OTHER]: 'other' } })
      },
      () => net.names({}),
      [`hold network.${finding}`],
    )
  })

  test('without a DNS server says so once', () =>
    rig.harmed(
      () => net.stopDns(),
      () => net.names({}),
      [expect.stringMatching(/^hold network\.dns: no name resolves: /)],
    ))

  test('that intercepts TLS: the issuer is named, once for all hosts', async () => {
    const findings = await rig.harmed(
      () => net.behave({ allTls: 'intercepted' }),
      () => net.behave(),
      [
        'hold network.intercepted.a.test: intercepted: by Corp Inspection CA',
        'hold network.intercepted.b.test: intercepted: by Corp Inspection CA',
        'hold network.intercepted.c.test: intercepted: by Corp Inspection CA',
        'warn network.intercepted.d.test: intercepted: by Corp Inspection CA',
        'warn network.intercepted.intel.test: intercepted: by Corp Inspection CA',
      ],
    )
    expect(findings.find(({ grade }) => grade === 'hold')?.hint).toContain('by Corp Inspection CA')
  })

  test('behind a captive portal: the sign-in page comes first', async () => {
    const findings = await rig.harmed(
      () => net.behave({ http: 'portal', allTls: 'portal' }),
      () => net.behave(),
      [
        'hold network.portal.page.test: sign-in page: sent to login.portal.test (302)',
        ...['a', 'b', 'c'].map(
          (name, index) =>
            `hold network.dns-wrong.${name}.test: wrong DNS answer: 198.18.113.${10 + index} answers for login.portal.test`,
        ),
        expect.stringContaining('warn network.dns-wrong.d.test'),
        expect.stringContaining('warn network.dns-wrong.intel.test'),
      ],
    )
    expect(findings.find(({ grade }) => grade === 'hold')?.hint).toContain(
      'A sign-in page stands before',
    )
    await net.behave({ http: 'page' })
    expect(bad(await rig.station()())).toEqual([
      'hold network.portal.page.test: sign-in page: another page answers',
    ])
  })
})
