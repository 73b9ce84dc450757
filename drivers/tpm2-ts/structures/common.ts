// Small structures that many commands share: buffers, handles, tickets, PCR selections, clocks.

import {
  type Codec,
  fixed,
  list,
  sized,
  sized8,
  struct,
  type TypeOf,
  u8,
  u16,
  u32,
  u64,
} from '../codec/codec.ts'
import { tagged } from '../codec/union.ts'
import { ALG } from '../constants.ts'

/** sizeof(TPMU_HA) with SHA-512: digests, nonces and authorisation values (Part 2, section 10.4). */
export const DIGEST_MAX = 64
/** TPM2B_NAME: a hash's identifier before its digest (Part 2, section 10.5.3). */
export const NAME_MAX = DIGEST_MAX + 2
/** What no field of a response of 4,096 bytes exceeds; fields without a bound of their own take it. */
export const BUFFER_MAX = 4096
/** A PCR bitmap of 32 bits; the PC Client profile has 24 PCRs, three bytes. */
const PCR_SELECT_MAX = 4
/** One bank per hash; the reference implementation has HASH_COUNT, five to seven. */
const BANKS_MAX = 16

/** TPM2B_DIGEST, TPM2B_NONCE, TPM2B_AUTH (Part 2, sections 10.4.2 to 10.4.5). */
export const digest = sized(DIGEST_MAX)
/** TPM2B_DATA (Part 2, section 10.4.3): a qualifying data or outside info. */
export const data = sized(NAME_MAX)
/** TPM2B_NAME (Part 2, section 10.5.3). */
export const name = sized(NAME_MAX)
/** TPM2B_TIMEOUT (Part 2, section 10.4.10). */
export const timeout = sized(8)
/** TPM2B of any content: private areas, encrypted secrets, test results. */
export const buffer = sized(BUFFER_MAX)
/** TPMI_YES_NO (Part 2, section 9.2), as the byte that was received. */
export const yesNo = u8

const digestOf = (size: number) => ({ digest: fixed(size) })

/** TPMT_HA (Part 2, section 10.3.2). */
export const hashed = tagged('hashAlg', u16, {
  [ALG.SHA1]: digestOf(20),
  [ALG.SHA256]: digestOf(32),
  [ALG.SHA384]: digestOf(48),
  [ALG.SHA512]: digestOf(64),
  [ALG.SM3_256]: digestOf(32),
  [ALG.SHA3_256]: digestOf(32),
  [ALG.SHA3_384]: digestOf(48),
  [ALG.SHA3_512]: digestOf(64),
  // A hierarchy without a policy says so.
  [ALG.NULL]: {},
})

/** TPMS_PCR_SELECTION (Part 2, section 10.6.2); PCR n is bit n % 8 of byte n / 8. */
export const pcrSelection = struct({ hash: u16, select: sized8(PCR_SELECT_MAX) })
export type PcrSelection = TypeOf<typeof pcrSelection>

/** TPML_PCR_SELECTION (Part 2, section 10.9.7). */
export const pcrSelections: Codec<readonly PcrSelection[]> = list(pcrSelection, BANKS_MAX)

/** TPML_DIGEST (Part 2, section 10.9.5): eight at most. */
export const digests = list(digest, 8)

/** TPMT_TK_CREATION, TPMT_TK_AUTH and the like (Part 2, section 10.7). */
export const ticket = struct({ tag: u16, hierarchy: u32, digest })
export type Ticket = TypeOf<typeof ticket>

/** TPMS_CLOCK_INFO (Part 2, section 10.11.1): `clock` in milliseconds of powered time. */
export const clockInfo = struct({ clock: u64, resetCount: u32, restartCount: u32, safe: yesNo })
export type ClockInfo = TypeOf<typeof clockInfo>

/** TPMS_TIME_INFO (Part 2, section 10.11.6): `time` in milliseconds since the last start. */
export const timeInfo = struct({ time: u64, clockInfo })
export type TimeInfo = TypeOf<typeof timeInfo>

/** TPM2B_ID_OBJECT (Part 2, section 12.4.3): a wrapped credential, kept as bytes. */
export const idObject = buffer
/** TPM2B_ENCRYPTED_SECRET (Part 2, section 11.4.33): a wrapped seed or salt. */
export const encryptedSecret = buffer
