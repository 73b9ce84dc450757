// The board's certificate: the bench owner's own, or one that the station makes for itself and keeps.
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  X509Certificate,
} from 'node:crypto'
import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { isIP, isIPv4 } from 'node:net'
import { join } from 'node:path'
import { StationError } from '../../fault.ts'

export interface Tls {
  readonly certPem: string
  readonly keyPem: string
  /** SHA-256 of the certificate as browsers show it: `AB:CD:…`. */
  readonly fingerprint: string
  readonly isSelfSigned: boolean
}

const der = (tag: number, ...parts: readonly Uint8Array[]): Buffer => {
  const body = Buffer.concat(parts)
  const { length } = body
  const size =
    length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...size]), body])
}
const sequence = (...parts: readonly Uint8Array[]) => der(0x30, ...parts)
const oid = (hex: string) => der(0x06, Buffer.from(hex, 'hex'))
/** ecdsa-with-SHA256, 1.2.840.10045.4.3.2 (RFC 5758, 3.2). */
const ECDSA_SHA256 = sequence(oid('2a8648ce3d040302'))
const nameOf = (text: string) =>
  sequence(der(0x31, sequence(oid('550403'), der(0x0c, Buffer.from(text)))))
/** No end (RFC 5280, 4.1.2.5): people trust the fingerprint, and a date that runs out would only teach them to click on. */
const VALIDITY = sequence(
  der(0x18, Buffer.from('20000101000000Z')),
  der(0x18, Buffer.from('99991231235959Z')),
)
const TRUE = der(0x01, Buffer.from([0xff]))

function ipBytes(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split('.').map(Number))
  const [head = '', tail] = address.split('::')
  const words = (text: string) => (text === '' ? [] : text.split(':').map((w) => parseInt(w, 16)))
  const [left, right] = [words(head), words(tail ?? '')]
  const gap = tail === undefined ? [] : Array(8 - left.length - right.length).fill(0)
  return Buffer.from([...left, ...gap, ...right].flatMap((word) => [word >> 8, word & 0xff]))
}

/** A version 3 certificate for a P-256 key and these names, signed by itself (RFC 5280; browsers read SAN alone). */
function certificateOf(keyPem: string, names: readonly string[]): string {
  const key = createPrivateKey(keyPem)
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' })
  const serial = createHash('sha256').update(spki).update(names.join()).digest().subarray(0, 15)
  const alternatives = names.map((name) =>
    isIP(name) === 0 ? der(0x82, Buffer.from(name)) : der(0x87, ipBytes(name)),
  )
  const subject = nameOf('Reseal station')
  const extensions = sequence(
    sequence(oid('551d11'), der(0x04, sequence(...alternatives))),
    // Not a CA; keyUsage digitalSignature; extendedKeyUsage serverAuth.
    sequence(oid('551d13'), TRUE, der(0x04, sequence())),
    sequence(oid('551d0f'), TRUE, der(0x04, der(0x03, Buffer.from([7, 0x80])))),
    sequence(oid('551d25'), der(0x04, sequence(oid('2b06010505070301')))),
  )
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    // A first byte of 1 keeps the number positive and of one length.
    der(0x02, Buffer.from([1]), serial),
    ECDSA_SHA256,
    subject,
    VALIDITY,
    subject,
    spki,
    der(0xa3, extensions),
  )
  const whole = sequence(body, ECDSA_SHA256, der(0x03, Buffer.from([0]), sign('sha256', body, key)))
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? []
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n')
}

const KEY_FILE = 'board-key.pem'

function keyIn(file: string): string {
  try {
    if (statSync(file, { throwIfNoEntry: false }) !== undefined) {
      const pem = readFileSync(file, 'utf8')
      createPrivateKey(pem)
      return pem
    }
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    writeFileSync(`${file}.new`, pem, { mode: 0o600, flush: true })
    renameSync(`${file}.new`, file)
    return pem
  } catch (cause) {
    throw new StationError('FILE_UNREADABLE', file, { cause })
  }
}

/** For the address and names of the board; the same key gives the same certificate at every start. @throws StationError */
export function selfSigned(dataDir: string, host: string, names: readonly string[]): Tls {
  const keyPem = keyIn(join(dataDir, KEY_FILE))
  const all = [...new Set([host, ...names, 'localhost', '127.0.0.1'])]
  const certPem = certificateOf(
    keyPem,
    all.filter((name) => !/^(?:0\.0\.0\.0|::)$/.test(name)),
  )
  return { certPem, keyPem, fingerprint: fingerprintOf(certPem), isSelfSigned: true }
}

const fingerprintOf = (pem: string): string => new X509Certificate(pem).fingerprint256

/** @throws StationError FILE_UNREADABLE when a file is missing, is no PEM, or the two do not belong together */
export function ownCertificate(certFile: string, keyFile: string): Tls {
  try {
    const certPem = readFileSync(certFile, 'utf8')
    const keyPem = readFileSync(keyFile, 'utf8')
    const certificate = new X509Certificate(certPem)
    if (!certificate.checkPrivateKey(createPrivateKey(keyPem)))
      throw new Error(`${keyFile} is not the key of ${certFile}`)
    return { certPem, keyPem, fingerprint: certificate.fingerprint256, isSelfSigned: false }
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new StationError('FILE_UNREADABLE', `${certFile}, ${keyFile}: ${why}`, { cause })
  }
}
