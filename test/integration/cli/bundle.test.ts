// A bundle leaves the bench: nothing in it may be a secret, and it is written even where half of the bench is broken.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { scrubber } from '../../../agent/cli/bundle/scrub.ts'
import { reseal } from './reseal.ts'

const PASSWORD = 'correct horse/battery+staple'
const USER_SECRET = 'mqtt-user-9f3a'
const KEY =
  '-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg\n-----END PRIVATE KEY-----'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'reseal-bundle-test-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

/** The station.yaml of a bench with every kind of secret that a config can point at, and some that it must not hold. */
const config = (more = '') =>
  file(
    'station.yaml',
    `station: bench-1
bays:
  - { bay: "01", link: nic:nosuchcard0, keyboard: "manual:" }
mqtt:
  url: mqtts://127.0.0.1:1
  userFile: ${file('user.txt', `${USER_SECRET}\n`)}
  passwordFile: ${file('password.txt', `${PASSWORD}\n`)}
  certFile: ${file('cert.pem', 'public')}
  keyFile: ${file('key.pem', KEY)}
${more}`,
  )

function unpacked(bundle: string): ReadonlyMap<string, string> {
  const to = join(folder, 'unpacked')
  mkdirSync(to)
  execFileSync('tar', ['-xzf', bundle, '-C', to])
  const names = execFileSync('tar', ['-tzf', bundle], { encoding: 'utf8' }).split('\n')
  return new Map(
    names
      .filter((name) => name !== '' && !name.endsWith('/'))
      .map((name) => [name.replace('reseal-bundle/', ''), readFileSync(join(to, name), 'utf8')]),
  )
}

const SECRETS = [
  PASSWORD,
  USER_SECRET,
  encodeURIComponent(PASSWORD),
  Buffer.from(PASSWORD).toString('base64'),
  'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg',
]

test('a bundle of a bench with secrets and a ledger holds the ledger and none of the secrets', async () => {
  const demo = [
    'demo',
    '--devices',
    '3',
    '--bays',
    '2',
    '--seed',
    '5',
    '--exit-when-done',
    '--json',
  ]
  expect((await reseal([...demo, '--data', join(folder, 'data')], folder)).code).toBe(0)
  const bundle = join(folder, 'bench.tar.gz')
  const args = ['bundle', bundle, '--config', config(), '--data', join(folder, 'data')]
  const { code, out, err } = await reseal(args, folder)
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(out).toContain('look into it before you send it')
  const pieces = unpacked(bundle)
  expect(JSON.parse(pieces.get('machine.json') ?? '')).toMatchObject({ reseal: '0.1.0' })
  expect(pieces.get('station.yaml')).toContain('passwordFile:')
  expect(pieces.get('doctor.json')).toContain('nosuchcard0')
  expect(pieces.get('runs.ndjson')?.trim().split('\n').length).toBeGreaterThanOrEqual(3)
  // No station runs here: that is said in its place and is no reason to write nothing.
  expect(pieces.get('station.json.missing.txt')).toMatch(/STATION_NOT_RUNNING/)
  const all = [...pieces.values()].join('\n')
  for (const secret of SECRETS) expect(all).not.toContain(secret)
  // People of the customer stay out too; the simulated users are addresses of these domains.
  expect(all).not.toMatch(/[\w.]+@(?:contoso|fabrikam)/)
}, 60_000)

test('a config that is refused goes along all the same, without the secret that stands in it', async () => {
  const bundle = join(folder, 'bench.tar.gz')
  const broken = config(`  password: "${PASSWORD}"\nsurprise: 1\n`)
  const { code, err } = await reseal(['bundle', bundle, '--config', broken], folder)
  expect(code).toBe(2)
  expect(err).toContain('surprise')
  const all = [...unpacked(bundle).values()].join('\n')
  expect(all).toContain('surprise: 1')
  for (const secret of SECRETS) expect(all).not.toContain(secret)
})

test('a place that cannot be written is a fault with a hint, and nothing stays behind', async () => {
  const { code, err } = await reseal(['bundle', '/proc/none/bench.tar.gz'], folder)
  expect(code).toBe(2)
  expect(err).toMatch(/^reseal: FILE_UNREADABLE: .*bench\.tar\.gz/m)
})

test('what looks like a secret is taken out wherever it stands', () => {
  const scrub = scrubber([])
  expect(scrub('mqtt://bench:hunter22@broker.example')).toBe('mqtt://***@broker.example')
  expect(scrub('key 111111-222222-333333-444444-555555-666666-777777-888888.')).toBe('key ***.')
  expect(scrub('"password": "hunter22", "x": 1')).toBe('"password": "***", "x": 1')
  expect(scrub('Authorization: Bearer abc.def')).not.toContain('abc.def')
  expect(scrub('assigned to ada.lovelace@contoso.example')).toBe('assigned to ***@contoso.example')
  // Words of every day stay whole.
  expect(scrubber(['abc'])('abc of it')).toBe('abc of it')
})
