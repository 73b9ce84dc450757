// What a TPM signs about itself: quotes, certified keys, times.
import { decode, struct, type TypeOf, u8, u16, u32, u64 } from '../codec/codec.ts'
import { openTagged } from '../codec/union.ts'
import { ST } from '../constants.ts'
import { buffer, clockInfo, data, digest, name, pcrSelections, timeInfo } from './common.ts'

/** TPMS_QUOTE_INFO (Part 2, section 10.12.4). */
const quoteInfo = struct({ pcrSelect: pcrSelections, pcrDigest: digest })

/** TPMS_ATTEST (Part 2, section 10.12.12). */
export const attest = openTagged(
  'type',
  u16,
  {
    [ST.ATTEST_QUOTE]: { attested: quoteInfo },
    [ST.ATTEST_CERTIFY]: { attested: struct({ name, qualifiedName: name }) },
    [ST.ATTEST_CREATION]: { attested: struct({ objectName: name, creationHash: digest }) },
    [ST.ATTEST_TIME]: { attested: struct({ time: timeInfo, firmwareVersion: u64 }) },
    [ST.ATTEST_NV]: { attested: struct({ indexName: name, offset: u16, contents: buffer }) },
    [ST.ATTEST_NV_DIGEST]: { attested: struct({ indexName: name, nvDigest: digest }) },
    [ST.ATTEST_SESSION_AUDIT]: { attested: struct({ exclusive: u8, sessionDigest: digest }) },
    [ST.ATTEST_COMMAND_AUDIT]: {
      attested: struct({
        auditCounter: u64,
        digestAlg: u16,
        auditDigest: digest,
        commandDigest: digest,
      }),
    },
  },
  {
    before: { magic: u32 },
    after: { qualifiedSigner: name, extraData: data, clockInfo, firmwareVersion: u64 },
  },
)
export type Attest = TypeOf<typeof attest>

/** Reads a signed TPMS_ATTEST. The signature is over the received bytes, never over a rewritten copy. */
export function decodeAttest(bytes: Uint8Array): Attest {
  return decode(attest, bytes, 'TPMS_ATTEST')
}
