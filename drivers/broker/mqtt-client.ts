// The one place that knows mqtt.js: a connection that mends itself, speaks MQTT 5 or else 3.1.1, and keeps no messages.
import mqtt, { type MqttClient } from 'mqtt'
import { type FaultCode, isStationError, StationError } from '../../agent/fault.ts'
import type { Broker, BrokerSession, Incoming, Outgoing } from '../../agent/ports.ts'
import { Backoff } from './backoff.ts'
import { checkUrl, clientOptions, type MqttOptions, type Version } from './mqtt-options.ts'
import { PacketWriter } from './packet-writer.ts'
import { refusalOf } from './refusals.ts'

/** How a try to connect ended. `closed`: it had been connected. */
type End =
  | { readonly kind: 'closed'; readonly acked: boolean }
  | { readonly kind: 'version' }
  | { readonly kind: 'silent' }
  | { readonly kind: 'failed'; readonly code: FaultCode; readonly detail: string }

const GOODBYE_MS = 1000
const HANG_UPS_MAX = 3
/** A 3.1.1 broker announces no limit; MQTT 5 without one means 65,535 (§3.2.2.3.3). */
const IN_FLIGHT_MAX = 65_535
/** Fixed header, topic length, packet id and property lengths; correlation data comes on top. */
const PACKET_EXTRA_BYTES = 16

export class MqttBroker implements Broker {
  readonly #options: MqttOptions
  readonly #pending = new Set<(error: StationError) => void>()
  #state: Broker['state'] = 'connecting'
  #client: MqttClient | null = null
  #packetMax = Number.POSITIVE_INFINITY
  #version: Version = 5
  #acked = false
  #leaving = false
  readonly #writer = new PacketWriter()
  /** Connections that ended while they subscribed. */
  #hangUps = 0

  /** @throws StationError CONFIG_INVALID for a URL that is no broker's */
  constructor(options: MqttOptions) {
    checkUrl(options.url)
    this.#options = options
  }

  get state(): Broker['state'] {
    return this.#state
  }

  async run(session: BrokerSession, signal: AbortSignal): Promise<void> {
    const backoff = new Backoff(this.#options.clientId)
    let tries = 0
    let lastTrouble = ''
    let isSure = false
    const trouble = (code: FaultCode, detail: string) => {
      this.#state = code === 'BACKEND_BROKER_REFUSED' ? 'refused' : 'connecting'
      if (`${code} ${detail}` !== lastTrouble) session.trouble(code, detail)
      lastTrouble = `${code} ${detail}`
    }
    while (!signal.aborted && !this.#leaving) {
      tries += 1
      const end = await this.#try(session, tries === 1, signal)
      if (signal.aborted || this.#leaving) return
      if (end.kind === 'version' && this.#version === 5 && !isSure) {
        // It speaks the older version only and said so: remembered for good.
        this.#version = 4
        isSure = true
        tries -= 1
        continue
      }
      if (end.kind === 'silent' && !isSure) {
        // It hung up without a word, as brokers that do not know version 5 may.
        this.#version = this.#version === 5 ? 4 : 5
        if (this.#version === 4) {
          tries -= 1
          continue
        }
      }
      if (end.kind === 'closed') {
        tries = 0
        lastTrouble = ''
        if (end.acked) backoff.reset()
        trouble('BACKEND_BROKER_DOWN', 'the connection was closed')
      } else if (end.kind === 'failed') trouble(end.code, end.detail)
      else if (end.kind === 'version')
        trouble('BACKEND_BROKER_REFUSED', 'no common version of MQTT')
      else trouble('BACKEND_BROKER_DOWN', 'it closes the connection without an answer')
      await this.#options.clock.sleep(backoff.next(), signal)
    }
  }

  /** One try: resolves when it failed, or when the connection it made is gone. */
  async #try(session: BrokerSession, firstTry: boolean, signal: AbortSignal): Promise<End> {
    let client: MqttClient
    try {
      client = mqtt.connect(clientOptions(this.#options, this.#version, session.will()))
    } catch (error) {
      // A key or certificate that is none: what else is thrown here is a fault of the program.
      if (!(error instanceof Error && 'code' in error)) throw error
      const detail = isStationError(error) ? error.where : error.message
      return { kind: 'failed', code: 'BACKEND_BROKER_REFUSED', detail }
    }
    const onAbort = () => void client.end(true)
    signal.addEventListener('abort', onAbort, { once: true })
    const end = await new Promise<End>((resolve) => {
      let cause: (Error & { readonly code?: unknown }) | null = null
      let isUp = false
      client.on('error', (error) => {
        cause ??= error
      })
      client.on('message', (topic, payload, packet) => {
        session.message(incoming(topic, payload, packet))
      })
      client.on('connect', (connack) => {
        if (signal.aborted) return
        isUp = true
        void this.#up(client, connack.properties, session, firstTry)
      })
      client.on('close', () => {
        if (isUp) resolve({ kind: 'closed', acked: this.#acked })
        else resolve(endOf(cause))
      })
    })
    signal.removeEventListener('abort', onAbort)
    // Leaves no timer and no listener of the old client behind.
    client.end(true)
    this.#down(session, client)
    return end
  }

  async #up(
    client: MqttClient,
    properties:
      | { readonly receiveMaximum?: number; readonly maximumPacketSize?: number }
      | undefined,
    session: BrokerSession,
    firstTry: boolean,
  ): Promise<void> {
    this.#acked = false
    this.#packetMax = properties?.maximumPacketSize ?? Number.POSITIVE_INFINITY
    // Some brokers hang up on a subscription that they do not allow; then queries stay unanswered, and the rest goes on.
    if (this.#hangUps < HANG_UPS_MAX) {
      this.#hangUps += 1
      await subscribe(client, session.subscriptions)
      if (!client.connected) return
      this.#hangUps = 0
    }
    this.#client = client
    this.#state = 'connected'
    session.connected({
      version: this.#version,
      inFlightMax: properties?.receiveMaximum ?? IN_FLIGHT_MAX,
      firstTry,
    })
  }

  #down(session: BrokerSession, client: MqttClient): void {
    if (this.#client !== client) return
    this.#client = null
    this.#state = 'connecting'
    session.lost()
    const pending = [...this.#pending]
    this.#pending.clear()
    for (const reject of pending) reject(new StationError('BACKEND_BROKER_DOWN', 'connection lost'))
  }

  publish(message: Outgoing, taken?: () => void): Promise<void> {
    const client = this.#client
    if (client === null) {
      return Promise.reject(new StationError('BACKEND_BROKER_DOWN', 'not connected'))
    }
    const bytes =
      Buffer.byteLength(message.payload) + Buffer.byteLength(message.topic) + PACKET_EXTRA_BYTES
    if (bytes > this.#packetMax) {
      const where = `${bytes} bytes, the broker takes ${this.#packetMax}`
      return Promise.reject(new StationError('BACKEND_MESSAGE_REFUSED', where))
    }
    const { topic, payload, qos, retain, correlation } = message
    const properties =
      this.#version === 5 && correlation !== undefined
        ? { properties: { correlationData: Buffer.from(correlation) } }
        : {}
    return new Promise((resolve, reject) => {
      this.#pending.add(reject)
      const answered = (error?: Error) => {
        this.#pending.delete(reject)
        if (!error) {
          this.#acked ||= qos === 1
          resolve()
          taken?.()
        } else reject(publishFault(error))
      }
      const length = { bytes, qos, version: this.#version, isKnown: correlation === undefined }
      this.#writer.write(client.stream, length, () =>
        client.publish(topic, payload, { qos, retain, ...properties }, answered),
      )
    })
  }

  async disconnect(): Promise<void> {
    this.#leaving = true
    const client = this.#client
    if (client === null) return
    // What still waits for its PUBACK stays in the outbox; mqtt.js would wait for it before it says goodbye.
    for (const id of Object.keys(client.outgoing)) client.removeOutgoingMessage(Number(id))
    await new Promise<void>((resolve) => {
      const cancel = this.#options.clock.after(GOODBYE_MS, () => {
        client.stream.destroy()
        resolve()
      })
      client.end(false, {}, () => {
        cancel()
        resolve()
      })
    })
  }
}

/** Without an error the broker hung up before its CONNACK. */
function endOf(cause: (Error & { readonly code?: unknown }) | null): End {
  if (cause === null || cause.code === 'ECONNRESET') return { kind: 'silent' }
  const refusal = refusalOf(cause.code)
  if (refusal === 'version') return { kind: 'version' }
  const code = refusal === 'refused' ? 'BACKEND_BROKER_REFUSED' : 'BACKEND_BROKER_DOWN'
  return { kind: 'failed', code, detail: cause.message || String(cause.code) }
}

function publishFault(error: Error & { readonly code?: unknown }): StationError {
  const refused = typeof error.code === 'number'
  const code = refused ? 'BACKEND_MESSAGE_REFUSED' : 'BACKEND_BROKER_DOWN'
  return new StationError(code, error.message, { cause: error })
}

/** A broker that refuses a subscription still takes our messages: only queries stay unanswered. */
function subscribe(client: MqttClient, topics: readonly string[]): Promise<void> {
  if (topics.length === 0) return Promise.resolve()
  return new Promise((resolve) => {
    client.once('close', () => resolve())
    client.subscribe([...topics], { qos: 1 }, () => resolve())
  })
}

function incoming(
  topic: string,
  payload: Buffer,
  packet: {
    readonly retain: boolean
    readonly properties?: { readonly responseTopic?: string; readonly correlationData?: Buffer }
  },
): Incoming {
  return {
    topic,
    payload,
    retain: packet.retain,
    responseTopic: packet.properties?.responseTopic ?? null,
    correlation: packet.properties?.correlationData ?? null,
  }
}
