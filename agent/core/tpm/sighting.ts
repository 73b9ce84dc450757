// What was seen of a TPM, as data: drivers fill it in, the verdict table judges it. No opinion stands here.

/** A value, or why there is none: `missing` should have been there, `absent` cannot be on this path. */
export type Seen<T> =
  | { readonly seen: T }
  | { readonly missing: string }
  | { readonly absent: string }

/** What broke the conversation, and at which step. */
export interface TpmTrouble {
  readonly kind: 'stopped' | 'restarted' | 'garbled' | 'no-slot' | 'timed-out' | 'refused'
  readonly step: string
  readonly detail: string
}

/** Fixed and variable properties (TPM 2.0 part 2, 6.13). */
export interface TpmProperties {
  /** Four ASCII bytes as a number, big-endian. */
  readonly manufacturer: number
  readonly vendorText: string
  /** FIRMWARE_VERSION_1 and 2 as four numbers. */
  readonly firmware: readonly [number, number, number, number]
  readonly ownerAuthSet: boolean
  readonly endorsementAuthSet: boolean
  readonly lockoutAuthSet: boolean
  readonly inLockout: boolean
  readonly lockoutCounter: number
  readonly lockoutMax: number
}

/** Deviations from the EK credential profile 2.6, section 3.2. */
export type EkFinding =
  | 'not-v3'
  | 'unknown-key'
  | 'serial-not-positive'
  | 'no-issuer'
  | 'no-tpm-name'
  | 'tpm-name-incomplete'
  | 'several-tpm-names'
  | 'no-basic-constraints'
  | 'ca-flag'
  | 'no-key-usage'
  | 'wrong-key-usage'
  | 'no-ek-purpose'
  | 'wrong-purpose'
  | 'no-authority-key'
  | 'criticality'

export type ChainVerdict =
  | 'valid'
  | 'unknown-root'
  | 'expired'
  | 'expired-issuer'
  | 'not-yet-valid'
  | 'broken-signature'
  | 'weak-signature'
  | 'issuer-not-ca'
  | 'not-understood'

export interface EkStrength {
  /** `rsa2048`, or the name of the curve. */
  readonly kind: string
  /** RSA only. */
  readonly bits: number | null
  readonly isRoca: boolean
  /** 65537, the only exponent of the EK templates. */
  readonly isExponentUsual: boolean
}

export interface EkCertificate {
  /** `0x01C00002`, or the address it was fetched from. */
  readonly where: string
  /** SHA-256, hex. */
  readonly fingerprint: string
  readonly issuer: string
  /** UTC ms. */
  readonly notAfter: number
  readonly findings: readonly EkFinding[]
  /** What is written other than the standards want, in words. */
  readonly oddities: readonly string[]
  readonly chain: {
    readonly verdict: ChainVerdict
    readonly path: readonly string[]
    readonly detail: string
  }
  /** `id:` of the alternative name; null when it has none. */
  readonly manufacturer: number | null
  readonly model: string
  readonly version: string
}

export interface EkSighting {
  /** `rsa2048 0x01C00002`: the key that was asked to prove itself. */
  readonly key: string
  readonly isPersistent: boolean
  readonly strength: EkStrength
  /** SHA-256 of the public key (SubjectPublicKeyInfo), hex. */
  readonly hash: string
  readonly certificate:
    | { readonly state: 'matches'; readonly certificate: EkCertificate }
    | { readonly state: 'another-key'; readonly certificate: EkCertificate }
    | { readonly state: 'unreadable'; readonly why: string }
    | { readonly state: 'none' }
    /** Not in the TPM, and the vendor has a service for it. */
    | { readonly state: 'vendor-offers'; readonly url: string }
  /** Other certificates that stand in the TPM. */
  readonly others: readonly EkCertificate[]
  /** Indices whose certificate cannot be read, with the reason. */
  readonly unreadable: readonly string[]
}

export interface AkSighting {
  readonly kind: string
  /** What is wrong with its public area; empty when all holds. */
  readonly faults: readonly string[]
}

export interface QuoteSighting {
  /** The first check that failed, in the order of the checks; null when all hold. */
  readonly failed:
    | 'malformed'
    | 'magic'
    | 'type'
    | 'nonce'
    | 'signature'
    | 'selection'
    | 'pcr-digest'
    | null
  readonly bank: string
  /** Bytes as received, hex: the evidence that a third party can check again. */
  readonly attested: string
  readonly signature: string
  readonly nonce: string
  readonly clockMs: string
  readonly resetCount: number
  readonly restartCount: number
  readonly isClockSafe: boolean
}

export interface LogSighting {
  readonly events: number
  readonly bank: string
  /** PCRs whose replay differs from the quoted value. */
  readonly differing: readonly number[]
  readonly secureBoot: boolean | null
  /** Debug and test switches that were on, in words. */
  readonly debug: readonly string[]
  /** Whether the log says anything of debug switches. */
  readonly debugKnown: boolean
  /** `PK: CN=…`, `db: 3 certificates, 0 hashes`. */
  readonly keys: readonly string[]
  readonly bootManager: string
  readonly authority: string
  readonly oddities: readonly string[]
}

export interface TpmSighting {
  readonly trouble: TpmTrouble | null
  /** `2.0`; a TPM 1.2 is known by how it refuses. */
  readonly family: Seen<string>
  readonly properties: Seen<TpmProperties>
  /** Active PCR banks: `sha256`. */
  readonly banks: Seen<readonly string[]>
  /** A persistent storage key that takes an empty password. */
  readonly persistentSrk: Seen<boolean>
  readonly ek: Seen<EkSighting>
  readonly ak: Seen<AkSighting>
  readonly activation: Seen<'returned' | 'wrong-secret' | 'timed-out'>
  readonly quote: Seen<QuoteSighting>
  /** `refused`: it is there and cannot be read, e.g. the format before crypto agility. */
  readonly log: Seen<LogSighting>
  /** Commands sent; ms from the first byte to the last. */
  readonly commands: number
  readonly tookMs: number
}

/** What Windows and its firmware say, by a probe; null: no word about it. */
export interface WindowsSighting {
  readonly flags: WindowsFlags
  /** Win32_Tpm.IsReadyInformation. */
  readonly information: number | null
  /** Task Tpm-Maintenance ran, or the licence was accepted. */
  readonly firstTaskRan: boolean | null
  /** Clock of the device minus clock of the station, ms. */
  readonly clockOffsetMs: number | null
  /** `26100.4946`. */
  readonly build: string | null
  /** Who made the TPM, and its firmware, by Windows' word; absent when it does not say. */
  readonly maker?: { readonly manufacturer: number; readonly firmware: readonly number[] }
}

export interface WindowsFlags {
  readonly present: boolean | null
  readonly version: string | null
  readonly initialized: boolean | null
  readonly readyForStorage: boolean | null
  readonly readyForAttestation: boolean | null
  readonly capableForAttestation: boolean | null
  readonly clearNeeded: boolean | null
  readonly vulnerableFirmware: boolean | null
  readonly lockedOut: boolean | null
}

/** What SMBIOS says of the machine. */
export interface MachineSighting {
  readonly manufacturer: string
  readonly model: string
}
