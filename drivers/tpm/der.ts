// Reads DER with bounds, and tolerates what real EK certificates get wrong: only the original bytes are ever verified.
import { StationError } from '../../agent/fault.ts'

/** One element: `raw` is header and content as received, `content` what stands inside. */
export interface Der {
  readonly tag: number
  readonly raw: Uint8Array
  readonly content: Uint8Array
  /** False when the length is written longer than DER allows (X.690 10.1). */
  readonly isMinimal: boolean
}

/** Tags of X.680 8.4 that certificates use. */
export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  utf8: 0x0c,
  sequence: 0x30,
  set: 0x31,
  utcTime: 0x17,
  generalizedTime: 0x18,
  bmp: 0x1e,
} as const

/** More children than any certificate or name has. */
const CHILDREN_MAX = 512

export const unreadable = (where: string): StationError =>
  new StationError('DEVICE_TPM_DATA', where)

/**
 * The element at `offset`.
 * @throws StationError DEVICE_TPM_DATA when it is cut, of indefinite length, or of a long tag
 */
export function readDer(bytes: Uint8Array, offset = 0): Der {
  const tag = bytes[offset]
  const first = bytes[offset + 1]
  if (tag === undefined || first === undefined) throw unreadable('DER: the bytes end early')
  if ((tag & 0x1f) === 0x1f) throw unreadable('DER: a tag of more than one byte')
  let at = offset + 2
  let length = first
  let isMinimal = true
  if (first >= 0x80) {
    const count = first & 0x7f
    if (count === 0 || count > 4) throw unreadable('DER: a length that is not definite')
    length = 0
    for (let index = 0; index < count; index++) length = length * 256 + (bytes[at + index] ?? 0)
    at += count
    isMinimal = length >= 0x80 && length >= 256 ** (count - 1)
  }
  const end = at + length
  if (end > bytes.length) throw unreadable('DER: an element is longer than its bytes')
  return { tag, raw: bytes.subarray(offset, end), content: bytes.subarray(at, end), isMinimal }
}

/** The elements inside `content`, one after the other. */
export function readAll(content: Uint8Array): readonly Der[] {
  const found: Der[] = []
  for (let at = 0; at < content.length; ) {
    if (found.length === CHILDREN_MAX) throw unreadable('DER: too many elements')
    const element = readDer(content, at)
    found.push(element)
    at += element.raw.length
  }
  return found
}

/** The element at `offset`, which must have this tag. */
export function expectDer(bytes: Uint8Array, tag: number, what: string, offset = 0): Der {
  const element = readDer(bytes, offset)
  if (element.tag !== tag) throw unreadable(`${what}: another kind of element`)
  return element
}

/** Dotted text of an object identifier's content (X.690 8.19). */
export function oidText(content: Uint8Array): string {
  const arcs: bigint[] = []
  let arc = 0n
  let isOpen = false
  for (const byte of content.subarray(0, 64)) {
    arc = (arc << 7n) | BigInt(byte & 0x7f)
    isOpen = (byte & 0x80) !== 0
    if (isOpen) continue
    arcs.push(arc)
    arc = 0n
  }
  const [head, ...rest] = arcs
  if (head === undefined || isOpen || content.length > 64) throw unreadable('DER: a broken OID')
  const top = head < 40n ? 0n : head < 80n ? 1n : 2n
  return [top, head - top * 40n, ...rest].join('.')
}

/** Text of a directory string; unknown kinds as Latin-1, so that nothing throws on a vendor's choice. */
export function textOf({ tag, content }: Der): string {
  const bytes = Buffer.from(content)
  if (tag === TAG.utf8) return bytes.toString('utf8')
  if (tag !== TAG.bmp) return bytes.toString('latin1')
  return bytes
    .subarray(0, bytes.length - (bytes.length % 2))
    .swap16()
    .toString('utf16le')
}

/** The content of a non-negative INTEGER without its leading zeros. */
export function magnitude(content: Uint8Array): Uint8Array {
  let start = 0
  while (start < content.length - 1 && content[start] === 0) start++
  return content.subarray(start)
}

/** UTC ms of a Time of RFC 5280 4.1.2.5. */
export function timeOf({ tag, content }: Der): number {
  const text = Buffer.from(content).toString('latin1')
  const isUtc = tag === TAG.utcTime
  if (!isUtc && tag !== TAG.generalizedTime) throw unreadable('certificate: a broken validity')
  const short = isUtc && Number(text.slice(0, 2)) >= 50 ? `19${text}` : `20${text}`
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?(?:\.\d+)?Z$/.exec(isUtc ? short : text)
  if (parts === null) throw unreadable('certificate: a broken validity')
  const [year, month, day, hour, minute, second] = parts.slice(1).map((part) => Number(part ?? 0))
  return Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second)
}
