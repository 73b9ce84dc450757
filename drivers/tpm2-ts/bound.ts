// What authorises a command: which session stands for which handle, and what they sign together.
import { type Authorization, password } from './authorization.ts'
import { concat } from './codec/bytes.ts'
import { readFields } from './codec/codec.ts'
import type { Reader } from './codec/reader.ts'
import type { Command } from './command.ts'
import { type Hash, SESSION } from './constants.ts'
import { digestOf } from './crypto/hash.ts'
import type { Entity } from './entity.ts'
import { TpmFault } from './fault.ts'
import type { RunOptions } from './tpm.ts'

/** A command of at most three sessions (Part 1, section 18.1). */
const SESSIONS_MAX = 3
export interface Bound {
  readonly auth: Authorization
  readonly entity: Entity | null
}

export function fieldsOf(command: Command, from: Reader, loaded: number | null): unknown {
  const fields = readFields(command.tables.answer, from, {}) as Record<string, unknown>
  if (from.left > 0) from.end(`The answer of ${command.name}`)
  if (command.answerHandle !== null) fields[command.answerHandle] = loaded
  return fields
}

export function authorizations(
  command: Command,
  entities: readonly Entity[],
  { auth = [], extra = [] }: RunOptions,
): readonly Bound[] {
  const { handles } = command.tables
  const wanted = entities.filter((_, index) => handles[index]?.[1] === 'auth')
  if (auth.length > wanted.length || wanted.length + extra.length > SESSIONS_MAX) {
    throw new TpmFault('TPM_USAGE', `${command.name} cannot take so many sessions.`)
  }
  return [
    ...wanted.map((entity, index) => ({ auth: auth[index] ?? password, entity })),
    ...extra.map((one) => ({ auth: one, entity: null })),
  ]
}

/**
 * The first session signs the nonces of other sessions that decrypt and encrypt, so that they cannot be
 * exchanged (Part 1, section 19.6.5).
 */
export function nonces(auths: readonly Bound[], index: number): Uint8Array {
  if (index !== 0) return new Uint8Array(0)
  const others = auths.slice(1).map(({ auth }) => auth)
  const decrypting = others.find(({ attributes }) => (attributes & SESSION.DECRYPT) !== 0)
  const encrypting = others.find(({ attributes }) => (attributes & SESSION.ENCRYPT) !== 0)
  return concat(
    [decrypting, encrypting === decrypting ? undefined : encrypting].map(
      (session) => session?.nonceTpm ?? new Uint8Array(0),
    ),
  )
}

/** Most commands have no session that asks for it. */
export const hashOf = (parts: () => readonly Uint8Array[]) => (hash: Hash) =>
  digestOf(hash, parts())
