// Builds and checks the chain of an EK certificate up to a pinned root, as RFC 5280 section 6.1 wants it.
import { isStationError } from '../../agent/fault.ts'
import type { ChainVerdict } from '../../agent/ports.ts'
import { type Certificate, signatureBy } from './certificate.ts'
import { isCa, OID, pathLength, USAGE, usageOf } from './ek-profile.ts'
import type { TrustStore } from './roots.ts'

/** Issuers above an EK certificate; Intel's on-die chain has four. */
const DEPTH_MAX = 8
/** Issuers of one name that are tried; a store of all vendors has two or three. */
const SAME_NAME_MAX = 16
/** Signatures that one chain may cost; a store made to branch at each step stops here. */
const SIGNATURES_MAX = 64

/** Critical extensions that are understood; another one makes a certificate unusable (RFC 5280 4.2). */
const UNDERSTOOD: readonly string[] = [
  OID.subjectAltName,
  OID.basicConstraints,
  OID.keyUsage,
  OID.extendedKeyUsage,
  OID.authorityKeyIdentifier,
  OID.subjectKeyIdentifier,
  OID.authorityInfoAccess,
  OID.crlDistribution,
  // Certificate policies: any policy will do here.
  '2.5.29.32',
]

export interface Chain {
  readonly verdict: ChainVerdict
  /** Subjects from the EK certificate's issuer up to the root, for people. */
  readonly path: readonly string[]
  readonly detail: string
}

/** How near a failed try came, so that the reason of the best one is told. */
const NEARNESS: readonly ChainVerdict[] = [
  'unknown-root',
  'weak-signature',
  'broken-signature',
  'issuer-not-ca',
  'not-understood',
  'expired-issuer',
  'not-yet-valid',
  'expired',
  'valid',
]
const better = (a: Chain, b: Chain) =>
  NEARNESS.indexOf(b.verdict) > NEARNESS.indexOf(a.verdict) ? b : a

const notUnderstood = (certificate: Certificate) =>
  [...certificate.extensions].find(
    ([oid, { isCritical }]) => isCritical && !UNDERSTOOD.includes(oid),
  )?.[0]

/** Why this issuer may not stand at this place; null when it may. `below`: issuers between it and the EK certificate. */
function objection(issuer: Certificate, below: number): string | null {
  const constraints = issuer.extensions.get(OID.basicConstraints)
  if (!isCa(constraints)) return 'its issuer is no certificate authority'
  const usage = usageOf(issuer.extensions.get(OID.keyUsage))
  if (usage !== null && (usage & USAGE.keyCertSign) === 0) return 'its issuer may not sign'
  const limit = pathLength(constraints)
  return limit !== null && below > limit ? 'the chain is longer than an issuer allows' : null
}

/** The verdict on an issuer at its place; null when it may stand there. An issuer that makes no sense is not understood. */
function placed(issuer: Certificate, below: number): readonly [ChainVerdict, string] | null {
  try {
    const why = objection(issuer, below)
    if (why !== null) return ['issuer-not-ca', `${why}: ${issuer.subject.text}`]
  } catch (error) {
    if (isStationError(error)) return ['not-understood', error.where]
    throw error
  }
  const odd = notUnderstood(issuer)
  return odd === undefined ? null : ['not-understood', `critical extension ${odd}`]
}

interface Search {
  readonly store: TrustStore
  readonly helpers: readonly Certificate[]
  readonly now: number
  signatures: number
}

const issuersOf = (search: Search, { issuer }: Certificate): readonly Certificate[] =>
  [...search.store.roots, ...search.store.helpers, ...search.helpers]
    .filter(({ subject }) => subject.canonical === issuer.canonical)
    .slice(0, SAME_NAME_MAX)

const isAnchor = (search: Search, { fingerprint }: Certificate) =>
  search.store.roots.some((root) => root.fingerprint === fingerprint)

function timeVerdict({ notBefore, notAfter }: Certificate, now: number, isLeaf: boolean) {
  if (now < notBefore) return 'not-yet-valid'
  if (now > notAfter) return isLeaf ? 'expired' : 'expired-issuer'
  return null
}

function tryIssuer(
  search: Search,
  below: readonly Certificate[],
  issuer: Certificate,
): { readonly chain: Chain } | { readonly up: Chain } {
  const last = below.at(-1) as Certificate
  const path = [...below.slice(1), issuer].map(({ subject }) => subject.text)
  const fails = (verdict: ChainVerdict, detail: string) => ({ chain: { verdict, path, detail } })
  if (search.signatures++ >= SIGNATURES_MAX) return fails('unknown-root', 'too many issuers to try')
  const signature = signatureBy(last, issuer.key)
  if (signature === 'broken')
    return fails('broken-signature', `not signed by ${issuer.subject.text}`)
  if (signature === 'unknown') return fails('not-understood', 'an unknown signature algorithm')
  if (signature === 'weak') return fails('weak-signature', 'signed over SHA-1')
  const why = placed(issuer, below.length - 1)
  if (why !== null) return fails(...why)
  return { up: climb(search, [...below, issuer]) }
}

/** The best chain over the certificates so far. */
function climb(search: Search, below: readonly Certificate[]): Chain {
  const last = below.at(-1) as Certificate
  const path = below.slice(1).map(({ subject }) => subject.text)
  if (below.length > 1 && isAnchor(search, last)) return { verdict: 'valid', path, detail: '' }
  let best: Chain = {
    verdict: 'unknown-root',
    path,
    detail: `issuer ${last.issuer.text || '(none)'} is not among the roots`,
  }
  if (below.length > DEPTH_MAX) return { ...best, detail: 'the chain is too long' }
  for (const issuer of issuersOf(search, last)) {
    if (below.some(({ fingerprint }) => fingerprint === issuer.fingerprint)) continue
    const tried = tryIssuer(search, below, issuer)
    const found = 'chain' in tried ? tried.chain : withTime(tried.up, issuer, search.now)
    best = better(best, found)
    if (best.verdict === 'valid') return best
  }
  return best
}

/** An issuer's own validity counts only for a chain that holds otherwise. */
function withTime(chain: Chain, issuer: Certificate, now: number): Chain {
  const verdict = chain.verdict === 'valid' ? timeVerdict(issuer, now, false) : null
  return verdict === null ? chain : { ...chain, verdict, detail: issuer.subject.text }
}

/**
 * Whether the certificate leads to a pinned root. Helpers are issuers that nobody vouches for (NV chain indices).
 * @param now UTC ms
 */
export function chainOf(
  certificate: Certificate,
  store: TrustStore,
  helpers: readonly Certificate[],
  now: number,
): Chain {
  const odd = notUnderstood(certificate)
  if (odd !== undefined)
    return { verdict: 'not-understood', path: [], detail: `critical extension ${odd}` }
  const chain = climb({ store, helpers, now, signatures: 0 }, [certificate])
  if (chain.verdict !== 'valid') return chain
  const verdict = timeVerdict(certificate, now, true)
  if (verdict === null) return chain
  const at = verdict === 'expired' ? certificate.notAfter : certificate.notBefore
  const words = verdict === 'expired' ? 'expired on' : 'valid from'
  return { ...chain, verdict, detail: `${words} ${new Date(at).toISOString().slice(0, 10)}` }
}
