// A consumer behind a broker: it keeps the keys of what it saw, and gets everything at least once.

import { StationError } from '../../../agent/fault.ts'
import type { Broker, BrokerSession, BrokerTerms, Clock, Outgoing } from '../../../agent/ports.ts'
import type { Life } from './life.ts'

/** From a publish to its answer, ms: long enough that kills strike in between. */
const ANSWER_MS = 40

interface Envelope {
  readonly epoch: string
  readonly seq: number
}

export class Consumer {
  /** Key -> topic and payload of what came first. */
  readonly seen = new Map<string, { readonly topic: string; readonly payload: string }>()
  /** Messages that came again under a key that was known. */
  again = 0
  readonly complaints: string[] = []

  take({ topic, payload, retain }: Outgoing): void {
    if (retain) return
    const { epoch, seq } = JSON.parse(payload) as Envelope
    const key = `${epoch}/${seq}`
    const before = this.seen.get(key)
    if (before === undefined) {
      this.seen.set(key, { topic, payload })
      return
    }
    this.again++
    if (before.topic !== topic || before.payload !== payload)
      this.complaints.push(`${key} came as ${before.topic} and as ${topic} with another payload`)
  }

  /** Bodies of all messages under a topic. */
  under(part: string): readonly Readonly<Record<string, unknown>>[] {
    return [...this.seen.values()]
      .filter(({ topic }) => topic.includes(part))
      .map(({ payload }) => JSON.parse(payload))
  }
}

/** The connection of one life to the broker. */
export class SimBroker implements Broker {
  readonly #clock: Clock
  readonly #life: Life
  readonly #consumer: Consumer
  #session: BrokerSession | null = null
  readonly #over = new AbortController()

  constructor(clock: Clock, life: Life, consumer: Consumer) {
    this.#clock = clock
    this.#life = life
    this.#consumer = consumer
  }

  get state(): Broker['state'] {
    return this.#session === null ? 'connecting' : 'connected'
  }

  async run(session: BrokerSession, signal: AbortSignal): Promise<void> {
    await this.#clock.sleep(ANSWER_MS)
    const terms: BrokerTerms = { version: 5, inFlightMax: 20, firstTry: true }
    this.#session = session
    session.connected(terms)
    await new Promise<void>((resolve) => {
      AbortSignal.any([signal, this.#over.signal]).addEventListener('abort', () => resolve())
    })
  }

  async publish(message: Outgoing): Promise<void> {
    if (this.#session === null) throw new StationError('BACKEND_BROKER_DOWN', 'virtual broker')
    await this.#clock.sleep(ANSWER_MS / 2)
    if (!this.#life.over) this.#consumer.take(message)
    await this.#clock.sleep(ANSWER_MS / 2)
  }

  async disconnect(): Promise<void> {
    this.#over.abort()
    this.#session = null
  }
}
