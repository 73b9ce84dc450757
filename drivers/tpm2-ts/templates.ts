// Public areas to make keys from: the endorsement keys of the TCG's profile, a storage key, attestation keys.
import { ALG, CURVE, OBJECT } from './constants.ts'
import type { EccPublic, RsaPublic } from './structures/public.ts'

const hex = (text: string) => new Uint8Array(Buffer.from(text, 'hex'))

/** TCG EK Credential Profile 2.6, section B.3.3: PolicySecret(endorsement), for the low range. */
const POLICY_A_SHA256 = hex('837197674484b3f81a90cc8d46a5d724fd52d76e06520b64f2a1da1b331469aa')
/** The same profile, section B.6: PolicyA or an index's policy, for the high range. */
const POLICY_B: Readonly<Record<number, Uint8Array>> = {
  [ALG.SHA256]: hex('ca3d0a99a2b93906f7a3342414efcfb3a385d44cd1fd459089d19b5071c0b7a0'),
  [ALG.SHA384]: hex(
    'b26e7d28d11a50bc53d882bcf5fd3a1a074148bb35d3b4e4cb1c0ad9bde419ca' +
      'cb47ba09699646150f9fc000f3f80e12',
  ),
  [ALG.SHA512]: hex(
    'b8221ca69e8550a4914de3faa6a18c072cc01208073a928d5d66d59ef79e49a4' +
      '29c41a6b269571d57edb25fbdb1838425608b413cd616a5f6db5b6071af99bea',
  ),
}

/** 0x000300B2: only the policy may use the key. */
const EK_LOW =
  OBJECT.FIXED_TPM |
  OBJECT.FIXED_PARENT |
  OBJECT.SENSITIVE_DATA_ORIGIN |
  OBJECT.ADMIN_WITH_POLICY |
  OBJECT.RESTRICTED |
  OBJECT.DECRYPT
/** 0x000300F2: an empty password may use it too. */
const EK_HIGH = EK_LOW | OBJECT.USER_WITH_AUTH
const SRK =
  OBJECT.FIXED_TPM |
  OBJECT.FIXED_PARENT |
  OBJECT.SENSITIVE_DATA_ORIGIN |
  OBJECT.USER_WITH_AUTH |
  OBJECT.NO_DA |
  OBJECT.RESTRICTED |
  OBJECT.DECRYPT
/** 0x00050472: without dictionary attack protection, which would answer RETRY at its first use. */
const AK =
  OBJECT.FIXED_TPM |
  OBJECT.FIXED_PARENT |
  OBJECT.SENSITIVE_DATA_ORIGIN |
  OBJECT.USER_WITH_AUTH |
  OBJECT.NO_DA |
  OBJECT.RESTRICTED |
  OBJECT.SIGN

const EMPTY = new Uint8Array(0)
const aes = (keyBits: number) => ({ algorithm: ALG.AES, keyBits, mode: ALG.CFB }) as const
const none = { algorithm: ALG.NULL } as const
const plain = { scheme: ALG.NULL } as const

interface Area {
  readonly nameAlg: number
  readonly attributes: number
  readonly authPolicy: Uint8Array
}

const rsa = (area: Area, keyBits: number, aesBits: number, unique: Uint8Array): RsaPublic => ({
  type: ALG.RSA,
  ...area,
  parameters: { symmetric: aes(aesBits), scheme: plain, keyBits, exponent: 0 },
  unique,
})

const ecc = (area: Area, curve: number, aesBits: number, size: number): EccPublic => ({
  type: ALG.ECC,
  ...area,
  parameters: { symmetric: aes(aesBits), scheme: plain, curve, kdf: plain },
  unique: { x: new Uint8Array(size), y: new Uint8Array(size) },
})

const low: Area = { nameAlg: ALG.SHA256, attributes: EK_LOW, authPolicy: POLICY_A_SHA256 }
const high = (nameAlg: number): Area => ({
  nameAlg,
  attributes: EK_HIGH,
  authPolicy: POLICY_B[nameAlg] ?? EMPTY,
})

/**
 * Endorsement keys (profile 2.6, annex B). The low range fills `unique` with zeros, the high range
 * leaves it empty: another `unique` would be another key. A nonce in NV belongs into it.
 */
export const EK_TEMPLATES = {
  'L-1': rsa(low, 2048, 128, new Uint8Array(256)),
  'L-2': ecc(low, CURVE.NIST_P256, 128, 32),
  'H-1': rsa(high(ALG.SHA256), 2048, 128, EMPTY),
  'H-2': ecc(high(ALG.SHA256), CURVE.NIST_P256, 128, 0),
  'H-3': ecc(high(ALG.SHA384), CURVE.NIST_P384, 256, 0),
  'H-4': ecc(high(ALG.SHA512), CURVE.NIST_P521, 256, 0),
  'H-6': rsa(high(ALG.SHA384), 3072, 256, EMPTY),
  'H-7': rsa(high(ALG.SHA384), 4096, 256, EMPTY),
} as const satisfies Readonly<Record<string, RsaPublic | EccPublic>>
export type EkTemplate = keyof typeof EK_TEMPLATES

const own = (attributes: number): Area => ({
  nameAlg: ALG.SHA256,
  attributes,
  authPolicy: EMPTY,
})

/** A P-256 storage key: half a millisecond with swtpm, where RSA needs forty. */
export const SRK_P256: EccPublic = ecc(own(SRK), CURVE.NIST_P256, 128, 32)
export const SRK_RSA2048: RsaPublic = rsa(own(SRK), 2048, 128, new Uint8Array(256))

/** A restricted signing key: it signs only what the TPM itself made. */
export const AK_P256: EccPublic = {
  type: ALG.ECC,
  ...own(AK),
  parameters: {
    symmetric: none,
    scheme: { scheme: ALG.ECDSA, hashAlg: ALG.SHA256 },
    curve: CURVE.NIST_P256,
    kdf: plain,
  },
  unique: { x: EMPTY, y: EMPTY },
}
export const AK_RSA2048: RsaPublic = {
  type: ALG.RSA,
  ...own(AK),
  parameters: {
    symmetric: none,
    scheme: { scheme: ALG.RSASSA, hashAlg: ALG.SHA256 },
    keyBits: 2048,
    exponent: 0,
  },
  unique: EMPTY,
}
