// What is known of a keyboard chip from its answers and silences, told as facts; it has no opinion on faults.
import type { FaultCode } from '../../agent/fault.ts'
import type { Clock, KeyboardReport } from '../../agent/ports.ts'
import { KeyFacts } from './key-facts.ts'

/** What a chip answers of the device. */
interface Heard {
  readonly enumerated: boolean
  readonly leds: number
}

export interface PresenceNumbers {
  /** Unanswered questions in a row after which a chip counts as silent. */
  readonly silentAfter: number
  /** How long a chip that was enumerated may not be, ms, before a reset is due; 0: never. */
  readonly cureAfterMs: number
}

/** Resets of a chip that stays not enumerated double their distance up to 2^5. */
const CURE_DOUBLINGS_MAX = 5

export class ChipPresence {
  readonly #clock: Clock
  readonly #numbers: PresenceNumbers
  readonly #facts: KeyFacts
  #misses = 0
  #seenEnumerated = false
  #falseSince: number | null = null
  #cures = 0

  constructor(clock: Clock, numbers: PresenceNumbers) {
    this.#clock = clock
    this.#numbers = numbers
    this.#facts = new KeyFacts(clock)
  }

  /** Null until the chip or its port was first heard of. */
  get health(): KeyboardReport['health'] | null {
    return this.#facts.health
  }

  watch(signal: AbortSignal): AsyncIterable<KeyboardReport> {
    return this.#facts.watch(signal)
  }

  close(): void {
    this.#facts.close()
  }

  /** The chip answered. */
  heard(info: Heard): void {
    this.#misses = 0
    this.#facts.tell('ok', info.enumerated, info.leds)
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
    this.#facts.tell('silent', null, null)
  }

  gone(why: FaultCode): void {
    this.#misses = 0
    this.#facts.gone(why)
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
}
