// Holds an EK certificate against the TCG EK credential profile 2.6, section 3.2; finds, and judges nothing.
import type { EkFinding } from '../../agent/ports.ts'
import type { Certificate, Extension } from './certificate.ts'
import { magnitude, oidText, readAll, readDer, TAG } from './der.ts'
import { type NamePart, partsOf } from './names.ts'

/** Object identifiers of RFC 5280 and of the TCG. */
export const OID = {
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  keyUsage: '2.5.29.15',
  extendedKeyUsage: '2.5.29.37',
  authorityKeyIdentifier: '2.5.29.35',
  subjectKeyIdentifier: '2.5.29.14',
  authorityInfoAccess: '1.3.6.1.5.5.7.1.1',
  crlDistribution: '2.5.29.31',
  ekCertificate: '2.23.133.8.1',
  manufacturer: '2.23.133.2.1',
  model: '2.23.133.2.2',
  version: '2.23.133.2.3',
} as const

/** Bits of KeyUsage (RFC 5280 4.2.1.3), from the highest of the first byte. */
export const USAGE = { keyEncipherment: 0x20, keyAgreement: 0x08, keyCertSign: 0x04 } as const

/** True when the extension says that the key may sign certificates. */
export function isCa(extension: Extension | undefined): boolean {
  if (extension === undefined) return false
  const [flag] = readAll(readDer(extension.value).content)
  return flag?.tag === TAG.boolean && flag.content[0] !== 0
}

/** How many issuers may stand below; null when nothing is said. */
export function pathLength(extension: Extension | undefined): number | null {
  if (extension === undefined) return null
  const limit = readAll(readDer(extension.value).content).find(({ tag }) => tag === TAG.integer)
  return limit === undefined ? null : Number(magnitude(limit.content).at(-1) ?? 0)
}

/** First byte of the usage bits; null without the extension. */
export function usageOf(extension: Extension | undefined): number | null {
  if (extension === undefined) return null
  return readDer(extension.value).content[1] ?? 0
}

export const purposesOf = (extension: Extension | undefined): readonly string[] | null =>
  extension === undefined
    ? null
    : readAll(readDer(extension.value).content).map(({ content }) => oidText(content))

/** The directory names of the subject's alternative name. */
function directoryNames(extension: Extension | undefined): readonly (readonly NamePart[])[] {
  if (extension === undefined) return []
  return readAll(readDer(extension.value).content)
    .filter(({ tag }) => tag === 0xa4)
    .map(({ content }) => partsOf(readDer(content).content))
}

export interface TpmNames {
  /** `id:494E5443` as four bytes; null when it is missing or another shape. */
  readonly manufacturer: number | null
  readonly model: string
  readonly version: string
}

/** What the certificate says of its TPM; from all directory names together. */
export function tpmNames(certificate: Certificate): TpmNames {
  const parts = directoryNames(certificate.extensions.get(OID.subjectAltName)).flat()
  const all = [...parts, ...certificate.subject.parts]
  const text = (oid: string) => all.find((part) => part.oid === oid)?.text ?? ''
  const hex = /^id:([0-9A-Fa-f]{8})$/.exec(text(OID.manufacturer))?.[1]
  return {
    manufacturer: hex === undefined ? null : Number.parseInt(hex, 16),
    model: text(OID.model).slice(0, 80),
    version: text(OID.version).slice(0, 40),
  }
}

function nameFindings(certificate: Certificate): readonly EkFinding[] {
  const found: EkFinding[] = []
  const extension = certificate.extensions.get(OID.subjectAltName)
  const names = directoryNames(extension)
  const has = (oid: string) => names.flat().some((part) => part.oid === oid)
  if (names.length === 0) found.push('no-tpm-name')
  else if (!has(OID.manufacturer) || !has(OID.model) || !has(OID.version))
    found.push('tpm-name-incomplete')
  if (names.length > 1) found.push('several-tpm-names')
  const isBare = certificate.subject.parts.length === 0
  if (isBare && extension?.isCritical === false) found.push('criticality')
  if (certificate.issuer.parts.length === 0) found.push('no-issuer')
  return found
}

function usageFindings(certificate: Certificate): readonly EkFinding[] {
  const found: EkFinding[] = []
  const usage = usageOf(certificate.extensions.get(OID.keyUsage))
  const isEc = certificate.key?.asymmetricKeyType === 'ec'
  const needed = isEc ? USAGE.keyAgreement : USAGE.keyEncipherment
  if (usage === null) found.push('no-key-usage')
  else if ((usage & needed) === 0) found.push('wrong-key-usage')
  const purposes = purposesOf(certificate.extensions.get(OID.extendedKeyUsage))
  if (purposes === null) found.push('no-ek-purpose')
  else if (!purposes.includes(OID.ekCertificate)) found.push('wrong-purpose')
  return found
}

/** Everything that differs from the profile, hard and soft alike; the core weighs each. */
export function profileFindings(certificate: Certificate): readonly EkFinding[] {
  const { extensions } = certificate
  const found: EkFinding[] = [...nameFindings(certificate), ...usageFindings(certificate)]
  if (certificate.version !== 3) found.push('not-v3')
  if (certificate.key === null) found.push('unknown-key')
  const first = certificate.serial[0] ?? 0x80
  if ((first & 0x80) !== 0) found.push('serial-not-positive')
  const constraints = extensions.get(OID.basicConstraints)
  if (constraints === undefined) found.push('no-basic-constraints')
  if (isCa(constraints)) found.push('ca-flag')
  if (extensions.get(OID.authorityKeyIdentifier) === undefined) found.push('no-authority-key')
  const critical = (oid: string) => extensions.get(oid)?.isCritical
  const shouldBe = [OID.basicConstraints, OID.keyUsage].some((oid) => critical(oid) === false)
  const shouldNot = [
    OID.authorityKeyIdentifier,
    OID.extendedKeyUsage,
    OID.authorityInfoAccess,
    OID.crlDistribution,
  ].some((oid) => critical(oid) === true)
  if ((shouldBe || shouldNot) && !found.includes('criticality')) found.push('criticality')
  return found
}
