// MakeCredential without a TPM: a secret that only one TPM can open, and only if it holds a certain key.
import { createCipheriv } from 'node:crypto'
import { concat } from '../codec/bytes.ts'
import { encode, sized } from '../codec/codec.ts'
import { ALG } from '../constants.ts'
import { TpmFault } from '../fault.ts'
import { digest } from '../structures/common.ts'
import type { PublicArea } from '../structures/public.ts'
import type { SymmetricObject } from '../structures/schemes.ts'
import { hashByAlg, hmacOf } from './hash.ts'
import { kdfa } from './kdf.ts'
import { type ShareOptions, shareSecret } from './secret.ts'

export interface Credential {
  /** The content of TPM2B_ID_OBJECT. */
  readonly credentialBlob: Uint8Array
  /** The content of TPM2B_ENCRYPTED_SECRET. */
  readonly secret: Uint8Array
}

const EMPTY = new Uint8Array(0)

/** Key size of the endorsement key's own cipher, which must be AES in CFB mode. */
function aesBits(area: PublicArea): 128 | 256 {
  const cipher: SymmetricObject | null =
    area.type === ALG.RSA || area.type === ALG.ECC ? area.parameters.symmetric : null
  if (cipher?.algorithm === ALG.AES && cipher.mode === ALG.CFB) {
    if (cipher.keyBits === 128 || cipher.keyBits === 256) return cipher.keyBits
  }
  throw new TpmFault('TPM_KEY', 'A credential needs a storage key with AES-128 or AES-256 in CFB.')
}

/**
 * Wraps `value` for the TPM that holds `endorsementKey` and, in the same TPM, the object called
 * `objectName` (Part 1, section 24; Part 3, section 12.6). `value` is at most as long as a digest of
 * the endorsement key's name hash. Throws `TPM_KEY` for a key that cannot receive it.
 */
export function makeCredential(
  endorsementKey: PublicArea,
  objectName: Uint8Array,
  value: Uint8Array,
  options: ShareOptions = {},
): Credential {
  const hash = hashByAlg(endorsementKey.nameAlg)
  if (value.length === 0 || value.length > hash.size) {
    throw new TpmFault('TPM_USAGE', `A credential has 1 to ${hash.size} bytes.`)
  }
  const bits = aesBits(endorsementKey)
  const { secret: seed, encrypted } = shareSecret(endorsementKey, 'IDENTITY', options)
  const aesKey = kdfa(hash, seed, 'STORAGE', objectName, EMPTY, bits)
  const cipher = createCipheriv(`aes-${bits}-cfb`, aesKey, Buffer.alloc(16))
  const identity = concat([cipher.update(encode(digest, value)), cipher.final()])
  const hmacKey = kdfa(hash, seed, 'INTEGRITY', EMPTY, EMPTY, hash.size * 8)
  const integrity = hmacOf(hash, hmacKey, [identity, objectName])
  const credentialBlob = concat([encode(sized(hash.size), integrity), identity])
  return { credentialBlob, secret: encrypted }
}
