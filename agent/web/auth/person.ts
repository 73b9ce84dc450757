// Who stands behind a request, and whether this person may do what it asks; every route asks through here.
import type { FastifyRequest } from 'fastify'
import { type Permission, type Role, roleMay } from '../../core/roles.ts'
import { HttpProblem } from '../problem.ts'

/**
 * How a person or program came in. `console`: loopback without accounts. `socket`: the UNIX socket of the data directory. `loopback`: a
 * program of this PC that is not signed in and may ask for health and figures. */
export type Via = 'console' | 'socket' | 'loopback' | 'session' | 'kiosk' | 'badge' | 'token'

export interface Person {
  /** Account or token; null at the local console, where nobody signs in. */
  readonly account: string | null
  /** What records and audit call this person: the name, or the pseudonym of the account. */
  readonly name: string
  readonly role: Role
  readonly via: Via
  /** Work orders that may be seen; null: all. */
  readonly orders: readonly string[] | null
  /** What a token was cut down to; null: all that the role may. */
  readonly scopes: readonly Permission[] | null
}

/**
 * What a route needs: a permission, `self` for whoever is signed in, `anyone` for what must be there before a sign-in.
 * A route that says nothing is the admin's alone, and test/integration/web/security-roles.test.ts names it.
 */
export type May = Permission | 'self' | 'anyone'

declare module 'fastify' {
  interface FastifyContextConfig {
    may?: May
  }
  interface FastifyRequest {
    /** null before the door looked, and for `anyone` routes that nobody signed in to. */
    person: Person | null
  }
}

/** Loopback without accounts: whoever has a screen of the bench PC. */
export const CONSOLE: Person = {
  account: null,
  name: 'http',
  role: 'admin',
  via: 'console',
  orders: null,
  scopes: null,
}
/** Commands of this PC over the UNIX socket. */
export const SOCKET: Person = { ...CONSOLE, name: 'cli', via: 'socket' }

/** True when the person may; a token only what its scopes name besides. */
export const personMay = ({ role, scopes }: Person, permission: Permission): boolean =>
  roleMay(role, permission) && (scopes === null || scopes.includes(permission))

/** The person of a request. @throws HttpProblem 401 when nobody signed in */
export function personOf(request: FastifyRequest): Person {
  if (request.person !== null && request.person.via !== 'loopback') return request.person
  throw new HttpProblem(401, 'BACKEND_SIGN_IN')
}

/**
 * For what depends on the body or the state: the person of the request if it may.
 * @throws HttpProblem 401 when nobody signed in, 403 when it may not
 */
export function demand(request: FastifyRequest, permission: Permission): Person {
  if (request.person !== null && personMay(request.person, permission)) return request.person
  const person = personOf(request)
  throw new HttpProblem(403, 'BACKEND_NOT_ALLOWED', `${person.role} may not: ${permission}.`)
}

/** Whose name a change carries: with accounts always the account's; at the console what the request says. */
export function nameOf(request: FastifyRequest, said: string | undefined): string {
  const { via, name } = personOf(request)
  return via === 'console' || via === 'socket' ? (said ?? 'http') : name
}
