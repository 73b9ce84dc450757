// What mqtt.js is told for one connection: address, secrets read anew each time, the will, and a store that keeps nothing.
import { readFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import type { IClientOptions, IStore } from 'mqtt'
import { StationError } from '../../agent/fault.ts'
import type { Clock, Outgoing } from '../../agent/ports.ts'

/** Paths of secrets; null = not used. */
export interface Login {
  readonly user: string | null
  /** Instead of `user`. */
  readonly userFile: string | null
  readonly passwordFile: string | null
  readonly caFile: string | null
  readonly certFile: string | null
  readonly keyFile: string | null
}

export interface MqttOptions {
  readonly url: string
  readonly clientId: string
  readonly login: Login
  readonly clock: Clock
}

export type Version = 4 | 5

const CONNECT_MS = 10_000
/** A dead connection is noticed after one and a half of these. */
const KEEPALIVE_S = 30
/** MQTT 5 §3.1.2.11.4: the largest packet we take; a query is under 1 kB. */
const TAKE_MAX_BYTES = 64 * 1024

/** Keeps nothing: the outbox is the only store (architecture: engine rule 8). */
const NOTHING: IStore = {
  put: (_packet, done) => {
    done()
    return NOTHING
  },
  del: (_packet, done) => {
    done()
    return NOTHING
  },
  get: (_packet, done) => {
    done(new Error('nothing is kept'))
    return NOTHING
  },
  createStream: () => Readable.from([]) as unknown as ReturnType<IStore['createStream']>,
  close: (done) => done(),
}

/** @throws StationError FILE_UNREADABLE for the first secret that cannot be read */
export function checkFiles(login: Login): void {
  const { userFile, passwordFile, caFile, certFile, keyFile } = login
  for (const path of [userFile, passwordFile, caFile, certFile, keyFile]) {
    if (path !== null) readSecret(path)
  }
}

function readSecret(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (cause) {
    throw new StationError('FILE_UNREADABLE', path, { cause })
  }
}

/** @throws StationError FILE_UNREADABLE for a secret that is gone */
export function clientOptions(
  options: MqttOptions,
  version: Version,
  will: Outgoing,
): IClientOptions {
  const { clientId, login } = options
  const url = new URL(options.url)
  const secure = url.protocol === 'mqtts:'
  const file = (path: string | null) => (path === null ? null : readSecret(path))
  const ca = file(login.caFile)
  const cert = file(login.certFile)
  const key = file(login.keyFile)
  // An editor ends a file with a line feed; no broker means it as part of the secret.
  const line = (path: string | null) =>
    file(path)
      ?.toString('utf8')
      .replace(/\r?\n$/, '')
  const user = login.user ?? line(login.userFile)
  const password = line(login.passwordFile)
  return {
    protocol: secure ? 'mqtts' : 'mqtt',
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (secure ? 8883 : 1883) : Number(url.port),
    clientId,
    protocolVersion: version,
    clean: true,
    // Reconnecting is done here, with a new client each time, so that nothing of an old connection is left over.
    reconnectPeriod: 0,
    connectTimeout: CONNECT_MS,
    keepalive: KEEPALIVE_S,
    queueQoSZero: false,
    resubscribe: false,
    timerVariant: 'native',
    // A ping every KEEPALIVE_S whatever else is said: no timer is moved for each message, and a broker that only listens
    // is found dead too.
    reschedulePings: false,
    // Its debug output costs a tenth of each message even when nobody reads it.
    log: () => undefined,
    // It would keep a buffer for each of the 65,536 packet ids: 5 MB for nothing that can be measured.
    writeCache: false,
    outgoingStore: NOTHING,
    incomingStore: NOTHING,
    will: {
      topic: will.topic,
      payload: Buffer.from(will.payload),
      qos: will.qos,
      retain: will.retain,
    },
    ...(version === 5 ? { properties: { maximumPacketSize: TAKE_MAX_BYTES } } : {}),
    ...(user === undefined ? {} : { username: user }),
    ...(password === undefined ? {} : { password }),
    ...(ca === null ? {} : { ca }),
    ...(cert === null ? {} : { cert }),
    ...(key === null ? {} : { key }),
  }
}

/** @throws StationError CONFIG_INVALID */
export function checkUrl(url: string): void {
  const parsed = URL.canParse(url) ? new URL(url) : null
  const known = parsed !== null && ['mqtt:', 'mqtts:'].includes(parsed.protocol)
  if (!known || parsed.hostname === '') throw new StationError('CONFIG_INVALID', 'broker url')
  // A password in a URL ends in logs and process lists.
  if (parsed.username !== '' || parsed.password !== '') {
    throw new StationError('CONFIG_INVALID', 'broker url: user and password belong in files')
  }
}
