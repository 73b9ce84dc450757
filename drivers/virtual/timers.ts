// The timers of one simulated device: they stop while it sleeps or is cut off, and die with its power.
import type { Clock } from '../../agent/ports.ts'

interface Armed {
  fn: () => void
  leftMs: number
  since: number
  cancel: (() => void) | null
}

export class Timers {
  readonly #clock: Clock
  readonly #armed = new Set<Armed>()
  #paused = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Runs `fn` after so many ms of running time; the answer cancels it. */
  after(ms: number, fn: () => void): () => void {
    const armed: Armed = { fn, leftMs: ms, since: this.#clock.mono(), cancel: null }
    this.#armed.add(armed)
    if (!this.#paused) this.#start(armed)
    return () => {
      armed.cancel?.()
      this.#armed.delete(armed)
    }
  }

  pause(paused: boolean): void {
    if (paused === this.#paused) return
    this.#paused = paused
    for (const armed of this.#armed) {
      if (paused) {
        armed.cancel?.()
        armed.leftMs = Math.max(0, armed.leftMs - (this.#clock.mono() - armed.since))
      } else this.#start(armed)
    }
  }

  clear(): void {
    for (const armed of this.#armed) armed.cancel?.()
    this.#armed.clear()
  }

  #start(armed: Armed): void {
    armed.since = this.#clock.mono()
    armed.cancel = this.#clock.after(armed.leftMs, () => {
      this.#armed.delete(armed)
      armed.fn()
    })
  }
}
