// One life of the agent: when it ends, its calls never come back and its timers never fire, as after a power cut.
import type { Clock } from '../../../agent/ports.ts'

const never = <T>(): Promise<T> => new Promise<T>(() => {})

export class Life {
  readonly #ended: (life: Life) => void
  #over = false
  /** The process's files were let go: what was still on its way to the disk is lost. */
  lost = false

  constructor(ended: (life: Life) => void) {
    this.#ended = ended
  }

  get over(): boolean {
    return this.#over
  }

  /**
   * Commits that shared the flush are on the disk and may still be booked: their answers are a few microtasks away. What
   * waits for the next flush, a turn of the event loop later, goes into files that nobody reads any more.
   */
  async loseWhatWaits(): Promise<void> {
    for (let hop = 0; hop < 10; hop++) await null
    this.lost = true
  }

  /** Kills the agent here and now; a second time does nothing. Whoever calls it goes no further. */
  kill<T>(): Promise<T> {
    if (!this.#over) {
      this.#over = true
      this.#ended(this)
    }
    return never<T>()
  }

  /** The answer of a call, or none if the life ended meanwhile. */
  async guard<T>(work: Promise<T>): Promise<T> {
    try {
      const answer = await work
      return this.#over ? never<T>() : answer
    } catch (error) {
      if (this.#over) return never<T>()
      throw error
    }
  }

  /** A port as this life holds it. */
  fence<T extends object>(port: T): T {
    return new Proxy(port, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name, target)
        if (typeof value !== 'function') return value
        return (...args: unknown[]) => {
          if (this.#over) return never()
          const answer: unknown = Reflect.apply(value, target, args)
          return answer instanceof Promise ? this.guard(answer) : answer
        }
      },
    })
  }

  /** The clock as this life hears it. */
  clock(clock: Clock): Clock {
    return {
      rate: clock.rate,
      now: () => clock.now(),
      mono: () => clock.mono(),
      sleep: (ms, signal) => this.guard(clock.sleep(ms, signal)),
      after: (ms, fn) =>
        clock.after(ms, () => {
          if (!this.#over) fn()
        }),
    }
  }
}
