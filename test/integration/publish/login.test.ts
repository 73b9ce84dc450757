// Signing in to a real Mosquitto: password file, TLS, client certificate, and what is said when it refuses.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { NO_LOGIN, openBroker } from '../../../drivers/broker/index.ts'
import { systemClock } from '../../../drivers/host/clock.ts'
import { Mosquitto } from './parts/mosquitto.ts'
import { openRig, type Rig } from './parts/rig.ts'
import { until } from './parts/wait.ts'

let dir: string
const file = (name: string) => join(dir, name)
const openssl = (...args: readonly string[]) =>
  execFileSync('openssl', args, { cwd: dir, stdio: 'pipe' })

const EC = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']

function certificate(name: string, subject: string, names: string): void {
  openssl('req', ...EC, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${subject}`)
  writeFileSync(file(`${name}.ext`), names)
  const signer = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2']
  openssl(
    'x509',
    '-req',
    '-in',
    `${name}.csr`,
    ...signer,
    '-extfile',
    `${name}.ext`,
    '-out',
    `${name}.pem`,
  )
}

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'reseal-login-'))
  for (const name of ['ca', 'other-ca']) {
    openssl(
      'req',
      '-x509',
      ...EC,
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.pem`,
      '-days',
      '2',
      '-subj',
      `/CN=${name}`,
    )
  }
  certificate('server', 'localhost', 'subjectAltName=DNS:localhost,IP:127.0.0.1')
  certificate('wrong-name', 'elsewhere', 'subjectAltName=DNS:elsewhere.example')
  certificate('bench', 'bench-1', 'extendedKeyUsage=clientAuth')
  writeFileSync(file('password'), 'open sesame\n')
  writeFileSync(file('wrong'), 'open barley\n')
  writeFileSync(file('user'), 'bench\n')
  writeFileSync(file('empty'), '')
  execFileSync('mosquitto_passwd', ['-b', '-c', file('passwords'), 'bench', 'open sesame'], {
    stdio: 'pipe',
  })
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})
async function broker(...lines: readonly string[]): Promise<Mosquitto> {
  const started = await Mosquitto.start(lines)
  closers.push(() => started.close())
  return started
}
async function rig(...args: Parameters<typeof openRig>): Promise<Rig> {
  const opened = await openRig(...args)
  closers.push(() => opened.publisher.stop(500))
  return opened
}
const connected = (opened: Rig) => until('connected', () => opened.publisher.state === 'connected')
const refused = async (opened: Rig) => {
  await until('the refusal', () => opened.health()?.code === 'BACKEND_BROKER_REFUSED')
  expect(opened.publisher.state).toBe('refused')
  return opened.health()?.detail ?? ''
}
const tls = (server: string) => [
  'allow_anonymous true',
  `cafile ${file('ca.pem')}`,
  `certfile ${file(`${server}.pem`)}`,
  `keyfile ${file(`${server}.key`)}`,
]
const secure = (started: Mosquitto) => started.url.replace('mqtt:', 'mqtts:')

test('user and password come from files, without the line feed of an editor', async () => {
  const { url } = await broker('allow_anonymous false', `password_file ${file('passwords')}`)
  await connected(await rig(url, { user: 'bench', passwordFile: file('password') }))
  await connected(await rig(url, { userFile: file('user'), passwordFile: file('password') }))
})

test('a wrong password is a refusal that a person must mend, and is tried again when the file is right', async () => {
  const { url } = await broker('allow_anonymous false', `password_file ${file('passwords')}`)
  writeFileSync(file('changing'), 'not yet')
  const opened = await rig(url, { user: 'bench', passwordFile: file('changing') })
  const detail = await refused(opened)
  expect(detail).not.toContain('not yet')
  writeFileSync(file('changing'), 'open sesame')
  await connected(opened)
  await until('health', () => opened.health()?.code === null)
})

test('nobody is let in without a password where one is asked for', async () => {
  const { url } = await broker('allow_anonymous false', `password_file ${file('passwords')}`)
  await refused(await rig(url))
})

test('TLS with the right root connects, and a private root is not trusted by itself', async () => {
  const started = await broker(...tls('server'))
  await connected(await rig(secure(started), { caFile: file('ca.pem') }))
  await refused(await rig(secure(started), { caFile: file('other-ca.pem') }))
  await refused(await rig(secure(started)))
})

test('TLS holds the name of the broker against its certificate', async () => {
  const started = await broker(...tls('wrong-name'))
  await refused(await rig(secure(started), { caFile: file('ca.pem') }))
})

test('a client certificate signs in, and without one the broker refuses', async () => {
  const started = await broker(...tls('server'), 'require_certificate true')
  const login = { caFile: file('ca.pem') }
  await connected(
    await rig(secure(started), {
      ...login,
      certFile: file('bench.pem'),
      keyFile: file('bench.key'),
    }),
  )
  await refused(await rig(secure(started), login))
})

test('a certificate file that is none is a refusal with its reason', async () => {
  const started = await broker(...tls('server'))
  const login = { caFile: file('ca.pem'), certFile: file('empty'), keyFile: file('user') }
  expect(await refused(await rig(secure(started), login))).not.toBe('')
})

test('a secret that is not there is named before anything is connected', async () => {
  const config = { url: 'mqtt://127.0.0.1:1', clientId: 'c', clock: systemClock() }
  const login = { ...NO_LOGIN, user: 'bench', passwordFile: file('nowhere') }
  await expect(openBroker({ ...config, login })).rejects.toMatchObject({
    code: 'FILE_UNREADABLE',
    where: file('nowhere'),
  })
})

test.each(['http://127.0.0.1', 'mqtt://', 'mqtt://user:word@127.0.0.1', 'somewhere', 'embedded:x'])(
  '%s is no address of a broker',
  async (url) => {
    const config = { url, clientId: 'c', clock: systemClock(), login: NO_LOGIN }
    await expect(openBroker(config)).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
  },
)
