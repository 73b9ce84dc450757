// What the HTTP server refuses: other web pages, other hosts, wrong shapes, and more than it can hold.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ask, post, type Served, serve } from './server.ts'

let served: Served
let folder: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'reseal-board-'))
  mkdirSync(join(folder, 'assets'))
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>board</title>')
  writeFileSync(join(folder, 'assets', 'main-abc.js'), 'export {}')
  writeFileSync(join(folder, '.sources'), 'secret stamp')
  served = await serve({ board: folder })
})
afterAll(async () => {
  await served.close()
  rmSync(folder, { recursive: true })
})
beforeEach(() => {
  served.bench.calls.length = 0
})

const ANSWER = { prompt: 'p1', answer: 'yes' }
const PATH = '/api/v1/bays/1/actions/answer'
const postWith = (headers: Readonly<Record<string, string>>) =>
  post(served.port, PATH, ANSWER, headers)

describe('another web page', () => {
  const own = () => `127.0.0.1:${served.port}`

  test('cannot answer: its origin is not ours', async () => {
    const origins = [
      'https://evil.example',
      'null',
      'http://127.0.0.1:1',
      `http://localhost:${served.port}`,
      `http://${own()}.evil.example`,
      'file://',
    ]
    for (const origin of origins) {
      const answer = await postWith({ host: own(), origin })
      expect([origin, answer.status]).toEqual([origin, 403])
      expect(answer.json['code']).toBe('BACKEND_FORBIDDEN')
    }
    expect(served.bench.calls).toEqual([])
  })

  test('cannot read either, nor answer without an origin', async () => {
    const read = await ask(served.port, '/api/v1/bays', { headers: { origin: 'http://a.b' } })
    expect(read.status).toBe(403)
    for (const site of ['cross-site', 'same-site']) {
      expect((await postWith({ 'sec-fetch-site': site })).status).toBe(403)
    }
    expect(served.bench.calls).toEqual([])
  })

  test('cannot rebind its name to the bench: the Host header tells', async () => {
    const hosts = [
      'evil.example',
      `evil.example:${served.port}`,
      '127.0.0.1.evil.example',
      'a b',
      '@',
    ]
    for (const host of hosts) {
      for (const path of ['/api/v1/station', '/', '/livez', '/api/v1/events', '/metrics']) {
        expect([host, (await ask(served.port, path, { headers: { host } })).status]).not.toEqual([
          host,
          200,
        ])
      }
      expect((await postWith({ host, origin: `http://${host}` })).status).not.toBe(200)
    }
    expect(served.bench.calls).toEqual([])
  })

  test('cannot ask in advance: there is no answer for other origins', async () => {
    const { status, headers } = await ask(served.port, PATH, {
      method: 'OPTIONS',
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
    })
    expect(status).toBe(403)
    expect(headers['access-control-allow-origin']).toBeUndefined()
  })

  test('and our own page, localhost and a tool on the command line are let in', async () => {
    const ours = [
      { host: own(), origin: `http://${own()}`, 'sec-fetch-site': 'same-origin' },
      { host: `localhost:${served.port}`, origin: `http://localhost:${served.port}` },
      { host: '[::1]:8080', origin: 'http://[::1]:8080' },
      {},
    ]
    for (const headers of ours) expect((await postWith(headers)).status).toBe(200)
    expect(served.bench.calls).toHaveLength(4)
  })
})

describe('a wrong shape', () => {
  const cases: readonly (readonly [name: string, path: string, body: unknown, status: number])[] = [
    ['no prompt', PATH, { answer: 'yes' }, 400],
    ['no answer', PATH, { prompt: 'p' }, 400],
    ['an unknown field', PATH, { ...ANSWER, force: true }, 400],
    ['a number for a text', PATH, { prompt: 1, answer: 'yes' }, 400],
    ['a list', PATH, [ANSWER], 400],
    ['null', PATH, null, 400],
    ['a bare text', PATH, '"yes"', 400],
    ['broken JSON', PATH, '{"prompt":', 400],
    ['nothing', PATH, '', 400],
    ['a prototype', PATH, '{"__proto__":{"a":1},"prompt":"p","answer":"a"}', 400],
    ['a control character', PATH, { ...ANSWER, text: 'a\u0000b' }, 400],
    ['half a character', PATH, '{"prompt":"p","answer":"\\ud800"}', 400],
    ['an empty text', PATH, { ...ANSWER, text: '' }, 400],
    ['a name that never ends', PATH, { ...ANSWER, by: 'x'.repeat(65) }, 400],
    ['a text that never ends', PATH, { ...ANSWER, text: 'x'.repeat(201) }, 400],
    ['a body that never ends', PATH, { ...ANSWER, text: 'x'.repeat(100_000) }, 413],
    ['an unknown action', '/api/v1/bays/1/actions/reset', {}, 400],
    ['a bay with a slash', '/api/v1/bays/%2e%2e%2f/actions/abort', {}, 400],
    ['a bay that is not there', '/api/v1/bays/9/actions/abort', {}, 404],
    ['a broken escape', '/api/v1/bays/%zz/actions/abort', {}, 400],
    ['an empty scan', '/api/v1/scan', { text: '' }, 400],
    ['a scan that never ends', '/api/v1/scan', { text: 'x'.repeat(4097) }, 400],
    ['a scan of nothing', '/api/v1/scan', {}, 400],
    ['an unknown route', '/api/v1/nothing', {}, 404],
    ['a read-only route', '/api/v1/station', {}, 404],
  ]
  test.each(cases)('%s is refused with its field', async (_name, path, body, status) => {
    const answer = await post(served.port, path, body)
    expect(answer.status).toBe(status)
    expect(answer.headers['content-type']).toContain('application/problem+json')
    expect(answer.json).toMatchObject({ status, code: expect.stringMatching(/^BACKEND_/) })
    expect(String(answer.json['hint']).length).toBeGreaterThan(10)
    expect(served.bench.calls).toEqual([])
  })

  const queries = [
    '/api/v1/runs?max=0',
    '/api/v1/runs?max=501',
    '/api/v1/runs?max=-1',
    '/api/v1/runs?cursor=abc',
    '/api/v1/runs?verdict=great',
    '/api/v1/runs?since=yesterday',
    '/api/v1/runs?colour=red',
    '/api/v1/runs?max=1&max=2',
    `/api/v1/runs?serial=${'x'.repeat(201)}`,
    '/api/v1/runs/%00',
    `/api/v1/devices/${'x'.repeat(201)}/reseal`,
    '/api/v1/devices/a%0Ab/reseal',
    '/api/v1/events?want=all',
    '/api/v1/events?after=x',
  ]
  test.each(queries)('%s is refused', async (path) => {
    const answer = await ask(served.port, path)
    expect(answer.status).toBe(400)
    expect(answer.json['code']).toBe('BACKEND_REQUEST_INVALID')
  })

  test('anything but JSON is refused before it is read', async () => {
    const types = ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; b=1']
    for (const type of [...types, 'application/jsonp']) {
      expect((await postWith({ 'content-type': type })).status).toBe(415)
    }
    const bare = await ask(served.port, PATH, { method: 'POST' })
    expect(bare.status).toBe(415)
    expect(served.bench.calls).toEqual([])
  })

  test('a Last-Event-ID that is no number is refused', async () => {
    const headers = { 'last-event-id': 'abc' }
    expect((await ask(served.port, '/api/v1/events', { headers })).status).toBe(400)
  })

  test('bytes that are no HTTP end the connection and nothing else', async () => {
    const socket = connect(served.port, '127.0.0.1')
    const text = await new Promise<string>((resolve, reject) => {
      let all = ''
      socket.on('data', (chunk) => {
        all += chunk.toString()
      })
      socket.on('close', () => resolve(all))
      socket.on('error', reject)
      socket.write('\x16\x03\x01\x02\x00 hello\r\n\r\n')
    })
    expect(text).toMatch(/^HTTP\/1\.1 400/)
    expect((await ask(served.port, '/livez')).status).toBe(200)
  })
})

describe('the files of the board', () => {
  test('come with a strict policy and no inline script', async () => {
    const { status, headers, text } = await ask(served.port, '/')
    expect(status).toBe(200)
    expect(text).toContain('board')
    const policy = String(headers['content-security-policy'])
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toMatch(/unsafe|\*|https?:/)
    expect(headers['x-content-type-options']).toBe('nosniff')
    expect(headers['cache-control']).toBe('no-cache')
    const again = await ask(served.port, '/', {
      headers: { 'if-none-match': String(headers['etag']) },
    })
    expect(again.status).toBe(304)
  })

  test('a file with a hash in its name may be kept for ever', async () => {
    const { headers } = await ask(served.port, '/assets/main-abc.js')
    expect(headers['content-type']).toContain('text/javascript')
    expect(headers['cache-control']).toContain('immutable')
  })

  const outside = [
    '/assets',
    '/assets/',
    '/.sources',
    '/../package.json',
    '/..%2f..%2fpackage.json',
    '/assets/..%2findex.html',
    '//etc/passwd',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/index.html%00.js',
  ]
  test.each(outside)('%s leads nowhere', async (path) => {
    const { status } = await ask(served.port, path)
    expect([400, 404]).toContain(status)
  })

  test('a board that is not bundled says so, and the API works', async () => {
    const bare = await serve()
    try {
      const { status, json } = await ask(bare.port, '/')
      expect(status).toBe(404)
      expect(json['detail']).toContain('npm start')
    } finally {
      await bare.close()
    }
  })
})
