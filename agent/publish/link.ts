// One connection as the rooms' loops see it: how much may be in flight, what is, and when it is over.

/** With an answer time of 1 ms this is far over what a bench makes, and little to send again after a loss. */
const WINDOW_MAX = 64

interface Waiter {
  readonly key: string
  readonly go: (taken: boolean) => void
}

export class Link {
  readonly #inFlight = new Set<string>()
  readonly #waiters: Waiter[] = []
  readonly #over = new AbortController()
  readonly #capacity: number
  /** Messages still to go one by one, because one of them may be what made the broker hang up. */
  #careful: number
  #isBorn = false

  constructor(inFlightMax: number, careful: number) {
    this.#capacity = Math.min(WINDOW_MAX, Math.max(1, inFlightMax))
    this.#careful = careful
  }

  /** Aborts when the connection is gone. */
  get signal(): AbortSignal {
    return this.#over.signal
  }

  get inFlight(): readonly string[] {
    return [...this.#inFlight]
  }

  /** Waits for a place; false when the connection went away meanwhile. */
  take(key: string): Promise<boolean> | boolean {
    if (this.signal.aborted) return false
    if (this.#hasPlace()) {
      this.#inFlight.add(key)
      return true
    }
    return new Promise((go) => this.#waiters.push({ key, go }))
  }

  /**
   * Takes a place now, or calls `go` in the very turn in which one is free; with false when the connection goes away
   * meanwhile. True: it is taken. False: wait for the call.
   */
  takeOr(key: string, go: (taken: boolean) => void): boolean {
    if (!this.signal.aborted && this.#hasPlace()) {
      this.#inFlight.add(key)
      return true
    }
    if (this.signal.aborted) queueMicrotask(() => go(false))
    else this.#waiters.push({ key, go })
    return false
  }

  release(key: string, delivered: boolean): void {
    this.#inFlight.delete(key)
    if (delivered && this.#isBorn && this.#careful > 0) this.#careful -= 1
    this.#admit()
  }

  /** Status and bays are told: from now on several may be in flight. */
  born(): void {
    this.#isBorn = true
    this.#admit()
  }

  close(): void {
    this.#over.abort()
    for (const { go } of this.#waiters.splice(0)) go(false)
  }

  #hasPlace(): boolean {
    const alone = !this.#isBorn || this.#careful > 0
    return this.#inFlight.size < (alone ? 1 : this.#capacity)
  }

  #admit(): void {
    while (this.#hasPlace()) {
      const next = this.#waiters.shift()
      if (next === undefined) return
      this.#inFlight.add(next.key)
      next.go(true)
    }
  }
}
