// The network check against clocks that are off, servers that are slow, TPM vendors, and networks that are not there.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { bad, HOSTS, Rig } from './parts/rig.ts'
import { SmallInternet } from './parts/small-internet.ts'

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

describe('clocks, time and vendors', () => {
  test.each<[number, readonly unknown[]]>([
    [30_000, []],
    [-30_000, []],
    [
      90_000,
      [
        expect.stringMatching(
          /^warn network\.clock: NTP (?:90|89\.9|90\.1) s ahead of the bench PC, HTTP Date (?:89|90|9\d)/,
        ),
      ],
    ],
    [
      300_000,
      [
        expect.stringMatching(
          /^hold network\.clock: NTP (?:299\.9|300|300\.1) s ahead of the bench PC, HTTP Date (?:299|300)/,
        ),
      ],
    ],
    [
      -300_000,
      [
        expect.stringMatching(
          /^hold network\.clock: NTP (?:299\.9|300|300\.1) s behind the bench PC, HTTP Date (?:299|300)/,
        ),
      ],
    ],
  ])('with the clock off by %i ms', async (ms, expected) => {
    await rig.harmed(
      () => net.behave({ ntpMs: ms, dateMs: ms }),
      () => net.behave(),
      expected,
    )
  })

  test('with a time server that lies alone, and one that is silent', async () => {
    await net.behave({ ntpMs: 300_000 })
    const lying = (await rig.station()()).find(({ id }) => id === 'network.clock')
    expect(lying).toMatchObject({
      grade: 'hold',
      hint: expect.stringContaining('The time server of this network is wrong'),
    })
    await rig.harmed(
      () => net.behave({ ntpMs: null }),
      () => net.behave(),
      ['hold network.blocked.time.test: no answer: no answer over UDP'],
    )
  })

  test('with slow lorises: bytes that come and never end', async () => {
    const from = performance.now()
    await rig.harmed(
      () => net.behave({ tls: { '198.18.113.10': 'loris' }, http: 'loris' }),
      () => net.behave(),
      [
        'hold network.slow.a.test: too slow: it connects, then TLS does not end in time',
        'hold network.slow.page.test: too slow: it connects, then no whole page comes in time',
      ],
    )
    expect(performance.now() - from).toBeLessThan(15_000)
  })

  test('with a server that is cut off', () =>
    rig.harmed(
      () => net.behave({ tls: { '198.18.113.11': 'cut' } }),
      () => net.behave(),
      [expect.stringMatching(/^hold network\.broken\.b\.test: broken off: TLS: /)],
    ))

  test('that offers a proxy', async () => {
    await net.names({ wpad: '10.0.0.9' })
    expect(bad(await rig.station()())).toEqual(['warn network.proxy: wpad = 10.0.0.9'])
  })

  test("asks for the TPM vendor's address only of that vendor's devices", async () => {
    net.hostDown(4)
    try {
      const check = rig.station()
      expect(bad(await check())).toEqual([
        'warn network.blocked.intel.test: no answer: no connection in time',
      ])
      // From what is kept: the vendor of the device in the bay decides, nothing is asked again.
      expect(bad(await check(() => 'INTC'))).toEqual([
        'hold network.blocked.intel.test: no answer: no connection in time',
      ])
    } finally {
      net.hostUp(4)
    }
  })

  test('without an uplink says so once', async () => {
    await rig.harmed(
      async () => net.pull(),
      async () => net.plug(),
      ['hold network.uplink: no link on up0'],
    )
  })

  test('that is not there says which', async () => {
    const [finding] = await rig.station({ netns: 'rs-nowhere' })()
    expect(finding).toMatchObject({ id: 'network.namespace', grade: 'hold' })
    expect(finding?.value).toContain('rs-nowhere')
  })

  test('judges anew when the vendor is seen only while the network is asked', async () => {
    net.hostDown(4)
    try {
      let vendor: string | null = null
      const findings = await rig.station()(
        () => vendor,
        async () => {
          vendor = 'INTC'
        },
      )
      expect(bad(findings)).toEqual([
        'hold network.blocked.intel.test: no answer: no connection in time',
      ])
    } finally {
      net.hostUp(4)
    }
  })
})
