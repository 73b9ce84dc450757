// Signatures as a TPM gives them.

import { sized, type TypeOf, u16 } from '../codec/codec.ts'
import { openTagged } from '../codec/union.ts'
import { ALG } from '../constants.ts'
import { hashed } from './common.ts'

const rsa = { hash: u16, signature: sized(512) }
const ecc = { hash: u16, signatureR: sized(80), signatureS: sized(80) }

/** TPMT_SIGNATURE (Part 2, section 11.3.4); always the last parameter of its response. */
export const signature = openTagged('algorithm', u16, {
  [ALG.RSASSA]: rsa,
  [ALG.RSAPSS]: rsa,
  [ALG.ECDSA]: ecc,
  [ALG.ECDAA]: ecc,
  [ALG.SM2]: ecc,
  [ALG.ECSCHNORR]: ecc,
  [ALG.HMAC]: { hmac: hashed },
  [ALG.NULL]: {},
})
export type Signature = TypeOf<typeof signature>
