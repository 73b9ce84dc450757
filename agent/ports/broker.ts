// The port of an MQTT broker: one connection that mends itself and queues nothing.
import type { FaultCode } from '../fault.ts'

/** One message to the broker. */
export interface Outgoing {
  readonly topic: string
  /** JSON text. */
  readonly payload: string
  readonly qos: 0 | 1
  readonly retain: boolean
  /** MQTT 5 only; dropped on 3.1.1. */
  readonly correlation?: Uint8Array
}

/** One message from the broker. */
export interface Incoming {
  readonly topic: string
  readonly payload: Uint8Array
  readonly retain: boolean
  /** MQTT 5 only; null on 3.1.1. */
  readonly responseTopic: string | null
  readonly correlation: Uint8Array | null
}

/** What a new connection is good for. */
export interface BrokerTerms {
  readonly version: 4 | 5
  /** QoS 1 messages that may wait for their PUBACK. */
  readonly inFlightMax: number
  /** The very first try after a loss succeeded: the broker was alive all the time and dropped us on purpose. */
  readonly firstTry: boolean
}

/** What the owner of the connection is asked and told; no call may throw. */
export interface BrokerSession {
  /** Topic filters, subscribed at every connect before `connected` is told. */
  readonly subscriptions: readonly string[]
  /** Rendered anew for each try to connect. */
  will(): Outgoing
  connected(terms: BrokerTerms): void
  /** The connection is gone; every publish in flight rejects. */
  lost(): void
  message(message: Incoming): void
  /** Why there is no connection: BACKEND_BROKER_DOWN or BACKEND_BROKER_REFUSED; told once per change. */
  trouble(code: FaultCode, detail: string): void
}

/** A connection to an MQTT broker that mends itself; it queues nothing (architecture: engine rule 8). */
export interface Broker {
  readonly state: 'connected' | 'connecting' | 'refused'
  /** Connects, and again after each loss, until the signal aborts; resolves then, never rejects. */
  run(session: BrokerSession, signal: AbortSignal): Promise<void>
  /**
   * Resolves when the broker took it (QoS 1: PUBACK).
   * @throws StationError BACKEND_BROKER_DOWN not connected, or lost before the answer;
   *   BACKEND_MESSAGE_REFUSED the broker said no to this message
   *
   * `taken` is called in the very turn of the broker's answer, where a promise is heard one turn later: who sends on from
   * there keeps the broker busy. A broker may leave it out; the promise always tells.
   */
  publish(message: Outgoing, taken?: () => void): Promise<void>
  /** Says goodbye, so that the will is not sent; `run` then ends. */
  disconnect(): Promise<void>
}
