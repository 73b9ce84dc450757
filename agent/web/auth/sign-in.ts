// Signing in and out: password, badge at a kiosk, a new password, and the first admin by the code of the console.
import { fastifyCookie } from '@fastify/cookie'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { PERMISSION_NAMES } from '../../core/roles.ts'
import type { Clock } from '../../ports.ts'
import { badgeBody, firstBody, passwordBody, signInBody } from '../../wire/accounts.ts'
import { valid } from '../bay-routes.ts'
import { HttpProblem } from '../problem.ts'
import type { Accounts } from './accounts.ts'
import { CSRF_COOKIE, type Door, mayBeKiosk, SESSION_COOKIE } from './door.ts'
import type { FirstCode } from './first-code.ts'
import { checkPassword, weakness } from './password.ts'
import { type Person, personMay, personOf } from './person.ts'
import { csrfOf, type Sessions } from './sessions.ts'
import { Throttle } from './throttle.ts'

export interface SignInParts {
  /** False: nobody has to, and nobody can. */
  readonly isNeeded: boolean
  /** How long a browser keeps the cookie of a kiosk, s. */
  readonly kioskS: number
  readonly accounts: Accounts
  readonly sessions: Sessions
  readonly door: Door
  readonly firstCode: FirstCode
  readonly clock: Clock
}

const FAST_OFF = { httpOnly: true, secure: true, sameSite: 'strict', path: '/' } as const

/** A browser keeps a cookie of a closed browser for a kiosk only; the station's own limits hold in any case. */
function setCookies(reply: FastifyReply, id: string, keepS: number | null): void {
  const age = keepS === null ? {} : { maxAge: keepS }
  const { serialize } = fastifyCookie
  reply.header('set-cookie', [
    serialize(SESSION_COOKIE, id, { ...FAST_OFF, ...age }),
    serialize(CSRF_COOKIE, id === '' ? '' : csrfOf(id), { ...FAST_OFF, httpOnly: false, ...age }),
  ])
}

/** What a page needs to know of the person before it shows anything. */
export const personView = (person: Person | null) =>
  person === null || person.via === 'loopback'
    ? null
    : {
        account: person.account,
        name: person.name,
        role: person.role,
        via: person.via,
        may: PERMISSION_NAMES.filter((permission) => personMay(person, permission)),
      }

const wrong = () => new HttpProblem(401, 'BACKEND_SIGN_IN_WRONG')

export function signInRoutes(app: FastifyInstance, parts: SignInParts): void {
  const { accounts, sessions, door, firstCode, clock, isNeeded, kioskS } = parts
  const throttle = new Throttle(clock)

  const onlyWhereNeeded = () => {
    if (!isNeeded) throw new HttpProblem(404, 'BACKEND_NOT_FOUND', 'Nobody signs in here.')
  }
  const holdUp = (request: FastifyRequest, reply: FastifyReply, account: string): void => {
    const waitMs = throttle.waitMs(account, request.ip) / clock.rate
    if (waitMs <= 0) return
    reply.header('retry-after', String(Math.ceil(waitMs / 1000)))
    request.note({ what: 'sign-in', ofAccount: null, detail: { throttled: true } })
    throw new HttpProblem(429, 'BACKEND_TOO_MANY', `Wait ${Math.ceil(waitMs / 1000)} s.`)
  }
  const started = (
    request: FastifyRequest,
    reply: FastifyReply,
    account: string,
    kiosk: boolean,
  ) => {
    const before = door.cookie(request)
    if (before !== null) sessions.end(before)
    setCookies(reply, sessions.start(account, kiosk), kiosk ? kioskS : null)
    const live = accounts.live(account)
    return { account, role: live?.role ?? null, mustChange: live?.mustChange ?? false }
  }

  app.get('/api/v1/session', { config: { may: 'anyone' } }, (request) => ({
    signIn: isNeeded ? 'needed' : 'none',
    first: isNeeded && !accounts.hasAdmin,
    mustChange: mustChange(accounts, request.person),
    person: personView(request.person),
  }))

  app.post(
    '/api/v1/session',
    { config: { may: 'anyone', audit: 'sign-in' } },
    async (request, reply) => {
      onlyWhereNeeded()
      const { account: typed, password, kiosk } = valid(signInBody, request.body)
      const account = typed.toLowerCase()
      holdUp(request, reply, account)
      const live = accounts.live(account)
      // Counted before the hash is made: many tries at once are not one try.
      throttle.failed(account, request.ip)
      const { fits, isOld } = await checkPassword(password, live?.password ?? null)
      // What was typed into the field may be a password: the audit names known accounts only.
      request.note({ what: 'sign-in', ofAccount: live && account, detail: { kiosk } })
      if (live === null || !fits) throw wrong()
      throttle.succeeded(account, request.ip)
      if (kiosk && !mayBeKiosk(live.role))
        throw new HttpProblem(403, 'BACKEND_NOT_ALLOWED', `A kiosk is for viewers and operators.`)
      if (isOld) await accounts.rehash(account, password)
      request.note({ who: door.shown(account, live.name) })
      return started(request, reply, account, kiosk)
    },
  )

  app.delete(
    '/api/v1/session',
    { config: { may: 'self', audit: 'sign-out' } },
    (request, reply) => {
      const id = door.cookie(request)
      if (id !== null) sessions.end(id)
      setCookies(reply, '', 0)
      return { signedOut: true }
    },
  )

  app.post(
    '/api/v1/session/password',
    { config: { may: 'self', audit: 'password' } },
    async (request, reply) => {
      const person = personOf(request)
      const { account } = person
      request.note({ what: 'password', ofAccount: account })
      if (person.via !== 'session' || account === null)
        throw new HttpProblem(403, 'BACKEND_NOT_ALLOWED', 'Sign in with the password first.')
      const body = valid(passwordBody, request.body)
      holdUp(request, reply, account)
      throttle.failed(account, request.ip)
      const { fits } = await checkPassword(body.old, accounts.live(account)?.password ?? null)
      if (!fits) throw wrong()
      throttle.succeeded(account, request.ip)
      strong(body.new, account)
      if (body.new === body.old)
        throw new HttpProblem(422, 'BACKEND_ACCOUNT', 'The new password is the old one.')
      await accounts.setPassword(account, body.new)
      return started(request, reply, account, false)
    },
  )

  app.post(
    '/api/v1/session/badge',
    { config: { may: 'self', audit: 'badge' } },
    (request, reply) => {
      const { badge } = valid(badgeBody, request.body)
      const session = door.session(request)
      request.note({ what: 'badge', ofAccount: null })
      if (session?.isKiosk !== true)
        throw new HttpProblem(403, 'BACKEND_NOT_ALLOWED', 'A badge counts at a kiosk only.')
      holdUp(request, reply, 'badge')
      const live = accounts.byBadge(badge)
      if (live === null) {
        throttle.failed('badge', request.ip)
        throw wrong()
      }
      session.badge = { account: live.account, usedAt: session.usedAt }
      request.note({ ofAccount: live.account })
      return { account: live.account, role: live.role }
    },
  )

  app.delete('/api/v1/session/badge', { config: { may: 'self', audit: 'badge' } }, (request) => {
    const session = door.session(request)
    const ofAccount = session?.badge?.account ?? null
    request.note({ what: 'badge', ofAccount, detail: { away: true } })
    if (session !== null) session.badge = null
    return { away: true }
  })

  app.post(
    '/api/v1/session/first',
    { config: { may: 'anyone', audit: 'first-admin' } },
    async (request, reply) => {
      onlyWhereNeeded()
      const { code, account, name, password } = valid(firstBody, request.body)
      request.note({ what: 'first-admin', ofAccount: account })
      holdUp(request, reply, 'first-admin')
      if (accounts.hasAdmin || !firstCode.fits(code)) {
        throttle.failed('first-admin', request.ip)
        throw wrong()
      }
      strong(password, account)
      await accounts.addFirst(account, name ?? account, password)
      firstCode.use()
      return started(request, reply, account, false)
    },
  )
}

function mustChange(accounts: Accounts, person: Person | null): boolean {
  if (person?.via !== 'session' || person.account === null) return false
  return accounts.live(person.account)?.mustChange ?? false
}

function strong(password: string, account: string): void {
  const why = weakness(password, account)
  if (why !== null) throw new HttpProblem(422, 'BACKEND_ACCOUNT', `The password ${why}.`)
}
