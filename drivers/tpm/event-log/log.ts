// Reads a TCG event log in the crypto-agile format (PC Client Platform Firmware Profile 1.06, section 10).
import { brokenLog, LogBytes } from './bytes.ts'

/** Algorithms of PCR banks (TCG algorithm registry), with the name that node:crypto knows. */
export const BANKS = {
  4: { name: 'sha1', size: 20 },
  11: { name: 'sha256', size: 32 },
  12: { name: 'sha384', size: 48 },
  13: { name: 'sha512', size: 64 },
} as const satisfies Readonly<Record<number, { readonly name: string; readonly size: number }>>
export type BankName = (typeof BANKS)[keyof typeof BANKS]['name']

/** Types of events (profile 1.06, section 10.4.1) that mean something here. */
export const EVENT = {
  noAction: 0x3,
  separator: 0x4,
  action: 0x5,
  tag: 0x6,
  efiVariableDriverConfig: 0x80000001,
  efiVariableBoot: 0x80000002,
  efiBootServicesApplication: 0x80000003,
  efiAction: 0x80000007,
  efiVariableAuthority: 0x800000e0,
} as const

export interface LogEvent {
  /** From 0, the header not counted. */
  readonly index: number
  readonly pcr: number
  readonly type: number
  /** By the name of the bank. */
  readonly digests: ReadonlyMap<string, Uint8Array>
  readonly data: Uint8Array
}

export interface EventLog {
  readonly banks: readonly string[]
  readonly events: readonly LogEvent[]
  /** Bytes behind the last event: Linux and firmware hand out whole pages. */
  readonly padding: number
}

/** A Windows boot writes 60 to 120 kB, Linux with IMA in another log; firmware reserves 64 kB to 1 MB. */
export const LOG_MAX = 4 * 1024 * 1024
const EVENTS_MAX = 20_000
const EVENT_MAX = 1024 * 1024
const ALGORITHMS_MAX = 8

const AGILE = 'Spec ID Event03\0'
/** Signatures of the formats before crypto agility. */
const OLD = ['Spec ID Event00\0', 'Spec ID Event02\0']

const isBank = (id: number): id is keyof typeof BANKS => Object.hasOwn(BANKS, id)

interface Algorithm {
  readonly id: number
  readonly size: number
  /** Empty for one that is unknown: its digests are passed over. */
  readonly name: string
}

/** The first record is in the old format for every reader's sake; its data says what follows. */
function readHeader(from: LogBytes): readonly Algorithm[] {
  const pcr = from.u32()
  const type = from.u32()
  from.take(20)
  const size = from.u32()
  if (size > EVENT_MAX) throw brokenLog('the header is too large')
  const data = new LogBytes(from.take(size))
  const signature = data.left >= 16 ? data.take(16).toString('latin1') : ''
  if (type !== EVENT.noAction || OLD.includes(signature) || pcr !== 0)
    throw brokenLog('the older format with SHA-1 alone (TCG 1.2), which proves nothing today')
  if (signature !== AGILE) throw brokenLog('no header of the crypto-agile format')
  // Platform class, minor, major, errata, size of UINTN.
  data.take(8)
  const count = data.u32()
  if (count === 0 || count > ALGORITHMS_MAX) throw brokenLog(`${count} algorithms in the header`)
  return Array.from({ length: count }, () => {
    const id = data.u16()
    const size = data.u16()
    const known = isBank(id) ? BANKS[id] : null
    if (known !== null && known.size !== size) throw brokenLog(`${known.name} of ${size} bytes`)
    if (size === 0 || size > 128) throw brokenLog(`a digest of ${size} bytes`)
    return { id, size, name: known?.name ?? '' }
  })
}

function readEvent(from: LogBytes, index: number, algorithms: readonly Algorithm[]): LogEvent {
  const pcr = from.u32()
  const type = from.u32()
  const count = from.u32()
  if (count > algorithms.length) throw brokenLog(`event ${index} has ${count} digests`)
  const digests = new Map<string, Uint8Array>()
  for (let one = 0; one < count; one++) {
    const id = from.u16()
    const algorithm = algorithms.find((known) => known.id === id)
    if (algorithm === undefined) throw brokenLog(`event ${index} has a digest of no bank`)
    const digest = from.take(algorithm.size)
    if (algorithm.name === '') continue
    if (digests.has(algorithm.name)) throw brokenLog(`event ${index} has a digest twice`)
    digests.set(algorithm.name, digest)
  }
  const size = from.u32()
  if (size > EVENT_MAX) throw brokenLog(`event ${index} has ${size} bytes`)
  return { index, pcr, type, digests, data: from.take(size) }
}

/** The rest of the last page: zeros or erased flash, from here to the end. */
const isPadding = (bytes: Uint8Array, at: number) => {
  const first = bytes[at]
  if (first !== 0 && first !== 0xff) return false
  return bytes.subarray(at).every((byte) => byte === first)
}

/**
 * The events of a log.
 * @throws StationError DEVICE_TPM_DATA when it is the older format, cut, or beyond a bound
 */
export function readLog(bytes: Uint8Array): EventLog {
  if (bytes.length > LOG_MAX) throw brokenLog(`${bytes.length} bytes, ${LOG_MAX} are the limit`)
  const from = new LogBytes(bytes)
  const algorithms = readHeader(from)
  const events: LogEvent[] = []
  while (from.left > 0) {
    if (isPadding(bytes, bytes.length - from.left)) break
    if (events.length === EVENTS_MAX) throw brokenLog('too many events')
    events.push(readEvent(from, events.length, algorithms))
  }
  const banks = algorithms.map(({ name }) => name).filter((name) => name !== '')
  return { banks, events, padding: from.left }
}
