// A repeated request for a secret is done once, and the secret is told once: no answer of its kind is kept for an hour.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ROUTE_DOCS } from '../../../agent/wire/openapi-docs.ts'
import { SECRET_ROUTES } from '../../../agent/wire/secret-routes.ts'
import { type Guarded, serveGuarded, type Visitor } from './guarded.ts'

let guarded: Guarded
let admin: Visitor
beforeAll(async () => {
  guarded = await serveGuarded()
  admin = await guarded.as('admin')
})
afterAll(() => guarded.close())

const send = (path: string, key: string, body: unknown) =>
  admin.ask(path, { method: 'POST', body, headers: { 'idempotency-key': key } })

/** What makes a secret, with a body, and how the answer is known to hold one. */
const SECRETS = [
  ['/api/v1/tokens', { name: 'erp', role: 'it', scopes: ['runs.read'], days: 30 }],
  ['/api/v1/accounts', { account: 'bob', role: 'viewer' }],
  ['/api/v1/accounts/viewer/password', {}],
  ['/api/v1/accounts/operator/badge', {}],
  ['/api/v1/bays/1/probe', {}],
] as const

test.each(SECRETS)('%s is done once and told once', async (path, body) => {
  const first = await send(path, `key ${path}`.replace(/\W/g, '-'), body)
  expect([first.status, first.text]).toEqual([expect.toSatisfy((s) => s < 300), expect.any(String)])
  const again = await send(path, `key ${path}`.replace(/\W/g, '-'), body)
  expect(again).toMatchObject({ status: 409, json: { code: 'BACKEND_KEY_SPENT' } })
  for (const secret of Object.values(first.json).filter((one) => String(one).length > 8))
    expect(again.text).not.toContain(String(secret))
})

test('nothing was made twice', async () => {
  const { json } = await admin.ask('/api/v1/accounts')
  const { tokens, accounts } = json as Record<string, readonly unknown[]>
  expect(tokens).toHaveLength(1)
  expect(accounts?.filter((one) => JSON.stringify(one).includes('"bob"'))).toHaveLength(1)
})

test('a refusal holds no secret: it is the same again', async () => {
  const wrong = { account: 'bob', role: 'nobody' }
  expect((await send('/api/v1/accounts', 'wrong', wrong)).status).toBe(400)
  const again = await send('/api/v1/accounts', 'wrong', wrong)
  expect([again.status, again.headers['idempotency-replayed']]).toEqual([400, 'true'])
})

test('every change whose answer holds a secret is tried here, but those of the sign-in', () => {
  const documented = new Set(ROUTE_DOCS.map(({ route }) => route))
  expect([...SECRET_ROUTES].filter((route) => !documented.has(route))).toEqual([])
  const changes = [...SECRET_ROUTES].filter((route) => !route.startsWith('GET '))
  const tried = SECRETS.map(([path]) =>
    `POST ${path}`.replace('bays/1', 'bays/:bay').replace(/viewer|operator/, ':account'),
  )
  const signIn = ['', '/password', '/first'].map((end) => `POST /api/v1/session${end}`)
  expect(changes.toSorted()).toEqual([...tried, ...signIn].toSorted())
})
