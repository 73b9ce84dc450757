// Asks once before a number is taken for a serial number that its maker would not print: labels carry several bar codes.
import { flagOf, makerOf } from '../core/serial-rules.ts'
import type { Clock } from '../ports.ts'

/** The same code scanned again within this time is meant, clock ms. */
const AGAIN_MS = 60_000
/** Far more bays than a bench has; a flood of made-up numbers empties it. */
const DOUBTS_MAX = 500

export class SerialDoubt {
  readonly #clock: Clock
  readonly #asked = new Map<string, { readonly serial: string; readonly at: number }>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Why a scan is not taken yet, in words; null when it fits, the maker is not known, or it was scanned a second time. */
  of(bay: string, serial: string, models: readonly string[]): string | null {
    const flag = flagOf(serial, makerOfAll(models))
    const before = this.#asked.get(bay)
    this.#asked.delete(bay)
    if (flag === null) return null
    const now = this.#clock.mono()
    if (before?.serial === serial && now - before.at <= AGAIN_MS) return null
    if (this.#asked.size >= DOUBTS_MAX) this.#asked.clear()
    this.#asked.set(bay, { serial, at: now })
    return flag.words
  }
}

/** The one maker of all models of an order; null when they have several, or one is not in the table. */
function makerOfAll(models: readonly string[]) {
  const makers = new Set(models.map(makerOf))
  return makers.size === 1 ? ([...makers][0] ?? null) : null
}
