// Tells the world what was committed: birth and will, bays, rows of the outbox, figures and answers, over one connection.
import {
  bayMessage,
  digestMessage,
  type Message,
  type Stamp,
  type StationState,
  statusMessage,
  throughputMessage,
} from '../core/messages.ts'
import type {
  BenchControl,
  Broker,
  BrokerSession,
  BrokerTerms,
  Clock,
  Ledger,
  LedgerReader,
  Outgoing,
  Publisher,
  ReportHealth,
} from '../ports.ts'
import type { Digests } from './digests.ts'
import { BrokerHealth } from './health.ts'
import { Link } from './link.ts'
import { Outbox } from './outbox.ts'
import { Query } from './query.ts'
import { Retained } from './retained.ts'
import { rowText } from './row-text.ts'
import { Strikes } from './strikes.ts'
import { ThroughputFigures } from './throughput.ts'
import { type Topics, topicsOf } from './topics.ts'

export interface PublisherParts {
  readonly broker: Broker
  readonly ledger: Ledger
  readonly reader: LedgerReader
  readonly bench: BenchControl
  /** Time of the bench, for what messages say. */
  readonly clock: Clock
  /** Real time, for pauses: a broker does not live on bench time. */
  readonly timers: Clock
  /** True on a virtual bench: messages then say how fast its time goes. */
  readonly virtual: boolean
  readonly site: string
  readonly station: string
  /** Of the program. */
  readonly version: string
  readonly bays: readonly string[]
  /** Bays that were here before and are not now. */
  readonly formerBays?: readonly string[]
  readonly report: ReportHealth
  /** The daily digest; left out by a bench that keeps none. */
  readonly digests?: Pick<Digests, 'latest' | 'subscribe'>
}

/** Figures are told this long after a record, so that a wave of records is one message. */
const FIGURES_MS = 2000
/** How often what waits is counted, and the figures' windows move on though nothing closes. */
const MINUTE_MS = 60_000
/** Kept back from a clean stop for `stopped` and the goodbye. */
const GOODBYE_MS = 400

export class StationPublisher implements Publisher {
  readonly #parts: PublisherParts
  readonly #topics: Topics
  readonly #strikes = new Strikes()
  readonly #outbox: Outbox
  readonly #retained: Retained
  readonly #query: Query
  readonly #figures: ThroughputFigures
  readonly #health: BrokerHealth
  readonly #stopping = new AbortController()
  #running: Promise<unknown> = Promise.resolve()
  #link: Link | null = null
  /** Bays that are not here any more: what the broker keeps of them is cleared at every connect. */
  readonly #left = new Set<string>()
  /** The bays that the status named last. */
  #told = ''
  #isStopping = false
  /** In flight when the last connection was lost: so many go one by one at first. */
  #suspects = 0
  #cancelFigures: (() => void) | null = null

  constructor(parts: PublisherParts) {
    this.#parts = parts
    for (const bay of parts.formerBays ?? []) this.#left.add(bay)
    const { broker, ledger, reader, clock, timers } = parts
    const topics = topicsOf(parts.site, parts.station)
    this.#topics = topics
    this.#health = new BrokerHealth(parts.report, reader)
    this.#figures = new ThroughputFigures(reader, clock)
    this.#outbox = new Outbox({
      ledger,
      broker,
      timers,
      strikes: this.#strikes,
      render: (row) => ({
        topic: topics.row(row.topic),
        payload: rowText(this.#stampOf(row), row),
      }),
      sent: ({ topic }) => {
        if (topic.startsWith('records/')) this.#figuresSoon()
      },
      parked: ({ seq, topic }, why) => this.#health.parked(`message ${seq} on ${topic}: ${why}`),
    })
    this.#retained = new Retained({
      broker,
      strikes: this.#strikes,
      muted: (topic, bytes) => this.#health.parked(`${topic}: ${bytes} bytes were refused`),
    })
    this.#query = new Query({
      broker,
      reader,
      clock,
      timers,
      stamp: () => this.#stamp(),
      takesAnswers: topics.takesAnswers,
    })
  }

  get state(): Publisher['state'] {
    return this.#parts.broker.state
  }

  /** Resolves at once; connecting goes on in the background until the signal aborts or `stop`. */
  async start(signal: AbortSignal): Promise<void> {
    const { broker, bench } = this.#parts
    const over = AbortSignal.any([signal, this.#stopping.signal])
    const unsubscribe = bench.subscribe((bay) => this.#committed(bay))
    this.#parts.digests?.subscribe(() => this.#markDigest())
    over.addEventListener('abort', unsubscribe, { once: true })
    this.#running = Promise.all([broker.run(this.#session(), over), this.#eachMinute(over)])
  }

  async stop(ms: number): Promise<void> {
    this.#isStopping = true
    const { broker, timers } = this.#parts
    const link = this.#link
    if (link !== null) {
      const ahead = new AbortController()
      const reserve = Math.min(GOODBYE_MS, ms / 2)
      const limit = timers.sleep(ms - reserve, ahead.signal)
      await Promise.race([this.#outbox.drained(), limit, aborted(link.signal)])
      ahead.abort()
      await this.#sayStopped(link, reserve / 2)
      await broker.disconnect()
    }
    this.#cancelFigures?.()
    this.#outbox.close()
    this.#stopping.abort()
    await this.#running
  }

  async #sayStopped(link: Link, ms: number): Promise<void> {
    const { broker, timers } = this.#parts
    const place = link.take('stopped')
    // Without a free place it goes as QoS 0: unconfirmed, but still in front of the goodbye.
    const message = { ...this.#status('stopped'), qos: place === true ? 1 : 0 } as const
    const ahead = new AbortController()
    const sent = broker.publish(message).catch(() => {})
    await Promise.race([sent, timers.sleep(ms, ahead.signal)])
    ahead.abort()
  }

  #session(): BrokerSession {
    return {
      subscriptions: [this.#topics.query],
      will: () => this.#status('offline'),
      connected: (terms) => void this.#connected(terms),
      lost: () => {
        const inFlight = this.#link?.inFlight ?? []
        this.#suspects = inFlight.length
        this.#strikes.lost(inFlight)
        this.#link?.close()
        this.#link = null
      },
      message: (message) => {
        if (this.#link !== null) void this.#query.take(message, this.#link)
      },
      trouble: (code, detail) => {
        if (!this.#isStopping) this.#health.trouble(code, detail)
      },
    }
  }

  async #connected(terms: BrokerTerms): Promise<void> {
    this.#strikes.connected(terms.firstTry)
    const link = new Link(terms.inFlightMax, this.#suspects)
    this.#link = link
    this.#health.connected()
    this.#markStatus()
    this.#told = this.#parts.bays.join()
    for (const bay of new Set([...this.#parts.bays, ...this.#left])) this.#markBay(bay)
    this.#markDigest()
    await this.#retained.birth(link)
    link.born()
    this.#figuresSoon()
    await Promise.all([this.#retained.run(link), this.#outbox.drain(link)])
  }

  #committed(bay: string | null): void {
    this.#outbox.wake()
    const { bench } = this.#parts
    if (bay !== null && bench.bay(bay) === null) this.#left.add(bay)
    if (this.#link === null) return
    for (const name of bay === null ? this.#parts.bays : [bay]) this.#markBay(name)
    const names = this.#parts.bays.join()
    if (names === this.#told) return
    this.#told = names
    this.#markStatus()
  }

  #markStatus(): void {
    this.#retained.mark(this.#topics.status, () => JSON.stringify(this.#statusOf('online')))
  }

  #markDigest(): void {
    const digest = this.#parts.digests?.latest ?? null
    if (digest === null) return
    this.#retained.mark(this.#topics.digest, () =>
      JSON.stringify(digestMessage(this.#stamp(), digest)),
    )
  }

  #markBay(bay: string): void {
    this.#retained.mark(this.#topics.bay(bay), () => {
      const view = this.#parts.bench.bay(bay)
      // Nothing at all clears what a broker keeps of a bay that left (MQTT 5 §3.3.1.3).
      return view === null ? '' : JSON.stringify(bayMessage(this.#stamp(), view))
    })
  }

  #figuresSoon(): void {
    this.#cancelFigures ??= this.#parts.timers.after(FIGURES_MS, () => {
      this.#cancelFigures = null
      void this.#tellFigures()
    })
  }

  async #tellFigures(): Promise<void> {
    if (this.#link === null || this.#isStopping) return
    // The ledger reports its own health; the figures come with the next record.
    const figures = await this.#figures.now().catch(() => null)
    if (figures === null) return
    this.#retained.mark(this.#topics.throughput, () =>
      JSON.stringify(throughputMessage(this.#stamp(), { ...figures })),
    )
  }

  async #eachMinute(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#health.count()
      await this.#parts.timers.sleep(MINUTE_MS, signal)
      if (this.#link !== null) this.#figuresSoon()
    }
  }

  #stamp(): Stamp {
    const { ledger, bench, clock } = this.#parts
    return this.#stampOf({ epoch: ledger.epoch, seq: bench.seq(), at: clock.now() })
  }

  #stampOf(row: { readonly epoch: string; readonly seq: number; readonly at: number }): Stamp {
    const { station, virtual, clock } = this.#parts
    const { epoch, seq, at } = row
    return { station, epoch, seq, at, rate: virtual ? clock.rate : null }
  }

  #statusOf(state: StationState): Message {
    const { version, bays } = this.#parts
    return statusMessage(this.#stamp(), state, version, bays)
  }

  #status(state: StationState): Outgoing {
    const payload = JSON.stringify(this.#statusOf(state))
    return { topic: this.#topics.status, payload, qos: 1, retain: true }
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
