// Algorithms with their parameters: symmetric definitions, signature and key schemes, key derivation.

import { type TypeOf, u16 } from '../codec/codec.ts'
import { tagged } from '../codec/union.ts'
import { ALG } from '../constants.ts'

const cipher = { keyBits: u16, mode: u16 }
const withHash = { hashAlg: u16 }
const nothing = {}

/** TPMT_SYM_DEF_OBJECT (Part 2, section 11.1.7). */
export const symmetricObject = tagged('algorithm', u16, {
  [ALG.AES]: cipher,
  [ALG.SM4]: cipher,
  [ALG.CAMELLIA]: cipher,
  [ALG.TDES]: cipher,
  [ALG.NULL]: nothing,
})
export type SymmetricObject = TypeOf<typeof symmetricObject>

/** TPMT_SYM_DEF (Part 2, section 11.1.6): parameter encryption may also be an XOR. */
export const symmetric = tagged('algorithm', u16, {
  [ALG.AES]: cipher,
  [ALG.SM4]: cipher,
  [ALG.CAMELLIA]: cipher,
  [ALG.TDES]: cipher,
  [ALG.XOR]: withHash,
  [ALG.NULL]: nothing,
})
export type Symmetric = TypeOf<typeof symmetric>

const asymmetricCases = {
  [ALG.NULL]: nothing,
  [ALG.RSASSA]: withHash,
  [ALG.RSAPSS]: withHash,
  [ALG.RSAES]: nothing,
  [ALG.OAEP]: withHash,
  [ALG.ECDSA]: withHash,
  [ALG.ECDH]: withHash,
  [ALG.ECDAA]: { ...withHash, count: u16 },
  [ALG.SM2]: withHash,
  [ALG.ECSCHNORR]: withHash,
  [ALG.ECMQV]: withHash,
}

/** TPMT_ASYM_SCHEME, TPMT_RSA_SCHEME, TPMT_ECC_SCHEME (Part 2, sections 11.2.3.6, 11.2.4.2, 11.2.5.6). */
export const asymmetricScheme = tagged('scheme', u16, asymmetricCases)
export type AsymmetricScheme = TypeOf<typeof asymmetricScheme>

/** TPMT_SIG_SCHEME (Part 2, section 11.2.1.5): HMAC keys sign too. */
export const signatureScheme = tagged('scheme', u16, { ...asymmetricCases, [ALG.HMAC]: withHash })
export type SignatureScheme = TypeOf<typeof signatureScheme>

/** TPMT_KDF_SCHEME (Part 2, section 11.2.3.3). */
export const kdfScheme = tagged('scheme', u16, {
  [ALG.NULL]: nothing,
  [ALG.MGF1]: withHash,
  [ALG.KDF1_SP800_56A]: withHash,
  [ALG.KDF2]: withHash,
  [ALG.KDF1_SP800_108]: withHash,
})

/** TPMT_KEYEDHASH_SCHEME (Part 2, section 11.1.23). */
export const keyedHashScheme = tagged('scheme', u16, {
  [ALG.NULL]: nothing,
  [ALG.HMAC]: withHash,
  [ALG.XOR]: { ...withHash, kdf: u16 },
})
