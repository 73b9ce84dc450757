// Accounts, tokens and badges over HTTP, for the admin's page and for programs.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Audited } from '../../core/audit.ts'
import {
  type AccountOp,
  accountBody,
  accountChange,
  accountParam,
  tokenBody,
  tokenParam,
} from '../../wire/accounts.ts'
import { valid } from '../bay-routes.ts'
import type { Accounts } from './accounts.ts'
import { deedOf, doAccountOp } from './desk.ts'
import { personOf } from './person.ts'

const ADMIN = { config: { may: 'accounts.manage' } } as const
const deed = <A extends Audited>(audit: A) => ({ config: { ...ADMIN.config, audit } }) as const

export function accountRoutes(app: FastifyInstance, accounts: Accounts): void {
  const perform = (request: FastifyRequest, op: AccountOp) => {
    const noted = deedOf(op)
    if (noted !== null) request.note(noted)
    return doAccountOp(accounts, op, personOf(request).name)
  }
  const named = (request: FastifyRequest) => valid(accountParam, request.params).account

  app.get('/api/v1/accounts', ADMIN, (request) => perform(request, { op: 'list' }))
  app.post('/api/v1/accounts', deed('account-added'), (request) =>
    perform(request, { op: 'add', ...valid(accountBody, request.body) }),
  )
  app.patch('/api/v1/accounts/:account', deed('account-changed'), (request) => {
    const change = valid(accountChange, request.body)
    return perform(request, { op: 'change', account: named(request), change })
  })
  app.delete('/api/v1/accounts/:account', deed('account-ended'), (request) =>
    perform(request, { op: 'end', account: named(request) }),
  )
  app.post('/api/v1/accounts/:account/password', deed('password-reset'), (request) =>
    perform(request, { op: 'reset', account: named(request) }),
  )
  app.post('/api/v1/accounts/:account/badge', deed('badge-made'), (request) =>
    perform(request, { op: 'badge', account: named(request) }),
  )
  app.post('/api/v1/tokens', deed('token-added'), (request) =>
    perform(request, { op: 'token-add', ...valid(tokenBody, request.body) }),
  )
  app.delete('/api/v1/tokens/:id', deed('token-ended'), (request) =>
    perform(request, { op: 'token-end', ...valid(tokenParam, request.params) }),
  )
}
