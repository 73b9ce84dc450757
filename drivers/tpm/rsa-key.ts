// What the bare numbers of an EK say of its strength: RSA size and exponent, curve, and the ROCA fingerprint.
import type { KeyObject } from 'node:crypto'
import type { EkStrength } from '../../agent/ports.ts'
import { hasRocaFingerprint } from './roca.ts'

/** The modulus and exponent of an RSA key, big-endian; null for another kind. */
export function rsaNumbers(key: KeyObject): { readonly n: Buffer; readonly e: Buffer } | null {
  if (!key.asymmetricKeyType?.startsWith('rsa')) return null
  const { n, e } = key.export({ format: 'jwk' })
  if (typeof n !== 'string' || typeof e !== 'string') return null
  return { n: Buffer.from(n, 'base64url'), e: Buffer.from(e, 'base64url') }
}

export function strengthOf(key: KeyObject): EkStrength {
  const numbers = rsaNumbers(key)
  if (numbers === null) {
    const curve = key.asymmetricKeyDetails?.namedCurve ?? 'unknown'
    return { kind: curve, isRoca: false, isExponentUsual: true, bits: null }
  }
  const bits = key.asymmetricKeyDetails?.modulusLength ?? numbers.n.length * 8
  return {
    kind: `rsa${bits}`,
    isRoca: hasRocaFingerprint(numbers.n),
    isExponentUsual: numbers.e.toString('hex') === '010001',
    bits,
  }
}
