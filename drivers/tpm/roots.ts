// The roots that this station trusts for EK certificates: PEM files in a directory, and nothing built in.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { isStationError, StationError } from '../../agent/fault.ts'
import { type Certificate, readCertificate, signatureBy } from './certificate.ts'
import { isCa, OID } from './ek-profile.ts'

export interface TrustStore {
  /** Self-signed certificates: where a chain may end. */
  readonly roots: readonly Certificate[]
  /** Issuers between; they help to build a chain and prove nothing by themselves. */
  readonly helpers: readonly Certificate[]
}

export interface StoredCertificate {
  readonly file: string
  readonly certificate: Certificate
  readonly isRoot: boolean
}

export interface RootsRead {
  readonly store: TrustStore
  readonly entries: readonly StoredCertificate[]
  /** What could not be read: `file: why`. */
  readonly problems: readonly string[]
}

export const NO_ROOTS: TrustStore = { roots: [], helpers: [] }

/** All vendors together are about 170 certificates. */
const FILES_MAX = 1000
const FILE_MAX = 1024 * 1024
const CERTIFICATES_MAX = 4000

const PEM = /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END/g

/** The DER of each certificate of a PEM text, or the whole file as DER. */
export function certificatesIn(bytes: Uint8Array): readonly Uint8Array[] {
  const text = Buffer.from(bytes).toString('latin1')
  const found = [...text.matchAll(PEM)].map(([, body]) => Buffer.from(body ?? '', 'base64'))
  return found.length === 0 && bytes[0] === 0x30 ? [bytes] : found
}

/** Signed by its own key. */
export const isSelfSigned = (certificate: Certificate): boolean =>
  certificate.issuer.canonical === certificate.subject.canonical &&
  ['holds', 'weak'].includes(signatureBy(certificate, certificate.key))

function namesIn(dir: string): readonly string[] {
  try {
    const names = readdirSync(dir).filter((name) => /\.(?:pem|crt|cer|der)$/i.test(name))
    return names.sort().slice(0, FILES_MAX)
  } catch (error) {
    throw new StationError('FILE_UNREADABLE', dir, { cause: error })
  }
}

const why = (error: unknown) =>
  isStationError(error) ? error.where : error instanceof Error ? error.message : String(error)

const stored = (file: string, der: Uint8Array): StoredCertificate => {
  const certificate = readCertificate(der)
  const mayIssue = isCa(certificate.extensions.get(OID.basicConstraints))
  return { file, certificate, isRoot: mayIssue && isSelfSigned(certificate) }
}

/**
 * The certificates of one file.
 * @throws StationError FILE_UNREADABLE when there is none; DEVICE_TPM_DATA when one cannot be read
 */
export function readCertificates(file: string, bytes: Uint8Array): readonly StoredCertificate[] {
  const found = certificatesIn(bytes)
  if (found.length === 0) throw new StationError('FILE_UNREADABLE', `${file}: no certificate in it`)
  return found.slice(0, CERTIFICATES_MAX).map((der) => stored(file, der))
}

/** A certificate as PEM text. */
export function certificatePem({ der }: Certificate): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n')
}

/**
 * The certificates of a directory (.pem, .crt, .cer, .der; not of those below it).
 * @throws StationError FILE_UNREADABLE when the directory cannot be read; a bad file is a problem, not an error
 */
export function readRoots(dir: string): RootsRead {
  const entries = new Map<string, StoredCertificate>()
  const problems: string[] = []
  for (const name of namesIn(dir)) {
    const file = join(dir, name)
    try {
      const { size } = statSync(file)
      if (size > FILE_MAX) throw new Error(`${size} bytes, ${FILE_MAX} are the limit`)
      for (const entry of readCertificates(file, readFileSync(file))) {
        if (entries.size < CERTIFICATES_MAX) entries.set(entry.certificate.fingerprint, entry)
      }
    } catch (error) {
      problems.push(`${file}: ${why(error)}`)
    }
  }
  const all = [...entries.values()]
  const pick = (isRoot: boolean) =>
    all.filter((entry) => entry.isRoot === isRoot).map(({ certificate }) => certificate)
  return { store: { roots: pick(true), helpers: pick(false) }, entries: all, problems }
}
