// Writes the digest of each day that is over into the data directory, and gives the newest one to the broker.
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { type DayRun, type Digest, dayRun, digestOf, digestText } from '../core/digest.ts'
import type { InstantMs } from '../core/ids.ts'
import type { Log } from '../log.ts'
import type { Clock, LedgerReader, LookupReader } from '../ports.ts'

export interface DigestParts {
  readonly dir: string
  readonly site: string
  readonly station: string
  readonly reader: Pick<LedgerReader, 'runs'> & Pick<LookupReader, 'alarmsIn'>
  /** Time of the bench: its days are told. */
  readonly clock: Clock
  readonly timers: Clock
  readonly log: Log
}

/** Runs that one day counts; the largest bench closes some 1,500. */
const RUNS_MAX = 20_000
const PAGE = 200
/** Days that are made good after a holiday without the station. */
const DAYS_BACK = 14
/** Digests that are kept. */
const KEEP = 400
const LOOK_MS = 60_000
const NAME = /^\d{4}-\d\d-\d\d\.json$/

/** Midnight of the bench PC's zone, `days` before the day of `at`. */
function midnight(at: InstantMs, days: number): InstantMs {
  const day = new Date(at)
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() - days).getTime()
}

function dateOf(at: InstantMs): string {
  const day = new Date(at)
  const two = (n: number) => String(n).padStart(2, '0')
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`
}

/** Whole on the disk under its name, or not there. */
function writeWhole(path: string, text: string): void {
  const part = `${path}.part`
  const handle = openSync(part, 'w', 0o640)
  try {
    writeSync(handle, text)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  renameSync(part, path)
}

export class Digests {
  readonly #parts: DigestParts
  readonly #listeners = new Set<() => void>()
  #latest: Digest | null = null

  constructor(parts: DigestParts) {
    this.#parts = parts
  }

  /** Of the last day that is over; null before the first. */
  get latest(): Digest | null {
    return this.#latest
  }

  /** Called when there is a newer one. */
  subscribe(fn: () => void): void {
    this.#listeners.add(fn)
  }

  /** Works until the signal aborts; never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    const { timers, log } = this.#parts
    while (!signal.aborted) {
      try {
        await this.#makeMissing(signal)
      } catch (error) {
        log.warn('a digest could not be written; it is tried again', { error })
      }
      await timers.sleep(LOOK_MS, signal)
    }
  }

  /** Every day since the first run, at most two weeks back, whose file is not there yet. */
  async #makeMissing(signal: AbortSignal): Promise<void> {
    const { clock, dir } = this.#parts
    const now = clock.now()
    mkdirSync(dir, { recursive: true })
    const have = new Set(readdirSync(dir).filter((name) => NAME.test(name)))
    for (let back = DAYS_BACK; back >= 1 && !signal.aborted; back -= 1) {
      const from = midnight(now, back)
      const name = `${dateOf(from)}.json`
      if (have.has(name)) continue
      if (await this.#make(from, midnight(now, back - 1), have.size > 0)) have.add(name)
    }
    this.#forget()
    this.#recall(dateOf(midnight(now, 1)))
  }

  /** A day before the first run has no digest: false; a quiet day between others has one that says so. */
  async #make(from: InstantMs, to: InstantMs, isGap: boolean): Promise<boolean> {
    const { dir, site, station } = this.#parts
    const date = dateOf(from)
    const { runs, cut } = await this.#runsOf(from, to)
    if (runs.length === 0 && !isGap) return false
    const alarms = await this.#parts.reader.alarmsIn(from, to)
    const digest = digestOf({ site, station, date, from, to, runs, alarms, cut })
    // The text first: whoever waits for the JSON finds both.
    writeWhole(join(dir, `${date}.txt`), digestText(digest))
    writeWhole(join(dir, `${date}.json`), `${JSON.stringify(digest, null, 2)}\n`)
    return true
  }

  async #runsOf(since: InstantMs, until: InstantMs): Promise<{ runs: DayRun[]; cut: boolean }> {
    const runs: DayRun[] = []
    let before: number | undefined
    while (runs.length < RUNS_MAX) {
      const query = { max: PAGE, since, until, ...(before === undefined ? {} : { before }) }
      const page = await this.#parts.reader.runs(query)
      runs.push(...page.map(({ record }) => dayRun(record)))
      before = page.at(-1)?.seq
      if (page.length < PAGE || before === undefined) return { runs: runs.toReversed(), cut: false }
    }
    return { runs: runs.toReversed(), cut: true }
  }

  #recall(date: string): void {
    if (this.#latest?.date === date) return
    const { dir } = this.#parts
    const name = readdirSync(dir)
      .filter((one) => NAME.test(one))
      .sort()
      .at(-1)
    if (name === undefined || name === `${this.#latest?.date}.json`) return
    this.#latest = JSON.parse(readFileSync(join(dir, name), 'utf8')) as Digest
    for (const fn of this.#listeners) fn()
  }

  #forget(): void {
    const { dir } = this.#parts
    const names = readdirSync(dir)
      .filter((one) => NAME.test(one))
      .sort()
    for (const name of names.slice(0, -KEEP)) {
      rmSync(join(dir, name), { force: true })
      rmSync(join(dir, name.replace('.json', '.txt')), { force: true })
    }
  }
}
