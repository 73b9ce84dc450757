// The one scheduler of all lamps: blinking, beeps and dead-man refreshes share a single timer of the clock.
import type { Clock } from '../../agent/ports.ts'

interface Due {
  readonly at: number
  /** Null when it was cancelled. */
  fn: (() => void) | null
}

export class Metronome {
  readonly #clock: Clock
  readonly #due = new Set<Due>()
  #armed: number | null = null
  #stop: () => void = () => undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Things that wait; 0 means that no timer runs. */
  get size(): number {
    return this.#due.size
  }

  /** Runs `fn` once in `ms`; the answer cancels it. */
  in(ms: number, fn: () => void): () => void {
    const due: Due = { at: this.#clock.mono() + ms, fn }
    this.#due.add(due)
    this.#arm()
    return () => {
      due.fn = null
      if (this.#due.delete(due)) this.#arm()
    }
  }

  /**
   * Calls `beat` with the number of each step as it begins, round and round; step 0 is taken as begun. A late timer skips
   * to the step that should stand now, so that nothing ever flashes faster than it was written. The answer ends it.
   */
  loop(stepsMs: readonly number[], beat: (step: number) => void): () => void {
    const total = stepsMs.reduce((sum, ms) => sum + ms, 0)
    let step = 0
    let begun = this.#clock.mono()
    let cancel = (): void => undefined
    const next = (): void => {
      const end = begun + (stepsMs[step] ?? total)
      cancel = this.in(Math.max(0, end - this.#clock.mono()), () => {
        begun = end
        step = (step + 1) % stepsMs.length
        const late = this.#clock.mono() - begun
        // More than this step late: whatever stood still meanwhile, the rhythm starts here again.
        if (late > (stepsMs[step] ?? total)) begun = this.#clock.mono()
        beat(step)
        next()
      })
    }
    next()
    return () => cancel()
  }

  #arm(): void {
    let first: number | null = null
    for (const { at } of this.#due) if (first === null || at < first) first = at
    if (first === this.#armed) return
    this.#stop()
    this.#stop = () => undefined
    this.#armed = first
    if (first === null) return
    this.#stop = this.#clock.after(Math.max(0, first - this.#clock.mono()), () => this.#fire())
  }

  #fire(): void {
    this.#armed = null
    const now = this.#clock.mono()
    const ripe = [...this.#due].filter(({ at }) => at <= now)
    for (const due of ripe) this.#due.delete(due)
    for (const due of ripe) due.fn?.()
    this.#arm()
  }
}
