// What a session promises to a command: an authorisation of the request, and a check of the answer.
import type { Hash } from './constants.ts'
import { RH, SESSION } from './constants.ts'
import type { Entity } from './entity.ts'
import { TpmFault } from './fault.ts'
import type { AuthCommand, AuthResponse } from './wire.ts'

/** The part of a command or an answer that a session signs. */
export interface Signed {
  /** cpHash or rpHash by the session's own hash (Part 1, sections 16.7 and 16.8). */
  readonly parametersHash: (hash: Hash) => Uint8Array
  /** The entity that is authorised; null for a session that only protects. */
  readonly entity: Entity | null
  /** Nonces of the other sessions that encrypt; only the first session signs them. */
  readonly otherNonces: Uint8Array
}

export interface Authorization {
  /** The nonce that the TPM gave last; empty for a password. */
  readonly nonceTpm: Uint8Array
  /** TPMA_SESSION of the next command. */
  readonly attributes: number
  /** Makes the next nonce; called once for each command, before anything is signed. */
  prepare(entity: Entity | null): void
  /** Encrypts the first parameter in place, if the session was asked to. */
  encrypt(parameters: Uint8Array): void
  authorize(signed: Signed): AuthCommand
  /** Throws `TPM_INTEGRITY` if the answer was not made by the TPM for this command. */
  check(answer: AuthResponse, signed: Signed): void
  /** Decrypts the answer's first parameter in place, if the session was asked to. */
  decrypt(parameters: Uint8Array): void
}

const EMPTY = new Uint8Array(0)

/** Part 1, section 19.4: the entity's authorisation value itself, readable on the way. */
export const password: Authorization = {
  nonceTpm: EMPTY,
  attributes: 0,
  prepare: () => {},
  encrypt: () => {},
  decrypt: () => {},
  authorize: ({ entity }) => ({
    handle: RH.PASSWORD,
    nonce: EMPTY,
    attributes: 0,
    hmac: entity?.auth ?? EMPTY,
  }),
  check: ({ nonce, hmac, attributes }) => {
    if (nonce.length > 0 || hmac.length > 0 || (attributes & ~SESSION.CONTINUE) !== 0) {
      throw new TpmFault('TPM_GARBLED', 'The answer to a password is not empty.')
    }
  },
}
