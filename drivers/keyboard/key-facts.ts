// The present state of one keyboard, told to whoever watches it when it changes; it has no opinion.
import type { Clock, KeyboardReport } from '../../agent/ports.ts'
import { Channel } from '../io/channel.ts'

export class KeyFacts {
  readonly #clock: Clock
  readonly #channel: Channel<KeyboardReport>
  /** Nothing is told before something is known: no answer yet is neither ok nor silent. */
  #report: KeyboardReport | null = null

  constructor(clock: Clock) {
    this.#clock = clock
    this.#channel = new Channel(() => (this.#report === null ? [] : [this.#report]))
  }

  /** Null until the keyboard or its port was first heard of. */
  get health(): KeyboardReport['health'] | null {
    return this.#report?.health ?? null
  }

  watch(signal: AbortSignal): AsyncIterable<KeyboardReport> {
    return this.#channel.watch(signal)
  }

  close(): void {
    this.#channel.close()
  }

  tell(health: KeyboardReport['health'], enumerated: boolean | null, leds: number | null): void {
    const was = this.#report
    if (was?.health === health && was.enumerated === enumerated && was.leds === leds) return
    this.#report = { kind: 'keyboard', enumerated, health, leds, at: this.#clock.now() }
    this.#channel.push(this.#report)
  }
}
