// The brokers a station can publish to: its own in a process beside it, or one of the facility by URL.
import type { Broker, Clock } from '../../agent/ports.ts'
import { type Embedded, openEmbedded } from './embedded.ts'
import { MqttBroker } from './mqtt-client.ts'
import { checkFiles, type Login } from './mqtt-options.ts'

/** Where to publish. Secrets come as files that are read at every connect, so that they can be changed in place. */
export interface BrokerConfig {
  /** `embedded:` (127.0.0.1:1883, else a free port), `embedded:<port>`, `mqtt://host[:port]` or `mqtts://host[:port]`. */
  readonly url: string
  /** The same at every start: a new connection then takes over the old one, and its will comes before our birth. */
  readonly clientId: string
  readonly login: Login
  /** Real time, also beside a virtual bench: a broker does not live on bench time. */
  readonly clock: Clock
}

export interface OpenBroker {
  readonly broker: Broker
  /** What other clients connect to. */
  readonly url: string
  /** Resolves when the embedded broker's process is gone; nothing to do for another one. */
  close(): Promise<void>
}

export const NO_LOGIN: Login = {
  user: null,
  userFile: null,
  passwordFile: null,
  caFile: null,
  certFile: null,
  keyFile: null,
}

const EMBEDDED_PORT = 1883

/**
 * Opens the client, and the broker itself when it is the embedded one; nothing is connected yet.
 * @throws StationError CONFIG_INVALID for a URL that names no broker, FILE_UNREADABLE for a missing secret,
 *   STATION_HARDWARE_MISSING when the embedded broker does not start
 */
export async function openBroker(config: BrokerConfig): Promise<OpenBroker> {
  const { clientId, login, clock } = config
  const port = /^embedded:(\d{0,5})$/.exec(config.url)?.[1]
  if (port === undefined) {
    checkFiles(login)
    const broker = new MqttBroker({ url: config.url, clientId, login, clock })
    return { broker, url: config.url, close: async () => {} }
  }
  const embedded: Embedded = await openEmbedded({
    port: port === '' ? EMBEDDED_PORT : Number(port),
    clock,
  })
  const broker = new MqttBroker({ url: embedded.url, clientId, login: NO_LOGIN, clock })
  return { broker, url: embedded.url, close: () => embedded.close() }
}
