// A broker that takes everything and keeps nothing, on the clock of the soak.
import type { Broker, BrokerSession, Clock } from '../../agent/ports.ts'

const ANSWER_MS = 40

export class SinkBroker implements Broker {
  readonly #clock: Clock
  readonly #over = new AbortController()
  state: Broker['state'] = 'connecting'
  taken = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  async run(session: BrokerSession, signal: AbortSignal): Promise<void> {
    await this.#clock.sleep(ANSWER_MS)
    this.state = 'connected'
    session.connected({ version: 5, inFlightMax: 20, firstTry: true })
    await new Promise<void>((resolve) => {
      AbortSignal.any([signal, this.#over.signal]).addEventListener('abort', () => resolve())
    })
  }

  async publish(): Promise<void> {
    await this.#clock.sleep(ANSWER_MS)
    this.taken++
  }

  async disconnect(): Promise<void> {
    this.#over.abort()
    this.state = 'connecting'
  }
}
