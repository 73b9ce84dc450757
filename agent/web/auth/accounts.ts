// The people and programs that may come in: accounts, tokens and badges, kept in one file beside the ledger.
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { type Role, roleMay } from '../../core/roles.ts'
import { StationError } from '../../fault.ts'
import type { Clock } from '../../ports.ts'
import {
  ACCOUNTS_MAX,
  type AccountBody,
  type AccountChange,
  type AccountsFile,
  type StoredAccount,
  type StoredToken,
  TOKENS_MAX,
  type TokenBody,
} from '../../wire/accounts.ts'
import { type Kept, keptIn } from './kept.ts'
import { hashPassword, secretText, typedSecret } from './password.ts'

const DAY_MS = 86_400_000
/** No serial number and no command begins like this; what follows is 26 base-32 characters, 130 bits. */
export const BADGE_PREFIX = 'RSLB.'
const BADGE_CHARS = 26
const TOKEN_PREFIX = 'rsl_'
const TOKEN_CHARS = 40

/** Secrets of 130 bits and more need no slow hash: nobody tries them all. */
export const secretHash = (secret: string): string =>
  createHash('sha256').update(secret).digest('base64url')
/** Compares two digests of one length in a time that tells nothing. */
export const isSame = (a: string, b: string): boolean => {
  const [one, two] = [Buffer.from(a), Buffer.from(b)]
  return one.length === two.length && timingSafeEqual(one, two)
}

/** An account as it may be shown: nothing in it lets anybody in. */
export interface AccountView {
  readonly account: string
  readonly name: string
  readonly role: Role
  readonly orders: readonly string[] | null
  readonly mustChange: boolean
  readonly hasBadge: boolean
  readonly closed: boolean
  readonly madeAt: number
}
export type TokenView = Omit<StoredToken, 'hash'>

const viewOf = ({ password: _password, badge, ...rest }: StoredAccount): AccountView => ({
  ...rest,
  hasBadge: badge !== null,
})

/** The board shows all bays to all who see it: only remote IT, which does not, can be bound to orders. */
function boundOrders(role: Role, orders: readonly string[] | null): void {
  if (orders !== null && role !== 'it')
    throw no('Only an account of IT can be bound to work orders.')
}

const no = (why: string) => new StationError('BACKEND_ACCOUNT', why)

export class Accounts {
  readonly #kept: Kept
  readonly #clock: Pick<Clock, 'now'>
  readonly #listeners = new Set<(account: string) => void>()
  #file: AccountsFile

  /** @throws StationError FILE_UNREADABLE when the file is damaged: it never starts with an empty one in its place */
  constructor(kept: Kept, clock: Pick<Clock, 'now'>) {
    this.#kept = kept
    this.#clock = clock
    this.#file = kept.read()
  }

  static open(dataDir: string, clock: Pick<Clock, 'now'>): Accounts {
    return new Accounts(keptIn(dataDir), clock)
  }

  /** Called with the account whose sessions must end. */
  onEnd(fn: (account: string) => void): void {
    this.#listeners.add(fn)
  }

  list(): readonly AccountView[] {
    return this.#file.accounts.map(viewOf)
  }

  tokens(): readonly TokenView[] {
    return this.#file.tokens.map(({ hash: _hash, ...rest }) => rest)
  }

  get hasAdmin(): boolean {
    return this.#file.accounts.some(({ role, closed }) => role === 'admin' && !closed)
  }

  /** An account that may come in; null when there is none or it is closed. */
  live(account: string): StoredAccount | null {
    const found = this.#find(account)
    return found === undefined || found.closed ? null : found
  }

  /** What records and audit call it when pseudonyms are wished: the same for ever, and cut by deleting the file's key. */
  pseudonym(account: string): string {
    const mark = createHmac('sha256', this.#file.pseudonymKey).update(account).digest('hex')
    return `P-${mark.slice(0, 10)}`
  }

  /** The account with a first password that it must change. @throws StationError BACKEND_ACCOUNT */
  async add(body: AccountBody): Promise<{ account: AccountView; password: string }> {
    const password = typedSecret()
    const account = await this.#added(body, password, true)
    return { account, password }
  }

  /** The first admin, by the one-time code. @throws StationError BACKEND_ACCOUNT when there is one already */
  async addFirst(account: string, name: string, password: string): Promise<AccountView> {
    if (this.hasAdmin) throw no('There is an admin already.')
    return this.#added({ account, name, role: 'admin', orders: null }, password, false)
  }

  async #added(body: AccountBody, password: string, mustChange: boolean): Promise<AccountView> {
    const hash = await hashPassword(password)
    const { account, role, name = account, orders = null } = body
    boundOrders(role, orders)
    if (this.#find(account) !== undefined) throw no(`There is an account ${account} already.`)
    if (this.#file.accounts.length >= ACCOUNTS_MAX)
      throw no(`${ACCOUNTS_MAX} accounts are the limit.`)
    const made: StoredAccount = {
      account,
      name,
      role,
      orders,
      password: hash,
      mustChange,
      badge: null,
      closed: false,
      madeAt: this.#clock.now(),
    }
    this.#write({ accounts: [...this.#file.accounts, made] })
    return viewOf(made)
  }

  /** @throws StationError BACKEND_NOT_FOUND, BACKEND_ACCOUNT for the last admin */
  change(account: string, change: AccountChange): AccountView {
    const before = this.#known(account)
    const { role = before.role, name = before.name, closed = before.closed } = change
    const orders = change.orders === undefined ? before.orders : change.orders
    boundOrders(role, orders)
    const next = { ...before, role, name, closed, orders }
    if (before.role === 'admin' && (role !== 'admin' || closed)) this.#keepAnAdmin(account)
    this.#replace(next)
    if (role !== before.role || closed || change.orders !== undefined) this.#ended(account)
    return viewOf(next)
  }

  /** @throws StationError BACKEND_NOT_FOUND, BACKEND_ACCOUNT for the last admin */
  end(account: string): void {
    if (this.#known(account).role === 'admin') this.#keepAnAdmin(account)
    const rest = this.#file.accounts.filter((one) => one.account !== account)
    const kiosks = this.#file.kiosks.filter((one) => one.account !== account)
    this.#write({ accounts: rest, kiosks })
    this.#ended(account)
  }

  /** A new first password. @throws StationError BACKEND_NOT_FOUND */
  async reset(account: string): Promise<string> {
    this.#known(account)
    const password = typedSecret()
    await this.setPassword(account, password, true)
    return password
  }

  /** Ends every session of the account. @throws StationError BACKEND_NOT_FOUND */
  async setPassword(account: string, password: string, mustChange = false): Promise<void> {
    const hash = await hashPassword(password)
    this.#replace({ ...this.#known(account), password: hash, mustChange })
    this.#ended(account)
  }

  /** The same password under today's parameters: nobody is signed out for it. */
  async rehash(account: string, password: string): Promise<void> {
    const hash = await hashPassword(password)
    const before = this.#find(account)
    if (before !== undefined) this.#replace({ ...before, password: hash })
  }

  /** The text of a new badge; an older one of the account counts no more. @throws StationError */
  makeBadge(account: string): string {
    const before = this.#known(account)
    if (!roleMay(before.role, 'bays.answer') || before.role === 'admin')
      throw no('A badge is for operators and leads: whoever finds it may do what they may.')
    const badge = BADGE_PREFIX + secretText(BADGE_CHARS)
    this.#replace({ ...before, badge: secretHash(badge) })
    return badge
  }

  /** The account of a badge; null when there is none. */
  byBadge(badge: string): StoredAccount | null {
    if (!badge.startsWith(BADGE_PREFIX)) return null
    const hash = secretHash(badge)
    return (
      this.#file.accounts.find(
        (one) => one.badge !== null && isSame(one.badge, hash) && !one.closed,
      ) ?? null
    )
  }

  /** The token's text is told once. @throws StationError BACKEND_ACCOUNT */
  addToken(body: TokenBody, by: string): { token: TokenView; secret: string } {
    const { name, role, scopes, orders = null, days } = body
    boundOrders(role, orders)
    if (this.#file.tokens.length >= TOKENS_MAX) throw no(`${TOKENS_MAX} tokens are the limit.`)
    const beyond = scopes.filter((scope) => !roleMay(role, scope))
    if (beyond.length > 0) throw no(`The role ${role} has no ${beyond.join(', ')}.`)
    const madeAt = this.#clock.now()
    const id = secretText(8).toLowerCase()
    const secret = `${TOKEN_PREFIX}${id}_${secretText(TOKEN_CHARS)}`
    const made = { id, name, role, scopes, orders, madeAt, expiresAt: madeAt + days * DAY_MS, by }
    this.#write({ tokens: [...this.#file.tokens, { ...made, hash: secretHash(secret) }] })
    return { token: made, secret }
  }

  /** @throws StationError BACKEND_NOT_FOUND */
  endToken(id: string): void {
    const rest = this.#file.tokens.filter((one) => one.id !== id)
    if (rest.length === this.#file.tokens.length)
      throw new StationError('BACKEND_NOT_FOUND', `No token ${id}.`)
    this.#write({ tokens: rest })
  }

  /** The token of a text that is known and not expired; else null. */
  byToken(text: string): TokenView | null {
    const id = /^rsl_([0-9a-z]{1,32})_/.exec(text)?.[1]
    const found = this.#file.tokens.find((one) => one.id === id)
    if (found === undefined || !isSame(found.hash, secretHash(text))) return null
    const { hash: _hash, ...token } = found
    return token.expiresAt > this.#clock.now() ? token : null
  }

  get kiosks(): AccountsFile['kiosks'] {
    return this.#file.kiosks
  }

  /** Screens that stay signed in over a restart of the agent. */
  keepKiosks(kiosks: AccountsFile['kiosks']): void {
    this.#write({ kiosks: kiosks.slice(-ACCOUNTS_MAX) })
  }

  #find(account: string): StoredAccount | undefined {
    return this.#file.accounts.find((one) => one.account === account)
  }

  #known(account: string): StoredAccount {
    const found = this.#find(account)
    if (found === undefined) throw new StationError('BACKEND_NOT_FOUND', `No account ${account}.`)
    return found
  }

  /** A station without an admin could be mended with a shell only. */
  #keepAnAdmin(but: string): void {
    const others = this.#file.accounts.some(
      ({ account, role, closed }) => account !== but && role === 'admin' && !closed,
    )
    if (!others) throw no('This is the last admin.')
  }

  #replace(next: StoredAccount): void {
    const accounts = this.#file.accounts.map((one) => (one.account === next.account ? next : one))
    this.#write({ accounts })
  }

  #write(change: Partial<AccountsFile>): void {
    const next = { ...this.#file, ...change }
    this.#kept.write(next)
    this.#file = next
  }

  #ended(account: string): void {
    for (const fn of this.#listeners) fn(account)
  }
}
