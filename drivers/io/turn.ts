// One user at a time of a thing that cannot be shared, first come first served, with a bound on the queue.

/** Waiters beyond this are turned away: somebody asks without waiting for answers. */
const WAITING_MAX = 16

export class Turn {
  readonly #waiting: (() => void)[] = []
  #taken = false

  /** Runs `work` alone. Null, and `work` never runs, when `signal` aborts before its turn or the queue is full. */
  async take<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T | null> {
    if (this.#taken && !(await this.#wait(signal))) return null
    this.#taken = true
    try {
      return signal?.aborted ? null : await work()
    } finally {
      const next = this.#waiting.shift()
      if (next) next()
      else this.#taken = false
    }
  }

  /** Resolves with true when the turn was handed over (it stays taken meanwhile), false when it gave up. */
  #wait(signal?: AbortSignal): Promise<boolean> {
    if (this.#waiting.length >= WAITING_MAX || signal?.aborted) return Promise.resolve(false)
    return new Promise((resolve) => {
      const go = (): void => {
        signal?.removeEventListener('abort', leave)
        resolve(true)
      }
      const leave = (): void => {
        const at = this.#waiting.indexOf(go)
        if (at < 0) return
        this.#waiting.splice(at, 1)
        resolve(false)
      }
      this.#waiting.push(go)
      signal?.addEventListener('abort', leave, { once: true })
    })
  }
}
