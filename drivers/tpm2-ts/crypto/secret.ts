// Sharing a secret with a TPM's key: the seed of a credential, or the salt of a session (Part 1, annexes B.10 and C.6).
import { constants, createECDH, publicEncrypt, randomBytes } from 'node:crypto'
import { concat, padStart } from '../codec/bytes.ts'
import { encode } from '../codec/codec.ts'
import { ALG } from '../constants.ts'
import { TpmFault } from '../fault.ts'
import { type EccPublic, eccPoint, type PublicArea, type RsaPublic } from '../structures/public.ts'
import { hashByAlg } from './hash.ts'
import { kdfe } from './kdf.ts'
import { curveOf, publicKeyOf } from './keys.ts'

/** What the secret is for; the label keeps one use from being taken for another. */
export type SecretLabel = 'IDENTITY' | 'SECRET' | 'DUPLICATE'

export interface SharedSecret {
  readonly secret: Uint8Array
  /** The content of TPM2B_ENCRYPTED_SECRET. */
  readonly encrypted: Uint8Array
}

/** A private key for one exchange; only test vectors bring their own. */
export interface ShareOptions {
  readonly ephemeral?: Uint8Array
}

/** Makes a secret that only the TPM with the private part of `area` can learn. */
export function shareSecret(
  area: PublicArea,
  label: SecretLabel,
  options: ShareOptions = {},
): SharedSecret {
  if (area.type === ALG.RSA) return rsaSecret(area, label)
  if (area.type === ALG.ECC) return eccSecret(area, label, options)
  throw new TpmFault('TPM_KEY', 'A secret can be shared with an RSA or elliptic curve key only.')
}

/**
 * OAEP with one hash for itself and its mask: the key's own if it has one, else that of its name. The
 * label's zero belongs to the label.
 */
function rsaSecret(area: RsaPublic, label: SecretLabel): SharedSecret {
  const hash = hashByAlg(area.nameAlg)
  const { scheme } = area.parameters
  const oaep = scheme.scheme === ALG.OAEP ? hashByAlg(scheme.hashAlg) : hash
  const secret = new Uint8Array(randomBytes(hash.size))
  const encrypted = publicEncrypt(
    {
      key: publicKeyOf(area),
      padding: constants.RSA_PKCS1_OAEP_PADDING,
      oaepHash: oaep.name,
      oaepLabel: Buffer.from(`${label}\0`, 'latin1'),
    },
    secret,
  )
  return { secret, encrypted: new Uint8Array(encrypted) }
}

/** One-pass Diffie-Hellman with a key for this once. */
function eccSecret(area: EccPublic, label: SecretLabel, options: ShareOptions): SharedSecret {
  const hash = hashByAlg(area.nameAlg)
  const curve = curveOf(area)
  const own = createECDH(curve.name)
  if (options.ephemeral === undefined) own.generateKeys()
  else own.setPrivateKey(options.ephemeral)
  const x = padStart(area.unique.x, curve.size)
  const y = padStart(area.unique.y, curve.size)
  const z = computeSecret(own, concat([Uint8Array.of(4), x, y]))
  const point = own.getPublicKey()
  const ownX = new Uint8Array(point.subarray(1, 1 + curve.size))
  const ownY = new Uint8Array(point.subarray(1 + curve.size))
  // OpenSSL gives z in the full length of the field, as the derivation wants it.
  const secret = kdfe(hash, z, label, ownX, x, hash.size * 8)
  return { secret, encrypted: encode(eccPoint, { x: ownX, y: ownY }) }
}

function computeSecret(own: ReturnType<typeof createECDH>, point: Uint8Array): Uint8Array {
  try {
    return own.computeSecret(point)
  } catch (cause) {
    throw new TpmFault('TPM_KEY', 'The point of the key is not on its curve.', { cause })
  }
}
