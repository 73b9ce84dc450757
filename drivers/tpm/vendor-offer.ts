// The addresses at which Intel and AMD hand out the certificate of an endorsement key that is not in the TPM.
import { createHash, type KeyObject } from 'node:crypto'
import { rsaNumbers } from './rsa-key.ts'

export interface EkOffer {
  readonly vendor: 'intel' | 'amd'
  readonly url: string
}

/** `INTC` and `AMD\0` as they stand in PT_MANUFACTURER. */
const INTEL = 0x494e5443
const AMD = 0x414d4400

const sha256 = (parts: readonly Uint8Array[]) =>
  createHash('sha256').update(Buffer.concat(parts)).digest()

/** The coordinates of a P-256 or P-384 key; null for another kind. */
function point(key: KeyObject): readonly [Buffer, Buffer] | null {
  if (key.asymmetricKeyType !== 'ec') return null
  const { x, y } = key.export({ format: 'jwk' })
  if (typeof x !== 'string' || typeof y !== 'string') return null
  return [Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]
}

/** base64url of SHA-256 over modulus and exponent, or over both coordinates; the form for curves is from memory. */
function intelUrl(key: KeyObject): string | null {
  const rsa = rsaNumbers(key)
  const parts = rsa === null ? point(key) : [rsa.n, Buffer.from('010001', 'hex')]
  if (parts === null) return null
  // Node leaves the padding out; the service wants it, escaped.
  const hash = sha256(parts).toString('base64').replaceAll('+', '-').replaceAll('/', '_')
  return `https://ekop.intel.com/ekcertservice/${encodeURIComponent(hash)}`
}

/** Hex of the first 16 bytes of SHA-256 over a tag, exponent and modulus, or a tag and both coordinates. */
function amdUrl(key: KeyObject): string | null {
  const rsa = rsaNumbers(key)
  const curve = point(key)
  const parts =
    rsa !== null
      ? [Buffer.from('0000222200010001', 'hex'), rsa.n]
      : curve && [Buffer.from('00004444', 'hex'), ...curve]
  if (parts === null) return null
  return `https://ftpm.amd.com/pki/aia/${sha256(parts).subarray(0, 16).toString('hex').toUpperCase()}`
}

/** Where the vendor offers the certificate of this key; null when it has no such service. */
export function offerOf(manufacturer: number, key: KeyObject): EkOffer | null {
  const vendor = manufacturer === INTEL ? 'intel' : manufacturer === AMD ? 'amd' : null
  if (vendor === null) return null
  const url = vendor === 'intel' ? intelUrl(key) : amdUrl(key)
  return url === null ? null : { vendor, url }
}
