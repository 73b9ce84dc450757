// Tells every open event stream what was committed: views of bays as they change, ledger events without a gap.

import type { BayView } from '../core/view.ts'
import type { Log } from '../log.ts'
import type { BenchControl, Clock, EventRow, LedgerReader } from '../ports.ts'
import { type EventClient, frameOf } from './event-client.ts'
import { inTime, type StationOverview } from './overview.ts'

/** All real ms; the clock of a virtual bench may run faster. */
const GATHER_MS = 40
const BEAT_MS = 1_000
/** Even if nothing changed, so that a page can tell a quiet station from a dead one. */
const BEATS_BETWEEN_WORDS = 4
const DRAIN_LIMIT_MS = 10_000
const PAGE = 200
const LEDGER = 'ledger'

export interface HubParts {
  readonly bench: BenchControl
  readonly reader: LedgerReader
  readonly clock: Clock
  readonly overview: StationOverview
  readonly log: Log
}

interface Picture {
  readonly bays: readonly BayView[]
  readonly frame: string
  /** Monotonic ms. */
  readonly at: number
}

export class EventHub {
  readonly #parts: HubParts
  readonly #clients = new Set<EventClient>()
  readonly #dirty = new Set<string>()
  readonly #sent = new Map<string, string>()
  readonly #unsubscribe: () => void
  /** Last ledger event that live clients have. */
  #tail: number
  /** All bays as they were drawn last; null when one changed since. */
  #picture: Picture | null = null
  #gather: (() => void) | null = null
  #beat: (() => void) | null = null
  #beats = 0
  #lastStation = ''
  /** The bays that pages know of. */
  #names: string
  #isPumping = false
  #isClosed = false

  constructor(parts: HubParts) {
    this.#parts = parts
    this.#tail = parts.bench.seq()
    this.#names = parts.bench
      .bays()
      .map(({ bay }) => bay)
      .join()
    this.#unsubscribe = parts.bench.subscribe((bay) => this.#changed(bay))
  }

  get size(): number {
    return this.#clients.size
  }

  /** Takes a client in: the whole picture first, then what it missed of the ledger, then all as it comes. */
  async add(client: EventClient): Promise<void> {
    const { bench, overview, clock, log } = this.#parts
    this.#clients.add(client)
    this.#armBeat()
    client.write('retry: 1000\n\n')
    if (client.wantsBays) {
      const station = overview.latest()
      client.write(client.frame('station', station, frameOf('station', JSON.stringify(station))))
      // After a power cut every board of a hall comes in the same moment: the picture is drawn once for all of them.
      const { bays, frame } = this.#drawn()
      client.write(client.frame('bays', bays, frame))
    }
    if (!client.wantsLedger) return
    if (!this.#hasLive()) this.#tail = Math.max(this.#tail, bench.seq())
    // A number of the future belongs to a ledger that was restored since: the client must know that it starts anew.
    if (client.cursor > this.#tail) {
      client.cursor = this.#tail
      client.write(frameOf('reset', JSON.stringify({ seq: this.#tail, at: clock.now() })))
    }
    try {
      await this.#catchUp(client)
    } catch (error) {
      log.warn('An event stream could not catch up', { error })
      client.cut()
    }
  }

  /** The picture of all bays; a second later it is drawn anew, for what grows old by itself (*longer than usual*). */
  #drawn(): Picture {
    const { bench, clock } = this.#parts
    const at = clock.mono()
    const known = this.#picture
    if (known !== null && at - known.at < BEAT_MS * clock.rate) return known
    const bays = bench.bays()
    this.#picture = { bays, frame: frameOf('bays', JSON.stringify(bays)), at }
    return this.#picture
  }

  remove(client: EventClient): void {
    this.#clients.delete(client)
    if (this.#clients.size > 0) return
    this.#beat?.()
    this.#beat = null
    this.#sent.clear()
  }

  close(): void {
    this.#isClosed = true
    this.#unsubscribe()
    this.#gather?.()
    this.#beat?.()
    for (const client of this.#clients) client.end()
    this.#clients.clear()
  }

  #hasLive(): boolean {
    return [...this.#clients].some((client) => client.wantsLedger && client.isLive)
  }

  async #catchUp(client: EventClient): Promise<void> {
    const { reader, clock } = this.#parts
    while (!client.isGone && client.cursor < this.#tail) {
      const rows = await reader.events(client.cursor, PAGE)
      if (rows.length === 0) break
      for (const row of rows) this.#tell(client, row, frameOfRow(row))
      const isReading = client.drained().then(() => true)
      if (!(await inTime(isReading, DRAIN_LIMIT_MS * clock.rate, clock, false))) {
        this.#drop(client)
        return
      }
    }
    client.isLive = true
    this.#pump()
  }

  #tell(client: EventClient, row: EventRow, whole: string): void {
    if (row.seq <= client.cursor) return
    client.cursor = row.seq
    if (!client.write(client.frame(LEDGER, row, whole, row.seq))) this.#drop(client)
  }

  #drop(client: EventClient): void {
    this.#parts.log.info('An event stream was too slow and was closed')
    client.cut()
    this.remove(client)
  }

  #changed(bay: string | null): void {
    this.#picture = null
    if (this.#clients.size === 0 || this.#isClosed) return
    if (bay !== null) this.#dirty.add(bay)
    this.#gather ??= this.#parts.clock.after(GATHER_MS * this.#parts.clock.rate, () => {
      this.#gather = null
      this.#tellBays()
      if (bay === null) this.#tellStation()
      this.#pump()
    })
  }

  #broadcast(event: string, value: unknown, json = JSON.stringify(value)): void {
    const whole = frameOf(event, json)
    for (const client of this.#clients) {
      if (!client.wantsBays) continue
      if (!client.write(client.frame(event, value, whole))) this.#drop(client)
    }
  }

  #tellBays(): void {
    const { bench } = this.#parts
    const bays = bench.bays()
    const names = bays.map(({ bay }) => bay).join()
    if (names !== this.#names) {
      this.#names = names
      this.#sent.clear()
      this.#dirty.clear()
      this.#broadcast('bays', bays)
    }
    for (const bay of this.#dirty) {
      const view = bench.bay(bay)
      if (view === null) continue
      const json = JSON.stringify(view)
      if (this.#sent.get(bay) === json) continue
      this.#sent.set(bay, json)
      this.#broadcast('bay', view, json)
    }
    this.#dirty.clear()
  }

  #tellStation(): void {
    const picture = this.#parts.overview.latest()
    const steady = JSON.stringify({ ...picture, clock: null, seq: 0 })
    this.#beats += 1
    if (steady === this.#lastStation && this.#beats < BEATS_BETWEEN_WORDS) return
    this.#lastStation = steady
    this.#beats = 0
    this.#broadcast('station', picture)
  }

  #armBeat(): void {
    if (this.#beat !== null || this.#isClosed) return
    const { clock, overview } = this.#parts
    this.#beat = clock.after(BEAT_MS * clock.rate, () => {
      this.#beat = null
      this.#letGo()
      if (this.#clients.size === 0) return
      this.#armBeat()
      this.#pump()
      // Told whether or not the ledger answers: its silence is news too.
      void overview.look().then(() => this.#tellStation())
    })
  }

  /** Ends the streams of sessions that are over: a stream outlives no sign-out. */
  #letGo(): void {
    for (const client of [...this.#clients]) {
      if (client.mayRead) continue
      client.end()
      this.remove(client)
    }
  }

  /** Reads what was committed since and hands it to live clients, one reading at a time. */
  #pump(): void {
    if (this.#isPumping || this.#isClosed || !this.#hasLive()) return
    this.#isPumping = true
    void this.#readOn()
      .catch((error: unknown) => this.#parts.log.warn('Events could not be read', { error }))
      .finally(() => {
        this.#isPumping = false
      })
  }

  async #readOn(): Promise<void> {
    const { bench, reader } = this.#parts
    while (!this.#isClosed && this.#tail < bench.seq()) {
      const rows = await reader.events(this.#tail, PAGE)
      const last = rows.at(-1)
      // The reader may be a moment behind the writer: the next beat looks again.
      if (last === undefined) return
      this.#tail = last.seq
      const frames = rows.map((row) => [row, frameOfRow(row)] as const)
      for (const client of this.#clients) {
        if (!client.wantsLedger || !client.isLive) continue
        for (const [row, whole] of frames) this.#tell(client, row, whole)
      }
    }
  }
}

const frameOfRow = (row: EventRow) => frameOf(LEDGER, JSON.stringify(row), row.seq)
