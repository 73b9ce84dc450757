// What a handle stands for: number, name and authorisation value travel together.
import { encode, u32 } from './codec/codec.ts'

/** Anything that a command can name by handle. */
export interface Entity {
  /** Throws `TPM_FLUSHED` once the TPM no longer has it. */
  readonly handle: number
  /** Part 1, section "Names": sessions sign it, so that nobody can put another object in its place. */
  readonly name: Uint8Array
  /** The authorisation value; most attestation objects have an empty one. */
  readonly auth?: Uint8Array
}

/** Hierarchies, PCRs and sessions are called by their handle (Part 1, table "Equations for Computing Entity Names"). */
export function handleName(handle: number): Uint8Array {
  return encode(u32, handle)
}

/** A hierarchy, `RH.NULL`, or a PCR: entities whose name is their handle. */
export function permanent(handle: number, auth?: Uint8Array): Entity {
  const name = handleName(handle)
  return auth === undefined ? { handle, name } : { handle, name, auth }
}

/** An NV index by the name that NV_ReadPublic returned. */
export function nvIndex(handle: number, name: Uint8Array, auth?: Uint8Array): Entity {
  return auth === undefined ? { handle, name } : { handle, name, auth }
}
