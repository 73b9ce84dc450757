// The intake's own certificate: self-signed, made once, pinned by its key's fingerprint in the line that starts a probe.
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
} from 'node:crypto'
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { StationError } from '../../agent/fault.ts'

export interface IntakeIdentity {
  readonly keyPem: string
  readonly certificatePem: string
  /** SHA-256 of the public key (SubjectPublicKeyInfo), base64: what curl calls a pinned public key. */
  readonly pin: string
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
const text = (value: string) => der(0x0c, Buffer.from(value))
/** ecdsa-with-SHA256, 1.2.840.10045.4.3.2 (RFC 5758, 3.2). */
const ECDSA_SHA256 = sequence(oid('2a8648ce3d040302'))
const NAME = sequence(der(0x31, sequence(oid('550403'), text('reseal probe intake'))))
/** Devices out of the box may have any clock, and the pin is what counts: RFC 5280, 4.1.2.5 for "no end". */
const VALIDITY = sequence(
  der(0x18, Buffer.from('20000101000000Z')),
  der(0x18, Buffer.from('99991231235959Z')),
)

/** A version 3 certificate for a P-256 key, signed by itself (RFC 5280). */
function certificateOf(keyPem: string): string {
  const key = createPrivateKey(keyPem)
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' })
  const serial = createHash('sha256').update(spki).digest().subarray(0, 15)
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    // A first byte of 1 keeps the number positive and of one length.
    der(0x02, Buffer.from([1]), serial),
    ECDSA_SHA256,
    NAME,
    VALIDITY,
    NAME,
    spki,
  )
  const signature = sign('sha256', body, key)
  const whole = sequence(body, ECDSA_SHA256, der(0x03, Buffer.from([0]), signature))
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? []
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n')
}

const pinOf = (keyPem: string): string =>
  createHash('sha256')
    .update(createPublicKey(keyPem).export({ type: 'spki', format: 'der' }))
    .digest('base64')

const KEY_FILE = 'probe-intake-key.pem'

/** The key that is kept; null when there is none yet. */
function keptKey(file: string): string | null {
  try {
    const pem = readFileSync(file, 'utf8')
    const key = createPrivateKey(pem)
    return key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? pem : null
  } catch (error) {
    const code = (error as { readonly code?: unknown }).code
    if (code === 'ENOENT') return null
    // A damaged key is made anew: the pin changes with it, and only lines handed out before stop working.
    if (typeof code === 'string' && !code.startsWith('ERR_')) throw unreadable(file, error)
    return null
  }
}

const unreadable = (file: string, cause: unknown) =>
  new StationError('FILE_UNREADABLE', file, { cause })

/**
 * The identity of the intake of a data directory, kept so that the pin stays the same; only the station's user can read it.
 * @throws StationError FILE_UNREADABLE
 */
export function intakeIdentity(dataDir: string): IntakeIdentity {
  const file = join(dataDir, KEY_FILE)
  let keyPem = keptKey(file)
  if (keyPem === null) {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
    keyPem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    try {
      writeFileSync(`${file}.new`, keyPem, { mode: 0o600 })
      renameSync(`${file}.new`, file)
    } catch (error) {
      throw unreadable(file, error)
    }
  }
  return { keyPem, certificatePem: certificateOf(keyPem), pin: pinOf(keyPem) }
}
