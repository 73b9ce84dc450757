// Hashes by their TPM number, and names of objects.
import { createHash, createHmac } from 'node:crypto'
import { concat } from '../codec/bytes.ts'
import { encode, u16 } from '../codec/codec.ts'
import { HASHES, type Hash } from '../constants.ts'
import { TpmFault } from '../fault.ts'
import { type NvPublic, nvPublic } from '../structures/nv.ts'
import { type PublicArea, publicArea } from '../structures/public.ts'

/** Throws `TPM_KEY` for a hash that node:crypto does not have. */
export function hashByAlg(alg: number): Hash {
  const hash = HASHES.find((one) => one.alg === alg)
  if (hash !== undefined) return hash
  throw new TpmFault('TPM_KEY', `The hash 0x${alg.toString(16)} is not known.`)
}

export function digestOf(hash: Hash, parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(createHash(hash.name).update(concat(parts)).digest())
}

export function hmacOf(hash: Hash, key: Uint8Array, parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(createHmac(hash.name, key).update(concat(parts)).digest())
}

const named = (alg: number, bytes: Uint8Array) =>
  concat([encode(u16, alg), digestOf(hashByAlg(alg), [bytes])])

/** An object's name: nameAlg and the hash of its public area (Part 1, section 16, "Names"). */
export function nameOf(area: PublicArea): Uint8Array {
  return named(area.nameAlg, encode(publicArea, area))
}

/** An NV index's name; it changes when the index is written for the first time. */
export function nvNameOf(area: NvPublic): Uint8Array {
  return named(area.nameAlg, encode(nvPublic, area))
}
