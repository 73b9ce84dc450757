// Floods, bombs and bent requests against the real server over TLS: cut or refused, and the others are served.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Guarded, rawTls, serveGuarded } from './guarded.ts'

let guarded: Guarded
beforeEach(async () => {
  guarded = await serveGuarded()
})
afterEach(() => guarded.close())

const ABORT = '/api/v1/bays/1/actions/abort'
const audited = (what: string) => guarded.doors.audit.rows.filter((row) => row.what === what)

describe('floods and bombs', () => {
  test('a slow talker is cut, with or without a whole handshake, and the others are served', async () => {
    const half = await rawTls(guarded, 'GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ')
    const body = await rawTls(
      guarded,
      'POST /api/v1/session HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{',
    )
    expect((await guarded.visitor().ask('/livez')).status).toBe(200)
    expect(await half.over).toMatch(/^HTTP\/1\.1 408|^$/)
    expect(await body.over).toMatch(/^HTTP\/1\.1 408|^$/)
  }, 30_000)

  test.each([
    ['a body without end', 'x'.repeat(100_000), 413],
    ['a deep one', `${'['.repeat(8_000)}${']'.repeat(8_000)}`, 400],
    ['one with a prototype', '{"__proto__":{"role":"admin"},"account":"a","password":"b"}', 400],
  ])('%s is refused', async (_name, body, status) => {
    expect((await guarded.visitor().post('/api/v1/session', body)).status).toBe(status)
  })

  test('headers without end are refused', async () => {
    const { over } = await rawTls(
      guarded,
      `GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`,
    )
    expect(await over).toMatch(/^HTTP\/1\.1 431/)
  })

  test.each([
    '/../accounts.json',
    '/..%2faccounts.json',
    '/assets/../../accounts.json',
    '//etc/passwd',
  ])('the path %s leads nowhere', async (path) => {
    expect([400, 404]).toContain((await guarded.visitor().ask(path)).status)
  })

  test('nothing of a request comes back as a header', async () => {
    const { over } = await rawTls(
      guarded,
      'GET /api/v1/bays/x%0d%0aSet-Cookie:%20a=b HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Request-Id: a%0d%0ab\r\nConnection: close\r\n\r\n',
    )
    const [head = ''] = (await over).split('\r\n\r\n')
    expect(head).toMatch(/^HTTP\/1\.1 40[014]/)
    expect(head.toLowerCase()).not.toContain('set-cookie')
    const split = await rawTls(
      guarded,
      'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n',
    )
    expect(await split.over).toMatch(/^HTTP\/1\.1 400/)
  })

  test('a flood of refusals is counted, not written one by one', async () => {
    const one = await guarded.as('viewer')
    for (let n = 0; n < 700; n += 1) await one.post(ABORT)
    expect(audited('refused').length).toBeLessThanOrEqual(600)
  }, 60_000)
})
