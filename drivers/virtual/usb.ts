// The USB side of a simulated device: whether it enumerated the keyboard, whether a driver is alive, and what it took.
import { changesOf, type Key, NO_KEYS } from './hid.ts'
import type { SimPage } from './page.ts'
import type { Random } from './random.ts'
import type { DeviceSpec } from './spec.ts'
import type { Timers } from './timers.ts'
import type { TruthBook } from './truth.ts'

/** Bits of the LED report (facts/hardware §2.2). */
const LOCK_BITS: Partial<Record<Key, number>> = { num: 1, caps: 2, scroll: 4 }

export class UsbSide {
  readonly #spec: DeviceSpec
  readonly #truth: TruthBook
  readonly #drops: Random
  readonly #timers: Timers
  readonly #changed: () => void
  #enumerated = false
  #alive = false
  #locks: number
  #seen: readonly number[] = NO_KEYS
  #resealLost = false
  /** The socket gives power. */
  powered = false

  /** `timers`: run while a driver loads; `changed`: called when anything of this may show outside. */
  constructor(
    spec: DeviceSpec,
    truth: TruthBook,
    drops: Random,
    timers: Timers,
    changed: () => void,
  ) {
    this.#spec = spec
    this.#truth = truth
    this.#drops = drops
    this.#timers = timers
    this.#changed = changed
    this.#locks = spec.locks
  }

  get enumerated(): boolean {
    return this.#enumerated
  }

  /** Lock LEDs as a living driver set them; null without one. */
  get leds(): number | null {
    return this.#alive ? this.#locks : null
  }

  /** `full`: the operating system's driver, which takes its time; firmware has one of its own that answers at once. */
  enumerate(full: boolean, isOn: boolean): void {
    this.#enumerated = true
    this.#seen = NO_KEYS
    this.#alive = !full && isOn
    if (full && isOn)
      this.#timers.after(this.#spec.driverMs, () => {
        this.#alive = this.#enumerated
        this.#changed()
      })
    this.#changed()
  }

  /** Nothing answers here any more, though the keyboard may still be powered. */
  stopDriver(): void {
    this.#alive = false
    this.#seen = NO_KEYS
  }

  lose(): void {
    this.#enumerated = false
    this.stopDriver()
    this.#changed()
  }

  forgetKeys(): void {
    this.#seen = NO_KEYS
  }

  /** One report as the chip sent it; it may be lost on the way without a sign. */
  report(bytes: readonly number[], page: () => SimPage): void {
    if (!this.#alive) return
    const change = changesOf(this.#seen, bytes)
    if (this.#isLost(change.downs, page())) {
      this.#truth.dropped()
      return
    }
    this.#seen = bytes
    for (const key of change.ups) page().up(key)
    for (const key of change.downs) {
      const lock = LOCK_BITS[key]
      if (lock !== undefined) {
        this.#locks ^= lock
        this.#changed()
      }
      page().down(key, change.shift)
    }
  }

  #isLost(downs: readonly Key[], page: SimPage): boolean {
    if (
      this.#spec.dropsReseal &&
      !this.#resealLost &&
      page.name === 'success' &&
      downs.includes('enter')
    ) {
      this.#resealLost = true
      this.#truth.tell('the chip lost the Enter on Reseal')
      return true
    }
    return this.#spec.dropShare > 0 && this.#drops.chance(this.#spec.dropShare)
  }
}
