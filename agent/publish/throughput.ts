// Gathers the runs of the last day from the ledger, once, and then only the new ones, for the `/throughput` topic.
import {
  type ClosedRun,
  closedRun,
  LONGEST_MS,
  type Throughput,
  throughputOf,
} from '../core/throughput-figures.ts'
import type { Clock, LedgerReader } from '../ports.ts'

const PAGE_RUNS = 200
/** Three times what the largest bench closes in a day; older ones of the day are left out beyond it. */
const RUNS_MAX = 10_000

export class ThroughputFigures {
  readonly #reader: LedgerReader
  readonly #clock: Clock
  /** Oldest first. */
  #runs: readonly ClosedRun[] = []

  constructor(reader: LedgerReader, clock: Clock) {
    this.#reader = reader
    this.#clock = clock
  }

  /** Figures up to now; rejects when the ledger cannot be read. */
  async now(): Promise<Throughput> {
    const now = this.#clock.now()
    const known = this.#runs.at(-1)?.seq ?? 0
    const fresh = await this.#since(now - LONGEST_MS, known)
    this.#runs = [...this.#runs, ...fresh.toReversed()]
      .filter(({ endedAt }) => endedAt > now - LONGEST_MS)
      .slice(-RUNS_MAX)
    return throughputOf(this.#runs, now)
  }

  /** Newest first, without the known ones. */
  async #since(since: number, known: number): Promise<ClosedRun[]> {
    const found: ClosedRun[] = []
    let before: number | undefined
    while (found.length < RUNS_MAX) {
      const page = await this.#reader.runs({
        max: PAGE_RUNS,
        since,
        ...(before === undefined ? {} : { before }),
      })
      const fresh = page.filter(({ seq }) => seq > known)
      found.push(...fresh.map(({ seq, record }) => closedRun(seq, record)))
      before = page.at(-1)?.seq
      // The reader may give smaller pages than asked for.
      if (fresh.length < page.length || before === undefined) break
    }
    return found
  }
}
