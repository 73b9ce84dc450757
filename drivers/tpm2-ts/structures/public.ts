// The public area of an object: what a key is, may do, and is called.

import { sized, sizedOf, struct, type TypeOf, u8, u16, u32 } from '../codec/codec.ts'
import { openTagged } from '../codec/union.ts'
import { ALG } from '../constants.ts'
import { buffer, data, digest, name, pcrSelections } from './common.ts'
import { asymmetricScheme, kdfScheme, keyedHashScheme, symmetricObject } from './schemes.ts'

/** RSA of 4,096 bits is the largest that a TPM has today. */
const RSA_KEY_BYTES_MAX = 512
/** P-638 is the largest curve of the registry. */
const ECC_BYTES_MAX = 80

/** TPM2B_PUBLIC_KEY_RSA (Part 2, section 11.2.4.5). */
const rsaModulus = sized(RSA_KEY_BYTES_MAX)
const coordinate = sized(ECC_BYTES_MAX)

/** TPMS_ECC_POINT (Part 2, section 11.2.5.2). */
export const eccPoint = struct({ x: coordinate, y: coordinate })
export type EccPoint = TypeOf<typeof eccPoint>

/** TPMS_RSA_PARMS (Part 2, section 12.2.3.5); exponent 0 stands for 65,537. */
const rsaParameters = struct({
  symmetric: symmetricObject,
  scheme: asymmetricScheme,
  keyBits: u16,
  exponent: u32,
})

/** TPMS_ECC_PARMS (Part 2, section 12.2.3.6). */
const eccParameters = struct({
  symmetric: symmetricObject,
  scheme: asymmetricScheme,
  curve: u16,
  kdf: kdfScheme,
})

/** TPMT_PUBLIC (Part 2, section 12.2.4). */
export const publicArea = openTagged(
  'type',
  u16,
  {
    [ALG.RSA]: { parameters: rsaParameters, unique: rsaModulus },
    [ALG.ECC]: { parameters: eccParameters, unique: eccPoint },
    [ALG.KEYEDHASH]: { parameters: keyedHashScheme, unique: digest },
    [ALG.SYMCIPHER]: { parameters: symmetricObject, unique: digest },
  },
  { after: { nameAlg: u16, attributes: u32, authPolicy: digest } },
)
export type PublicArea = TypeOf<typeof publicArea>
export type RsaPublic = Extract<PublicArea, { readonly type: typeof ALG.RSA }>
export type EccPublic = Extract<PublicArea, { readonly type: typeof ALG.ECC }>

/** TPM2B_PUBLIC (Part 2, section 12.2.5). */
export const sizedPublic = sizedOf(publicArea, 'TPM2B_PUBLIC')

/** TPMT_PUBLIC_PARMS (Part 2, section 12.2.3.8). */
export const publicParameters = openTagged('type', u16, {
  [ALG.RSA]: { parameters: rsaParameters },
  [ALG.ECC]: { parameters: eccParameters },
  [ALG.KEYEDHASH]: { parameters: keyedHashScheme },
  [ALG.SYMCIPHER]: { parameters: symmetricObject },
})

/** TPM2B_SENSITIVE_CREATE (Part 2, section 11.1.16). */
export const sizedSensitiveCreate = sizedOf(
  struct({ userAuth: digest, data: sized(256) }),
  'TPM2B_SENSITIVE_CREATE',
)

/** TPM2B_CREATION_DATA (Part 2, section 15.2). */
export const sizedCreationData = sizedOf(
  struct({
    pcrSelect: pcrSelections,
    pcrDigest: digest,
    locality: u8,
    parentNameAlg: u16,
    parentName: name,
    parentQualifiedName: name,
    outsideInfo: data,
  }),
  'TPM2B_CREATION_DATA',
)

/** TPM2B_PRIVATE (Part 2, section 12.3.7): wrapped by its parent, bytes to everybody else. */
export const privateArea = buffer
