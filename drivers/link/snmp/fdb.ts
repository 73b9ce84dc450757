// Which MAC a switch learnt at which port; what is old, moved or not alone at its port is never guessed. Pure.
import { FDB_LEARNED } from './oids.ts'
import type { Column } from './session.ts'

export interface FdbEntry {
  readonly mac: string
  readonly ifIndex: number
}

/** Six decimals at the end of an index; what stands before them is the number of a forwarding database. */
function macOf(index: string): string | null {
  const bytes = index.split('.').slice(-6).map(Number)
  const isMac = bytes.length === 6 && bytes.every((byte) => byte >= 0 && byte <= 255)
  // A group address is nobody's.
  if (!isMac || ((bytes[0] ?? 1) & 1) === 1) return null
  return bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(':')
}

/** The learnt entries of a table `ports` (index to bridge port), with the ifIndex of each bridge port. */
export function readFdb(ports: Column, status: Column, basePorts: Column): readonly FdbEntry[] {
  const entries: FdbEntry[] = []
  for (const [index, port] of ports) {
    const mac = macOf(index)
    const kind = status.get(index)
    // A switch that knows no bridge ports numbers them like its interfaces.
    const ifIndex = basePorts.size === 0 ? Number(port) : Number(basePorts.get(String(port)) ?? 0)
    if (mac === null || ifIndex === 0) continue
    if (kind === undefined || kind === FDB_LEARNED) entries.push({ mac, ifIndex })
  }
  return entries
}

/** What the table says of one port whose link is up. */
export type Learnt =
  | { readonly is: 'none' }
  | { readonly is: 'one'; readonly mac: string }
  | { readonly is: 'several'; readonly macs: number }

/** Follows the table of one switch from reading to reading. */
export class MacBook {
  /** MACs by port, as the last reading had them. */
  #at = new Map<number, ReadonlySet<string>>()
  /** MACs whose entry is older than the present link of their port: the device before, or the same one again. */
  readonly #old = new Map<number, Set<string>>()

  /** The link of a port fell: what was learnt there belongs to what stood there. */
  fell(ifIndex: number): void {
    const macs = this.#at.get(ifIndex)
    if (macs === undefined || macs.size === 0) return
    this.#old.set(ifIndex, new Set([...(this.#old.get(ifIndex) ?? []), ...macs]))
  }

  /** A restart of the switch empties its table: nothing in it is old. */
  restarted(): void {
    this.#at = new Map()
    this.#old.clear()
  }

  /** Takes a reading; `watched` tells whether a port carries a link, of those where that is certain. */
  take(
    entries: readonly FdbEntry[],
    watched: ReadonlyMap<number, boolean>,
  ): ReadonlyMap<number, Learnt> {
    const at = new Map<number, Set<string>>()
    const places = new Map<string, Set<number>>()
    for (const { mac, ifIndex } of entries) {
      at.set(ifIndex, (at.get(ifIndex) ?? new Set()).add(mac))
      places.set(mac, (places.get(mac) ?? new Set()).add(ifIndex))
    }
    this.#at = at
    const learnt = new Map<number, Learnt>()
    for (const [ifIndex, isUp] of watched) {
      const here = at.get(ifIndex) ?? new Set<string>()
      // Entries outlive the link on some switches; what the table let go may be learnt anew.
      const old = new Set([...(this.#old.get(ifIndex) ?? []), ...(isUp ? [] : here)])
      for (const mac of old) if (!here.has(mac)) old.delete(mac)
      if (old.size > 0) this.#old.set(ifIndex, old)
      else this.#old.delete(ifIndex)
      if (isUp) learnt.set(ifIndex, judge(here, old, places))
    }
    return learnt
  }
}

function judge(
  here: ReadonlySet<string>,
  old: ReadonlySet<string>,
  places: ReadonlyMap<string, ReadonlySet<number>>,
): Learnt {
  const fresh = [...here].filter((mac) => !old.has(mac))
  const [first] = fresh
  if (first === undefined) return { is: 'none' }
  if (fresh.length > 1) return { is: 'several', macs: fresh.length }
  // In two places at once it is on its way from one to the other: the next reading knows where.
  return places.get(first)?.size === 1 ? { is: 'one', mac: first } : { is: 'none' }
}
