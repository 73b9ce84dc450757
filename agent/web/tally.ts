// Counts the day's runs for the foot of the board, reading each closed run once.
import type { InstantMs } from '../core/ids.ts'
import type { LedgerReader, StoredRun } from '../ports.ts'

export interface Today {
  readonly resealed: number
  /** First attempts that ended resealed without a Retry, as a share of all first attempts; null before the first. */
  readonly firstTimeRight: number | null
  readonly closed: number
}

const PAGE = 200
/** Mostly none or one is new: parsing a whole page of known runs every 2 s would hold up the loop for nothing. */
const FIRST_PAGE = 8
/** A bench of 64 bays closes some 1,500 runs in 24 h; a demo at speed may close more than we care to count. */
const RUNS_MAX = 10_000

/** Midnight before `at` in the time zone of the bench PC. */
const dayOf = (at: InstantMs): InstantMs => new Date(at).setHours(0, 0, 0, 0)

export class Tally {
  readonly #reader: LedgerReader
  #day: InstantMs = Number.NaN
  #lastSeq = -1
  #resealed = 0
  #first = 0
  #firstRight = 0
  #closed = 0

  constructor(reader: LedgerReader) {
    this.#reader = reader
  }

  /** Takes in what was closed since the last call. One call at a time. */
  async read(now: InstantMs): Promise<Today> {
    const day = dayOf(now)
    if (day !== this.#day) {
      this.#day = day
      this.#resealed = this.#first = this.#firstRight = this.#closed = 0
      // Runs of the day before stay counted out by `since`; their numbers need no second look.
    }
    for (const run of await this.#news(day)) this.#count(run)
    return {
      resealed: this.#resealed,
      firstTimeRight: this.#first === 0 ? null : this.#firstRight / this.#first,
      closed: this.#closed,
    }
  }

  /** Runs of today not yet counted, in pages from the newest back to the last one known. */
  async #news(since: InstantMs): Promise<StoredRun[]> {
    const known = this.#lastSeq
    const news: StoredRun[] = []
    let before: number | undefined
    for (let max = FIRST_PAGE; news.length < RUNS_MAX; max = PAGE) {
      const query = { max, since, ...(before === undefined ? {} : { before }) }
      const page = await this.#reader.runs(query)
      const unknown = page.filter((run) => run.seq > known)
      news.push(...unknown)
      this.#lastSeq = Math.max(this.#lastSeq, ...unknown.map((run) => run.seq))
      before = page.at(-1)?.seq
      if (page.length < max || unknown.length < page.length) break
    }
    return news
  }

  #count({ record }: StoredRun): void {
    const isResealed = record.verdict === 'resealed'
    this.#closed += 1
    if (isResealed) this.#resealed += 1
    if (record.attempt !== 1) return
    this.#first += 1
    if (isResealed && record.retries === 0) this.#firstRight += 1
  }
}
