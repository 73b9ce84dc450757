// What is known of a keyboard chip from its answers and silences, told as facts; it has no opinion on faults.
import type { Clock, KeyboardReport } from '../../agent/ports.ts'
import { Channel } from '../io/channel.ts'
import type { ChipInfo } from './ch9329-codec.ts'
import type { Ch9329Numbers } from './ch9329-options.ts'

/** Resets of a chip that stays not enumerated double their distance up to 2^5. */
const CURE_DOUBLINGS_MAX = 5

export class ChipPresence {
  readonly #clock: Clock
  readonly #numbers: Ch9329Numbers
  readonly #facts: Channel<KeyboardReport>
  /** Nothing is told before something is known: no answer yet is neither ok nor silent. */
  #report: KeyboardReport | null = null
  #misses = 0
  #seenEnumerated = false
  #falseSince: number | null = null
  #cures = 0

  constructor(clock: Clock, numbers: Ch9329Numbers) {
    this.#clock = clock
    this.#numbers = numbers
    this.#facts = new Channel(() => (this.#report === null ? [] : [this.#report]))
  }

  /** Null until the chip or its port was first heard of. */
  get health(): KeyboardReport['health'] | null {
    return this.#report?.health ?? null
  }

  watch(signal: AbortSignal): AsyncIterable<KeyboardReport> {
    return this.#facts.watch(signal)
  }

  close(): void {
    this.#facts.close()
  }

  /** The chip answered. */
  heard(info: ChipInfo): void {
    this.#misses = 0
    this.#tell('ok', info.enumerated, info.leds)
    if (!info.enumerated) {
      this.#falseSince ??= this.#clock.mono()
      return
    }
    this.#seenEnumerated = true
    this.#falseSince = null
    this.#cures = 0
  }

  /** The chip did not answer; true when that happened so often that it counts as silent. */
  missed(): boolean {
    this.#misses++
    if (this.#misses < this.#numbers.silentAfter) return false
    this.silent()
    return true
  }

  /** The port is open and nothing answers: a chip may be fed from the device's side. */
  silent(): void {
    this.#tell('silent', null, null)
  }

  gone(): void {
    this.#misses = 0
    this.#tell('gone', null, null)
  }

  /** The device was there, has not enumerated the chip for long, and no reset was tried lately. */
  get isCureDue(): boolean {
    const { cureAfterMs } = this.#numbers
    if (cureAfterMs === 0 || !this.#seenEnumerated || this.#falseSince === null) return false
    const wait = cureAfterMs * 2 ** Math.min(this.#cures, CURE_DOUBLINGS_MAX)
    return this.#clock.mono() - this.#falseSince >= wait
  }

  /** A reset is being tried; how many there were since the device was last there. */
  cured(): number {
    this.#falseSince = this.#clock.mono()
    return ++this.#cures
  }

  #tell(health: KeyboardReport['health'], enumerated: boolean | null, leds: number | null): void {
    const was = this.#report
    if (was?.health === health && was.enumerated === enumerated && was.leds === leds) return
    this.#report = { kind: 'keyboard', enumerated, health, leds, at: this.#clock.now() }
    this.#facts.push(this.#report)
  }
}
