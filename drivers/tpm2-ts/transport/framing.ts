// How a command and its response lie on a stream of bytes.
import { ST } from '../constants.ts'
import { TpmFault } from '../fault.ts'
import { HEADER } from './transport.ts'

export interface Framing {
  /** Bytes that a frame has around the response. */
  readonly overhead: number
  wrap(command: Uint8Array): Uint8Array
  /** The response and how many bytes its frame took; null as long as it is not whole. */
  unwrap(held: Buffer, responseMax: number): { response: Uint8Array; used: number } | null
}

const TAGS: ReadonlySet<number> = new Set([ST.NO_SESSIONS, ST.SESSIONS, ST.RSP_COMMAND])
const hex = (value: number) => `0x${value.toString(16)}`

/** Checks a length that a peer announced, before anything is kept for it. */
export function checkLength(length: number, responseMax: number): number {
  if (length < HEADER) throw new TpmFault('TPM_GARBLED', `A response of ${length} bytes is none.`)
  if (length > responseMax) {
    throw new TpmFault('TPM_OVERSIZED', `A response of ${length} bytes is over ${responseMax}.`)
  }
  return length
}

/** Looks at as much of the header as is there: a garbling peer is found out with its first bytes. */
export function responseLength(held: Buffer, responseMax: number): number | null {
  if (held.length >= 2 && !TAGS.has(held.readUInt16BE(0))) {
    throw new TpmFault('TPM_GARBLED', `A response cannot begin with ${hex(held.readUInt16BE(0))}.`)
  }
  return held.length < 6 ? null : checkLength(held.readUInt32BE(2), responseMax)
}

/** The bare bytes, as swtpm's data channel has them: the size stands in the header. */
export const bareFraming: Framing = {
  overhead: 0,
  wrap: (command) => command,
  unwrap: (held, responseMax) => {
    const length = responseLength(held, responseMax)
    if (length === null || held.length < length) return null
    return { response: held.subarray(0, length), used: length }
  },
}

/** TPM_SEND_COMMAND and TPM_SESSION_END of the Microsoft simulator's TpmTcpProtocol.h. */
const SEND_COMMAND = 8
export const SESSION_END = 20

export function be32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

/** Microsoft's simulator: code, locality, length, command; then length, response, a zero. */
export const simulatorFraming: Framing = {
  overhead: 8,
  wrap: (command) =>
    Buffer.concat([be32(SEND_COMMAND), Buffer.of(0), be32(command.length), command]),
  unwrap: (held, responseMax) => {
    if (held.length < 4) return null
    const length = checkLength(held.readUInt32BE(0), responseMax)
    responseLength(held.subarray(4), responseMax)
    if (held.length < length + 8) return null
    if (held.readUInt32BE(4 + length) !== 0) {
      throw new TpmFault('TPM_GARBLED', 'The simulator did not acknowledge the command.')
    }
    return { response: held.subarray(4, 4 + length), used: length + 8 }
  },
}

/** The simulator's platform port answers each signal with a zero. */
export const acknowledgeFraming: Framing = {
  overhead: 4,
  wrap: (signal) => signal,
  unwrap: (held) => {
    if (held.length < 4) return null
    if (held.readUInt32BE(0) !== 0) {
      throw new TpmFault('TPM_GARBLED', 'The simulator refused a signal of its platform.')
    }
    return { response: held.subarray(0, 4), used: 4 }
  },
}
