// The station as one picture: who it is, its clock, health, the day's figures, and whether it is fit for work.

import { FAULTS } from '../fault.ts'
import type { Log } from '../log.ts'
import type { BenchControl, Clock, Health, LedgerReader } from '../ports.ts'
import { Tally, type Today } from './tally.ts'

export interface StationName {
  readonly site: string
  readonly station: string
  readonly version: string
  /** A bench of simulated devices: the board says so. */
  readonly virtual: boolean
  /** How the bays stand on the bench, row by row, null for a gap; left out: the tiles flow. */
  readonly layout?: { readonly columns: number; readonly places: readonly (string | null)[] }
  /** Where a phone in the board's network reaches it; left out: this PC alone, or not known. */
  readonly outerUrl?: string
  /** Bays whose port at a managed switch the station may switch. */
  readonly switched?: readonly string[]
}

export interface Overview extends StationName {
  readonly bays: readonly string[]
  /** Page and programs compute ages from this: time may run faster than on the wall. */
  readonly clock: { readonly now: number; readonly rate: number }
  readonly seq: number
  readonly startedAt: number
  readonly health: readonly Health[]
  readonly today: Today
  readonly outbox: {
    readonly unsent: number
    readonly parked: number
    readonly oldestUnsentAt: number | null
  }
  readonly runs: number
  readonly verdicts: Readonly<Record<string, number>>
}

export interface Readiness {
  readonly ready: boolean
  readonly problems: readonly {
    readonly part: string
    readonly bay: string | null
    readonly code: string | null
    readonly hint: string
    /** False: it is told, and work goes on without it. */
    readonly blocks: boolean
  }[]
}

/** A lost lamp, scanner or broker stops no bay (shared signals page; product: pre-check). */
const GOES_ON_WITHOUT: readonly Health['part'][] = [
  'lamp',
  'scanner',
  'button',
  'broker',
  'uplink',
  'printer',
]
/** Figures are read again at most this often, real ms: they are for a person's eye. */
const FIGURES_EVERY_MS = 2_000
/** A reader that takes longer counts as no ledger, real ms. */
const READER_LIMIT_MS = 2_000

type Totals = Awaited<ReturnType<LedgerReader['totals']>>

export class StationOverview {
  readonly #name: StationName
  readonly #bench: BenchControl
  readonly #reader: LedgerReader
  readonly #clock: Clock
  readonly #log: Log
  readonly #tally: Tally
  readonly #startedAt: number
  #today: Today = { resealed: 0, firstTimeRight: null, closed: 0 }
  #totals: Totals | null = null
  #readAt = Number.NEGATIVE_INFINITY
  #reading: Promise<boolean> | null = null

  constructor(
    name: StationName,
    bench: BenchControl,
    reader: LedgerReader,
    clock: Clock,
    log: Log,
  ) {
    this.#name = name
    this.#bench = bench
    this.#reader = reader
    this.#clock = clock
    this.#log = log
    this.#tally = new Tally(reader)
    this.#startedAt = clock.now()
  }

  /** The picture now; figures may be two seconds old. */
  async look(): Promise<Overview> {
    await this.#freshen()
    return this.latest()
  }

  /** The picture without waiting for the ledger. */
  latest(): Overview {
    return {
      ...this.#name,
      bays: this.#bench.bays().map((view) => view.bay),
      clock: { now: this.#clock.now(), rate: this.#clock.rate },
      seq: this.#bench.seq(),
      startedAt: this.#startedAt,
      health: this.#bench.health(),
      today: this.#today,
      outbox: {
        unsent: this.#totals?.unsent ?? 0,
        parked: this.#totals?.parked ?? 0,
        oldestUnsentAt: this.#totals?.oldestUnsentAt ?? null,
      },
      runs: this.#totals?.runs ?? 0,
      verdicts: this.#totals?.verdicts ?? {},
    }
  }

  /** True when the reader answered in time. */
  async #freshen(): Promise<boolean> {
    const isRecent = this.#clock.mono() - this.#readAt < FIGURES_EVERY_MS * this.#clock.rate
    if (isRecent && this.#reading === null) return true
    this.#reading ??= this.#read().finally(() => {
      this.#reading = null
    })
    return inTime(this.#reading, READER_LIMIT_MS * this.#clock.rate, this.#clock, false)
  }

  async #read(): Promise<boolean> {
    try {
      this.#totals = await this.#reader.totals()
      this.#today = await this.#tally.read(this.#clock.now())
      this.#readAt = this.#clock.mono()
      return true
    } catch (error) {
      this.#log.warn('The figures of the board could not be read', { error })
      return false
    }
  }

  /** Honest: the ledger is asked, and each bay's parts count as the bench last saw them. */
  async readiness(): Promise<Readiness> {
    const reads = await this.#freshen()
    const problems = this.#bench
      .health()
      .filter((part) => !part.ok)
      .map(({ part, bay, code }) => ({
        part: part as string,
        bay: bay as string | null,
        code: code as string | null,
        hint: code === null ? '' : FAULTS[code].hint,
        blocks: !GOES_ON_WITHOUT.includes(part),
      }))
    if (!reads && !problems.some(({ part }) => part === 'ledger')) {
      const code = 'STATION_LEDGER_FAULT'
      problems.push({ part: 'ledger', bay: null, code, hint: FAULTS[code].hint, blocks: true })
    }
    return { ready: problems.every(({ blocks }) => !blocks), problems }
  }
}

/** `promise`, or `late` after `ms` of the clock. */
export function inTime<T>(promise: Promise<T>, ms: number, clock: Clock, late: T): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(ms, () => resolve(late))
    promise.then(resolve, reject).finally(cancel)
  })
}
