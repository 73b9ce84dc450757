// The present state of one keyboard, told to whoever watches it when it changes; it has no opinion.
import type { FaultCode } from '../../agent/fault.ts'
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

  tell(health: 'ok' | 'silent', enumerated: boolean | null, leds: number | null): void {
    this.#tell({ enumerated, health, leds })
  }

  /** Lost, or not to be had: held by another program, denied. */
  gone(why: FaultCode): void {
    const code = why === 'STATION_PORT_GONE' ? {} : { code: why }
    this.#tell({ enumerated: null, health: 'gone', leds: null, ...code })
  }

  #tell(now: Omit<KeyboardReport, 'kind' | 'at'>): void {
    const was = this.#report
    const isSame = was?.health === now.health && was.code === now.code
    if (isSame && was.enumerated === now.enumerated && was.leds === now.leds) return
    this.#report = { kind: 'keyboard', ...now, at: this.#clock.now() }
    this.#channel.push(this.#report)
  }
}
