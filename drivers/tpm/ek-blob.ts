// Finds the certificates in what an NV index holds: wrappers, padding and several in a row.
import { type Certificate, readCertificate } from './certificate.ts'
import { readDer, unreadable } from './der.ts'

/** A chain index holds a root, an issuer or two and a certificate; more is not believed. */
const CERTIFICATES_MAX = 16
/** TPM 1.2 era wrapper TCG_PCCLIENT_STORED_CERT: 10 01, kind 00 (full certificate), u16 length. */
const WRAPPER = [0x10, 0x01, 0x00] as const

export interface Blob {
  readonly certificates: readonly Certificate[]
  readonly oddities: readonly string[]
}

const isPadding = (bytes: Uint8Array) => bytes.every((byte) => byte === 0 || byte === 0xff)

/**
 * Every certificate of a blob, with words on what was around them.
 * @throws StationError DEVICE_TPM_DATA when there is none or the first cannot be read
 */
export function readBlob(bytes: Uint8Array): Blob {
  const oddities: string[] = []
  let at = 0
  if (WRAPPER.every((byte, index) => bytes[index] === byte) && bytes.length > 5) {
    at = 5
    oddities.push('wrapped as a stored certificate of TPM 1.2')
  }
  const certificates: Certificate[] = []
  while (at < bytes.length && certificates.length < CERTIFICATES_MAX) {
    const rest = bytes.subarray(at)
    if (isPadding(rest)) {
      oddities.push(`${rest.length} bytes of padding`)
      break
    }
    if (certificates.length > 0 && rest[0] !== 0x30) {
      oddities.push(`${rest.length} bytes that belong to nothing`)
      break
    }
    certificates.push(readCertificate(rest))
    at += readDer(rest).raw.length
  }
  if (certificates.length === 0) throw unreadable('EK certificate: empty')
  return { certificates, oddities }
}
