// Tokens, badges, the first admin and the audit over TLS: each lets in whom it should, for as long as it should.
import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { BADGE_PREFIX } from '../../../agent/web/auth/accounts.ts'
import { memoryKept } from '../../fakes/people.ts'
import { type Guarded, PASSWORD, rawTls, serveGuarded, type Visitor } from './guarded.ts'

let guarded: Guarded
beforeEach(async () => {
  guarded = await serveGuarded()
})
afterEach(() => guarded.close())

const ABORT = '/api/v1/bays/1/actions/abort'
const audited = (what: string) => guarded.doors.audit.rows.filter((row) => row.what === what)

describe('tokens', () => {
  test('do what their scopes say until they expire or end, and stand nowhere in clear', async () => {
    let now = Date.parse('2026-11-23T08:00:00Z')
    const kept = memoryKept()
    const own = await serveGuarded({ clock: { ...guarded.clock, now: () => now }, kept })
    try {
      const { accounts } = own.doors.people
      const body = { name: 'erp', role: 'it' as const, scopes: ['devices.read' as const], days: 2 }
      const { secret, token } = accounts.addToken(body, 'admin')
      expect(JSON.stringify(kept.read())).not.toContain(secret)
      const headers = { authorization: `Bearer ${secret}` }
      const ask = (path: string) => own.visitor().ask(path, { headers })
      expect((await ask('/api/v1/devices/5CG1/reseal')).status).toBe(200)
      expect((await ask('/api/v1/runs')).status).toBe(403)
      const bad = { authorization: `Bearer ${secret.slice(0, -1)}x` }
      expect((await own.visitor().ask('/metrics', { headers: bad })).status).toBe(401)
      now += 2 * 86_400_000 + 1
      expect((await ask('/api/v1/devices/5CG1/reseal')).status).toBe(401)
      accounts.endToken(token.id)
      expect(() => accounts.endToken(token.id)).toThrow(/BACKEND_NOT_FOUND/)
      expect(() => accounts.addToken({ ...body, scopes: ['audit.read'] }, 'admin')).toThrow(
        /no audit/,
      )
    } finally {
      await own.close()
    }
  })
})

describe('a badge at a kiosk', () => {
  const badgeOf = (visitor: Visitor, badge: string) =>
    visitor.post('/api/v1/session/badge', { badge })

  test('makes its owner the one who acts, until it is not used any more', async () => {
    let now = Date.parse('2026-11-23T08:00:00Z')
    const own = await serveGuarded({ clock: { ...guarded.clock, now: () => now } })
    try {
      const badge = own.doors.people.accounts.makeBadge('operator')
      expect(badge.startsWith(BADGE_PREFIX)).toBe(true)
      const kiosk = own.visitor()
      expect((await kiosk.signIn('viewer', PASSWORD, true)).status).toBe(200)
      expect((await kiosk.post(ABORT)).status).toBe(403)
      expect((await badgeOf(kiosk, badge)).json).toMatchObject({ account: 'operator' })
      expect((await kiosk.post(ABORT)).status).toBe(200)
      expect(own.bench.calls.at(-1)?.args).toEqual(['abort', 'The operator'])
      now += 16 * 60_000
      expect((await kiosk.post(ABORT)).status).toBe(403)
      expect((await kiosk.ask('/api/v1/bays')).status).toBe(200)
    } finally {
      await own.close()
    }
  })

  test('counts nowhere else, wrong ones are refused, admins have none', async () => {
    const operator = await guarded.as('operator')
    const badge = guarded.doors.people.accounts.makeBadge('operator')
    expect((await badgeOf(operator, badge)).status).toBe(403)
    const kiosk = guarded.visitor()
    await kiosk.signIn('viewer', PASSWORD, true)
    expect((await badgeOf(kiosk, `${BADGE_PREFIX}${'0'.repeat(26)}`)).status).toBe(401)
    expect(() => guarded.doors.people.accounts.makeBadge('admin')).toThrow(/BACKEND_ACCOUNT/)
    expect((await guarded.visitor().signIn('admin', PASSWORD, true)).status).toBe(403)
    expect(JSON.stringify(guarded.doors.audit.rows)).not.toContain(badge)
  })

  test('the screen stays signed in over a restart of the agent; other sessions do not', async () => {
    const kept = memoryKept()
    const before = await serveGuarded({ kept })
    const kiosk = before.visitor()
    await kiosk.signIn('viewer', PASSWORD, true)
    const plain = await before.as('viewer')
    await before.close()
    const after = await serveGuarded({ kept })
    try {
      const again = after.visitor()
      for (const [name, value] of kiosk.cookies) again.cookies.set(name, value)
      expect((await again.ask('/api/v1/bays')).status).toBe(200)
      const other = after.visitor()
      for (const [name, value] of plain.cookies) other.cookies.set(name, value)
      expect((await other.ask('/api/v1/bays')).status).toBe(401)
    } finally {
      await after.close()
    }
  })
})

describe('the first admin', () => {
  test('is made by the code of the console, once, and by nothing else', async () => {
    const own = await serveGuarded({ isEmpty: true })
    const { accounts, firstCode } = own.doors.people
    const code = firstCode.make()
    const make = (account: string, typed: string) =>
      own.visitor().post('/api/v1/session/first', { account, code: typed, password: PASSWORD })
    expect((await make('eve', 'AAAAA-BBBBB-CCCCC')).status).toBe(401)
    expect((await make('ada', code.toLowerCase())).status).toBe(200)
    expect((await make('eve', code)).status).toBe(401)
    expect(accounts.list().map(({ account }) => account)).toEqual(['ada'])
    expect(() => accounts.end('ada')).toThrow(/last admin/)
    const outcomes = own.doors.audit.rows.map(({ what, outcome }) => `${what} ${outcome}`)
    expect(outcomes).toEqual(['first-admin refused', 'first-admin done', 'first-admin refused'])
    await own.close()
  })
})

describe('the audit', () => {
  test('says who did what, when and from where; pages go on; the export has all', async () => {
    const operator = await guarded.as('operator')
    await operator.post('/api/v1/bays/1/actions/answer', {
      prompt: 'p',
      answer: 'yes',
      by: 'Mallory',
    })
    const admin = await guarded.as('admin')
    await admin.post('/api/v1/accounts', { account: 'bob', role: 'viewer' })
    expect(audited('answer')[0]).toMatchObject({
      who: 'The operator',
      account: 'operator',
      role: 'operator',
      via: 'session',
      from: '127.0.0.1',
      of: '1',
      outcome: 'done',
      detail: { answer: 'yes' },
    })
    // The name that a request claims does not count where people sign in.
    expect(guarded.bench.calls.at(-1)?.args).toContain('The operator')
    const page = await admin.ask('/api/v1/audit?max=2')
    expect(page.json['rows']).toHaveLength(2)
    const next = await admin.ask(`/api/v1/audit?max=100&cursor=${page.json['next']}`)
    expect((next.json['rows'] as unknown[]).length).toBeGreaterThan(0)
    const lines = (await admin.ask('/api/v1/audit.ndjson')).text.trim().split('\n')
    expect(lines.length).toBeGreaterThanOrEqual(3)
    expect(lines.map((line) => JSON.parse(line).what)).toContain('account-added')
    expect(audited('export')).toHaveLength(1)
    expect(JSON.stringify(guarded.doors.audit.rows)).not.toContain(PASSWORD)
  })

  test('names accounts by pseudonyms where the config says so', async () => {
    const own = await serveGuarded({ pseudonyms: true })
    try {
      const operator = await own.as('operator')
      await operator.post(ABORT)
      expect(own.bench.calls.at(-1)?.args[1]).toMatch(/^P-[0-9a-f]{10}$/)
      expect(own.doors.audit.rows.at(-1)?.who).toMatch(/^P-[0-9a-f]{10}$/)
      expect(own.doors.audit.rows.map(({ what }) => what)).toEqual(['sign-in', 'action'])
      expect(JSON.stringify(own.doors.audit.rows)).not.toMatch(
        /The operator|"operator","(?:of|who)/,
      )
      for (const { account, of } of own.doors.audit.rows)
        expect([account, of]).not.toContain('operator')
    } finally {
      await own.close()
    }
  })
})

test('an open event stream ends with its session', async () => {
  const one = await guarded.as('operator')
  const cookie = `__Host-reseal=${one.session}`
  const { over } = await rawTls(
    guarded,

    `GET /api/v1/events?want=bays HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: ${cookie}\r\n\r\n`,
  )
  await one.ask('/api/v1/session', { method: 'DELETE' })
  expect(await over).toContain('event: bays')
}, 20_000)

test('every row of the table in SECURITY.md names a test that is there', () => {
  const root = `${import.meta.dirname}/../../..`
  const rows = readFileSync(`${root}/SECURITY.md`, 'utf8').matchAll(
    /`(test\/[^`]+\.ts)`: ([^|]+?) \|/g,
  )
  let count = 0
  for (const [, file = '', names = ''] of rows) {
    const text = readFileSync(`${root}/${file}`, 'utf8')
    for (const name of names.split(' · ').filter((one) => !one.includes('`')))
      expect(text, `${file}: ${name}`).toContain(name.trim())
    count += 1
  }
  expect(count).toBeGreaterThanOrEqual(12)
})
