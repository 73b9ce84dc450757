// Everything between the wire and the routes: who it is, what it may, what it sees of the answer, and what is written down.
import { fastifyCookie } from '@fastify/cookie'
import type { FastifyInstance } from 'fastify'
import { resealAnswer } from '../../core/reseal-answer.ts'
import type { Log } from '../../log.ts'
import type { AuditLog, AuditReader, Clock } from '../../ports.ts'
import { HttpProblem } from '../problem.ts'
import { accountRoutes } from './account-routes.ts'
import type { Accounts } from './accounts.ts'
import { auditRoutes } from './audit-routes.ts'
import { makeDoor } from './door.ts'
import type { FirstCode } from './first-code.ts'
import { addPermits, type RouteNeed } from './permits.ts'
import { CONSOLE } from './person.ts'
import { redact, seesAll, sightOf } from './redact.ts'
import { type SessionRules, Sessions } from './sessions.ts'
import { personView, signInRoutes } from './sign-in.ts'
import { addTrail } from './trail.ts'

/** Who may sign in, and how long it holds. */
export interface People {
  /** False: nobody signs in, whoever comes is the local console; accounts may be made all the same. */
  readonly isNeeded: boolean
  readonly accounts: Accounts
  readonly rules: SessionRules
  readonly pseudonyms: boolean
  readonly firstCode: FirstCode
  /** Real time: sessions do not live on bench time. */
  readonly timers: Clock
}

export interface GateParts {
  /** null: there are no accounts (tests of other things). */
  readonly people: People | null
  /** null: nothing is kept (tests of other things). */
  readonly audit: AuditLog | null
  readonly audits: AuditReader | null
  readonly clock: Clock
  readonly log: Log
}

/** Before any other route; the answer grows as routes are added. */
export function openGate(app: FastifyInstance, parts: GateParts): readonly RouteNeed[] {
  const { people, audit, audits, clock, log } = parts
  // Its hook is off: the door reads the one cookie that counts, before any hook of a plugin.
  void app.register(fastifyCookie, { hook: false })
  const inside = people === null ? null : roomOf(people)
  const routes = addPermits(
    app,
    people?.isNeeded === true && inside ? inside.door.person : () => CONSOLE,
  )
  const alias = (account: string) =>
    people?.pseudonyms === true ? people.accounts.pseudonym(account) : account
  addTrail(app, { store: audit, clock, log, alias })
  app.addHook('preSerialization', async (request, _reply, payload) => {
    const sight = sightOf(request.person)
    if (seesAll(sight) || request.is404) return payload
    const seen = redact(payload, sight)
    if (seen === null && payload !== null) {
      const { serial } = payload as { readonly serial?: unknown }
      // Another customer's device is answered as one that was never here: its existence is no secret to tell.
      if (request.routeOptions.url === '/api/v1/devices/:serial/reseal')
        return resealAnswer(String(serial), { runs: [], annotations: [], open: null }, clock.now())
      throw new HttpProblem(404, 'BACKEND_NOT_FOUND')
    }
    return seen
  })
  if (people !== null && inside !== null) {
    const { timers, rules } = people
    signInRoutes(app, { ...people, ...inside, clock: timers, kioskS: rules.kioskMs / 1_000 })
    accountRoutes(app, people.accounts)
  } else {
    app.get('/api/v1/session', { config: { may: 'anyone' } }, ({ person }) => ({
      signIn: 'none',
      first: false,
      mustChange: false,
      person: personView(person),
    }))
  }
  if (audits !== null) auditRoutes(app, audits)
  return routes
}

function roomOf({ accounts, rules, pseudonyms, timers }: People) {
  const sessions = new Sessions(accounts, rules, timers)
  return { sessions, door: makeDoor({ accounts, sessions, pseudonyms }) }
}
