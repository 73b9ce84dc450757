// Frames of the TPM relay: a length and a number in front of the TPM's own bytes, so that an answer fits one question only.
import { StationError } from '../../agent/fault.ts'

/** PC Client Platform TPM Profile: TPM_PT_MAX_COMMAND_SIZE and _RESPONSE_SIZE are 4,096 on known TPMs; TBS takes no more. */
export const PAYLOAD_MAX = 4096
/** u32 length of what follows the head, u32 number; both big-endian. */
export const HEAD = 8
export const FRAME_MAX = HEAD + PAYLOAD_MAX
/** The number of a frame that answers nothing: "give me the first command". */
export const READY = 0
/** An answer of exactly so many bytes is no TPM response but a platform's code of why there is none. */
export const REFUSAL_SIZE = 4
/** Tag, size and code (TPM 2.0 part 1, command and response header). */
export const TPM_HEADER = 10

export interface Frame {
  readonly number: number
  readonly payload: Uint8Array
}

/** A frame's bytes. The payload is not checked here: `readFrame` is what stands at the door. */
export function writeFrame({ number, payload }: Frame): Uint8Array {
  const bytes = new Uint8Array(HEAD + payload.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, payload.length)
  view.setUint32(4, number)
  bytes.set(payload, HEAD)
  return bytes
}

const broken = (what: string) => new StationError('DEVICE_PROBE_DATA', what)

/**
 * The frame that these bytes are, all of them.
 * @throws StationError DEVICE_PROBE_DATA when the length does not fit, or the payload can be no answer
 */
export function readFrame(bytes: Uint8Array): Frame {
  if (bytes.length < HEAD) throw broken(`a frame of ${bytes.length} bytes`)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const length = view.getUint32(0)
  const number = view.getUint32(4)
  if (length > PAYLOAD_MAX)
    throw broken(`a frame announces ${length} bytes, ${PAYLOAD_MAX} at most`)
  if (length !== bytes.length - HEAD)
    throw broken(`a frame announces ${length} bytes and has ${bytes.length - HEAD}`)
  // A copy: the bytes of a Buffer may be used for something else afterwards.
  const payload = new Uint8Array(bytes.subarray(HEAD))
  if (number === READY) {
    if (length !== 0) throw broken('a frame that answers nothing has bytes')
    return { number, payload }
  }
  if (length === REFUSAL_SIZE) return { number, payload }
  if (length < TPM_HEADER) throw broken(`an answer of ${length} bytes`)
  if (view.getUint32(HEAD + 2) !== length) throw broken('an answer whose header has another size')
  return { number, payload }
}

/** Codes in place of an answer; others are the platform's own, e.g. 0x80280400 of Windows: command blocked. */
export const REFUSALS: Readonly<Record<number, string>> = {
  1: "the command is not on the probe's list",
  2: 'the frame was damaged',
  3: 'the TPM cannot be opened',
  4: 'the TPM gave no answer',
  2150106112: 'Windows blocks this command',
  2150121473: 'the TPM base services are not running',
  2150121487: 'there is no TPM',
}

/** The platform's code of a payload that is no TPM response; null when it is one. */
export const refusalOf = (payload: Uint8Array): number | null =>
  payload.length === REFUSAL_SIZE
    ? new DataView(payload.buffer, payload.byteOffset, REFUSAL_SIZE).getUint32(0)
    : null

export function refusalText(code: number): string {
  const hex = `0x${code.toString(16).toUpperCase().padStart(8, '0')}`
  const known = Object.hasOwn(REFUSALS, code) ? REFUSALS[code] : undefined
  return known === undefined ? hex : `${known} (${hex})`
}
