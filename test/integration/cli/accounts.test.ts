// Accounts from the command line, without a station and with one that runs over TLS; the first admin by the console's code.
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openReader } from '../../../agent/ledger/reader.ts'
import { systemClock } from '../../../drivers/host/clock.ts'
import { Visitor } from '../web/guarded.ts'
import { inProcess, start } from './reseal.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'reseal-accounts-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const run = (...args: readonly string[]) => inProcess([...args, '--data', dir])

async function audited(): Promise<readonly string[]> {
  const reader = await openReader(dir, { mode: 'in-process', clock: systemClock() })
  const rows = await reader.audits({ max: 100 })
  await reader.close()
  return rows.map(({ what, of, outcome }) => `${what} ${of} ${outcome}`).toReversed()
}

test('without a station the files are changed, and the audit says so', async () => {
  expect((await run('accounts', 'list')).out).toBe('no accounts\n')
  const added = await run('accounts', 'add', 'ada', '--role', 'admin')
  expect(added.out).toMatch(/shown once: [0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z]{5}\n$/)
  expect((await run('accounts', 'add', 'bo', '--role', 'operator')).code).toBe(0)
  expect((await run('accounts', 'badge', 'bo')).out).toMatch(/RSLB\.[0-9A-Z]{26}\n$/)
  const last = await run('accounts', 'change', 'ada', '--role', 'lead')
  expect(last).toMatchObject({ code: 2, err: expect.stringContaining('BACKEND_ACCOUNT') })
  const token = ['token', 'add', 'erp', '--role', 'it', '--scopes', 'devices.read', '--orders', 'A']
  expect((await run(...token, '--expires', '30d')).out).toMatch(/shown once: rsl_\w{8}_\w{40}\n$/)
  expect((await run(...token.slice(0, 5), '--scopes', 'audit.read')).code).toBe(2)
  expect((await run('accounts', 'remove', 'bo')).code).toBe(0)
  expect(await audited()).toEqual([
    'account-added ada done',
    'account-added bo done',
    'badge-made bo done',
    'token-added erp done',
    'account-ended bo done',
  ])
  expect(statSync(join(dir, 'accounts.json')).mode & 0o777).toBe(0o600)
  expect((await run('verify')).code).toBe(0)
})

test('a damaged file of accounts stops the command, and makes no empty one in its place', async () => {
  writeFileSync(join(dir, 'accounts.json'), '{"accounts": [')
  const { code, err } = await run('accounts', 'add', 'eve', '--role', 'admin')
  expect([code, err]).toEqual([2, expect.stringContaining('FILE_UNREADABLE')])
})

/** The certificate that the other end shows. */
function certificateAt(port: number): Promise<{ pem: string; fingerprint: string }> {
  return new Promise((resolve, reject) => {
    // Only looks: the fingerprint on the console is held against it.
    const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false }, () => {
      const { raw, fingerprint256 } = socket.getPeerCertificate()
      const body = raw.toString('base64').replace(/.{64}/g, '$&\n')
      resolve({
        pem: `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`,
        fingerprint: fingerprint256,
      })
      socket.destroy()
    })
    socket.on('error', reject)
  })
}

test('a station with accounts prints fingerprint and code; the code makes the admin, commands reach it meanwhile', async () => {
  const config = join(dir, 'bench.yaml')
  writeFileSync(
    config,
    'web: {port: 0, tls: self-signed}\naccounts: {}\nmqtt: {port: 0}\n' +
      'bays: [{bay: a, link: "virtual:", keyboard: "virtual:", screen: "virtual:"}]\n',
  )
  const station = start(['run', '--config', config, '--data', dir, '--log', 'error'], dir)
  try {
    const has = (pattern: RegExp) => pattern.exec(station.said())?.[1] ?? null
    const code = /with the code ([0-9A-Z-]{17})/
    await expect.poll(() => has(code), { timeout: 40_000 }).not.toBeNull()
    const port = Number(has(/board at https:\/\/127\.0\.0\.1:(\d+)/))
    const { pem, fingerprint } = await certificateAt(port)
    expect(station.said()).toContain(fingerprint)
    const ada = new Visitor(port, pem)
    expect((await ada.ask('/api/v1/bays')).status).toBe(401)
    expect((await ada.ask('/livez')).status).toBe(200)
    const first = { code: has(code), account: 'ada', password: 'correct horse battery' }
    expect((await ada.post('/api/v1/session/first', first)).status).toBe(200)
    expect((await ada.ask('/api/v1/bays')).status).toBe(200)
    const added = await run('accounts', 'add', 'bo', '--role', 'operator')
    const password = /shown once: (\S+)/.exec(added.out)?.[1] ?? ''
    const bo = new Visitor(port, pem)
    expect((await bo.signIn('bo', password)).json).toMatchObject({ mustChange: true })
    await run('accounts', 'change', 'bo', '--close')
    expect((await bo.ask('/api/v1/session')).json).toMatchObject({ person: null })
    const audit = (await ada.ask('/api/v1/audit')).json['rows'] as { what: string; via: string }[]
    expect(audit.map(({ what, via }) => `${what} ${via}`).toReversed()).toEqual([
      'first-admin loopback',
      'account-added socket',
      'sign-in loopback',
      'account-changed socket',
    ])
  } finally {
    station.child.kill('SIGTERM')
    await station.ended
  }
  expect((await run('verify')).code).toBe(0)
})
