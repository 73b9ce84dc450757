// The probes that are let in: one per bay, found by their token, ended when their run or their time is over.
import { StationError } from '../../agent/fault.ts'
import type { BayId, Clock, ProbeDesk, ProbeSession } from '../../agent/ports.ts'
import { type Badge, isOver, newToken, tokenHash } from './codes.ts'
import { Relay } from './relay.ts'

export class Session implements ProbeSession {
  readonly bay: BayId
  readonly address: string
  readonly relay: Relay
  readonly opened: number
  heard: number
  /** Number of the last report: each must be larger than the one before. */
  reportNumber = 0
  reports = 0
  logs = 0
  eventLog: Uint8Array | null = null
  relaying = false
  run: string | null
  /** False when only the bay's network vouches for it. */
  readonly byCode: boolean

  constructor(clock: Clock, badge: Badge, address: string, byCode: boolean) {
    this.bay = badge.bay
    this.byCode = byCode
    this.run = badge.run
    this.address = address
    this.opened = clock.mono()
    this.heard = this.opened
    this.relay = new Relay(clock, `bay ${badge.bay}`)
  }
}

const over = (why: string) => new StationError('OPERATOR_PROBE_CODE', why)

export class Sessions {
  readonly #clock: Clock
  readonly #desk: ProbeDesk
  readonly #byToken = new Map<string, Session>()

  constructor(clock: Clock, desk: ProbeDesk) {
    this.#clock = clock
    this.#desk = desk
  }

  /** Opens a session, in place of an older one of the bay. @returns its token */
  open(badge: Badge, address: string, byCode: boolean): string {
    this.endOf(badge.bay, 'another probe took its place')
    const token = newToken()
    this.#byToken.set(tokenHash(token), new Session(this.#clock, badge, address, byCode))
    return token
  }

  /** True while a probe of this bay is in whose code a person typed, for the run that is open now. */
  hasTyped(bay: BayId): boolean {
    const now = this.#clock.mono()
    const run = this.#desk.runOf(bay)
    return this.#byToken
      .values()
      .some(
        (one) =>
          one.bay === bay && one.byCode && one.run === run && !isOver(one.opened, one.heard, now),
      )
  }

  /** True for an address that a session belongs to. */
  knows(address: string): boolean {
    const now = this.#clock.mono()
    return this.#byToken
      .values()
      .some((one) => one.address === address && !isOver(one.opened, one.heard, now))
  }

  /**
   * The session of a token that comes from this address.
   * @throws StationError OPERATOR_PROBE_CODE when there is none, BACKEND_FORBIDDEN when it belongs to another address
   */
  find(token: string, address: string): Session {
    const session = this.#byToken.get(tokenHash(token))
    if (session === undefined) throw over('no such token')
    if (session.address !== address)
      throw new StationError('BACKEND_FORBIDDEN', `token of bay ${session.bay}, another address`)
    const now = this.#clock.mono()
    if (isOver(session.opened, session.heard, now)) {
      this.end(session, 'its time is over')
      throw over('its time is over')
    }
    session.heard = now
    this.keepsRun(session)
    return session
  }

  /**
   * Binds a session to the run that is open now, and ends one whose run is over.
   * @throws StationError OPERATOR_PROBE_CODE
   */
  keepsRun(session: Session): void {
    const run = this.#desk.runOf(session.bay)
    if (session.run === null) session.run = run
    else if (run !== session.run) {
      this.end(session, 'its run is over')
      throw over('its run is over')
    }
  }

  end(session: Session, why: string): void {
    for (const [hash, one] of this.#byToken) if (one === session) this.#byToken.delete(hash)
    session.relay.close(new StationError('DEVICE_PROBE_GONE', `bay ${session.bay}: ${why}`))
  }

  endOf(bay: BayId, why: string): void {
    for (const session of this.#byToken.values()) if (session.bay === bay) this.end(session, why)
  }

  endAll(why: string): void {
    for (const session of this.#byToken.values()) this.end(session, why)
  }
}
