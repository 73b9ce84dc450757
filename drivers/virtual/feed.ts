// Hands facts of the virtual world to whoever watches, in order and bounded, until the agent is gone.

/** One life of the agent: after a kill its parts hear and do nothing any more, the world goes on. */
export class Incarnation {
  #dead = false

  get dead(): boolean {
    return this.#dead
  }

  kill(): void {
    this.#dead = true
  }

  /** What a call of a dead agent comes to: it never ends. */
  static never<T>(): Promise<T> {
    return new Promise<T>(() => {})
  }
}

interface Watcher<T> {
  readonly items: T[]
  readonly life: Incarnation
  wake: (() => void) | null
}

/** More than this unread means that nobody reads: the oldest go, and the counters in the facts still tell. */
const QUEUE_MAX = 256

export class Feed<T> {
  readonly #watchers = new Set<Watcher<T>>()

  publish(item: T): void {
    for (const watcher of this.#watchers) {
      if (watcher.life.dead) {
        this.#watchers.delete(watcher)
        continue
      }
      if (watcher.items.length >= QUEUE_MAX) watcher.items.shift()
      watcher.items.push(item)
      watcher.wake?.()
    }
  }

  /** Yields what stands now (`first`), then every fact until the signal aborts. */
  async *watch(
    life: Incarnation,
    signal: AbortSignal,
    first: () => readonly T[],
  ): AsyncGenerator<T> {
    if (life.dead || signal.aborted) return
    const watcher: Watcher<T> = { items: [...first()], life, wake: null }
    const wake = () => watcher.wake?.()
    this.#watchers.add(watcher)
    signal.addEventListener('abort', wake)
    try {
      while (!signal.aborted) {
        const item = watcher.items.shift()
        if (item !== undefined) {
          yield item
          continue
        }
        await new Promise<void>((resolve) => {
          watcher.wake = resolve
        })
        watcher.wake = null
      }
    } finally {
      signal.removeEventListener('abort', wake)
      this.#watchers.delete(watcher)
    }
  }
}
