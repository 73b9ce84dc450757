// Certificates made by openssl for a run of tests: a public root, somebody in between, and another server.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const EC = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '30']

function make(folder: string, name: string, subject: string, more: readonly string[]): void {
  const files = ['-keyout', join(folder, `${name}.key`), '-out', join(folder, `${name}.pem`)]
  execFileSync('openssl', ['req', '-x509', ...EC, '-subj', subject, ...files, ...more], {
    stdio: 'pipe',
  })
}

/** Fills `folder` with `good`, `intercepted`, `other` and `portal`; the answer is the public root, PEM. */
export function makeCertificates(folder: string, hosts: readonly string[]): string {
  const by = (ca: string) => ['-CA', join(folder, `${ca}.pem`), '-CAkey', join(folder, `${ca}.key`)]
  const names = (list: readonly string[]) => [
    '-addext',
    `subjectAltName=${list.map((host) => `DNS:${host}`).join(',')}`,
    '-addext',
    'basicConstraints=critical,CA:FALSE',
  ]
  make(folder, 'public', '/O=Test Trust Services/CN=Test Public Root', [])
  make(folder, 'corp', '/O=Example Corp/CN=Corp Inspection CA', [])
  make(folder, 'good', `/CN=${hosts[0]}`, [...names(hosts), ...by('public')])
  make(folder, 'intercepted', `/CN=${hosts[0]}`, [...names(hosts), ...by('corp')])
  make(folder, 'other', '/CN=shop.example', [...names(['shop.example']), ...by('public')])
  make(folder, 'portal', '/CN=login.portal.test', names(['login.portal.test']))
  return readFileSync(join(folder, 'public.pem'), 'utf8')
}
