// Answers `/query/reseal`: the same answer as the command line gives, to whoever asks, at a bounded rate.
import { answerMessage, errorMessage, type Message, type Stamp } from '../core/messages.ts'
import { FAULTS, type FaultCode } from '../fault.ts'
import type { Broker, Clock, Incoming, LedgerReader } from '../ports.ts'
import { Bucket } from './bucket.ts'
import type { Link } from './link.ts'
import { type Request, readRequest } from './request.ts'

/** A look-up costs the reader some ms; nobody asks by hand more often than this. */
const PER_SECOND = 20
const BURST = 40
/** Look-ups that may run at once; the reader has one connection. */
const OPEN_MAX = 16

export interface QueryParts {
  readonly broker: Broker
  readonly reader: LedgerReader
  /** Bench time, for what is said about hand-over. */
  readonly clock: Clock
  readonly timers: Clock
  readonly stamp: () => Stamp
  readonly takesAnswers: (topic: string) => boolean
}

export class Query {
  readonly #parts: QueryParts
  readonly #answers: Bucket
  readonly #refusals: Bucket
  #open = 0
  #asked = 0

  constructor(parts: QueryParts) {
    this.#parts = parts
    this.#answers = new Bucket(parts.timers, PER_SECOND, BURST)
    this.#refusals = new Bucket(parts.timers, PER_SECOND, BURST)
  }

  /** Never rejects; a request without a topic for its answer is dropped. */
  async take(message: Incoming, link: Link): Promise<void> {
    // A retained request would be asked again at each of our connects.
    if (message.retain) return
    const request = readRequest(message, this.#parts.takesAnswers)
    const { answerTo } = request
    if (answerTo === null) return
    const isBusy = this.#open >= OPEN_MAX || !this.#answers.take()
    if (isBusy && !this.#refusals.take()) return
    this.#open += 1
    try {
      const answer = isBusy ? this.#error(request, 'BACKEND_TOO_MANY', '') : await this.#of(request)
      await this.#send(answerTo, request, answer, link)
    } finally {
      this.#open -= 1
    }
  }

  async #of(request: Request): Promise<Message> {
    const { reader, clock, stamp } = this.#parts
    const { serial, problem, correlation } = request
    if (problem !== null) return this.#error(request, problem.code, problem.detail)
    if (serial === null) return this.#error(request, 'BACKEND_REQUEST_INVALID', 'serial')
    try {
      const answer = await reader.answer(serial, clock.now())
      return answerMessage(stamp(), answer, correlation)
    } catch {
      // The ledger reports its own health; whoever asked must not wait in vain.
      return this.#error(request, 'STATION_LEDGER_FAULT', '')
    }
  }

  #error(request: Request, code: FaultCode, detail: string): Message {
    const { meaning, hint } = FAULTS[code]
    const error = { code, detail: detail === '' ? meaning : detail, hint }
    return errorMessage(this.#parts.stamp(), error, request.correlation)
  }

  async #send(topic: string, request: Request, answer: Message, link: Link): Promise<void> {
    this.#asked += 1
    const key = `answer ${this.#asked}`
    if (!(await link.take(key))) return
    const { correlationData } = request
    const sent = this.#parts.broker.publish({
      topic,
      payload: JSON.stringify(answer),
      qos: 1,
      retain: false,
      ...(correlationData === null ? {} : { correlation: correlationData }),
    })
    // An answer is not kept: whoever misses it asks again.
    const delivered = await sent.then(
      () => true,
      () => false,
    )
    link.release(key, delivered)
  }
}
