// The latest word on each part of the bench; laid over the bays' signals, never mixed into their states.

import type { BayId } from '../core/ids.ts'
import type { Overlay } from '../core/render-view.ts'
import { FAULTS } from '../fault.ts'
import type { Clock, Health } from '../ports.ts'

/** Parts whose loss stops a bay, and so shows its station signal (shared signals page: `station`). A lamp is small print only. */
const STOPS: readonly Health['part'][] = ['ledger', 'keyboard', 'screen', 'link', 'bay']

/** A station may have several scanners: each is a part of its own, named by the detail. */
const keyOf = ({ part, bay, detail }: Omit<Health, 'since'>): string =>
  `${part} ${bay ?? ''} ${part === 'scanner' ? detail : ''}`

export class HealthBook {
  readonly #clock: Clock
  readonly #changed: (health: Health) => void
  readonly #rows = new Map<string, Health>()

  constructor(clock: Clock, changed: (health: Health) => void) {
    this.#clock = clock
    this.#changed = changed
  }

  /** Keeps the latest report of a part; tells only what changed. */
  report(row: Omit<Health, 'since'>): void {
    const key = keyOf(row)
    const before = this.#rows.get(key)
    if (before === undefined && row.ok) return
    if (before?.ok === row.ok && before.code === row.code) return
    const health: Health = { ...row, since: this.#clock.now() }
    this.#rows.set(key, health)
    this.#changed(health)
  }

  /** A bay is not here any more. */
  forget(bay: BayId): void {
    for (const [key, row] of this.#rows) if (row.bay === bay) this.#rows.delete(key)
  }

  all(): readonly Health[] {
    return [...this.#rows.values()]
  }

  /** What is laid over a bay's own signal; null when its parts work. */
  overlay(bay: BayId): Overlay | null {
    for (const row of this.#rows.values()) {
      if (row.ok || row.code === null || !STOPS.includes(row.part)) continue
      if (row.bay === null || row.bay === bay)
        return { code: row.code, hint: FAULTS[row.code].hint }
    }
    return null
  }
}
