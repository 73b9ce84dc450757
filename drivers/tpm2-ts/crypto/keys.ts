// Public areas as keys of node:crypto.
import { createPublicKey, type KeyObject } from 'node:crypto'
import { padStart } from '../codec/bytes.ts'
import { ALG, CURVE } from '../constants.ts'
import { TpmFault } from '../fault.ts'
import type { EccPublic, PublicArea, RsaPublic } from '../structures/public.ts'

export interface Curve {
  /** The name in createECDH() and in a JSON web key. */
  readonly name: string
  readonly jwk: string
  /** Bytes of a coordinate. */
  readonly size: number
}

const CURVES: Readonly<Record<number, Curve>> = {
  [CURVE.NIST_P256]: { name: 'prime256v1', jwk: 'P-256', size: 32 },
  [CURVE.NIST_P384]: { name: 'secp384r1', jwk: 'P-384', size: 48 },
  [CURVE.NIST_P521]: { name: 'secp521r1', jwk: 'P-521', size: 66 },
}

/** RSA sizes that a TPM makes; a smaller modulus is no key to trust, a larger one costs time. */
const RSA_BITS = { min: 1024, max: 4096 } as const
/** Exponent 0 in a public area stands for this one (Part 2, section 12.2.3.5). */
const DEFAULT_EXPONENT = 65_537

/** Throws `TPM_KEY` for a curve that node:crypto does not know. */
export function curveOf(area: EccPublic): Curve {
  const curve = CURVES[area.parameters.curve]
  if (curve !== undefined) return curve
  const id = area.parameters.curve.toString(16)
  throw new TpmFault('TPM_KEY', `The curve 0x${id} is not supported here.`)
}

const base64url = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url')

function rsaJwk({ parameters, unique }: RsaPublic) {
  const bits = unique.length * 8
  if (bits !== parameters.keyBits || bits < RSA_BITS.min || bits > RSA_BITS.max) {
    throw new TpmFault('TPM_KEY', `A modulus of ${bits} bits does not fit its key.`)
  }
  const exponent = Buffer.alloc(4)
  exponent.writeUInt32BE(parameters.exponent || DEFAULT_EXPONENT)
  const e = base64url(exponent.subarray(exponent.findIndex((byte) => byte !== 0)))
  return { kty: 'RSA', n: base64url(unique), e }
}

function eccJwk(area: EccPublic) {
  const { jwk: crv, size } = curveOf(area)
  const { x, y } = area.unique
  return { kty: 'EC', crv, x: base64url(padStart(x, size)), y: base64url(padStart(y, size)) }
}

/** An area never changes after it was read, and taking a key over costs as much as using it. */
const KEYS = new WeakMap<PublicArea, KeyObject>()

/** The public key of an area. Throws `TPM_KEY` if it is none: a point off the curve, a wrong size. */
export function publicKeyOf(area: PublicArea): KeyObject {
  const known = KEYS.get(area)
  if (known !== undefined) return known
  const key = keyOf(area)
  KEYS.set(area, key)
  return key
}

function keyOf(area: PublicArea): KeyObject {
  if (area.type !== ALG.RSA && area.type !== ALG.ECC) {
    throw new TpmFault('TPM_KEY', 'Only RSA and elliptic curve areas are public keys.')
  }
  const key = area.type === ALG.RSA ? rsaJwk(area) : eccJwk(area)
  try {
    return createPublicKey({ key, format: 'jwk' })
  } catch (cause) {
    throw new TpmFault('TPM_KEY', 'The public area holds no usable key.', { cause })
  }
}
