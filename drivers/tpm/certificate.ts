// A certificate as it was received: every part keeps its original bytes, so that a signature is never checked over others.
import { constants, createHash, createPublicKey, type KeyObject, verify } from 'node:crypto'
import { expectDer, magnitude, oidText, readAll, readDer, TAG, timeOf, unreadable } from './der.ts'
import { type Name, nameOf } from './names.ts'
import { isSha1, type SignatureScheme, schemeOf } from './signature-scheme.ts'

export interface Extension {
  readonly isCritical: boolean
  readonly value: Uint8Array
}

export interface Certificate {
  /** Exactly the certificate, without wrapper and padding. */
  readonly der: Uint8Array
  /** The signed bytes. */
  readonly tbs: Uint8Array
  /** 3 for X.509 v3. */
  readonly version: number
  readonly serial: Uint8Array
  readonly issuer: Name
  readonly subject: Name
  /** UTC ms. */
  readonly notBefore: number
  readonly notAfter: number
  /** Null when OpenSSL does not know the kind of key. */
  readonly key: KeyObject | null
  readonly extensions: ReadonlyMap<string, Extension>
  readonly signature: Uint8Array
  /** Null for an algorithm that is not accepted. */
  readonly scheme: SignatureScheme | null
  /** SHA-256 of `der`, hex. */
  readonly fingerprint: string
  /** What is written other than DER and RFC 5280 want; words for a person. */
  readonly oddities: readonly string[]
}

/** A certificate larger than this is none (swtpm: 1.1 kB, Intel on-die: about 1.5 kB, NV index: 2 to 4 kB). */
export const CERTIFICATE_MAX = 16 * 1024

/** RSAES-OAEP as a key's algorithm (RFC 4055 4.1): an RSA key that OpenSSL does not load under this name. */
const OAEP_OID = '1.2.840.113549.1.1.7'
const RSA_ALGORITHM = Buffer.from('300d06092a864886f70d0101010500', 'hex')

function wrapped(tag: number, content: Uint8Array): Buffer {
  const long = content.length >= 0x80
  const size = long ? Buffer.from([0x82, content.length >> 8, content.length & 0xff]) : null
  return Buffer.concat([Buffer.from([tag]), size ?? Buffer.from([content.length]), content])
}

/** The key of a SubjectPublicKeyInfo; keys named RSAES-OAEP are read as the RSA keys that they are. */
export function keyOf(spki: Uint8Array): KeyObject | null {
  const [algorithm, bits] = readAll(expectDer(spki, TAG.sequence, 'public key').content)
  const oid = algorithm === undefined ? undefined : readAll(algorithm.content)[0]
  if (bits === undefined || oid === undefined) throw unreadable('certificate: a broken public key')
  const isOaep = oidText(oid.content) === OAEP_OID
  const der = isOaep ? wrapped(TAG.sequence, Buffer.concat([RSA_ALGORITHM, bits.raw])) : spki
  try {
    return createPublicKey({ key: Buffer.from(der), format: 'der', type: 'spki' })
  } catch {
    return null
  }
}

function extensionsOf(content: Uint8Array, oddities: string[]): Map<string, Extension> {
  const found = new Map<string, Extension>()
  for (const one of readAll(expectDer(content, TAG.sequence, 'extensions').content)) {
    const parts = readAll(one.content)
    const [oid, second] = parts
    const value = parts.at(-1)
    if (oid?.tag !== TAG.oid || value?.tag !== TAG.octetString)
      throw unreadable('certificate: a broken extension')
    const isCritical = second?.tag === TAG.boolean && second.content[0] !== 0
    const name = oidText(oid.content)
    if (found.has(name)) oddities.push(`extension ${name} stands twice`)
    found.set(name, { isCritical, value: value.content })
  }
  return found
}

function serialOddities(serial: Uint8Array): readonly string[] {
  const first = serial[0] ?? 0
  const odd: string[] = []
  if (serial.length > 1 && first === 0 && (serial[1] ?? 0) < 0x80)
    odd.push('serial number with leading zeros')
  if (serial.length === 0 || (first & 0x80) !== 0) odd.push('serial number is not positive')
  if (magnitude(serial).length > 20) odd.push('serial number longer than 20 bytes')
  return odd
}

/**
 * The certificate at the start of `bytes`; what follows it is not looked at.
 * @throws StationError DEVICE_TPM_DATA when it cannot be read
 */
export function readCertificate(bytes: Uint8Array): Certificate {
  if (bytes.length > CERTIFICATE_MAX * 4) throw unreadable('certificate: too many bytes')
  const whole = expectDer(bytes, TAG.sequence, 'certificate')
  if (whole.raw.length > CERTIFICATE_MAX) throw unreadable('certificate: too large')
  const [tbs, algorithm, bits] = readAll(whole.content)
  if (tbs?.tag !== TAG.sequence || algorithm === undefined || bits?.tag !== TAG.bitString)
    throw unreadable('certificate: not three parts')
  const parts = [...readAll(tbs.content)]
  const version = parts[0]?.tag === 0xa0 ? (readDer(parts[0].content).content[0] ?? 0) + 1 : 1
  if (parts[0]?.tag === 0xa0) parts.shift()
  const [serial, inner, issuer, validity, subject, spki, ...rest] = parts
  if (serial?.tag !== TAG.integer || !inner || !issuer || !validity || !subject || !spki)
    throw unreadable('certificate: a part of the body is missing')
  const [from, until] = readAll(validity.content)
  if (from === undefined || until === undefined) throw unreadable('certificate: no validity')
  const oddities = [...serialOddities(serial.content)]
  if (!whole.isMinimal || !tbs.isMinimal || parts.some(({ isMinimal }) => !isMinimal))
    oddities.push('lengths longer than DER allows')
  // RFC 5280 4.1.1.2: an attacker could otherwise let the outer, unsigned name choose the algorithm.
  const isSame = Buffer.compare(inner.raw, algorithm.raw) === 0
  if (!isSame) oddities.push('two names for the signature algorithm')
  const extensions = rest.find(({ tag }) => tag === 0xa3)
  return {
    der: whole.raw,
    tbs: tbs.raw,
    version,
    serial: serial.content,
    issuer: nameOf(issuer),
    subject: nameOf(subject),
    notBefore: timeOf(from),
    notAfter: timeOf(until),
    key: keyOf(spki.raw),
    extensions: extensions ? extensionsOf(extensions.content, oddities) : new Map(),
    signature: bits.content.subarray(1),
    scheme: isSame ? schemeOf(algorithm) : null,
    fingerprint: createHash('sha256').update(whole.raw).digest('hex'),
    oddities,
  }
}

/** What the signature of `certificate` says under an issuer's key, over the bytes as received. */
export function signatureBy(
  certificate: Certificate,
  issuer: KeyObject | null,
): 'holds' | 'broken' | 'weak' | 'unknown' {
  const { scheme, tbs, signature } = certificate
  if (scheme === null || issuer === null) return 'unknown'
  const fits = issuer.asymmetricKeyType === (scheme.kind === 'ec' ? 'ec' : 'rsa')
  if (!fits && !(scheme.kind === 'pss' && issuer.asymmetricKeyType === 'rsa-pss')) return 'broken'
  const padding =
    scheme.kind === 'pss'
      ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: scheme.saltLength }
      : {}
  try {
    const holds = verify(scheme.hash, tbs, { key: issuer, ...padding }, signature)
    return holds ? (isSha1(scheme) ? 'weak' : 'holds') : 'broken'
  } catch {
    return 'broken'
  }
}
