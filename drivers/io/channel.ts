// Hands the facts of one part to whoever watches it, bounded and without losing the present state.

/** Facts kept for one watcher that does not take them; the oldest go first, as levels make them stale. */
const QUEUE_MAX = 64

/** One writer, any number of watchers; each gets the present state first, then every fact after it. */
export class Channel<T> {
  readonly #present: () => readonly T[]
  readonly #watchers = new Set<(fact: T | null) => void>()
  #closed = false

  constructor(present: () => readonly T[]) {
    this.#present = present
  }

  push(fact: T): void {
    for (const watcher of this.#watchers) watcher(fact)
  }

  /** Ends every watch, now and later. */
  close(): void {
    this.#closed = true
    for (const watcher of this.#watchers) watcher(null)
  }

  /** Ends when `signal` aborts or the channel closes; never throws. */
  async *watch(signal: AbortSignal): AsyncGenerator<T, void, void> {
    const queue: T[] = [...this.#present()]
    let wake = (): void => undefined
    const watcher = (fact: T | null): void => {
      if (fact !== null) queue.push(fact)
      if (queue.length > QUEUE_MAX) queue.shift()
      wake()
    }
    const stop = (): void => wake()
    this.#watchers.add(watcher)
    signal.addEventListener('abort', stop)
    try {
      while (!signal.aborted && !this.#closed) {
        const fact = queue.shift()
        if (fact !== undefined) yield fact
        else await new Promise<void>((resolve) => (wake = resolve))
      }
    } finally {
      this.#watchers.delete(watcher)
      signal.removeEventListener('abort', stop)
    }
  }
}
