// The description of the API is true: every route stands in it, and what the server answers is what it tells.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { untold } from '../../../agent/wire/openapi.ts'
import { ROUTE_DOCS } from '../../../agent/wire/openapi-docs.ts'
import { apiCheck, type Description } from '../../fakes/api-check.ts'
import { comparePrompt, ill, viewOf } from '../../fakes/board-bench.ts'
import { everything } from './everything.ts'
import { ask, post, type Served, serve } from './server.ts'

let served: Served
beforeEach(async () => {
  served = await serve({ parts: everything() })
})
afterEach(() => served.close())

test('every route of the server is described', () => {
  expect(untold(served.routes, ROUTE_DOCS)).toEqual([])
})

test('a route that nobody describes is named', () => {
  const added = { method: 'GET', path: '/api/v1/forgotten', may: null }
  expect(untold([...served.routes, added], ROUTE_DOCS)).toEqual(['GET /api/v1/forgotten'])
})

test('no description is left of a route that is gone, and each call has a name of its own', () => {
  const there = new Set(served.routes.map(({ method, path }) => `${method} ${path}`))
  expect(ROUTE_DOCS.filter(({ route }) => !there.has(route)).map(({ route }) => route)).toEqual([])
  const ids = ROUTE_DOCS.map(({ id }) => id)
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([])
})

test('the document is served, and every reference in it leads somewhere', async () => {
  const { status, json, text } = await ask(served.port, '/api/openapi.json')
  expect(status).toBe(200)
  const { openapi, components } = json as unknown as Description
  expect(openapi).toBe('3.1.0')
  const names = [...text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map((one) => one[1])
  expect(names.length).toBeGreaterThan(30)
  expect(names.filter((name) => !(name! in components.schemas))).toEqual([])
})

test('what the server answers is what the description tells', async () => {
  const check = apiCheck(served.routes)
  served.bench.ail([ill('broker', 'BACKEND_BROKER_DOWN')])
  served.bench.show(
    viewOf('1', 'you', served.clock, {
      prompt: comparePrompt('p1', served.clock),
      fault: { code: 'STATION_LAMP_GONE', hint: 'Plug it in.' },
    }),
  )
  served.reader.closeRun('run1', { verdict: 'resealed', grade: 'witnessed', workOrder: 'WO-1' })
  const gets: readonly (readonly [path: string, url: string, status?: number])[] = [
    ['/api/v1/station', '/api/v1/station'],
    ['/api/openapi.json', '/api/openapi.json'],
    ['/livez', '/livez'],
    ['/readyz', '/readyz'],
    ['/api/v1/bays', '/api/v1/bays'],
    ['/api/v1/bays/{bay}', '/api/v1/bays/1'],
    ['/api/v1/bays/{bay}', '/api/v1/bays/none', 404],
    ['/api/v1/runs', '/api/v1/runs'],
    ['/api/v1/runs', '/api/v1/runs?max=0', 400],
    ['/api/v1/runs/{run}', '/api/v1/runs/run1'],
    ['/api/v1/runs/{run}/label', '/api/v1/runs/run1/label'],
    ['/api/v1/devices/{serial}/reseal', '/api/v1/devices/5CG1/reseal'],
  ]
  for (const [path, url, expected = 200] of gets) {
    const { status, json } = await ask(served.port, url)
    expect(status, url).toBe(expected)
    expect(check('GET', path, status, json)).toEqual([])
  }
  const posts: readonly (readonly [path: string, url: string, body: object, status?: number])[] = [
    [
      '/api/v1/bays/{bay}/actions/answer',
      '/api/v1/bays/1/actions/answer',
      { prompt: 'p1', answer: 'yes' },
    ],
    ['/api/v1/bays/{bay}/actions/undo', '/api/v1/bays/1/actions/undo', { prompt: 'p1' }],
    ['/api/v1/bays/{bay}/actions/abort', '/api/v1/bays/1/actions/abort', {}],
    ['/api/v1/bays/{bay}/actions/abort', '/api/v1/bays/1/actions/abort', { what: 1 }, 400],
    ['/api/v1/scan', '/api/v1/scan', { text: '5CG1' }],
    ['/api/v1/bays/{bay}/port', '/api/v1/bays/1/port', { want: 'cycle' }],
    ['/api/v1/bays/{bay}/probe', '/api/v1/bays/1/probe', {}],
    ['/api/v1/runs/{run}/label', '/api/v1/runs/run1/label', { copies: 2 }],
    ['/api/v1/bays/{bay}/label', '/api/v1/bays/1/label', {}],
  ]
  for (const [path, url, body, expected = 200] of posts) {
    const { status, json } = await post(served.port, url, body)
    expect(status, url).toBe(expected)
    expect(check('POST', path, status, json)).toEqual([])
  }
})

test('an answer with a field that is not told is found', () => {
  const live = { live: true, seq: 1 }
  expect(apiCheck(served.routes)('GET', '/livez', 200, live)).toEqual([])
  expect(apiCheck(served.routes)('GET', '/livez', 200, { ...live, more: 1 })).toHaveLength(1)
  expect(apiCheck(served.routes)('GET', '/livez', 200, { live: true })).toHaveLength(1)
})
