// Drains the outbox: rows go to the broker in order, several in flight, and are marked sent in batches once confirmed.
import { isStationError } from '../fault.ts'
import type { Broker, Clock, Ledger, OutboxRow, Outgoing } from '../ports.ts'
import type { Link } from './link.ts'
import type { Strikes } from './strikes.ts'

/** Rows read at once: about 0.5 MB, so that a backlog of days needs no more memory than one of minutes. */
const PAGE_ROWS = 500
/** Marks wait for this many or this long: each batch is a commit on the bench's disk. */
const MARK_ROWS = 250
const MARK_MS = 25
/** Confirmed rows that the ledger does not take yet; beyond it nothing more is sent. */
const UNMARKED_MAX = 2000
const REFUSED_PAUSE_MS = 100
const LEDGER_AGAIN_MS = 500
const LEDGER_AGAIN_MAX_MS = 30_000

export interface OutboxParts {
  readonly ledger: Ledger
  readonly broker: Broker
  readonly timers: Clock
  readonly strikes: Strikes
  /** Full topic and payload of a row. */
  readonly render: (row: OutboxRow) => { readonly topic: string; readonly payload: string }
  /** A row was confirmed by the broker. */
  readonly sent: (row: OutboxRow) => void
  readonly parked: (row: OutboxRow, why: string) => void
}

const keyOf = ({ seq }: OutboxRow): string => `row ${seq}`

interface PageOfRows {
  readonly rows: readonly OutboxRow[]
  /** Count of wakes before it was read: a later wake means that it may be out of date. */
  readonly wakes: number
}

export class Outbox {
  readonly #parts: OutboxParts
  /** Confirmed but not yet marked; never sent again by this process. */
  readonly #acked = new Set<number>()
  readonly #idle: (() => void)[] = []
  #wakes = 0
  #woken: (() => void) | null = null
  #inFlight = 0
  #isAtEnd = false
  #isClosed = false
  #marking: Promise<void> | null = null
  #cancelMark: (() => void) | null = null

  constructor(parts: OutboxParts) {
    this.#parts = parts
  }

  /** Something was committed. */
  wake(): void {
    this.#wakes += 1
    this.#isAtEnd = false
    this.#woken?.()
  }

  /** Resolves when every row is sent and marked; it may wait for ever without a connection. */
  drained(): Promise<void> {
    return new Promise((resolve) => {
      this.#idle.push(resolve)
      this.#settle()
    })
  }

  /** Nothing is marked any more: what is confirmed but not marked goes out again after the next start. */
  close(): void {
    this.#isClosed = true
    this.#cancelMark?.()
  }

  /** Sends what waits and what comes, until the link is over. */
  async drain(link: Link): Promise<void> {
    const { signal } = link
    // One listener for the whole connection: one per wait would stay until its end, days later.
    signal.addEventListener('abort', () => this.#woken?.(), { once: true })
    let last = 0
    let reading = this.#read(last, signal)
    while (!signal.aborted) {
      const page = await reading
      const rows = page.rows.filter(({ seq }) => seq > last && !this.#acked.has(seq))
      last = page.rows.at(-1)?.seq ?? last
      if (page.rows.length === 0) {
        await this.#waitAtEnd(page.wakes, signal)
        reading = this.#read(last, signal)
        continue
      }
      // The next page is read while this one goes out.
      reading = this.#read(last, signal)
      if (!(await this.#sendAll(rows, link))) return
    }
  }

  /** Hands the rows over in their order, each in the turn in which there is a place for it; false: the link is over. */
  #sendAll(rows: readonly OutboxRow[], link: Link): Promise<boolean> {
    return new Promise((resolve, reject) => {
      let next = 0
      /** Runs in the broker's turn: what goes wrong in here is not the connection's. */
      const go = (isTaken: boolean): void => {
        try {
          sendOn(isTaken)
        } catch (error) {
          reject(error)
        }
      }
      const sendOn = (isTaken: boolean): void => {
        let has = isTaken
        for (let row = rows[next]; row !== undefined; row = rows[next]) {
          if (this.#acked.size >= UNMARKED_MAX && !has) {
            void this.#mark().then(() => go(false))
            return
          }
          const key = keyOf(row)
          has ||= link.takeOr(key, (taken) => (taken ? go(true) : resolve(false)))
          if (!has) return
          has = false
          next += 1
          this.#send(row, key, link)
        }
        resolve(true)
      }
      go(false)
    })
  }

  async #waitAtEnd(wakes: number, signal: AbortSignal): Promise<void> {
    if (wakes !== this.#wakes || signal.aborted) return
    this.#isAtEnd = true
    this.#settle()
    await new Promise<void>((resolve) => {
      this.#woken = resolve
    })
    this.#woken = null
  }

  #read(after: number, signal: AbortSignal): Promise<PageOfRows> {
    const wakes = this.#wakes
    return this.#insist(signal, () => this.#parts.ledger.unsent(after, PAGE_ROWS)).then((rows) => ({
      rows: rows ?? [],
      wakes,
    }))
  }

  #send(row: OutboxRow, key: string, link: Link): void {
    this.#inFlight += 1
    const over = (delivered: boolean) => {
      this.#inFlight -= 1
      link.release(key, delivered)
      this.#settle()
    }
    const { broker, strikes, render } = this.#parts
    const message = { ...render(row), qos: 1, retain: false } as const
    if (strikes.isOut(key)) {
      void this.#park(row, key, 'the broker closed the connection on it', link).then(over)
      return
    }
    let isTaken = false
    const taken = (): void => {
      if (isTaken) return
      isTaken = true
      over(this.#confirmed(row, key))
    }
    // Without a coroutine for each: this is the path that every message takes.
    broker
      .publish(message, taken)
      .then(taken, (error: unknown) => void this.#again(row, key, message, error, link).then(over))
  }

  #confirmed(row: OutboxRow, key: string): true {
    this.#parts.strikes.forget(key)
    this.#acked.add(row.seq)
    this.#markSoon()
    this.#parts.sent(row)
    return true
  }

  /** What to do about a row that did not get through; true when it is settled. */
  async #again(
    row: OutboxRow,
    key: string,
    message: Outgoing,
    error: unknown,
    link: Link,
  ): Promise<boolean> {
    const { broker, strikes, timers } = this.#parts
    // Lost on the way: the row is still unsent and goes out again with the next connection.
    for (let cause = error; !link.signal.aborted; ) {
      if (!isStationError(cause) || cause.code !== 'BACKEND_MESSAGE_REFUSED') return false
      strikes.refused(key)
      if (strikes.isOut(key)) return this.#park(row, key, cause.where, link)
      await timers.sleep(REFUSED_PAUSE_MS, link.signal)
      try {
        await broker.publish(message)
        return this.#confirmed(row, key)
      } catch (next) {
        cause = next
      }
    }
    return false
  }

  async #park(row: OutboxRow, key: string, why: string, link: Link): Promise<boolean> {
    const { ledger, strikes, parked } = this.#parts
    const done = await this.#insist(link.signal, async () => {
      await ledger.park(row.seq, why)
      return true
    })
    if (done === null) return false
    strikes.forget(key)
    parked(row, why)
    return true
  }

  #markSoon(): void {
    if (this.#acked.size >= MARK_ROWS) void this.#mark()
    else if (this.#cancelMark === null && this.#marking === null) {
      this.#cancelMark = this.#parts.timers.after(MARK_MS, () => void this.#mark())
    }
  }

  /** Marks all that is confirmed; one at a time, as a ledger that is slow gets larger batches, not more of them. */
  #mark(): Promise<void> {
    this.#cancelMark?.()
    this.#cancelMark = null
    this.#marking ??= this.#markAll().finally(() => {
      this.#marking = null
      if (this.#acked.size > 0 && !this.#isClosed) this.#markSoon()
      this.#settle()
    })
    return this.#marking
  }

  async #markAll(): Promise<void> {
    const seqs = [...this.#acked]
    const { ledger, timers } = this.#parts
    try {
      await ledger.markSent(seqs)
      for (const seq of seqs) this.#acked.delete(seq)
    } catch {
      // They are known here and not sent again; after a restart they would be, which the key makes harmless.
      await timers.sleep(LEDGER_AGAIN_MS)
    }
  }

  /** Again and again with growing pauses until the ledger answers; null when the link is over. */
  async #insist<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T | null> {
    for (let pause = LEDGER_AGAIN_MS; !signal.aborted; pause *= 2) {
      try {
        return await work()
      } catch {
        // The ledger reports its own health to the bench.
        await this.#parts.timers.sleep(Math.min(pause, LEDGER_AGAIN_MAX_MS), signal)
      }
    }
    return null
  }

  #settle(): void {
    const isBusy = this.#inFlight > 0 || this.#acked.size > 0 || this.#marking !== null
    if (isBusy || !this.#isAtEnd) return
    for (const resolve of this.#idle.splice(0)) resolve()
  }
}
