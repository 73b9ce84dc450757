// The clock of the simulation: time moves only from one queued event to the next, and only when nothing is in flight.
import type { Clock } from '../../agent/ports.ts'

/** 2026-01-05T06:00:00Z, a Monday morning: a virtual bench starts here unless it is told otherwise. */
export const VIRTUAL_START = Date.UTC(2026, 0, 5, 6, 0, 0)

interface Event {
  readonly at: number
  readonly seq: number
  fn: (() => void) | null
}

/** Why `run` came back: the condition held, no event is left, or the bound was reached. */
export type RunEnd = 'until' | 'idle' | 'max'

const before = (a: Event, b: Event) => a.at < b.at || (a.at === b.at && a.seq < b.seq)

/** Steps per turn of the event loop; the microtask queue is drained after each of them. */
const STEPS_PER_TURN = 32
/** Cancelled events are swept out when there are more of them than this and than live ones. */
const SWEEP_MIN = 1024

export class SteppedClock implements Clock {
  readonly rate = 1
  readonly #start: number
  #now: number
  #seq = 0
  #held = 0
  #cancelled = 0
  #heap: Event[] = []
  #fired = 0
  #released: (() => void) | null = null

  /** `start`: UTC ms of the first moment. */
  constructor(start: number = VIRTUAL_START) {
    this.#start = start
    this.#now = start
  }

  now(): number {
    return this.#now
  }

  mono(): number {
    return this.#now - this.#start
  }

  /** Events fired so far. */
  get fired(): number {
    return this.#fired
  }

  /** Events that wait and were not called off. */
  get waiting(): number {
    return this.#heap.length - this.#cancelled
  }

  after(ms: number, fn: () => void): () => void {
    const wait = Math.max(0, Math.ceil(ms))
    if (!Number.isFinite(wait)) throw new RangeError(`a wait of ${ms} ms has no end`)
    const event: Event = { at: this.#now + wait, seq: this.#seq++, fn }
    this.#push(event)
    return () => this.#cancel(event)
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.resolve()
    return new Promise((resolve) => {
      const end = () => {
        cancel()
        signal?.removeEventListener('abort', end)
        resolve()
      }
      const cancel = this.after(ms, end)
      signal?.addEventListener('abort', end, { once: true })
    })
  }

  /** Says that something outside of the queue is under way (a worker, a disk): time stands still until the answer is called. */
  hold(): () => void {
    let open = true
    this.#held++
    return () => {
      if (!open) return
      open = false
      this.#held--
      if (this.#held === 0) this.#released?.()
    }
  }

  /** Holds time until the promise is settled; answers the same promise. */
  track<T>(work: Promise<T>): Promise<T> {
    const release = this.hold()
    work.then(release, release)
    return work
  }

  /**
   * Fires events in the order of (at, seq) until `until` holds, none is left, or `maxEvents` were fired. Before each
   * one everything that the last one set off has ended: the microtask queue is empty and nothing is held.
   */
  run(until: () => boolean, maxEvents: number): Promise<RunEnd> {
    const last = this.#fired + maxEvents
    return new Promise((resolve, reject) => {
      let ended = false
      let waiting = 0
      const end = (why: RunEnd) => {
        ended = true
        this.#released = null
        resolve(why)
      }
      const step = () => {
        waiting--
        if (ended) return
        try {
          if (this.#held > 0) {
            this.#released ??= () => {
              this.#released = null
              turn()
            }
            return
          }
          if (until()) return end('until')
          if (this.#fired >= last) return end('max')
          const event = this.#pop()
          if (event === null) return end('idle')
          this.#now = event.at
          this.#fired++
          event.fn?.()
        } catch (error) {
          ended = true
          reject(error)
          return
        }
        if (waiting === 0) turn()
      }
      // Node drains the microtask queue between two immediates of the same turn, so a batch is as strict as single
      // steps and saves a poll of the kernel for each event.
      const turn = () => {
        for (; waiting < STEPS_PER_TURN; waiting++) setImmediate(step)
      }
      turn()
    })
  }

  #cancel(event: Event): void {
    if (event.fn === null) return
    event.fn = null
    this.#cancelled++
    if (this.#cancelled > SWEEP_MIN && this.#cancelled * 2 > this.#heap.length) {
      const live = this.#heap.filter((one) => one.fn !== null)
      this.#heap = []
      this.#cancelled = 0
      for (const one of live) this.#push(one)
    }
  }

  #push(event: Event): void {
    const heap = this.#heap
    let at = heap.push(event) - 1
    while (at > 0) {
      const up = (at - 1) >> 1
      const parent = heap[up] as Event
      if (!before(event, parent)) break
      heap[at] = parent
      at = up
    }
    heap[at] = event
  }

  /** The earliest live event, taken off the heap; cancelled ones are passed over and move no time. */
  #pop(): Event | null {
    for (let event = this.#take(); event !== null; event = this.#take()) {
      if (event.fn === null) {
        this.#cancelled--
        continue
      }
      return { at: event.at, seq: event.seq, fn: this.#fire(event) }
    }
    return null
  }

  /** A fired event can no longer be cancelled: its late cancel must not be counted. */
  #fire(event: Event): () => void {
    const fn = event.fn as () => void
    event.fn = null
    return fn
  }

  #take(): Event | null {
    const heap = this.#heap
    const top = heap[0]
    const last = heap.pop()
    if (top === undefined || last === undefined) return null
    if (heap.length === 0) return top
    let at = 0
    for (;;) {
      let down = 2 * at + 1
      if (down >= heap.length) break
      const right = down + 1
      if (right < heap.length && before(heap[right] as Event, heap[down] as Event)) down = right
      const child = heap[down] as Event
      if (!before(child, last)) break
      heap[at] = child
      at = down
    }
    heap[at] = last
    return top
  }
}
