// Asks of every route what it needs and of every request whether its person may; nothing is open by forgetting it.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Permission } from '../../core/roles.ts'
import type { StreamReader } from '../event-client.ts'
import { HttpProblem } from '../problem.ts'
import { demand, type May, type Person, personMay, personOf } from './person.ts'
import { redact, sightOf } from './redact.ts'

/** What a route needs that says nothing: only the admin has it. */
const UNSAID: Permission = 'accounts.manage'

/** Routes whose answers tell whose order a thing belongs to: all that an account which is bound to orders may ask. */
const BY_ORDER: ReadonlySet<string> = new Set([
  '/api/v1/runs',
  '/api/v1/runs/:run',
  '/api/v1/devices/:serial/reseal',
  '/api/v1/work-orders',
  '/api/v1/work-orders/:order',
  '/api/v1/work-orders/:order/close-out.csv',
])
/** Permissions that tell nothing of a device. */
const ORDER_FREE: ReadonlySet<string> = new Set(['health.read', 'metrics.read'])

export interface RouteNeed {
  readonly method: string
  readonly path: string
  /** null: the route does not say. */
  readonly may: May | null
  /** Its word in the audit; null: it does not say. */
  readonly audit: string | null
}

/** Says who a request is; null when nobody signed in. @throws HttpProblem to refuse it whole */
export type Door = (request: FastifyRequest, isUse?: boolean) => Person | null

/** Before any route: each asks `config: { may }`. The answer grows as routes are added; tests and documents read it. */
declare module 'fastify' {
  interface FastifyRequest {
    /** For a stream: whether its person may still read, and what it sees. */
    reads(permission: Permission): StreamReader
  }
}

export function addPermits(app: FastifyInstance, door: Door): readonly RouteNeed[] {
  const needs: RouteNeed[] = []
  app.decorateRequest('person', null)
  app.decorateRequest('reads', function (this: FastifyRequest, permission: Permission) {
    const sight = sightOf(this.person)
    return {
      mayRead: () => {
        try {
          // A board that is left open must not keep its session alive.
          const person = door(this, false)
          return person !== null && personMay(person, permission)
        } catch {
          return false
        }
      },
      see: (value: unknown) => redact(value, sight),
    }
  })
  app.addHook('onRoute', ({ method, url, config }) => {
    for (const one of [method].flat())
      needs.push({ method: one, path: url, may: config?.may ?? null, audit: config?.audit ?? null })
  })
  app.addHook('onRequest', (request, _reply, next) => {
    request.person = door(request)
    // A path that leads nowhere is told as such: 404 to all.
    if (!request.is404) check(request, request.routeOptions.config.may ?? UNSAID)
    next()
  })
  return needs
}

function check(request: FastifyRequest, may: May): void {
  if (may === 'anyone') return
  if (may === 'self') {
    personOf(request)
    return
  }
  const { orders } = demand(request, may)
  const path = request.routeOptions.url ?? ''
  if (orders !== null && !ORDER_FREE.has(may) && !BY_ORDER.has(path))
    throw new HttpProblem(403, 'BACKEND_NOT_ALLOWED', 'This account sees its own work orders only.')
}

/** @throws HttpProblem 403 when a person's orders do not hold this one */
export function demandOrder(request: FastifyRequest, order: string | null | undefined): void {
  const { orders, role } = personOf(request)
  if (orders === null) return
  if (order != null && orders.includes(order)) return
  throw new HttpProblem(404, 'BACKEND_NOT_FOUND', `Nothing that ${role} of this account may see.`)
}
