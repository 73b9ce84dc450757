// A DHCP lease becomes a sign of life of the bay whose wire shows its MAC; one that comes before the MAC waits for it.
import type { Fact } from '../core/facts.ts'
import type { BayId } from '../core/ids.ts'
import type { BayState } from '../core/state.ts'
import type { Clock, Lease, LeaseDesk, LeaseTaken, Taken } from '../ports.ts'

export interface LeasesNeeds {
  readonly clock: Clock
  readonly states: () => Iterable<BayState>
  readonly put: (bay: string, fact: Fact) => Promise<Taken>
}

/** A forwarding table of a switch is read every 10 s while a MAC is awaited; three of them, clock ms. */
const WAIT_MS = 30_000
/** Leases that wait; more is a flood, and the oldest goes. */
const WAITING_MAX = 64
/** A lease told this late is a story of the past: the device may be off by now. */
const OLDEST_MS = 600_000
/** Evidence of leases in one run: a device that asks for ever new addresses fills no record. */
const PER_RUN_MAX = 8

export class Leases implements LeaseDesk {
  readonly #n: LeasesNeeds
  /** By MAC, oldest first. */
  readonly #waiting = new Map<string, { readonly lease: Lease; readonly until: number }>()
  /** Bays that are alone on a card of their own, by that card. */
  #own: () => ReadonlyMap<string, BayId> = () => new Map()

  constructor(needs: LeasesNeeds) {
    this.#n = needs
  }

  /** A bay that is alone behind a card needs no MAC: what asks there is its device. */
  alone(own: () => ReadonlyMap<string, BayId>): void {
    this.#own = own
  }

  /** Takes what dnsmasq says; resolves when it is committed. */
  async take(lease: Lease): Promise<LeaseTaken> {
    // Silence proves nothing, and what is replayed is no life: only a new lease counts.
    if (lease.event !== 'add' || this.#n.clock.now() - lease.at > OLDEST_MS) return 'ignored'
    const bay = this.#bayOf(lease)
    if (bay !== null) {
      await this.#sign(bay, lease)
      return 'taken'
    }
    this.#waiting.delete(lease.mac)
    this.#waiting.set(lease.mac, { lease, until: this.#n.clock.mono() + WAIT_MS })
    const [oldest] = this.#waiting.keys()
    if (this.#waiting.size > WAITING_MAX && oldest !== undefined) this.#waiting.delete(oldest)
    return 'waiting'
  }

  /** After a commit: a bay may have learnt the MAC that a lease waits for. */
  settle({ wire }: BayState): void {
    const mac = wire.mac
    const waits = mac === null ? undefined : this.#waiting.get(mac)
    if (mac === null || waits === undefined) return
    const { lease, until } = waits
    const bay = this.#bayOf(lease)
    if (this.#n.clock.mono() > until) this.#waiting.delete(mac)
    else if (bay !== null) {
      this.#waiting.delete(mac)
      void this.#sign(bay, lease)
    }
  }

  /** The one bay whose link is up and shows this MAC; two of them are nobody's. */
  #bayOf({ mac, iface }: Lease): BayId | null {
    const own = iface === null ? undefined : this.#own().get(iface)
    if (own !== undefined) return own
    const bays = [...this.#n.states()].filter(({ wire }) => wire.mac === mac && wire.link === 'up')
    return bays.length === 1 ? (bays[0]?.bay ?? null) : null
  }

  async #sign(bay: BayId, { mac, ip, hostname, at }: Lease): Promise<void> {
    const ref = [mac, ip, ...(hostname === null ? [] : [hostname])].join(' ')
    for (const state of this.#n.states()) {
      if (state.bay !== bay) continue
      const known = state.run?.evidence.filter(({ kind }) => kind === 'lease') ?? []
      if (known.length >= PER_RUN_MAX || known.some((one) => one.ref === ref)) return
    }
    await this.#n.put(bay, { kind: 'sign', evidence: { kind: 'lease', source: 'wire', at, ref } })
  }
}
