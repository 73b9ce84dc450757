// The frame of commands and responses: header, handles, authorisation area, parameters (Part 1, section 18).
import { sized, struct, type TypeOf, u8, u32 } from './codec/codec.ts'
import { Reader } from './codec/reader.ts'
import { Writer } from './codec/writer.ts'
import { ST } from './constants.ts'
import { TpmFault } from './fault.ts'
import { DIGEST_MAX } from './structures/common.ts'

/** TPMS_AUTH_COMMAND (Part 2, section 10.13.2). */
export const authCommand = struct({
  handle: u32,
  nonce: sized(DIGEST_MAX),
  attributes: u8,
  hmac: sized(DIGEST_MAX),
})
export type AuthCommand = TypeOf<typeof authCommand>

/** TPMS_AUTH_RESPONSE (Part 2, section 10.13.3). */
export const authResponse = struct({
  nonce: sized(DIGEST_MAX),
  attributes: u8,
  hmac: sized(DIGEST_MAX),
})
export type AuthResponse = TypeOf<typeof authResponse>

/** The bytes of a whole command. */
export function encodeCommand(
  code: number,
  handles: readonly number[],
  parameters: Uint8Array,
  auths: readonly AuthCommand[],
): Uint8Array {
  const to = new Writer()
  to.u16(auths.length > 0 ? ST.SESSIONS : ST.NO_SESSIONS)
  to.u32(0)
  to.u32(code)
  for (const handle of handles) to.u32(handle)
  if (auths.length > 0) {
    to.sized32(() => {
      for (const auth of auths) authCommand.write(to, auth)
    })
  }
  to.bytes(parameters)
  to.patch32(2, to.length)
  return to.take()
}

/** The bytes of a command without sessions; `write` writes its parameters. */
export function encodePlain(
  code: number,
  handles: readonly number[],
  write: (to: Writer) => void,
): Uint8Array {
  const to = new Writer()
  to.u16(ST.NO_SESSIONS)
  to.u32(0)
  to.u32(code)
  for (const handle of handles) to.u32(handle)
  write(to)
  to.patch32(2, to.length)
  return to.take()
}

export interface RawResponse {
  readonly code: number
  readonly handle: number | null
  readonly parameters: Uint8Array
  readonly auths: readonly AuthResponse[]
}

const garbled = (sentence: string) => new TpmFault('TPM_GARBLED', sentence)

/** Response code of a response; throws `TPM_GARBLED` for bytes that are none. */
export function responseHeader(bytes: Uint8Array): { tag: number; code: number } {
  if (bytes.length < 10) throw garbled(`A response of ${bytes.length} bytes is none.`)
  const from = new Reader(bytes)
  const { tag, size, code } = { tag: from.u16(), size: from.u32(), code: from.u32() }
  if (size !== bytes.length) {
    throw garbled(`The response says ${size} bytes and has ${bytes.length}.`)
  }
  return { tag, code }
}

/** A reader of the parameters of an accepted response without sessions. */
export function plainParameters(bytes: Uint8Array, hasHandle: boolean): Reader {
  const tag = ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0)
  if (tag !== ST.NO_SESSIONS) throw garbled(`The response has the tag 0x${tag.toString(16)}.`)
  return new Reader(bytes, hasHandle ? 14 : 10)
}

/**
 * Takes a response apart. With sessions the parameters are cut out by their own size: the
 * authorisation area lies behind them and is no part of the last one.
 */
export function decodeResponse(
  bytes: Uint8Array,
  hasHandle: boolean,
  authCount: number,
): RawResponse {
  const { tag, code } = responseHeader(bytes)
  if (code !== 0) return { code, handle: null, parameters: new Uint8Array(0), auths: [] }
  const wanted = authCount > 0 ? ST.SESSIONS : ST.NO_SESSIONS
  if (tag !== wanted) throw garbled(`The response has the tag 0x${tag.toString(16)}.`)
  const from = new Reader(bytes, 10)
  const handle = hasHandle ? from.u32() : null
  if (authCount === 0) return { code, handle, parameters: bytes.subarray(from.position), auths: [] }
  const parameters = from.bytes(from.u32())
  const auths: AuthResponse[] = []
  for (let index = 0; index < authCount; index += 1) auths.push(authResponse.read(from))
  from.end('The authorisation area')
  return { code, handle, parameters, auths }
}
