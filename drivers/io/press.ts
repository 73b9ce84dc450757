// Short and long presses from keys that go down and up; the time at which a press counts as long is one for all buttons.
import type { ButtonReport, Clock } from '../../agent/ports.ts'

/** Held this long a press is long (contracts: ids and barcodes), ms. */
export const LONG_MS = 2000
/** Keys that are followed at once; a device with more has no buttons that an operator could name. */
const KEYS_MAX = 64

export class Presses {
  readonly #clock: Clock
  readonly #tell: (report: ButtonReport) => void
  /** Keys that are down: when they went down, and how their long press is called off. */
  readonly #down = new Map<number, { readonly at: number; long: (() => void) | null }>()

  constructor(clock: Clock, tell: (report: ButtonReport) => void) {
    this.#clock = clock
    this.#tell = tell
  }

  /** The state of a key as it is now; a state that it already has is no news. */
  set(key: number, isDown: boolean): void {
    const held = this.#down.get(key)
    if (isDown && held === undefined && this.#down.size < KEYS_MAX) this.#press(key)
    if (isDown || held === undefined) return
    this.#down.delete(key)
    if (held.long === null) return
    held.long()
    this.#tell({ kind: 'button', press: 'short', key, at: held.at })
  }

  #press(key: number): void {
    const at = this.#clock.now()
    const held: { readonly at: number; long: (() => void) | null } = { at, long: null }
    held.long = this.#clock.after(LONG_MS, () => {
      held.long = null
      this.#tell({ kind: 'button', press: 'long', key, at })
    })
    this.#down.set(key, held)
  }

  /** The device is gone: what was held down was no press. */
  forget(): void {
    for (const { long } of this.#down.values()) long?.()
    this.#down.clear()
  }
}
