// Numbers of Part 2 of the TPM 2.0 Library specification, by the names that the specification gives them.

/** TPM_ALG_ID (Part 2, section 6.3; the numbers come from the TCG Algorithm Registry). */
export const ALG = {
  ERROR: 0x0000,
  RSA: 0x0001,
  TDES: 0x0003,
  SHA1: 0x0004,
  HMAC: 0x0005,
  AES: 0x0006,
  MGF1: 0x0007,
  KEYEDHASH: 0x0008,
  XOR: 0x000a,
  SHA256: 0x000b,
  SHA384: 0x000c,
  SHA512: 0x000d,
  NULL: 0x0010,
  SM3_256: 0x0012,
  SM4: 0x0013,
  RSASSA: 0x0014,
  RSAES: 0x0015,
  RSAPSS: 0x0016,
  OAEP: 0x0017,
  ECDSA: 0x0018,
  ECDH: 0x0019,
  ECDAA: 0x001a,
  SM2: 0x001b,
  ECSCHNORR: 0x001c,
  ECMQV: 0x001d,
  KDF1_SP800_56A: 0x0020,
  KDF2: 0x0021,
  KDF1_SP800_108: 0x0022,
  ECC: 0x0023,
  SYMCIPHER: 0x0025,
  CAMELLIA: 0x0026,
  SHA3_256: 0x0027,
  SHA3_384: 0x0028,
  SHA3_512: 0x0029,
  CTR: 0x0040,
  OFB: 0x0041,
  CBC: 0x0042,
  CFB: 0x0043,
  ECB: 0x0044,
} as const

/** TPM_ECC_CURVE (Part 2, section 6.4). */
export const CURVE = {
  NIST_P192: 0x0001,
  NIST_P224: 0x0002,
  NIST_P256: 0x0003,
  NIST_P384: 0x0004,
  NIST_P521: 0x0005,
  BN_P256: 0x0010,
  BN_P638: 0x0011,
  SM2_P256: 0x0020,
} as const

/** TPM_ST (Part 2, section 6.9): tags of commands, tickets and attestation structures. */
export const ST = {
  RSP_COMMAND: 0x00c4,
  NO_SESSIONS: 0x8001,
  SESSIONS: 0x8002,
  ATTEST_NV: 0x8014,
  ATTEST_COMMAND_AUDIT: 0x8015,
  ATTEST_SESSION_AUDIT: 0x8016,
  ATTEST_CERTIFY: 0x8017,
  ATTEST_QUOTE: 0x8018,
  ATTEST_TIME: 0x8019,
  ATTEST_CREATION: 0x801a,
  ATTEST_NV_DIGEST: 0x801c,
} as const

/** TPM_GENERATED_VALUE (Part 2, section 6.2): "\xffTCG", only a TPM signs what begins so. */
export const GENERATED = 0xff544347

/** TPM_RH (Part 2, section 7.4) and TPM_RS_PW: handles that always exist. */
export const RH = {
  OWNER: 0x40000001,
  NULL: 0x40000007,
  PASSWORD: 0x40000009,
  LOCKOUT: 0x4000000a,
  ENDORSEMENT: 0x4000000b,
  PLATFORM: 0x4000000c,
} as const

/** TPM_HT as the first handle of each range (Part 2, section 7.2), for `listHandles`. */
export const HANDLES = {
  PCR: 0x00000000,
  NV: 0x01000000,
  /** HMAC sessions when listed: loaded sessions of every kind. */
  LOADED_SESSION: 0x02000000,
  SAVED_SESSION: 0x03000000,
  PERMANENT: 0x40000000,
  TRANSIENT: 0x80000000,
  PERSISTENT: 0x81000000,
} as const

/** TPM_CAP (Part 2, section 6.12). */
export const CAP = {
  ALGS: 0x00000000,
  HANDLES: 0x00000001,
  COMMANDS: 0x00000002,
  PP_COMMANDS: 0x00000003,
  AUDIT_COMMANDS: 0x00000004,
  PCRS: 0x00000005,
  TPM_PROPERTIES: 0x00000006,
  PCR_PROPERTIES: 0x00000007,
  ECC_CURVES: 0x00000008,
  AUTH_POLICIES: 0x00000009,
  ACT: 0x0000000a,
} as const

/** TPM_PT (Part 2, section 6.13), those that a station reads. */
export const PT = {
  FIXED: 0x100,
  FAMILY_INDICATOR: 0x100,
  LEVEL: 0x101,
  REVISION: 0x102,
  MANUFACTURER: 0x105,
  VENDOR_STRING_1: 0x106,
  VENDOR_STRING_4: 0x109,
  FIRMWARE_VERSION_1: 0x10b,
  FIRMWARE_VERSION_2: 0x10c,
  HR_TRANSIENT_MIN: 0x10e,
  MAX_COMMAND_SIZE: 0x11e,
  MAX_RESPONSE_SIZE: 0x11f,
  NV_BUFFER_MAX: 0x12c,
  VARIABLE: 0x200,
  PERMANENT: 0x200,
  STARTUP_CLEAR: 0x201,
  HR_TRANSIENT_AVAIL: 0x207,
  LOCKOUT_COUNTER: 0x20e,
  MAX_AUTH_FAIL: 0x20f,
  LOCKOUT_INTERVAL: 0x210,
  LOCKOUT_RECOVERY: 0x211,
} as const

/** TPMA_OBJECT (Part 2, section 8.3). */
export const OBJECT = {
  FIXED_TPM: 0x0000_0002,
  ST_CLEAR: 0x0000_0004,
  FIXED_PARENT: 0x0000_0010,
  SENSITIVE_DATA_ORIGIN: 0x0000_0020,
  USER_WITH_AUTH: 0x0000_0040,
  ADMIN_WITH_POLICY: 0x0000_0080,
  NO_DA: 0x0000_0400,
  ENCRYPTED_DUPLICATION: 0x0000_0800,
  RESTRICTED: 0x0001_0000,
  DECRYPT: 0x0002_0000,
  SIGN: 0x0004_0000,
} as const

/** TPMA_SESSION (Part 2, section 8.4). */
export const SESSION = {
  CONTINUE: 0x01,
  AUDIT_EXCLUSIVE: 0x02,
  AUDIT_RESET: 0x04,
  DECRYPT: 0x20,
  ENCRYPT: 0x40,
  AUDIT: 0x80,
} as const

/** TPM_SE (Part 2, section 6.11). */
export const SE = { HMAC: 0x00, POLICY: 0x01, TRIAL: 0x03 } as const

/** TPM_SU (Part 2, section 6.10). */
export const SU = { CLEAR: 0x0000, STATE: 0x0001 } as const

/** A hash's name in node:crypto and its size in bytes; a TPM knows more hashes than Node does. */
export interface Hash {
  readonly alg: number
  readonly name: string
  readonly size: number
}

const hash = (alg: number, name: string, size: number): Hash => ({ alg, name, size })

export const HASHES: readonly Hash[] = [
  hash(ALG.SHA1, 'sha1', 20),
  hash(ALG.SHA256, 'sha256', 32),
  hash(ALG.SHA384, 'sha384', 48),
  hash(ALG.SHA512, 'sha512', 64),
  hash(ALG.SHA3_256, 'sha3-256', 32),
  hash(ALG.SHA3_384, 'sha3-384', 48),
  hash(ALG.SHA3_512, 'sha3-512', 64),
]
