// `attest` and `tpm-roots` as their users run them, on a TPM that swtpm_setup made with an authority of its own.
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { authority, pem } from '../../fakes/certificates.ts'
import { type Swtpm, startSwtpm } from '../../fakes/swtpm.ts'
import { ERROR_LINE, onTerminal, reseal } from '../cli/reseal.ts'

const run = promisify(execFile)
const dir = mkdtempSync(join(tmpdir(), 'reseal-attest-'))
const at = (...parts: string[]) => join(dir, ...parts)
let swtpm: Swtpm

/** The certificates come from an authority below `dir`, so that nothing of this machine is used or changed. */
beforeAll(async () => {
  for (const name of ['ca', 'state', 'roots', 'empty']) mkdirSync(at(name))
  writeFileSync(
    at('localca.conf'),
    [
      `statedir = ${at('ca')}`,
      `signingkey = ${at('ca', 'signkey.pem')}`,
      `issuercert = ${at('ca', 'issuercert.pem')}`,
      `certserial = ${at('ca', 'certserial')}`,
    ].join('\n'),
  )
  writeFileSync(
    at('localca.options'),
    '--platform-manufacturer Test\n--platform-version 1\n--platform-model Test\n',
  )
  writeFileSync(
    at('setup.conf'),
    [
      'create_certs_tool = /usr/bin/swtpm_localca',
      `create_certs_tool_config = ${at('localca.conf')}`,
      `create_certs_tool_options = ${at('localca.options')}`,
      'active_pcr_banks = sha256',
    ].join('\n'),
  )
  const how = ['--tpm2', '--create-ek-cert', '--create-platform-cert', '--config', at('setup.conf')]
  await run('swtpm_setup', [...how, '--tpmstate', at('state')])
  const authorities = readdirSync(at('ca')).filter((name) => name.endsWith('cert.pem'))
  expect(authorities).toHaveLength(2)
  for (const name of authorities) writeFileSync(at('roots', name), readFileSync(at('ca', name)))
  swtpm = await startSwtpm({ state: at('state') })
}, 60_000)
afterAll(async () => {
  await swtpm.stop()
  rmSync(dir, { recursive: true, force: true })
})

const attest = (...args: string[]) => reseal(['attest', '--tpm', swtpm.url, ...args], dir)

test('a TPM of swtpm_setup is GO with its roots and the switch for test TPMs', async () => {
  const { code, out, err } = await attest('--roots', 'roots', '--allow-test-tpm')
  expect([code, err]).toEqual([0, ''])
  expect(out).toMatch(/^✓ GO +physical TPM +IBM.*test TPM accepted$/m)
  expect(out).toMatch(/^✓ GO +credential activation +the secret came back$/m)
  expect(out).toMatch(/^attests to the station: ✓ GO {4}Windows says ready: · not seen$/m)
  expect(out).toContain("Neither verdict promises that Microsoft's attestation service accepts")
})

test('without the switch it is NO-GO, and the physical TPM is named with what to do', async () => {
  const { code, out } = await attest('--roots', 'roots')
  expect(code).toBe(1)
  expect(out).toMatch(/^✗ NO-GO +physical TPM .*a software TPM\n +→ A software TPM/m)
})

test('the lines of README and docs/TPM.md end as they say', async () => {
  for (const page of ['README.md', 'docs/TPM.md']) {
    const text = readFileSync(join(import.meta.dirname, '../../..', page), 'utf8')
    const lines = [...text.matchAll(/^npx reseal (attest .*?) +# exit (\d)(.*)$/gm)]
    expect(lines.map(([, , code]) => code)).toEqual(['0', '1'])
    expect(lines[1]?.[3]).toContain('physical TPM')
    expect(text).toContain('swtpm_setup --tpm2 --tpmstate /tmp/tpm --create-ek-cert --overwrite')
    for (const [, line = '', code] of lines) {
      const args = line.replace('tcp://127.0.0.1:2321', swtpm.url).replace('/tmp/roots', 'roots')
      const { code: ended, out } = await reseal(args.split(/\s+/), dir)
      expect([line, ended]).toEqual([line, Number(code)])
      if (code === '1') expect(out).toMatch(/^✗ NO-GO +physical TPM /m)
    }
  }
})

test('without roots a person must decide, and is told why', async () => {
  const { code, out } = await attest('--allow-test-tpm')
  expect(code).toBe(4)
  expect(out).toMatch(/^\? HOLD +EK certificate chain .*is not among the roots$/m)
  expect(out).toContain('No roots are trusted yet')
})

test('--json is one document with both verdicts, every check and the switch', async () => {
  const { code, out, err } = await attest('--roots', 'roots', '--allow-test-tpm', '--json')
  expect([code, err]).toEqual([0, ''])
  const found = JSON.parse(out)
  expect(found).toMatchObject({ station: 'GO', windows: 'not-seen', allowTestTpm: true })
  for (const check of found.checks)
    expect(Object.keys(check)).toEqual(['id', 'verdict', 'value', 'source', 'hint'])
  expect(found.sighting.quote.seen).toMatchObject({ failed: null, bank: 'sha256' })
})

test('on a terminal it tells its steps and uses colours', async () => {
  const args = ['attest', '--tpm', swtpm.url, '--roots', 'roots', '--allow-test-tpm']
  const { code, out } = await onTerminal(args, dir).ended
  expect(code).toBe(0)
  expect(out).toContain('… activating a credential')
  expect(out).toContain('\u001b[32m✓ GO')
})

test('a wrong address is wrong usage, and nobody there is an error of its own', async () => {
  const wrong = await reseal(['attest', '--tpm', 'ftp://somewhere'], dir)
  expect(wrong.code).toBe(2)
  expect(wrong.err.trim()).toMatch(ERROR_LINE)
  const nobody = await reseal(['attest', '--tpm', 'tcp://127.0.0.1:9'], dir)
  expect(nobody.code).toBe(3)
  expect(nobody.err.trim()).toMatch(ERROR_LINE)
  expect(nobody.err).toContain('DEVICE_TPM_SILENT')
  const roots = await attest('--roots', 'nowhere')
  expect(roots.code).toBe(2)
  expect(roots.err).toContain('FILE_UNREADABLE')
})

test('a boot log that is named and not there is wrong usage', async () => {
  const { code, err } = await attest('--event-log', 'nowhere.bin')
  expect(code).toBe(2)
  expect(err.trim()).toMatch(ERROR_LINE)
})

test('roots are added once, listed with fingerprint and expiry, and checked', async () => {
  const roots = (...args: string[]) => reseal(['tpm-roots', ...args, '--roots', 'own'], dir)
  writeFileSync(at('good.pem'), pem(authority('Good root').der))
  const expired = { notBefore: Date.UTC(2010, 0, 1), notAfter: Date.UTC(2020, 0, 1) }
  writeFileSync(at('old.pem'), pem(authority('Old root', undefined, expired).der))
  const added = await roots('add', 'good.pem')
  expect(added.code).toBe(0)
  expect(added.out).toMatch(/^root +ok +until \d{4}-\d\d-\d\d {2}[0-9a-f]{64} {2}CN=Good root/m)
  await roots('add', 'good.pem')
  expect(readdirSync(at('own'))).toHaveLength(1)
  expect((await roots('check')).code).toBe(0)
  expect(JSON.parse((await roots('list', '--json')).out).certificates).toMatchObject([
    { kind: 'root', state: 'ok', subject: 'CN=Good root' },
  ])
  await roots('add', 'old.pem')
  const checked = await roots('check')
  expect(checked.code).toBe(1)
  expect(checked.out).toMatch(/^root +expired until 2020-01-01/m)
  expect((await reseal(['tpm-roots', 'check', '--roots', 'empty'], dir)).code).toBe(1)
  writeFileSync(at('none.pem'), 'nothing')
  expect((await roots('add', 'none.pem')).code).toBe(2)
})
