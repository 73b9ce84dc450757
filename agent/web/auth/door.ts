// Reads from a request who it is: a session's cookie, a token, the local console, or nobody.
import { fastifyCookie } from '@fastify/cookie'
import type { FastifyRequest } from 'fastify'
import { roleMay } from '../../core/roles.ts'
import { HttpProblem } from '../problem.ts'
import { type Accounts, isSame } from './accounts.ts'
import type { Person } from './person.ts'
import { csrfOf, type Session, type Sessions } from './sessions.ts'

/** `__Host-`: the browser takes it over TLS only, for this host alone (RFC 6265bis, 4.1.3.2). */
export const SESSION_COOKIE = '__Host-reseal'
/** Readable by our pages, which send it back with every change. */
export const CSRF_COOKIE = '__Host-reseal-csrf'
export const CSRF_HEADER = 'x-reseal-csrf'

/** A program on this PC that asks whether the station lives: systemd, a local Prometheus. */
const NEIGHBOUR: Person = {
  account: null,
  name: 'local',
  role: 'viewer',
  via: 'loopback',
  orders: null,
  scopes: ['health.read', 'metrics.read'],
}

/** True for this PC itself. */
export const isNear = (address: string): boolean => /^(?:::1$|127\.|::ffff:127\.)/.test(address)

export interface DoorParts {
  readonly accounts: Accounts
  readonly sessions: Sessions
  readonly pseudonyms: boolean
}

export interface Door {
  /** The person of a request; null: nobody. An open stream looks without using the session. @throws HttpProblem 401 for a token that does not count, 403 without the CSRF token */
  person(request: FastifyRequest, isUse?: boolean): Person | null
  /** The session's cookie of a request, as it was sent. */
  cookie(request: FastifyRequest): string | null
  session(request: FastifyRequest): Session | null
  /** What records and audit call an account: its name, or its pseudonym. */
  shown(account: string, name: string): string
}

export function makeDoor({ accounts, sessions, pseudonyms }: DoorParts): Door {
  const shown = (account: string, name: string) => (pseudonyms ? accounts.pseudonym(account) : name)
  const cookie = (request: FastifyRequest): string | null => {
    const { cookie: header } = request.headers
    return header === undefined ? null : (fastifyCookie.parse(header)[SESSION_COOKIE] ?? null)
  }
  const session = (request: FastifyRequest, isUse = true) => {
    const id = cookie(request)
    return id === null ? null : sessions.find(id, isUse)
  }

  const byToken = (text: string): Person => {
    const token = accounts.byToken(text)
    if (token === null) throw new HttpProblem(401, 'BACKEND_SIGN_IN', 'The token does not count.')
    const { id, name, role, orders, scopes } = token
    return { account: `token:${id}`, name, role, via: 'token', orders, scopes }
  }

  const bySession = (request: FastifyRequest, isUse: boolean): Person | null => {
    const found = session(request, isUse)
    const id = cookie(request)
    if (found === null || id === null) return null
    guardChange(request, id)
    const badge = found.badge === null ? null : accounts.live(found.badge.account)
    const account = badge ?? accounts.live(found.account)
    if (account === null) return null
    if (found.badge !== null && request.method !== 'GET') found.badge.usedAt = found.usedAt
    return {
      account: account.account,
      name: shown(account.account, account.name),
      role: account.role,
      via: badge !== null ? 'badge' : found.isKiosk ? 'kiosk' : 'session',
      orders: account.orders,
      // A first password opens nothing but the form for a new one.
      scopes: account.mustChange && badge === null ? [] : null,
    }
  }

  return {
    cookie,
    session,
    shown,
    person: (request, isUse = true) => {
      const bearer = /^Bearer ([\w-]{1,200})$/.exec(request.headers.authorization ?? '')?.[1]
      if (bearer !== undefined) return byToken(bearer)
      return bySession(request, isUse) ?? (isNear(request.ip) ? NEIGHBOUR : null)
    },
  }
}

/** Another page can make a browser send the cookie, but cannot read it: it lacks the header. */
function guardChange(request: FastifyRequest, id: string): void {
  if (request.method === 'GET' || request.method === 'HEAD') return
  const sent = request.headers[CSRF_HEADER]
  if (typeof sent === 'string' && isSame(sent, csrfOf(id))) return
  // Signing in starts a session of its own, whatever cookie is there.
  if (request.routeOptions.config.may === 'anyone') return
  throw new HttpProblem(403, 'BACKEND_FORBIDDEN', `The header ${CSRF_HEADER} does not fit.`)
}

/** A kiosk stays open in the hall: only accounts that look or work at bays. */
export const mayBeKiosk = (role: Person['role']): boolean =>
  roleMay(role, 'bays.read') && !roleMay(role, 'bays.service')
