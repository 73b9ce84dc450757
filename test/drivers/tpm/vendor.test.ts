// Where Intel and AMD hand out certificates, and what is made of their answers; from doubles, for no address is reachable here.
import { createHash, createPublicKey, generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { rsaNumbers } from '../../../drivers/tpm/rsa-key.ts'
import { getFrom, vendorFetch } from '../../../drivers/tpm/vendor-fetch.ts'
import { offerOf } from '../../../drivers/tpm/vendor-offer.ts'
import { authority, certificate } from '../../fakes/certificates.ts'

const INTC = 0x494e5443
const AMD = 0x414d4400
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey
const signal = AbortSignal.timeout(20_000)

test('Intel is asked by base64url of SHA-256 over modulus and exponent', () => {
  const n = rsaNumbers(rsa)?.n as Buffer
  const hash = createHash('sha256')
    .update(Buffer.concat([n, Buffer.from([1, 0, 1])]))
    .digest('base64url')
  expect(offerOf(INTC, rsa)?.url).toBe(`https://ekop.intel.com/ekcertservice/${hash}%3D`)
})

test('AMD is asked by the first 16 bytes of SHA-256 over a tag, exponent and modulus, or the point', () => {
  const n = rsaNumbers(rsa)?.n as Buffer
  const hex = (parts: readonly Buffer[]) =>
    createHash('sha256').update(Buffer.concat(parts)).digest('hex').slice(0, 32).toUpperCase()
  expect(offerOf(AMD, rsa)?.url).toBe(
    `https://ftpm.amd.com/pki/aia/${hex([Buffer.from('0000222200010001', 'hex'), n])}`,
  )
  const { x = '', y = '' } = ec.export({ format: 'jwk' }) as { x?: string; y?: string }
  const point = [Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]
  expect(offerOf(AMD, ec)?.url).toBe(
    `https://ftpm.amd.com/pki/aia/${hex([Buffer.from('00004444', 'hex'), ...point])}`,
  )
})

test('other vendors have no such service', () => {
  expect(offerOf(0x49465800, rsa)).toBe(null)
})

const der = certificate(rsa, authority('Test root'))
const intel = { vendor: 'intel', url: 'https://vendor.test/a' } as const

test('answers of both kinds are read, once for each key', async () => {
  let asked = 0
  const body = Buffer.from(
    JSON.stringify({ pubhash: 'x', certificate: `${der.toString('base64url')}%3D` }),
  )
  const fetch = vendorFetch(async () => {
    asked++
    return body
  })
  const found = await fetch(intel, signal)
  expect(
    found?.certificate.key?.equals(createPublicKey(rsa.export({ type: 'spki', format: 'pem' }))),
  ).toBe(true)
  await fetch(intel, signal)
  expect(asked).toBe(1)
  const amd = vendorFetch(async () => der)
  expect(
    (await amd({ vendor: 'amd', url: 'https://vendor.test/b' }, signal))?.certificate.der,
  ).toEqual(der)
})

test.each([
  ['nothing', null],
  ['no JSON', Buffer.from('<html>')],
  ['JSON of another shape', Buffer.from('{"certificate":17}')],
  ['no certificate', Buffer.from('{"certificate":"AAAA"}')],
])('%s is no certificate, and is asked again', async (_, body) => {
  let asked = 0
  const fetch = vendorFetch(async () => {
    asked++
    return body
  })
  expect(await fetch(intel, signal)).toBe(null)
  expect(await fetch(intel, signal)).toBe(null)
  expect(asked).toBe(2)
})

test('a server that refuses, floods or hangs up gives nothing, and is not followed elsewhere', async () => {
  const server = createServer(({ url }, answer) => {
    if (url === '/refuses') answer.writeHead(404).end('no')
    else if (url === '/redirects') answer.writeHead(302, { location: '/good' }).end()
    else if (url === '/floods') for (let one = 0; one < 40; one++) answer.write(Buffer.alloc(8192))
    else if (url === '/hangs-up') answer.destroy()
    else answer.end(der)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const get = getFrom(null)
  const at = (path: string) => get(`http://127.0.0.1:${port}${path}`, signal)
  for (const path of ['/refuses', '/redirects', '/floods', '/hangs-up'])
    expect(await at(path)).toBe(null)
  expect(await at('/good')).toEqual(der)
  expect(await get(`http://127.0.0.1:${port}/good`, AbortSignal.abort())).toBe(null)
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  expect(await at('/good')).toBe(null)
})
