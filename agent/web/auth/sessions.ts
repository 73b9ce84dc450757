// Who is signed in: sessions known by the digest of their cookie, with an end by idleness and by age.
import { createHash, randomBytes } from 'node:crypto'
import type { Clock } from '../../ports.ts'
import { type Accounts, isSame, secretHash } from './accounts.ts'

export interface SessionRules {
  readonly idleMs: number
  readonly maxMs: number
  readonly kioskMs: number
  readonly badgeMs: number
}

export interface Session {
  readonly hash: string
  readonly account: string
  readonly isKiosk: boolean
  readonly madeAt: number
  /** Last use, clock ms. */
  usedAt: number
  /** Whose badge was shown at this kiosk last. */
  badge: { readonly account: string; usedAt: number } | null
}

/** 256 bits: the text of a cookie. */
const ID_BYTES = 32
/** More open sessions are no people; the oldest ends. */
const SESSIONS_MAX = 2_000

/** What a page must send back with a change: made from the cookie that scripts cannot read, so only our pages know it. */
export const csrfOf = (id: string): string =>
  createHash('sha256').update(`csrf ${id}`).digest('base64url')

export class Sessions {
  readonly #accounts: Accounts
  readonly #rules: SessionRules
  readonly #clock: Pick<Clock, 'now'>
  readonly #open = new Map<string, Session>()

  constructor(accounts: Accounts, rules: SessionRules, clock: Pick<Clock, 'now'>) {
    this.#accounts = accounts
    this.#rules = rules
    this.#clock = clock
    for (const { hash, account, madeAt } of accounts.kiosks)
      this.#open.set(hash, { hash, account, madeAt, usedAt: madeAt, isKiosk: true, badge: null })
    accounts.onEnd((account) => this.endAll(account))
  }

  /** The cookie of a new session: an id that nobody could have set before. */
  start(account: string, isKiosk: boolean): string {
    const id = randomBytes(ID_BYTES).toString('base64url')
    const now = this.#clock.now()
    const hash = secretHash(id)
    this.#open.set(hash, { hash, account, isKiosk, madeAt: now, usedAt: now, badge: null })
    this.#sweep()
    if (isKiosk) this.#keep()
    return id
  }

  /** The session of a cookie; null when there is none or its time is over. `isUse`: it counts as used now. */
  find(id: string, isUse = true): Session | null {
    const hash = secretHash(id)
    const session = this.#open.get(hash)
    if (session === undefined || !isSame(session.hash, hash)) return null
    if (this.#isOver(session)) {
      this.#drop(session)
      return null
    }
    const now = this.#clock.now()
    if (isUse) session.usedAt = now
    const { badge } = session
    if (badge !== null && now - badge.usedAt > this.#rules.badgeMs) session.badge = null
    return session
  }

  end(id: string): void {
    const session = this.#open.get(secretHash(id))
    if (session !== undefined) this.#drop(session)
  }

  endAll(account: string): void {
    for (const session of [...this.#open.values()]) {
      if (session.account === account) this.#drop(session)
      else if (session.badge?.account === account) session.badge = null
    }
  }

  #isOver({ isKiosk, madeAt, usedAt, account }: Session): boolean {
    const now = this.#clock.now()
    const { idleMs, maxMs, kioskMs } = this.#rules
    if (this.#accounts.live(account) === null) return true
    if (isKiosk) return now - madeAt > kioskMs
    return now - madeAt > maxMs || now - usedAt > idleMs
  }

  #drop(session: Session): void {
    this.#open.delete(session.hash)
    if (session.isKiosk) this.#keep()
  }

  #sweep(): void {
    for (const session of this.#open.values())
      if (this.#isOver(session)) this.#open.delete(session.hash)
    for (const hash of this.#open.keys()) {
      if (this.#open.size <= SESSIONS_MAX) break
      this.#open.delete(hash)
    }
  }

  #keep(): void {
    const kiosks = [...this.#open.values()].filter(({ isKiosk }) => isKiosk)
    this.#accounts.keepKiosks(
      kiosks.map(({ hash, account, madeAt }) => ({ hash, account, madeAt })),
    )
  }
}
