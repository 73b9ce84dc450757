// The same questions to tools that we did not write: certificate chains to OpenSSL, boot logs to tpm2_eventlog.
import { execFile } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, expect, test } from 'vitest'
import { readCertificate } from '../../../drivers/tpm/certificate.ts'
import { chainOf } from '../../../drivers/tpm/chain.ts'
import { EVENT, readLog } from '../../../drivers/tpm/event-log/log.ts'
import { replay } from '../../../drivers/tpm/event-log/replay.ts'
import { readRoots } from '../../../drivers/tpm/roots.ts'
import {
  type Authority,
  authority,
  type CertificateOptions,
  certificate,
  pem,
} from '../../fakes/certificates.ts'
import { makeLog } from '../../fakes/event-log.ts'

const run = promisify(execFile)
const folder = mkdtempSync(join(tmpdir(), 'reseal-oracles-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const NOW = Date.UTC(2026, 10, 23)
const PAST = { notBefore: Date.UTC(2010, 0, 1), notAfter: Date.UTC(2020, 0, 1) }
const FUTURE = { notBefore: Date.UTC(2035, 0, 1), notAfter: Date.UTC(2036, 0, 1) }

/** What OpenSSL says: ok, or its error number. Level 1 refuses SHA-1, as we do. */
async function openssl(
  leaf: Buffer,
  roots: readonly Authority[],
  helpers: readonly Authority[],
): Promise<string> {
  const file = (name: string, ders: readonly Buffer[]) => {
    const path = join(folder, name)
    writeFileSync(path, ders.map(pem).join(''))
    return path
  }
  const args = ['verify', '-no-CApath', '-no-CAstore', '-auth_level', '1']
  args.push('-attime', String(NOW / 1000))
  const trusted = roots.map(({ der }) => der)
  args.push(...(roots.length === 0 ? ['-no-CAfile'] : ['-CAfile', file('roots.pem', trusted)]))
  if (helpers.length > 0)
    args.push(
      '-untrusted',
      file(
        'helpers.pem',
        helpers.map(({ der }) => der),
      ),
    )
  try {
    const { stdout } = await run('openssl', [...args, file('leaf.pem', [leaf])])
    return stdout.trim().endsWith(': OK') ? 'ok' : stdout
  } catch (error) {
    const text = String((error as { stderr?: unknown }).stderr)
    return /error (\d+) at/.exec(text)?.[1] ?? text
  }
}

const ours = (leaf: Buffer, roots: readonly Authority[], helpers: readonly Authority[]) =>
  chainOf(
    readCertificate(leaf),
    { roots: roots.map(({ der }) => readCertificate(der)), helpers: [] },
    helpers.map(({ der }) => readCertificate(der)),
    NOW,
  )

/** X509_V_ERR_… of OpenSSL, by the verdict that is the same. */
const SAME: Readonly<Record<string, readonly string[]>> = {
  valid: ['ok'],
  // Unable to get (local) issuer certificate, to verify the first signature; self-signed in chain.
  'unknown-root': ['2', '18', '19', '20', '21'],
  expired: ['10'],
  'expired-issuer': ['10'],
  'not-yet-valid': ['9'],
  'broken-signature': ['7', '20', '21'],
  // Digest too weak; a weak digest of an issuer.
  'weak-signature': ['68'],
  // Invalid CA certificate, path length exceeded, key usage does not include certificate signing.
  'issuer-not-ca': ['24', '25', '32', '79'],
  'not-understood': ['34'],
}

const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey
const root = authority('Root')
const middle = authority('Middle', root)
const low = authority('Low', middle)
const tight = authority('Tight root', undefined, { pathLength: 0 })
const belowTight = authority('Below tight', tight)
const oldRoot = authority('Old root', undefined, PAST)
const oldMiddle = authority('Old middle', root, PAST)
const lateMiddle = authority('Late middle', root, FUTURE)
const noCa = authority('No CA', root, { isCa: false, usage: 0x04, subject: 'No CA' })
const noSign = authority('No signing', root, { usage: 0x02 })
const strange = authority('Strange', root, { unknownCritical: true })
const namesake = authority('Root')

const leaf = (issuer: Authority, options: CertificateOptions = {}) =>
  certificate(key, issuer, options)
const broken = Buffer.from(leaf(root))
broken[broken.length - 5] = (broken[broken.length - 5] as number) ^ 1
const altered = Buffer.from(leaf(root))
altered[altered.indexOf('swtpm')] = 0x53

const CASES: readonly [string, Buffer, readonly Authority[], readonly Authority[], string][] = [
  ['one step', leaf(root), [root], [], 'valid'],
  ['two steps', leaf(middle), [root], [middle], 'valid'],
  ['three steps', leaf(low), [root], [low, middle], 'valid'],
  ['a missing step', leaf(low), [root], [low], 'unknown-root'],
  ['no roots', leaf(root), [], [], 'unknown-root'],
  ['another root', leaf(root), [tight], [], 'unknown-root'],
  ['a root that nobody pinned', leaf(root), [tight], [root], 'unknown-root'],
  ['an expired certificate', leaf(root, PAST), [root], [], 'expired'],
  ['a certificate of the future', leaf(root, FUTURE), [root], [], 'not-yet-valid'],
  ['an expired root', leaf(oldRoot), [oldRoot], [], 'expired-issuer'],
  ['an expired issuer', leaf(oldMiddle), [root], [oldMiddle], 'expired-issuer'],
  ['an issuer of the future', leaf(lateMiddle), [root], [lateMiddle], 'not-yet-valid'],
  ['an issuer that is no authority', leaf(noCa), [root], [noCa], 'issuer-not-ca'],
  ['an issuer that may not sign', leaf(noSign), [root], [noSign], 'issuer-not-ca'],
  ['a chain within its length', leaf(tight), [tight], [], 'valid'],
  ['a chain beyond its length', leaf(belowTight), [tight], [belowTight], 'issuer-not-ca'],
  [
    'an issuer with an unknown critical extension',
    leaf(strange),
    [root],
    [strange],
    'not-understood',
  ],
  [
    'an unknown critical extension',
    leaf(root, { unknownCritical: true }),
    [root],
    [],
    'not-understood',
  ],
  ['a broken signature', broken, [root], [], 'broken-signature'],
  ['an altered body', altered, [root], [], 'broken-signature'],
  ['a root of the same name', leaf(root), [namesake], [], 'broken-signature'],
  ['an authority as the certificate', leaf(root, { isCa: true, usage: 0x24 }), [root], [], 'valid'],
  [
    'a serial with leading zeros',
    leaf(root, { serial: Buffer.from([0, 0, 5]) }),
    [root],
    [],
    'valid',
  ],
]

test.each(CASES)('%s is judged as OpenSSL judges it', async (name, one, roots, helpers, wanted) => {
  const { verdict, detail } = ours(one, roots, helpers)
  expect(verdict, detail).toBe(wanted)
  // Where OpenSSL's own parser refuses the certificate it has no verdict to compare with.
  const answer = await openssl(one, roots, helpers)
  if (!/unable to load certificate|Unable to load/i.test(answer))
    expect(SAME[verdict]).toContain(answer)
  else expect(name).toBe('a serial with leading zeros')
})

test('of two roots with one name and no key identifiers the right one is found, in any order', () => {
  for (const roots of [
    [namesake, root],
    [root, namesake],
  ])
    expect(ours(leaf(root), roots, []).verdict).toBe('valid')
})

test('SHA-1 of an RSA authority is weak for both', async () => {
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const der = certificate(
    pair.publicKey,
    { name: 'RSA root', key: pair.privateKey },
    { subject: 'RSA root', isCa: true },
  )
  const rsaRoot: Authority = { name: 'RSA root', key: pair.privateKey, der }
  const sound = certificate(key, rsaRoot)
  expect([ours(sound, [rsaRoot], []).verdict, await openssl(sound, [rsaRoot], [])]).toEqual([
    'valid',
    'ok',
  ])
  const weak = certificate(key, rsaRoot, { isSha1: true })
  expect(ours(weak, [rsaRoot], []).verdict).toBe('weak-signature')
  expect(SAME['weak-signature']).toContain(await openssl(weak, [rsaRoot], []))
})

test('a directory of PEM files gives roots and issuers, and names what it cannot read', () => {
  const dir = mkdtempSync(join(folder, 'roots-'))
  writeFileSync(join(dir, 'both.pem'), `${pem(root.der)}${pem(middle.der)}`)
  writeFileSync(join(dir, 'binary.cer'), low.der)
  writeFileSync(join(dir, 'bad.pem'), 'nothing')
  writeFileSync(join(dir, 'notes.txt'), 'not looked at')
  const { store, problems } = readRoots(dir)
  expect(store.roots.map(({ subject }) => subject.text)).toEqual(['CN=Root'])
  expect(store.helpers.map(({ subject }) => subject.text).sort()).toEqual(['CN=Low', 'CN=Middle'])
  expect(problems).toHaveLength(1)
  expect(chainOf(readCertificate(leaf(low)), store, [], NOW).verdict).toBe('valid')
})

/** `pcrs:` of the YAML that tpm2_eventlog prints, by bank. */
function pcrsOf(yaml: string): Record<string, Record<string, string>> {
  const banks: Record<string, Record<string, string>> = {}
  let bank: Record<string, string> = {}
  for (const line of yaml.slice(yaml.indexOf('\npcrs:')).split('\n')) {
    const name = /^ {2}(sha\d+):/.exec(line)?.[1]
    if (name !== undefined) {
      bank = {}
      banks[name] = bank
    }
    const [, pcr, value] = /^ {4}(\d+) *: 0x([0-9a-f]+)$/.exec(line) ?? []
    if (pcr !== undefined && value !== undefined) bank[pcr] = value
  }
  return banks
}

const vector = (name: string) => resolve(import.meta.dirname, '../../vectors/event-log', name)
const made = makeLog(
  [
    { pcr: 0, type: 8, data: Buffer.from('version') },
    ...[0, 1, 2, 3, 4, 5, 6, 7].map((pcr) => ({
      pcr,
      type: EVENT.separator,
      data: Buffer.alloc(4),
    })),
    { pcr: 4, type: EVENT.action, data: Buffer.from('Calling EFI Application') },
  ],
  ['sha1', 'sha256', 'sha384'],
)

test.each([
  ['a boot of OVMF with Secure Boot', () => readFileSync(vector('ovmf-secure-boot.bin'))],
  ['a boot of OVMF without it', () => readFileSync(vector('ovmf-open.bin'))],
  ['a log with three banks', () => made],
])('%s replays to what tpm2_eventlog says', async (_, bytesOf) => {
  const bytes = bytesOf()
  const file = join(folder, 'log.bin')
  writeFileSync(file, bytes)
  const { stdout } = await run('tpm2_eventlog', [file], { maxBuffer: 16 * 1024 * 1024 })
  const theirs = pcrsOf(stdout)
  const log = readLog(bytes)
  expect(Object.keys(theirs).sort()).toEqual([...log.banks].sort())
  for (const bank of log.banks) {
    const values = [...replay(log, bank)].map(([pcr, value]) => [
      pcr,
      Buffer.from(value).toString('hex'),
    ])
    expect(Object.fromEntries(values)).toEqual(theirs[bank])
  }
})
