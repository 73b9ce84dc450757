// Reads the EFI structures inside boot events: variables, signature lists, device paths.
import { createHash } from 'node:crypto'
import { readCertificate } from '../certificate.ts'
import { LogBytes } from './bytes.ts'

export interface EfiVariable {
  readonly guid: string
  readonly name: string
  readonly data: Uint8Array
}

/** Longer names than any firmware's are not text. */
const NAME_MAX = 1024

/** Mixed-endian text form of a GUID (UEFI 2.10, appendix A). */
function guidText(bytes: Buffer): string {
  const part = (from: number, to: number) => bytes.subarray(from, to).toString('hex')
  const swapped = (from: number, to: number) =>
    Buffer.from(bytes.subarray(from, to)).reverse().toString('hex')
  return [swapped(0, 4), swapped(4, 6), swapped(6, 8), part(8, 10), part(10, 16)].join('-')
}

/**
 * UEFI_VARIABLE_DATA (profile 1.06, section 10.2.6).
 * @throws StationError DEVICE_TPM_DATA
 */
export function readVariable(data: Uint8Array): EfiVariable {
  const from = new LogBytes(data)
  const guid = guidText(from.take(16))
  const names = from.size64()
  const size = from.size64()
  const name = names > NAME_MAX ? '?' : from.take(names * 2).toString('utf16le')
  return { guid, name, data: from.take(Math.min(size, from.left)) }
}

/** Kinds of signature lists (UEFI 2.10, section 32.4.1). */
const X509_LIST = 'a5c059a1-94e4-4aa7-87b5-ab155c2bf072'
const SIGNATURES_MAX = 4096

/** The name that a person knows a certificate by. */
export function certificateName(der: Uint8Array): string {
  try {
    const { subject, fingerprint } = readCertificate(der)
    const common = subject.parts.find(({ oid }) => oid === '2.5.4.3')?.text
    return `${(common ?? subject.text).slice(0, 80)} (${fingerprint.slice(0, 16)})`
  } catch {
    return `unreadable certificate ${createHash('sha256').update(der).digest('hex').slice(0, 16)}`
  }
}

/**
 * The certificates of an EFI_SIGNATURE_LIST sequence by name, and how many hashes stand beside them.
 * @throws StationError DEVICE_TPM_DATA
 */
export function readSignatures(data: Uint8Array): {
  readonly certificates: readonly string[]
  readonly hashes: number
} {
  const from = new LogBytes(data)
  const certificates: string[] = []
  let hashes = 0
  while (from.left >= 28) {
    const kind = guidText(from.take(16))
    const listSize = from.u32()
    const headerSize = from.u32()
    const size = from.u32()
    const body = new LogBytes(from.take(listSize - 28))
    body.take(headerSize)
    while (size > 16 && body.left >= size) {
      const signature = body.take(size).subarray(16)
      if (kind !== X509_LIST) hashes++
      else if (certificates.length < SIGNATURES_MAX) certificates.push(certificateName(signature))
    }
  }
  return { certificates, hashes }
}

/** The file names of a device path (UEFI 2.10, section 10.3.5.4); empty when it has none. */
export function pathText(devicePath: Uint8Array): string {
  const from = new LogBytes(devicePath)
  const names: string[] = []
  while (from.left >= 4) {
    const type = from.u8()
    const subtype = from.u8()
    const size = from.u16()
    if (type === 0x7f || size < 4) break
    const node = from.take(size - 4)
    if (type === 4 && subtype === 4 && node.length <= NAME_MAX * 2)
      names.push(node.toString('utf16le').replace(/\0+$/, ''))
  }
  return names.join('').replace(/[^\x20-\x7e]/g, '?')
}

/**
 * The path of an image that was started: UEFI_IMAGE_LOAD_EVENT (profile 1.06, section 10.2.3).
 * @throws StationError DEVICE_TPM_DATA
 */
export function imagePath(data: Uint8Array): string {
  const from = new LogBytes(data)
  from.take(24)
  return pathText(from.take(from.size64()))
}
