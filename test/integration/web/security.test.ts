// Attacks on passwords and sessions, each against the real server over TLS: refused, and written down. SECURITY.md names each.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { checkPassword, hashPassword } from '../../../agent/web/auth/password.ts'
import { Throttle } from '../../../agent/web/auth/throttle.ts'
import { type Guarded, PASSWORD, serveGuarded } from './guarded.ts'

let guarded: Guarded
beforeEach(async () => {
  guarded = await serveGuarded()
})
afterEach(() => guarded.close())

const ABORT = '/api/v1/bays/1/actions/abort'
const audited = (what: string) => guarded.doors.audit.rows.filter((row) => row.what === what)

describe('brute force', () => {
  test('a guesser is slowed down after five tries, its neighbour at another account is not', async () => {
    // Waits are told by this clock alone: hashing on a busy machine takes as long as the first of them.
    const own = await serveGuarded({ clock: { ...guarded.clock, mono: () => 1_000 } })
    try {
      const guesser = own.visitor()
      const seen: number[] = []
      for (let n = 0; n < 7; n += 1)
        seen.push((await guesser.signIn('operator', `guess ${n}`)).status)
      expect(seen).toEqual([401, 401, 401, 401, 401, 429, 429])
      const late = await guesser.signIn('operator', PASSWORD)
      expect(late.status).toBe(429)
      expect(late.headers['retry-after']).toBe('2')
      expect((await own.visitor().signIn('lead', PASSWORD)).status).toBe(200)
      const refused = own.doors.audit.rows.filter(({ outcome }) => outcome === 'refused')
      expect(refused).toHaveLength(8)
      expect(refused[0]).toMatchObject({ what: 'sign-in', of: 'operator', from: '127.0.0.1' })
      expect(refused[7]).toMatchObject({ what: 'sign-in', detail: { throttled: true } })
    } finally {
      await own.close()
    }
  })

  test('an unknown account is answered as a wrong password, and no typed name is kept', async () => {
    const wrong = await guarded.visitor().signIn('operator', 'wrong wrong wrong')
    const none = await guarded.visitor().signIn('Passw0rd-typed-here', 'wrong wrong wrong')
    expect(none.text).toBe(wrong.text)
    expect(JSON.stringify(guarded.doors.audit.rows)).not.toContain('typed-here')
  })

  test('many tries at once are many tries', async () => {
    const tries = Array.from({ length: 12 }, (_, n) =>
      guarded.visitor().signIn('operator', `g${n}`),
    )
    const statuses = (await Promise.all(tries)).map(({ status }) => status)
    expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(6)
  })

  test('the waits double up to a bound, are forgotten in time, and spare who signed in there before', () => {
    let now = 0
    const throttle = new Throttle({ mono: () => now })
    throttle.succeeded('ada', '10.0.0.1')
    for (let n = 0; n < 100; n += 1) throttle.failed('ada', `10.0.1.${n}`)
    expect(throttle.waitMs('ada', '10.0.9.9')).toBe(60_000)
    expect(throttle.waitMs('ada', '10.0.0.1')).toBe(0)
    expect(throttle.waitMs('bob', '10.0.9.9')).toBe(0)
    for (let n = 0; n < 30; n += 1) throttle.failed('eve', '10.0.0.2')
    expect(throttle.waitMs('eve', '10.0.0.2')).toBe(5 * 60_000)
    for (let n = 0; n < 60; n += 1) throttle.failed(`x${n}`, '2001:db8:0:1::5')
    expect(throttle.waitMs('bob', '2001:db8:0:1:ffff::9')).toBeGreaterThan(0)
    expect(throttle.waitMs('bob', '2001:db8:0:1:ffff::9')).toBeLessThanOrEqual(15_000)
    now += 16 * 60_000
    expect(throttle.waitMs('eve', '10.0.0.2')).toBe(0)
  })

  test('passwords are scrypt hashes with their parameters, salted, never in an answer or the file as they are', async () => {
    const [one, two] = [await hashPassword(PASSWORD), await hashPassword(PASSWORD)]
    expect(one).toMatch(/^\$scrypt\$ln=15,r=8,p=3\$[\w-]{22}\$[\w-]{43}$/)
    expect(one).not.toBe(two)
    expect(await checkPassword(PASSWORD, one)).toEqual({ fits: true, isOld: false })
    expect(await checkPassword(`${PASSWORD} `, one)).toMatchObject({ fits: false })
    const old = '$scrypt$ln=10,r=8,p=1$c2FsdHNhbHRzYWx0$'
    expect((await checkPassword('x', `${old}${'A'.repeat(43)}`)).isOld).toBe(true)
    const admin = await guarded.as('admin')
    expect((await admin.ask('/api/v1/accounts')).text).not.toMatch(/scrypt|"hash"/)
  })

  test.each(['password123', 'aaaaaaaaaaaa', 'my admin secret', '1234567890', 'short'])(
    'the password %s may not be chosen',
    async (password) => {
      const admin = await guarded.as('admin')
      const body = { old: PASSWORD, new: password }
      expect([400, 422]).toContain((await admin.post('/api/v1/session/password', body)).status)
    },
  )
})

describe('session fixation and theft', () => {
  test('an id from before the sign-in counts for nothing after it', async () => {
    const victim = guarded.visitor()
    victim.cookies.set('__Host-reseal', 'chosen-by-the-attacker')
    expect((await victim.signIn('operator', PASSWORD)).status).toBe(200)
    expect(victim.session).toMatch(/^[\w-]{43}$/)
    const attacker = guarded.visitor()
    attacker.cookies.set('__Host-reseal', 'chosen-by-the-attacker')
    expect((await attacker.ask('/api/v1/bays')).status).toBe(401)
  })

  test('signing in again ends the session before, signing out ends the one now', async () => {
    const one = await guarded.as('operator')
    const first = one.session ?? ''
    await one.signIn('operator', PASSWORD)
    const thief = guarded.visitor()
    thief.cookies.set('__Host-reseal', first)
    expect((await thief.ask('/api/v1/bays')).status).toBe(401)
    thief.cookies.set('__Host-reseal', one.session ?? '')
    expect((await thief.ask('/api/v1/bays')).status).toBe(200)
    expect((await one.ask('/api/v1/session', { method: 'DELETE' })).status).toBe(200)
    expect((await thief.ask('/api/v1/bays')).status).toBe(401)
  })

  test('the cookie is for this host over TLS alone, and no script reads it', async () => {
    const { headers } = await guarded.visitor().signIn('operator', PASSWORD)
    const [session = '', csrf = ''] = headers['set-cookie'] as string[]
    for (const word of ['__Host-reseal=', 'HttpOnly', 'Secure', 'SameSite=Strict', 'Path=/'])
      expect(session).toContain(word)
    expect(session).not.toContain('Domain')
    expect(csrf).not.toContain('HttpOnly')
  })

  test('a session ends by idleness, by age, by a new password and by a new role', async () => {
    let now = Date.parse('2026-11-23T08:00:00Z')
    const clock = { ...guarded.clock, now: () => now }
    const own = await serveGuarded({ clock })
    try {
      const one = await own.as('operator')
      now += 29 * 60_000
      expect((await one.ask('/api/v1/bays')).status).toBe(200)
      now += 31 * 60_000
      expect((await one.ask('/api/v1/bays')).status).toBe(401)
      const two = await own.as('operator')
      for (let minutes = 0; minutes < 12 * 60; minutes += 25) {
        now += 25 * 60_000
        await two.ask('/api/v1/bays')
      }
      expect((await two.ask('/api/v1/bays')).status).toBe(401)
      const three = await own.as('operator')
      await own.doors.people.accounts.setPassword('operator', PASSWORD)
      expect((await three.ask('/api/v1/bays')).status).toBe(401)
      const four = await own.as('operator')
      own.doors.people.accounts.change('operator', { role: 'viewer' })
      expect((await four.ask('/api/v1/bays')).status).toBe(401)
    } finally {
      await own.close()
    }
  })

  test('a first password opens nothing but the form for a new one', async () => {
    const { password } = await guarded.doors.people.accounts.add({ account: 'new', role: 'admin' })
    const one = guarded.visitor()
    expect((await one.signIn('new', password)).json).toMatchObject({ mustChange: true })
    expect((await one.ask('/api/v1/bays')).status).toBe(403)
    expect((await one.ask('/api/v1/accounts')).status).toBe(403)
    const change = { old: password, new: PASSWORD }
    expect((await one.post('/api/v1/session/password', change)).status).toBe(200)
    expect((await one.ask('/api/v1/accounts')).status).toBe(200)
  })
})

describe('CSRF', () => {
  test('a change needs the token of its own session besides the cookie', async () => {
    const one = await guarded.as('operator')
    const two = await guarded.as('lead')
    const bare = await one.ask(ABORT, { method: 'POST', bare: true })
    expect(bare).toMatchObject({ status: 403, json: { code: 'BACKEND_FORBIDDEN' } })
    const foreign = { 'x-reseal-csrf': two.cookies.get('__Host-reseal-csrf') ?? '' }
    expect((await one.ask(ABORT, { method: 'POST', headers: foreign })).status).toBe(403)
    expect(guarded.bench.calls).toEqual([])
    expect((await one.post(ABORT)).status).toBe(200)
    expect(audited('refused').length).toBeGreaterThanOrEqual(2)
  })

  test('another origin is refused even with both, and so is the plain one of the same host', async () => {
    const one = await guarded.as('operator')
    const host = `127.0.0.1:${guarded.port}`
    for (const origin of ['https://evil.example', 'null', `http://${host}`])
      expect((await one.post(ABORT, {}, { host, origin })).status).toBe(403)
    expect((await one.post(ABORT, {}, { host, origin: `https://${host}` })).status).toBe(200)
    expect((await one.post(ABORT, {}, { 'sec-fetch-site': 'cross-site' })).status).toBe(403)
  })

  test('a form of another page cannot sign a person in: it cannot send JSON', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const { status } = await guarded
      .visitor()
      .post('/api/v1/session', 'account=a&password=b', headers)
    expect(status).toBe(415)
  })
})
