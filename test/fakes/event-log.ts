// Writes boot logs in the crypto-agile format, for tests.
import { createHash } from 'node:crypto'

export interface MadeEvent {
  readonly pcr: number
  readonly type: number
  readonly data: Buffer
  /** What is hashed, if it is not the data. */
  readonly measured?: Buffer
  /** Banks of which it has a digest; all when left out. */
  readonly banks?: readonly string[]
}

const ALGORITHMS: Readonly<Record<string, number>> = { sha1: 4, sha256: 11, sha384: 12, sha512: 13 }
const u16 = (value: number) => Buffer.from([value & 0xff, value >> 8])
const u32 = (value: number) => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
const u64 = (value: number) => Buffer.concat([u32(value), u32(0)])

export function makeLog(events: readonly MadeEvent[], banks: readonly string[]): Buffer {
  const sizes = banks.map((bank) =>
    Buffer.concat([u16(ALGORITHMS[bank] ?? 0), u16(createHash(bank).digest().length)]),
  )
  const spec = Buffer.concat([
    Buffer.from('Spec ID Event03\0'),
    u32(0),
    Buffer.from([0, 2, 0, 2]),
    u32(banks.length),
    ...sizes,
    Buffer.from([0]),
  ])
  const header = Buffer.concat([u32(0), u32(3), Buffer.alloc(20), u32(spec.length), spec])
  const made = events.map(({ pcr, type, data, measured = data, banks: own = banks }) =>
    Buffer.concat([
      u32(pcr),
      u32(type),
      u32(own.length),
      ...own.map((bank) =>
        Buffer.concat([u16(ALGORITHMS[bank] ?? 0), createHash(bank).update(measured).digest()]),
      ),
      u32(data.length),
      data,
    ]),
  )
  return Buffer.concat([header, ...made])
}

/** UEFI_VARIABLE_DATA. */
export function makeVariable(guid: string, name: string, data: Buffer): Buffer {
  const [a = '', b = '', c = '', ...rest] = guid.split('-')
  const swapped = (hex: string) => Buffer.from(hex, 'hex').reverse()
  const id = Buffer.concat([swapped(a), swapped(b), swapped(c), Buffer.from(rest.join(''), 'hex')])
  const text = Buffer.from(name, 'utf16le')
  return Buffer.concat([id, u64(name.length), u64(data.length), text, data])
}
