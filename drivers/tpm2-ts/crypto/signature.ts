// Checks a TPM's signature with node:crypto.
import { constants, verify } from 'node:crypto'
import { concat, padStart } from '../codec/bytes.ts'
import { ALG } from '../constants.ts'
import { TpmFault } from '../fault.ts'
import type { PublicArea } from '../structures/public.ts'
import type { Signature } from '../structures/signature.ts'
import { hashByAlg } from './hash.ts'
import { curveOf, publicKeyOf } from './keys.ts'

/** The number of the hash that a signature is over; null for a scheme that is not checked here. */
export function signatureHash(signature: Signature): number | null {
  return 'hash' in signature ? signature.hash : null
}

/**
 * Whether `signature` is that of `area` over `message`. RSASSA, RSAPSS and ECDSA; any other scheme is
 * false, never an exception. Throws `TPM_KEY` if the area holds no usable key.
 */
export function verifySignature(
  area: PublicArea,
  message: Uint8Array,
  signature: Signature,
): boolean {
  switch (signature.algorithm) {
    case ALG.RSASSA:
    case ALG.RSAPSS: {
      if (area.type !== ALG.RSA) return false
      const isPss = signature.algorithm === ALG.RSAPSS
      const padding = isPss ? constants.RSA_PKCS1_PSS_PADDING : constants.RSA_PKCS1_PADDING
      const key = { key: publicKeyOf(area), padding, saltLength: constants.RSA_PSS_SALTLEN_AUTO }
      return verify(hashByAlg(signature.hash).name, message, key, signature.signature)
    }
    case ALG.ECDSA: {
      if (area.type !== ALG.ECC) return false
      const { size } = curveOf(area)
      const { signatureR, signatureS } = signature
      if (signatureR.length > size || signatureS.length > size) return false
      const key = { key: publicKeyOf(area), dsaEncoding: 'ieee-p1363' } as const
      const pair = concat([padStart(signatureR, size), padStart(signatureS, size)])
      return verify(hashByAlg(signature.hash).name, message, key, pair)
    }
    default:
      return false
  }
}

/** As `verifySignature`, with an unusable key or hash as false: for evidence from an untrusted peer. */
export function isSignedBy(area: PublicArea, message: Uint8Array, signature: Signature): boolean {
  try {
    return verifySignature(area, message, signature)
  } catch (error) {
    if (error instanceof TpmFault) return false
    throw error
  }
}
