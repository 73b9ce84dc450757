// The intake: the one thing of the station that a device can reach. A few fixed routes over TLS, all bounded.
import { readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import { isIPv6 } from 'node:net'
import { join } from 'node:path'
import { isStationError, StationError } from '../../agent/fault.ts'
import type { BayId, Clock, ProbeCode, ProbeDesk, ProbeIntake } from '../../agent/ports.ts'
import { intakeIdentity } from './certificate.ts'
import { type Badge, BY_ADDRESS, CODE_MS, CodeBook, isByAddress, startLines } from './codes.ts'
import { openDoor } from './door.ts'
import { FRAME_MAX, readFrame, writeFrame } from './frame.ts'
import { limitKey, Rate, Refusals } from './limits.ts'
import { HEAD_MS, Patience } from './patience.ts'
import { bodyOf, type Reply, refuse, send, statusOf } from './reply.ts'
import { type Session, Sessions } from './sessions.ts'

export interface IntakeOptions {
  /** An address of the device network and a port; port 0 takes a free one. */
  readonly host: string
  readonly port: number
  readonly dataDir: string
  /** Real time. */
  readonly clock: Clock
  readonly desk: ProbeDesk
  readonly note: (sentence: string, fields: Readonly<Record<string, unknown>>) => void
}

const CODE_MAX = 64
const REPORT_MAX = 64 * 1024
/** As much of a boot log as the station reads; a long one has some 100 KB. */
const LOG_MAX = 512 * 1024
const REPORTS_MAX = 20
/** A probe sends it once; a link that broke off makes it twice. */
const LOGS_MAX = 4
/** A question of the probe waits so long for a command, ms; it then asks again. */
const WAIT_MS = 20_000
/** Requests of one address: an attestation takes some 60 in a second or two. */
const ASKS_BURST = 200
const ASKS_PER_SECOND = 40
/** Codes and tokens of one address that were wrong: ten, and ten more a minute. */
const WRONG_BURST = 10
const WRONG_PER_SECOND = 10 / 60
const TOLD_EVERY_MS = 10_000

const SCRIPTS = ['probe.sh', 'probe.ps1'] as const

/**
 * Opens the listener. It is safe beside a hostile device: everything is counted per address and bounded.
 * @throws StationError STATION_ADDRESS_IN_USE, FILE_UNREADABLE
 */
export async function openIntake(options: IntakeOptions): Promise<ProbeIntake> {
  const intake = new Intake(options)
  await intake.open()
  return intake
}

class Intake implements ProbeIntake {
  readonly pin: string
  readonly #o: IntakeOptions
  readonly #codes = new CodeBook()
  readonly #sessions: Sessions
  readonly #asks = new Rate(ASKS_BURST, ASKS_PER_SECOND)
  readonly #wrong = new Rate(WRONG_BURST, WRONG_PER_SECOND)
  readonly #looks = new Rate(WRONG_BURST, WRONG_PER_SECOND)
  readonly #refusals: Refusals
  readonly #patience: Patience
  readonly #life = new AbortController()
  readonly #scripts: ReadonlyMap<string, Buffer>
  readonly #server
  readonly #relaying = new Set<Promise<void>>()
  /** By bay: the end of its open code. */
  readonly #expiries = new Map<BayId, () => void>()
  #door: { readonly port: number; close(): Promise<void> } | null = null

  constructor(options: IntakeOptions) {
    this.#o = options
    const { keyPem, certificatePem, pin } = intakeIdentity(options.dataDir)
    this.pin = pin
    this.#sessions = new Sessions(options.clock, options.desk)
    this.#refusals = new Refusals(TOLD_EVERY_MS, (address, why, times) =>
      options.note('the probe intake refused a device', { address, why, times }),
    )
    this.#patience = new Patience(options.clock, (address, why) =>
      this.#refusals.add(limitKey(address ?? ''), why, options.clock.mono()),
    )
    this.#scripts = new Map(
      SCRIPTS.map((name) => [`/device/v1/${name}`, readFileSync(join(import.meta.dirname, name))]),
    )
    this.#server = createServer(
      {
        key: keyPem,
        cert: certificatePem,
        minVersion: 'TLSv1.2',
        handshakeTimeout: HEAD_MS,
        maxHeaderSize: 4096,
      },
      (request, response) => void this.#serve(request, response),
    )
    this.#server.maxHeadersCount = 32
    // Both probes ask once on a connection: none is left open to wait on.
    this.#server.maxRequestsPerSocket = 1
    this.#server.on('tlsClientError', (_error, socket) => socket.destroy())
    this.#server.on('clientError', (_error, socket) => socket.destroy())
  }

  async open(): Promise<void> {
    const { host, port, clock } = this.#o
    this.#door = await openDoor(host, port, {
      clock,
      refusals: this.#refusals,
      isKnown: (address) => this.#sessions.knows(address),
      enter: (socket) => {
        this.#patience.entered(socket)
        this.#server.emit('connection', socket)
      },
    })
  }

  get url(): string {
    const { host, port } = this.#o
    return `https://${isIPv6(host) ? `[${host}]` : host}:${this.#door?.port ?? port}`
  }

  issue(bay: BayId): ProbeCode {
    const { clock, desk } = this.#o
    const code = this.#codes.issue(bay, desk.runOf(bay), clock.mono())
    // One timer a bay: a code that was used or replaced is told of when that happens.
    this.#expiries.get(bay)?.()
    this.#expiries.set(
      bay,
      clock.after(CODE_MS + 1, () => desk.codeChanged?.(bay)),
    )
    desk.codeChanged?.(bay)
    return this.#lineOf(bay, code, CODE_MS)
  }

  openCode(bay: BayId): ProbeCode | null {
    const open = this.#codes.openOf(bay, this.#o.clock.mono())
    return open === null ? null : this.#lineOf(bay, open.code, open.leftMs)
  }

  #lineOf(bay: BayId, code: string, leftMs: number): ProbeCode {
    const { url, pin } = this
    const until = this.#o.clock.now() + leftMs
    return { bay, code, until, url, pin, ...startLines(url, pin, code) }
  }

  async close(): Promise<void> {
    this.#life.abort()
    for (const cancel of this.#expiries.values()) cancel()
    this.#sessions.endAll('the station ends')
    await this.#door?.close()
    this.#server.closeAllConnections()
    await Promise.all(this.#relaying)
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const address = limitKey(request.socket.remoteAddress ?? '')
    response.on('error', () => undefined)
    this.#patience.asked(request)
    try {
      if (!this.#asks.take(address, this.#o.clock.mono()))
        throw new StationError('BACKEND_TOO_MANY', 'too many requests in a short time')
      send(response, await this.#answer(request, response, address))
    } catch (error) {
      const code = isStationError(error) ? error.code : 'STATION_WEB_FAULT'
      const where = isStationError(error) ? error.where : String(error)
      this.#refusals.add(address, `${code}: ${where}`, this.#o.clock.mono(), code)
      refuse(response, request, statusOf(code), code)
    }
  }

  async #answer(
    request: IncomingMessage,
    response: ServerResponse,
    address: string,
  ): Promise<Reply> {
    const { method, url } = request
    const script = method === 'GET' ? this.#scripts.get(url ?? '') : undefined
    if (script !== undefined) return { status: 200, type: 'text/plain', body: script }
    if (method !== 'POST') throw new StationError('BACKEND_NOT_FOUND', `${method}`)
    switch (url) {
      case '/device/v1/hello':
        return this.#hello(await bodyOf(request, CODE_MAX), request, address)
      case '/device/v1/report':
        return this.#report(this.#session(request, address), request)
      case '/device/v1/log': {
        const session = this.#session(request, address)
        if (session.logs >= LOGS_MAX)
          throw new StationError('BACKEND_TOO_MANY', `more than ${LOGS_MAX} boot logs`)
        session.logs += 1
        session.eventLog = await bodyOf(request, LOG_MAX)
        return { status: 204 }
      }
      case '/device/v1/tpm':
        return this.#tpm(this.#session(request, address), request, response)
      default:
        throw new StationError('BACKEND_NOT_FOUND', 'no such route')
    }
  }

  /** Wrong words of one address run out, so that nobody tries all codes; a right word costs nothing. */
  #guessed(address: string, error: unknown): never {
    if (!this.#wrong.take(address, this.#o.clock.mono()))
      throw new StationError('BACKEND_TOO_MANY', 'too many wrong codes or tokens')
    throw error
  }

  async #hello(body: Uint8Array, request: IncomingMessage, address: string): Promise<Reply> {
    const { clock, desk } = this.#o
    if (!this.#wrong.has(address, clock.mono()))
      throw new StationError('BACKEND_TOO_MANY', 'too many wrong codes or tokens')
    const typed = Buffer.from(body).toString('latin1')
    const byCode = !isByAddress(typed)
    const badge = byCode
      ? this.#codes.redeem(typed, clock.mono())
      : await this.#byAddress(request, address)
    if (badge === null)
      this.#guessed(address, new StationError('OPERATOR_PROBE_CODE', 'unknown code'))
    if (byCode) desk.codeChanged?.(badge.bay)
    if (badge.run !== null && badge.run !== desk.runOf(badge.bay))
      throw new StationError('OPERATOR_PROBE_CODE', 'its run is over')
    const token = this.#sessions.open(badge, address, byCode)
    this.#o.note('a probe was let in', {
      bay: badge.bay,
      address,
      by: byCode ? 'code' : BY_ADDRESS,
    })
    return { status: 200, type: 'text/plain', body: Buffer.from(`${token}\n`) }
  }

  /** The bay whose own network the device is in. Each look is work for the PC: there are as many as wrong codes. */
  async #byAddress({ socket }: IncomingMessage, address: string): Promise<Badge> {
    const { clock, desk } = this.#o
    if (!this.#looks.take(address, clock.mono()))
      throw new StationError('BACKEND_TOO_MANY', 'too many words without a code')
    const no = (why: string) => new StationError('OPERATOR_PROBE_CODE', why)
    const at = await desk.bayAt?.(socket.remoteAddress ?? '')
    if (at === undefined) throw no('no bay is known by its address')
    if ('refused' in at) throw no(at.refused)
    // Who typed a code stood before the device: a word from the same wire does not put that probe out.
    if (this.#sessions.hasTyped(at.bay)) throw no(`bay ${at.bay} has a probe with a code`)
    return { bay: at.bay, run: desk.runOf(at.bay) }
  }

  #session(request: IncomingMessage, address: string): Session {
    const token = /^Bearer ([0-9a-f]{64})$/.exec(request.headers.authorization ?? '')?.[1]
    if (token === undefined)
      this.#guessed(address, new StationError('OPERATOR_PROBE_CODE', 'no token'))
    try {
      return this.#sessions.find(token, address)
    } catch (error) {
      this.#guessed(address, error)
    }
  }

  async #report(session: Session, request: IncomingMessage): Promise<Reply> {
    const number = Number(/^\d{1,6}$/.exec(request.headers['reseal-number']?.toString() ?? '')?.[0])
    if (!Number.isInteger(number)) throw new StationError('DEVICE_PROBE_DATA', 'no report number')
    if (number <= session.reportNumber)
      throw new StationError('DEVICE_PROBE_REPLAY', `report ${number} again`)
    if (session.reports >= REPORTS_MAX)
      throw new StationError('BACKEND_TOO_MANY', `more than ${REPORTS_MAX} reports`)
    session.reportNumber = number
    session.reports += 1
    const text = Buffer.from(await bodyOf(request, REPORT_MAX)).toString('utf8')
    this.#sessions.keepsRun(session)
    await this.#o.desk.report(session, text)
    this.#sessions.keepsRun(session)
    return { status: 204 }
  }

  async #tpm(session: Session, request: IncomingMessage, response: ServerResponse): Promise<Reply> {
    const frame = readFrame(await bodyOf(request, FRAME_MAX))
    if (!session.relaying) this.#relay(session)
    const gone = new AbortController()
    response.once('close', () => gone.abort())
    const next = await session.relay.exchange(frame, WAIT_MS, gone.signal)
    if (next === 'over') return { status: 410 }
    if (next === 'nothing') return { status: 204 }
    return { status: 200, type: 'application/octet-stream', body: writeFrame(next) }
  }

  /** From the probe's first question on the station may talk to the TPM; once per session. */
  #relay(session: Session): void {
    session.relaying = true
    const work = this.#o.desk.relayed(session, this.#life.signal).finally(() => {
      session.relay.close(new StationError('DEVICE_PROBE_GONE', `bay ${session.bay}: done`))
      this.#relaying.delete(work)
    })
    this.#relaying.add(work)
  }
}
