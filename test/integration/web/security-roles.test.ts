// Every role meets every route of the real server over TLS, and the cells of docs/ROLES.md are what it answers.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ACTIONS } from '../../../agent/core/facts.ts'
import {
  isPermission,
  PERMISSION_NAMES,
  ROLES,
  type Role,
  roleMay,
} from '../../../agent/core/roles.ts'
import { mayDo, neededFor, neededToSay, type Rights } from '../../../agent/dashboard/may.ts'
import type { WebParts } from '../../../agent/web/web.ts'
import { viewOf } from '../../fakes/board-bench.ts'
import { type Guarded, serveGuarded, type Visitor } from './guarded.ts'

/** Permissions that no route has by itself: asked inside of one, and tried below. */
const INSIDE: readonly string[] = ['bays.release', 'people.read']

/** Rooms that no test here goes into: their routes are there, what stands behind them is not. */
const gone = () => Promise.reject(new Error('not in this test'))
const REST: Partial<WebParts> = {
  photos: { dir: '/nonexistent', ledger: { annotate: gone } },
  throughput: { figures: { figures: gone }, shifts: { zone: 'UTC', list: [] } },
}

let guarded: Guarded
const visitors = new Map<Role, Visitor>()
beforeAll(async () => {
  guarded = await serveGuarded({ parts: REST })
  for (const role of ROLES) visitors.set(role, await guarded.as(role))
})
afterAll(() => guarded.close())

const visitorOf = (role: Role): Visitor => visitors.get(role) ?? guarded.visitor()
const pathOf = (path: string) =>
  path.replace(/:(\w+)/g, (_all, name: string) => (name === 'action' ? 'seen' : '1'))
const routesOf = (is: (may: string) => boolean) =>
  guarded.routes.filter(({ method, may }) => method !== 'HEAD' && may !== null && is(may))

test('every route says which permission it needs: `config: { may }`', () => {
  expect(guarded.routes.length).toBeGreaterThan(30)
  const silent = guarded.routes.filter(({ may }) => may === null)
  expect(silent.map(({ method, path }) => `${method} ${path}`)).toEqual([])
  expect(routesOf((may) => may !== 'self' && may !== 'anyone' && !isPermission(may))).toEqual([])
})

describe.each(ROLES)('%s', (role) => {
  test.each(PERMISSION_NAMES)('%s', async (permission) => {
    const visitor = visitorOf(role)
    const may = roleMay(role, permission)
    for (const { method, path } of routesOf((need) => need === permission)) {
      const { status, json } = await visitor.ask(pathOf(path), { method })
      const isLetIn = status !== 401 && !(status === 403 && json['code'] === 'BACKEND_NOT_ALLOWED')
      expect([method, path, isLetIn], `${status}`).toEqual([method, path, may])
    }
  })
})

test('nobody gets in anywhere but at the sign-in and the bare pages', async () => {
  const nobody = guarded.visitor()
  for (const { method, path } of routesOf((may) => may !== 'anyone')) {
    const { status } = await nobody.ask(pathOf(path), { method })
    // A program of this PC may ask for health and figures.
    const isFree = /^\/(?:livez|readyz|metrics|api\/openapi\.json)$/.test(path)
    expect([method, path, status !== 401]).toEqual([method, path, isFree])
  }
})

test('a route that forgot to say is the admin’s alone', async () => {
  const { makeServer, addManners } = await import('../../../agent/web/server.ts')
  const { addPermits } = await import('../../../agent/web/auth/permits.ts')
  const { CONSOLE } = await import('../../../agent/web/auth/person.ts')
  const app = makeServer()
  let role: Role = 'lead'
  addManners(app, (await import('../../../agent/log.ts')).silentLog, { names: [], tls: null })
  addPermits(app, () => ({ ...CONSOLE, role, via: 'session' }))
  app.get('/forgotten', () => ({}))
  expect((await app.inject('/forgotten')).statusCode).toBe(403)
  role = 'admin'
  expect((await app.inject('/forgotten')).statusCode).toBe(200)
  await app.close()
})

/** What the pages of a role are told, and offer by it. */
const rightsOf = async (role: Role) =>
  (await visitorOf(role).ask('/api/v1/session')).json as unknown as Rights

test.each(ROLES)('the pages offer %s the actions that are taken, and no other', async (role) => {
  const rights = await rightsOf(role)
  for (const action of ACTIONS) {
    const { status } = await visitorOf(role).post(`/api/v1/bays/1/actions/${action}`)
    expect([action, status]).toEqual([action, mayDo(rights, neededFor(action)) ? 200 : 403])
  }
  expect(mayDo(rights, neededFor('out-of-service'))).toBe(roleMay(role, 'bays.service'))
})

test.each(ROLES)('bays.release inside an answer: %s', async (role) => {
  const free = { answer: 'look', label: 'Look', pictured: false, closes: false }
  const held = { answer: 'go-on', label: 'The lead allows it', pictured: false, closes: false }
  const prompt = {
    id: 'p1',
    verb: 'Look' as const,
    line: 'Not on the order',
    expected: null,
    choices: [{ ...held, lead: true as const }, free],
    since: 0,
    loud: true,
    scan: false,
  }
  guarded.bench.show(viewOf('2', 'hold', guarded.clock, { prompt }))
  const answer = (text: string) =>
    visitorOf(role).post('/api/v1/bays/2/actions/answer', { prompt: 'p1', answer: text })
  expect((await answer('go-on')).status).toBe(roleMay(role, 'bays.release') ? 200 : 403)
  expect((await answer('look')).status).toBe(roleMay(role, 'bays.answer') ? 200 : 403)
  const rights = await rightsOf(role)
  const offered = prompt.choices.map((choice) => mayDo(rights, neededToSay(choice)))
  expect(offered).toEqual([roleMay(role, 'bays.release'), roleMay(role, 'bays.answer')])
})

test.each(ROLES)(
  'people.read: the assigned user stands in the views of %s or not',
  async (role) => {
    const names = { organisation: 'contoso.com', profile: 'P', user: 'ada@contoso.com' }
    const prompt = {
      id: 'p2',
      verb: 'Compare' as const,
      line: 'Names right?',
      names,
      expected: null,
      choices: [],
      since: 0,
      loud: true,
      scan: false,
    }
    guarded.bench.show(viewOf('1', 'you', guarded.clock, { prompt }))
    const { status, text } = await visitorOf(role).ask('/api/v1/bays')
    if (!roleMay(role, 'bays.read')) return expect(status).toBe(403)
    expect(text).toContain('contoso.com')
    expect(text.includes('ada@')).toBe(roleMay(role, 'people.read'))
  },
)

test('every permission is behind a route of this server, or tried above', () => {
  const used = new Set<string>(guarded.routes.map(({ may }) => may ?? ''))
  const idle = PERMISSION_NAMES.filter((name) => !used.has(name) && !INSIDE.includes(name))
  expect(idle).toEqual([])
})

test('IT sees runs of its own orders, and nothing of others', async () => {
  guarded.reader.closeRun('own', { workOrder: 'WO-1' })
  guarded.reader.closeRun('other', { workOrder: 'WO-2' })
  guarded.reader.closeRun('none', {})
  const { accounts } = guarded.doors.people
  accounts.change('it', { orders: ['WO-1'] })
  const it = await guarded.as('it')
  const { json } = await it.ask('/api/v1/runs')
  const runs = json['runs'] as { record: { run: string } }[]
  expect(runs.map(({ record }) => record.run)).toEqual(['own'])
  expect((await it.ask('/api/v1/runs/own')).status).toBe(200)
  expect((await it.ask('/api/v1/runs/other')).status).toBe(404)
  expect((await it.ask('/api/v1/runs/none')).status).toBe(404)
  // What cannot tell orders apart is closed to it; another customer's device is as one that was never here.
  for (const path of ['/api/v1/runs/other/proof', '/api/v1/runs/own/photos'])
    expect((await it.ask(path)).status).toBe(403)
  expect((await it.post('/api/v1/devices/lookup.csv', { text: 'SNother' })).status).toBe(403)
  const seen = await it.ask('/api/v1/devices/SNother/reseal')
  expect(seen.json).toMatchObject({ answer: 'not-seen', attempts: 0 })
  expect(() => accounts.change('viewer', { orders: ['WO-1'] })).toThrow(/Only an account of IT/)
  const lead = await visitorOf('lead').ask('/api/v1/runs')
  expect(lead.json['runs']).toHaveLength(3)
})
