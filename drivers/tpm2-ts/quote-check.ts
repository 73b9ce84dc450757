// Checks a quote in the order in which one may believe it: what it is, for whom, by whom, over what.
import { sameBytes } from './codec/bytes.ts'
import { ALG, GENERATED, ST } from './constants.ts'
import { hashByAlg } from './crypto/hash.ts'
import { isSignedBy, signatureHash } from './crypto/signature.ts'
import { TpmFault } from './fault.ts'
import { type PcrValues, pcrDigest, sameSelection, selectedPcrs } from './pcr.ts'
import { type Attest, decodeAttest } from './structures/attest.ts'
import type { PcrSelection } from './structures/common.ts'
import type { PublicArea } from './structures/public.ts'
import type { Signature } from './structures/signature.ts'

/** The first check that failed. */
export type QuoteFinding =
  | 'malformed'
  | 'magic'
  | 'type'
  | 'nonce'
  | 'signature'
  | 'selection'
  | 'pcr-digest'

export type QuoteAttest = Extract<Attest, { readonly type: typeof ST.ATTEST_QUOTE }>

export interface QuoteClaim {
  /** The signed bytes as they were received. */
  readonly quoted: Uint8Array
  readonly signature: Signature
}

export interface QuoteExpectation {
  readonly key: PublicArea
  readonly nonce: Uint8Array
  /** One bank: a mixture has no single set of values. */
  readonly selection: PcrSelection
  /** Without values the digest is not looked at; the caller compares it with what a log gives. */
  readonly values?: PcrValues
}

export type QuoteCheck =
  | { readonly isGood: true; readonly attest: QuoteAttest }
  | { readonly isGood: false; readonly finding: QuoteFinding }

const bad = (finding: QuoteFinding): QuoteCheck => ({ isGood: false, finding })

function read(bytes: Uint8Array): Attest | null {
  try {
    return decodeAttest(bytes)
  } catch (error) {
    if (error instanceof TpmFault) return null
    throw error
  }
}

/** Never throws for what a peer sent: a bad quote is a finding. */
export function checkQuote(claim: QuoteClaim, expected: QuoteExpectation): QuoteCheck {
  const attest = read(claim.quoted)
  if (attest === null) return bad('malformed')
  if (attest.magic !== GENERATED) return bad('magic')
  if (attest.type !== ST.ATTEST_QUOTE) return bad('type')
  if (!sameBytes(attest.extraData, expected.nonce)) return bad('nonce')
  if (!isSignedBy(expected.key, claim.quoted, claim.signature)) return bad('signature')
  const { pcrSelect, pcrDigest: quotedDigest } = attest.attested
  if (!sameSelection(pcrSelect, [expected.selection])) return bad('selection')
  if (expected.values !== undefined) {
    const hash = hashByAlg(signatureHash(claim.signature) ?? ALG.SHA256)
    const wanted = pcrDigest(hash, expected.values, selectedPcrs(expected.selection))
    if (!sameBytes(quotedDigest, wanted)) return bad('pcr-digest')
  }
  return { isGood: true, attest }
}
