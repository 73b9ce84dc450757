// Commands that ask a station behind TLS and accounts: trusted by file or fingerprint, let in by a token, refused in words.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Guarded, serveGuarded } from '../web/guarded.ts'
import { reseal } from './reseal.ts'

const dir = mkdtempSync(join(tmpdir(), 'reseal-door-'))
let guarded: Guarded
let url: string
beforeAll(async () => {
  guarded = await serveGuarded()
  url = `https://127.0.0.1:${guarded.port}`
  const admin = await guarded.as('admin')
  const scopes = ['bays.read', 'orders.import', 'runs.read', 'orders.read']
  const made = await admin.post('/api/v1/tokens', { name: 'cli', role: 'admin', scopes, days: 1 })
  writeFileSync(join(dir, 'token'), `${String(made.json['secret'])}\n`, { mode: 0o600 })
  writeFileSync(join(dir, 'station.pem'), guarded.tls.certPem)
  writeFileSync(join(dir, 'orders.csv'), 'order,serial\n')
})
afterAll(async () => {
  await guarded.close()
  rmSync(dir, { recursive: true, force: true })
})

const status = (...more: string[]) => reseal(['status', '--url', url, ...more], dir)
const TOKEN = ['--token-file', 'token']

test('a station is trusted by its certificate, or by the fingerprint of the console', async () => {
  const byFile = await status('--ca', 'station.pem', ...TOKEN)
  expect([byFile.code, byFile.err, byFile.out]).toEqual([0, '', expect.stringContaining('1 ')])
  const printed = guarded.tls.fingerprint
  const byPrint = await status('--fingerprint', printed, ...TOKEN)
  expect([byPrint.code, byPrint.out]).toEqual([0, byFile.out])
})

test('an unknown certificate, and one of another machine, are refused before the token is told', async () => {
  const unknown = await status(...TOKEN)
  expect([unknown.code, unknown.out]).toEqual([2, ''])
  expect(unknown.err).toMatch(/^reseal: STATION_CERTIFICATE: .*--fingerprint/)
  const before = guarded.doors.audit.rows.length
  const other = await status('--fingerprint', 'AB:'.repeat(31).concat('AB'), ...TOKEN)
  expect([other.code, other.out]).toEqual([2, ''])
  expect(other.err).toContain(`shows ${guarded.tls.fingerprint}`)
  expect(guarded.doors.audit.rows).toHaveLength(before)
})

test('without a token, or with a wrong one, the command says so in the words of the station', async () => {
  const none = await status('--ca', 'station.pem')
  expect([none.code, none.out]).toEqual([expect.any(Number), ''])
  expect(none.code).not.toBe(0)
  expect(none.err).toMatch(/^reseal: BACKEND_/)
  expect((await status('--ca', 'station.pem', '--token-file', 'none')).err).toMatch(
    /^reseal: FILE_UNREADABLE/,
  )
  const bare = ['--url', 'http://192.0.2.1', ...TOKEN]
  expect((await reseal(['status', ...bare], dir)).err).toMatch(/USAGE_COMMAND.*https/)
})

test('orders are given to the running station', async () => {
  const line = ['orders', 'import', 'orders.csv', '--url', url, '--ca', 'station.pem', ...TOKEN]
  const { code, err } = await reseal(line, dir)
  expect([code, err]).toEqual([0, ''])
  expect(guarded.doors.audit.rows.at(-1)).toMatchObject({ what: 'orders', of: 'orders.csv' })
  const both = await reseal([...line, '--data', 'data'], dir)
  expect(both.err).toMatch(/^reseal: USAGE_COMMAND/)
})
