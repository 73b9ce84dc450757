// A lease finds its bay by the MAC on the wire, also when the MAC comes later; what is old, replayed or doubtful opens nothing.
import { beforeEach, describe, expect, it } from 'vitest'
import { Leases } from '../../agent/bench/leases.ts'
import type { Fact } from '../../agent/core/facts.ts'
import { bayId } from '../../agent/core/ids.ts'
import { type BayState, freshBay } from '../../agent/core/state.ts'
import type { Lease } from '../../agent/ports.ts'
import { SteppedClock } from '../../drivers/virtual/stepped-clock.ts'

const MAC = '02:00:00:00:00:0a'
const AT = Date.UTC(2026, 10, 23)
const lease = (more: Partial<Lease> = {}): Lease => ({
  event: 'add',
  mac: MAC,
  ip: '10.20.0.100',
  hostname: 'DESKTOP-1',
  iface: 'br-bays',
  at: AT,
  ...more,
})

let states: BayState[]
let told: { bay: string; fact: Fact }[]
let clock: SteppedClock
let leases: Leases
const wire = (index: number, mac: string | null, link: 'up' | 'down' = 'up') => {
  const state = states[index]
  if (state === undefined) throw new RangeError(`no bay ${index}`)
  states[index] = { ...state, wire: { ...state.wire, link, mac } }
  leases.settle(states[index])
}

beforeEach(() => {
  clock = new SteppedClock(AT)
  told = []
  states = ['1', '2'].map((bay) => freshBay(bayId(bay), AT))
  leases = new Leases({
    clock,
    states: () => states,
    put: async (bay, fact) => {
      told.push({ bay, fact })
      return { taken: 'taken' }
    },
  })
})

describe('a lease', () => {
  it('is a sign of life of the bay whose wire shows its MAC', async () => {
    wire(1, MAC)
    expect(await leases.take(lease())).toBe('taken')
    expect(told).toEqual([
      {
        bay: '2',
        fact: {
          kind: 'sign',
          evidence: { kind: 'lease', source: 'wire', at: AT, ref: `${MAC} 10.20.0.100 DESKTOP-1` },
        },
      },
    ])
  })

  it('waits for a MAC that comes later, and not for ever', async () => {
    expect(await leases.take(lease())).toBe('waiting')
    wire(0, MAC)
    expect(told.map(({ bay }) => bay)).toEqual(['1'])
    wire(0, null)
    expect(await leases.take(lease())).toBe('waiting')
    clock.after(31_000, () => undefined)
    await clock.run(() => clock.now() >= AT + 31_000, 10)
    wire(1, MAC)
    expect(told).toHaveLength(1)
  })

  it.each<[string, Partial<Lease>]>([
    ['replayed at a start of dnsmasq', { event: 'old' }],
    ['that ended', { event: 'del' }],
    ['of an hour ago', { at: AT - 3_600_000 }],
  ])('%s opens nothing', async (_, more) => {
    wire(0, MAC)
    expect(await leases.take(lease(more))).toBe('ignored')
    expect(told).toEqual([])
  })

  it('with a MAC at two bays, or at one whose link is down, is nobody’s', async () => {
    wire(0, MAC)
    wire(1, MAC)
    expect(await leases.take(lease())).toBe('waiting')
    wire(1, null)
    wire(0, MAC, 'down')
    expect(await leases.take(lease({ mac: MAC }))).toBe('waiting')
    expect(told).toEqual([])
  })

  it('on a card that is a bay’s own needs no MAC', async () => {
    leases.alone(() => new Map([['enp3s0', bayId('2')]]))
    expect(await leases.take(lease({ iface: 'enp3s0' }))).toBe('taken')
    expect(told[0]?.bay).toBe('2')
  })

  it('of a flood lets the oldest go', async () => {
    for (let at = 0; at < 200; at++)
      await leases.take(lease({ mac: `02:00:00:00:01:${at.toString(16).padStart(2, '0')}` }))
    wire(0, '02:00:00:00:01:00')
    expect(told).toEqual([])
    wire(0, '02:00:00:00:01:c7')
    expect(told).toHaveLength(1)
  })
})
