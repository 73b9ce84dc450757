// EK certificates as they come: padded, wrapped, badly encoded, wrong.
import { createPublicKey, generateKeyPairSync, X509Certificate } from 'node:crypto'
import { expect, test } from 'vitest'
import { keyOf, readCertificate, signatureBy } from '../../../drivers/tpm/certificate.ts'
import { oidText } from '../../../drivers/tpm/der.ts'
import { readBlob } from '../../../drivers/tpm/ek-blob.ts'
import { profileFindings, tpmNames } from '../../../drivers/tpm/ek-profile.ts'
import { strengthOf } from '../../../drivers/tpm/rsa-key.ts'
import { authority, certificate, der, oid } from '../../fakes/certificates.ts'

const root = authority('Test root')
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey
const good = certificate(rsa, root)

test('a certificate is read as OpenSSL reads it', () => {
  const own = readCertificate(good)
  const other = new X509Certificate(good)
  expect(own.fingerprint).toBe(other.fingerprint256.replaceAll(':', '').toLowerCase())
  expect(own.notAfter).toBe(other.validToDate.getTime())
  expect(own.key?.equals(other.publicKey)).toBe(true)
  expect(own.issuer.text).toBe('CN=Test root')
  expect(own.oddities).toEqual([])
  expect(tpmNames(own)).toEqual({ manufacturer: 0x1014, model: 'swtpm', version: 'id:20191023' })
  expect(profileFindings(own)).toEqual([])
})

test('a certificate that is cut anywhere is refused', () => {
  for (let length = 0; length < good.length; length += 1)
    expect(() => readCertificate(good.subarray(0, length))).toThrow('DEVICE_TPM_DATA')
})

test('padding and the wrapper of TPM 1.2 are taken off and told', () => {
  const size = Buffer.from([0x10, 0x01, 0x00, good.length >> 8, good.length & 0xff])
  const blob = readBlob(Buffer.concat([size, good, Buffer.alloc(300, 0xff)]))
  expect(blob.certificates[0]?.der).toEqual(good)
  expect(blob.oddities).toEqual([
    'wrapped as a stored certificate of TPM 1.2',
    '300 bytes of padding',
  ])
})

test('several certificates in a row are all read, and junk behind them is told', () => {
  const blob = readBlob(Buffer.concat([good, root.der, Buffer.from('junk')]))
  expect(blob.certificates.map(({ subject }) => subject.text)).toEqual(['', 'CN=Test root'])
  expect(blob.oddities).toEqual(['4 bytes that belong to nothing'])
})

test('a signature over a serial number with leading zeros holds, which no strict parser reads', () => {
  const odd = certificate(rsa, root, { serial: Buffer.from([0, 0, 0, 0x2a]) })
  const own = readCertificate(odd)
  expect(own.oddities).toEqual(['serial number with leading zeros'])
  expect(signatureBy(own, createPublicKey(root.key))).toBe('holds')
})

test('a changed byte of the signed part breaks the signature', () => {
  const changed = Buffer.from(good)
  const at = changed.indexOf('swtpm')
  changed[at] = 0x53
  expect(signatureBy(readCertificate(changed), createPublicKey(root.key))).toBe('broken')
})

test.each([
  ['a CA flag', { isCa: true, purposes: ['2.23.133.8.1'] }, 'ca-flag'],
  ['another purpose', { purposes: ['1.3.6.1.5.5.7.3.1'] }, 'wrong-purpose'],
  ['no purpose', { purposes: null }, 'no-ek-purpose'],
  ['another use of the key', { usage: 0x80 }, 'wrong-key-usage'],
  ['no use of the key', { usage: null }, 'no-key-usage'],
  ['a negative serial number', { serial: Buffer.from([0x80]) }, 'serial-not-positive'],
] as const)('%s is found', (_, options, finding) => {
  expect(profileFindings(readCertificate(certificate(rsa, root, options)))).toContain(finding)
})

test('an RSA key under the name RSAES-OAEP is the RSA key that it is', () => {
  const spki = rsa.export({ type: 'spki', format: 'der' })
  const bits = spki.subarray(spki.length - 275)
  const oaep = der(0x30, der(0x30, oid('1.2.840.113549.1.1.7'), der(0x30)), bits)
  expect(keyOf(oaep)?.equals(rsa)).toBe(true)
})

test('strength names kind and size, and an unusual exponent', () => {
  expect(strengthOf(rsa)).toMatchObject({ kind: 'rsa2048', isRoca: false, isExponentUsual: true })
  const three = generateKeyPairSync('rsa', { modulusLength: 2048, publicExponent: 3 }).publicKey
  expect(strengthOf(three).isExponentUsual).toBe(false)
  expect(strengthOf(createPublicKey(root.key)).kind).toBe('prime256v1')
})

test('object identifiers with long arcs are read', () => {
  expect(oidText(oid('2.23.133.8.1').subarray(2))).toBe('2.23.133.8.1')
  expect(oidText(oid('1.2.840.113549.1.1.11').subarray(2))).toBe('1.2.840.113549.1.1.11')
})
