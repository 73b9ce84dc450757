// A station's network check in the bay's namespace of a small Internet, and the harm that it must name and outlive.
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import { preCheckOf } from '../../../../agent/bench/pre-check.ts'
import { bayId } from '../../../../agent/core/ids.ts'
import type { Order } from '../../../../agent/core/order.ts'
import type { Finding } from '../../../../agent/ports.ts'
import { systemClock } from '../../../../drivers/host/clock.ts'
import { type NetworkAddress, openNetworkCheck } from '../../../../drivers/network/index.ts'
import { DNS, type SmallInternet } from './small-internet.ts'

const HELPER = fileURLToPath(
  new URL('../../../../agent/station/network-helper.ts', import.meta.url),
)
export const HOSTS = [
  'a.test',
  'b.test',
  'c.test',
  'd.test',
  'intel.test',
  'page.test',
  'time.test',
]
const BAY = bayId('01')
const never = new AbortController().signal

const tls = (host: string, more: Partial<NetworkAddress> = {}): NetworkAddress =>
  ({
    host,
    port: 443,
    check: 'tls',
    need: 'required',
    for: 'a test',
    issuers: ['Test Trust Services'],
    ...more,
  }) as NetworkAddress
const ADDRESSES: readonly NetworkAddress[] = [
  tls('a.test'),
  tls('b.test'),
  tls('c.test'),
  tls('d.test', { need: 'optional' }),
  tls('intel.test', { tpm: ['INTC'] }),
  {
    host: 'page.test',
    port: 80,
    check: 'http',
    path: '/connecttest.txt',
    body: 'Microsoft Connect Test',
    need: 'required',
    for: "Windows' own test",
  },
  { host: 'time.test', port: 123, check: 'ntp', need: 'required', for: "the device's clock" },
]

export interface StationOptions {
  readonly accept?: readonly string[]
  readonly netns?: string
  readonly order?: Order
}
export type Ask = (
  vendor?: () => string | null,
  attesting?: () => Promise<void>,
) => Promise<readonly Finding[]>

export class Rig {
  readonly #net: SmallInternet
  /** Time that has passed for the ages of what is kept, beside the real one. */
  #ahead = 0

  constructor(net: SmallInternet) {
    this.#net = net
  }

  /** The pre-check of one station's bay; `attesting` is a probe that it waits for meanwhile. */
  station({ accept = [], netns = this.#net.bay, order }: StationOptions = {}): Ask {
    const real = systemClock()
    const clock = { ...real, mono: () => real.mono() + this.#ahead }
    const network = openNetworkCheck({
      clock,
      addresses: ADDRESSES,
      bays: new Map([[BAY, { place: { from: 'netns', name: netns, dns: [DNS] }, accept }]]),
      helper: HELPER,
      signal: never,
      roots: [this.#net.root],
      resolvConf: '/nowhere',
      oneMs: 700,
      allMs: 6000,
    })
    const host = { findings: async () => [], bootId: () => 'x', diskFree: async () => 1e12 }
    return async (vendor = () => null, attesting = async () => undefined) => {
      const parts = { clock, network, host }
      const probe = attesting().then(() => [])
      return (await preCheckOf(BAY, parts, never, vendor, probe, order ?? null)).findings
    }
  }

  /** A harm, its findings, and the way back: the same station finds the network fit again by itself. */
  async harmed(
    harm: () => Promise<unknown>,
    mend: () => Promise<unknown>,
    expected: readonly unknown[],
    options: StationOptions = {},
  ): Promise<readonly Finding[]> {
    const check = this.station(options)
    await harm()
    const findings = await check()
    expect(bad(findings)).toEqual(expected)
    for (const { grade, hint } of findings) if (grade === 'hold') expect(hint).not.toBe('')
    await mend()
    // Young as it is, the answer still serves; a bad one for ten seconds, one that only warns for a minute.
    expect(bad(await check())).toEqual(expected)
    this.#ahead += findings.some(({ grade }) => grade === 'hold') ? 11_000 : 61_000
    expect(bad(await check())).toEqual([])
    return findings
  }
}

/** What is not fine, as lines. */
export const bad = (findings: readonly Finding[]): readonly string[] =>
  findings
    .filter(({ grade }) => grade !== 'ok')
    .map(({ grade, id, value }) => `${grade} ${id}: ${value}`)
