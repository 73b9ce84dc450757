// What can go wrong between a program and a TPM, as one class with a code, so that callers branch on data.
import type { ResponseCode } from './response-code.ts'

/** Why a call did not end well; the README says for each what it means for the TPM's state. */
export type TpmFaultCode =
  /** Nobody answers at the address, or the device file cannot be opened. */
  | 'TPM_UNREACHABLE'
  /** The peer went away in the middle of a command. */
  | 'TPM_CLOSED'
  /** The peer sent bytes that are no response: a wrong header, or bytes that nobody asked for. */
  | 'TPM_GARBLED'
  /** A response larger than the limit was announced or a command would be larger. */
  | 'TPM_OVERSIZED'
  /** No answer within the time of the command's class. */
  | 'TPM_TIMEOUT'
  /** The caller's AbortSignal ended the wait. */
  | 'TPM_CANCELLED'
  /** A command is already in flight on this transport. */
  | 'TPM_BUSY'
  /** A structure is cut short, has a length that does not fit, or bytes behind its end. */
  | 'TPM_MALFORMED'
  /** The TPM answered with a response code; `response` explains it. */
  | 'TPM_RESPONSE'
  /** A response's HMAC or a checked value is wrong: somebody between changed it. */
  | 'TPM_INTEGRITY'
  /** The object or session was flushed, or ended by itself. */
  | 'TPM_FLUSHED'
  /** A key that cannot be used: unknown curve, a point off the curve, a wrong size. */
  | 'TPM_KEY'
  /** The caller's values do not fit the structure. */
  | 'TPM_USAGE'

interface FaultDetails {
  readonly cause?: unknown
  readonly response?: ResponseCode
}

/** The only error that this package throws on purpose. */
export class TpmFault extends Error {
  override readonly name = 'TpmFault'
  readonly code: TpmFaultCode
  /** The decoded response code; only with `TPM_RESPONSE`. */
  readonly response: ResponseCode | null

  constructor(code: TpmFaultCode, sentence: string, details: FaultDetails = {}) {
    super(`${code}: ${sentence}`, details.cause === undefined ? {} : { cause: details.cause })
    this.code = code
    this.response = details.response ?? null
  }
}

/** True for a fault of this package, with this code if one is given. */
export function isTpmFault(error: unknown, code?: TpmFaultCode): error is TpmFault {
  return error instanceof TpmFault && (code === undefined || error.code === code)
}

/** True if the TPM answered with this response code, whichever handle, parameter or session it named. */
export function isResponse(error: unknown, name: string): boolean {
  return isTpmFault(error, 'TPM_RESPONSE') && error.response?.name === name
}
