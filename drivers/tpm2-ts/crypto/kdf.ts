// The two key derivations of the specification.
import { concat } from '../codec/bytes.ts'
import { encode, u32 } from '../codec/codec.ts'
import type { Hash } from '../constants.ts'
import { digestOf, hmacOf } from './hash.ts'

/** The label as both derivations take it: with the zero that ends it. */
const labelBytes = (label: string) => Buffer.from(`${label}\0`, 'latin1')

/** Blocks until there are enough bits; odd bits are cleared at the top of the first byte. */
function derive(bits: number, block: (counter: Uint8Array) => Uint8Array): Uint8Array {
  const length = Math.ceil(bits / 8)
  const blocks: Uint8Array[] = []
  for (let have = 0, counter = 1; have < length; counter += 1) {
    const next = block(encode(u32, counter))
    blocks.push(next)
    have += next.length
  }
  const key = concat(blocks).slice(0, length)
  const odd = bits % 8
  if (odd !== 0 && key[0] !== undefined) key[0] &= (1 << odd) - 1
  return key
}

/** KDFa (Part 1, section 11.4.10.2): SP800-108 in counter mode with HMAC. */
export function kdfa(
  hash: Hash,
  key: Uint8Array,
  label: string,
  contextU: Uint8Array,
  contextV: Uint8Array,
  bits: number,
): Uint8Array {
  const tail = [labelBytes(label), contextU, contextV, encode(u32, bits)]
  return derive(bits, (counter) => hmacOf(hash, key, [counter, ...tail]))
}

/** KDFe (Part 1, section 11.4.10.3): SP800-56A, from the x of a shared point. */
export function kdfe(
  hash: Hash,
  z: Uint8Array,
  label: string,
  partyU: Uint8Array,
  partyV: Uint8Array,
  bits: number,
): Uint8Array {
  const tail = [z, labelBytes(label), partyU, partyV]
  return derive(bits, (counter) => digestOf(hash, [counter, ...tail]))
}
