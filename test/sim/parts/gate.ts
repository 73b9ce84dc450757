// The ledger as one life of the agent holds it: here it is killed before or after a commit, or the disk refuses.
import { type FaultCode, StationError } from '../../../agent/fault.ts'
import type { BayId, Committed, Entry, InstantMs, Ledger, OutboxRow } from '../../../agent/ports.ts'
import type { Book } from './book.ts'
import type { Life } from './life.ts'

/** Where a kill may strike: the n-th commit that was asked for over all lives, or the n-th batch of sent-marks. */
export interface Boundary {
  readonly what: 'commit' | 'sent'
  readonly n: number
  readonly side: 'before' | 'after'
  readonly entry: Entry | null
}

export interface Plan {
  readonly kill?: (at: Boundary) => boolean
  /** The fault with which a commit is refused; null lets it through. */
  readonly refuse?: (entry: Entry) => FaultCode | null
}

/** Commits and sent-marks asked for so far, over all lives. */
export interface Counts {
  commit: number
  sent: number
}

export class Gate implements Ledger {
  readonly #inner: Ledger
  readonly #life: Life
  readonly #book: Book
  readonly #plan: Plan
  readonly #counts: Counts

  constructor(inner: Ledger, life: Life, book: Book, plan: Plan, counts: Counts) {
    this.#inner = inner
    this.#life = life
    this.#book = book
    this.#plan = plan
    this.#counts = counts
  }

  get epoch(): string {
    return this.#inner.epoch
  }

  async commit(entry: Entry): Promise<Committed> {
    if (this.#life.over) return this.#life.kill()
    const n = ++this.#counts.commit
    if (this.#kills({ what: 'commit', n, side: 'before', entry })) return this.#life.kill()
    const code = this.#plan.refuse?.(entry) ?? null
    if (code !== null) throw new StationError(code, 'refused by the test')
    const done = await this.#inner.commit(entry)
    if (!this.#life.lost) this.#book.took(entry)
    if (this.#life.over) return this.#life.kill()
    return this.#kills({ what: 'commit', n, side: 'after', entry }) ? this.#life.kill() : done
  }

  async markSent(seqs: readonly number[]): Promise<void> {
    if (this.#life.over) return this.#life.kill()
    const n = ++this.#counts.sent
    if (this.#kills({ what: 'sent', n, side: 'before', entry: null })) return this.#life.kill()
    await this.#life.guard(this.#inner.markSent(seqs))
    if (this.#kills({ what: 'sent', n, side: 'after', entry: null })) return this.#life.kill()
  }

  #kills(at: Boundary): boolean {
    return this.#plan.kill?.(at) === true
  }

  states(): Promise<ReadonlyMap<string, string>> {
    return this.#life.guard(this.#inner.states())
  }

  countBoot(bays: readonly BayId[]): Promise<ReadonlyMap<string, number>> {
    return this.#life.guard(this.#inner.countBoot(bays))
  }

  annotate(
    serial: string,
    kind: string,
    at: InstantMs,
    body: Readonly<Record<string, unknown>>,
  ): Promise<Committed> {
    return this.#life.guard(this.#inner.annotate(serial, kind, at, body))
  }

  unsent(after: number, max: number): Promise<readonly OutboxRow[]> {
    return this.#life.guard(this.#inner.unsent(after, max))
  }

  park(seq: number, why: string): Promise<void> {
    return this.#life.guard(this.#inner.park(seq, why))
  }

  seq(): Promise<number> {
    return this.#life.guard(this.#inner.seq())
  }

  close(): Promise<void> {
    return this.#inner.close()
  }
}
