// An RSA private key from its modulus and one prime, as a TPM keeps it.
import { createPrivateKey, type KeyObject } from 'node:crypto'

const big = (bytes: Uint8Array) => BigInt(`0x${Buffer.from(bytes).toString('hex')}`)

function inverse(value: bigint, modulus: bigint): bigint {
  let [r0, r1, s0, s1] = [modulus, value % modulus, 0n, 1n]
  while (r1 !== 0n) {
    const quotient = r0 / r1
    ;[r0, r1] = [r1, r0 - quotient * r1]
    ;[s0, s1] = [s1, s0 - quotient * s1]
  }
  return ((s0 % modulus) + modulus) % modulus
}

export function rsaPrivateKey(modulus: Uint8Array, prime: Uint8Array): KeyObject {
  const [n, p, e] = [big(modulus), big(prime), 65_537n]
  const q = n / p
  const d = inverse(e, (p - 1n) * (q - 1n))
  const url = (value: bigint) => {
    const text = value.toString(16)
    return Buffer.from(text.length % 2 === 0 ? text : `0${text}`, 'hex').toString('base64url')
  }
  const key = {
    kty: 'RSA',
    n: url(n),
    e: url(e),
    d: url(d),
    p: url(p),
    q: url(q),
    dp: url(d % (p - 1n)),
    dq: url(d % (q - 1n)),
    qi: url(inverse(q, p)),
  }
  return createPrivateKey({ key, format: 'jwk' })
}
