// The orders of a running station: one book for bench and pages, exchanged whole when a file was imported or changed.
import {
  type FileMarks,
  keepImport,
  keptAs,
  marksOf,
  orderFiles,
} from '../../station-config/order-store.ts'
import { loadOrders, OrderBook } from '../../station-config/orders.ts'
import type { Problem } from '../../station-config/problem.ts'
import { StationError } from '../fault.ts'
import type { Log } from '../log.ts'
import type { Clock } from '../ports.ts'
import { type ReadOrders, readInThread } from './order-thread.ts'
import type { OrderJob } from './order-worker.ts'

/** Imports that wait for their turn, each with a text of 2 MB at most. */
const WAITING_MAX = 4
/** Real ms that somebody who asks waits for a file that changed; after that the orders as they were answer. */
const FRESH_MS = 5_000
/** Real ms until files that could not be read, for want of time or memory, are tried again. */
const AGAIN_MS = 60_000
/** Bad lines of a changed file that the log names. */
const LOGGED_MAX = 5

export interface LiveOrdersOptions {
  /** Order files that the config names. */
  readonly files: readonly string[]
  readonly dataDir: string
  readonly clock: Clock
  readonly log: Log
  /** How files are read while the station runs: in a thread of their own unless it is said otherwise. */
  readonly read?: (job: OrderJob, signal: AbortSignal) => Promise<ReadOrders>
}

export type TakenOrders =
  | { readonly orders: readonly string[] }
  | { readonly problems: readonly Problem[] }

const same = (a: FileMarks, b: FileMarks) =>
  a.size === b.size && [...a].every(([file, mark]) => b.get(file) === mark)

export class LiveOrders {
  readonly #o: LiveOrdersOptions
  readonly #life = new AbortController()
  #book = new OrderBook([])
  #problems: readonly Problem[] = []
  /** The files as they were when they were read last, with good end or not. */
  #seen: FileMarks
  /** Monotonic ms of the clock; from then on a reading that broke is tried again. */
  #again = Number.POSITIVE_INFINITY
  /** One file is read at a time: this is the end of the line. */
  #line: Promise<unknown> = Promise.resolve()
  #waiting = 0
  #rereading: Promise<void> | null = null

  /** Reads all files at once: nothing runs yet that could be held up. */
  constructor(options: LiveOrdersOptions) {
    this.#o = options
    const all = orderFiles(options.files, options.dataDir)
    this.#seen = marksOf(all)
    this.#adopt(loadOrders(all))
  }

  /** The orders as they were read last; cheap enough for every scan. A file that changed since begins to be read. */
  book(): OrderBook {
    this.#look()
    return this.#book
  }

  /** What was wrong with the files at the last reading. */
  problems(): readonly Problem[] {
    this.#look()
    return this.#problems
  }

  /** Resolves when files that changed until now are read, or after 5 s; never rejects. */
  async fresh(): Promise<void> {
    this.#look()
    if (this.#rereading === null) return
    const { clock } = this.#o
    const done = new AbortController()
    const signal = AbortSignal.any([done.signal, this.#life.signal])
    await Promise.race([this.#rereading, clock.sleep(FRESH_MS * clock.rate, signal)])
    done.abort()
  }

  /**
   * Takes a file whole, or names every bad line and takes nothing. When it resolves, look-ups know the new orders.
   * @throws StationError BACKEND_ORDERS_BUSY, or STATION_ORDERS_UNREAD; then nothing was taken
   */
  async take(name: string, text: string): Promise<TakenOrders> {
    if (this.#waiting >= WAITING_MAX)
      throw new StationError('BACKEND_ORDERS_BUSY', `${this.#waiting} files wait`)
    this.#waiting += 1
    try {
      return await this.#inLine(() => this.#import(name, text))
    } finally {
      this.#waiting -= 1
    }
  }

  /** Ends a reading that is under way; what it would have brought is not taken. */
  async close(): Promise<void> {
    this.#life.abort()
    await this.#line.catch(() => undefined)
  }

  #inLine<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#line.then(work, work)
    this.#line = turn
    return turn
  }

  #read(imported: OrderJob['imported']): Promise<ReadOrders> {
    const { files, dataDir, clock, read } = this.#o
    const { signal } = this.#life
    const job = { files, dataDir, imported }
    return read?.(job, signal) ?? readInThread(job, { clock, signal })
  }

  async #import(name: string, text: string): Promise<TakenOrders> {
    const { dataDir } = this.#o
    const { marks, book, problems } = await this.#read({ name, text })
    if (book === null) return { problems }
    const kept = await keepImport(name, text, dataDir)
    if ('problems' in kept) return kept
    const file = keptAs(dataDir, name)
    this.#seen = new Map([...marks, [file, kept.mark]])
    this.#adopt({ book, problems })
    const taken = book.orders.filter((one) => one.file === file)
    return { orders: taken.map(({ order }) => order.order) }
  }

  #marks(): FileMarks {
    return marksOf(orderFiles(this.#o.files, this.#o.dataDir))
  }

  #look(): void {
    if (this.#rereading !== null || this.#life.signal.aborted) return
    const isDue = this.#o.clock.mono() >= this.#again
    if (!isDue && same(this.#marks(), this.#seen)) return
    this.#rereading = this.#inLine(() => this.#reread(isDue)).finally(() => {
      this.#rereading = null
    })
  }

  async #reread(isDue: boolean): Promise<void> {
    const before = this.#marks()
    // An import that was in the line before has read them.
    if (!isDue && same(before, this.#seen)) return
    const { clock, log } = this.#o
    try {
      const read = await this.#read(null)
      this.#again = Number.POSITIVE_INFINITY
      this.#seen = read.marks
      this.#adopt(read)
    } catch (error) {
      if (this.#life.signal.aborted) return
      // Not at every scan, until a file changes or the time is over.
      this.#seen = before
      this.#again = clock.mono() + AGAIN_MS * clock.rate
      log.warn('orders could not be read; those of before stay', { error })
    }
  }

  /** The last good ones stay when a file went bad. */
  #adopt({ book, problems }: Pick<ReadOrders, 'book' | 'problems'>): void {
    this.#problems = problems
    if (book !== null) {
      this.#book = book
      return
    }
    const lines = problems.slice(0, LOGGED_MAX)
    this.#o.log.warn('files of orders have bad lines; orders of before stay', { problems: lines })
  }
}
