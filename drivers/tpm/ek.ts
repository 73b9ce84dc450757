// The endorsement key that is asked to prove itself, and what stands in its certificate.
import { createHash, type KeyObject } from 'node:crypto'
import {
  createPrimary,
  type Entity,
  isTpmFault,
  LoadedObject,
  OBJECT,
  type PublicArea,
  permanent,
  publicKeyOf,
  RH,
  readPublic,
  type Tpm,
} from 'tpm2-ts'
import { isStationError } from '../../agent/fault.ts'
import type { EkCertificate, EkSighting } from '../../agent/ports.ts'
import type { Certificate } from './certificate.ts'
import { chainOf } from './chain.ts'
import {
  DEFAULT_EK,
  type EkIndex,
  handleText,
  isIn,
  PERSISTENT_EK,
  templateOf,
} from './ek-index.ts'
import { profileFindings, tpmNames } from './ek-profile.ts'
import { ownTemplate, type StoredEk } from './ek-read.ts'
import type { TrustStore } from './roots.ts'
import { strengthOf } from './rsa-key.ts'
import type { FetchedEk } from './vendor-fetch.ts'

export type Ek = Entity & { readonly publicArea: PublicArea }

/** Persistent endorsement keys that are looked at: two are usual. */
const PERSISTENT_MAX = 8

/** The attributes without which a key may not receive a credential (EK credential profile, annex B). */
const EK_ATTRIBUTES =
  OBJECT.FIXED_TPM |
  OBJECT.FIXED_PARENT |
  OBJECT.SENSITIVE_DATA_ORIGIN |
  OBJECT.RESTRICTED |
  OBJECT.DECRYPT

const looksLikeEk = ({ attributes }: PublicArea) =>
  (attributes & EK_ATTRIBUTES) === EK_ATTRIBUTES && (attributes & OBJECT.SIGN) === 0

/** The key of an area; null for a curve that node:crypto does not know, which stands there for others' use. */
function keyIn(area: PublicArea): KeyObject | null {
  try {
    return publicKeyOf(area)
  } catch (error) {
    if (isTpmFault(error, 'TPM_KEY')) return null
    throw error
  }
}

/** A persistent EK with this key, or the first one that may be one; a read is far cheaper than a key. */
export async function persistentEk(
  tpm: Tpm,
  handles: readonly number[],
  key: KeyObject | null,
): Promise<Ek | null> {
  const places = handles.filter((handle) => isIn(handle, PERSISTENT_EK)).slice(0, PERSISTENT_MAX)
  for (const handle of places) {
    const object = await readPublic(tpm, handle)
    const { publicArea } = object
    if (!looksLikeEk(publicArea)) continue
    const own = keyIn(publicArea)
    if (own !== null && (key === null || own.equals(key))) return object
  }
  return null
}

/** The key of a template, made in the endorsement hierarchy; the caller flushes it. */
export async function makeEk(
  tpm: Tpm,
  index: EkIndex,
  nv: readonly number[],
  chunk: number,
): Promise<LoadedObject> {
  const template = templateOf(index, await ownTemplate(tpm, index, nv, chunk))
  return createPrimary(tpm, permanent(RH.ENDORSEMENT), template)
}

export const isPersistent = (ek: Ek): boolean => !(ek instanceof LoadedObject)

export interface Trust {
  readonly store: TrustStore
  readonly helpers: readonly Certificate[]
  /** UTC ms. */
  readonly now: number
}

/** What a certificate says and whether it leads to a root. */
export function certificateSighting(
  certificate: Certificate,
  where: string,
  oddities: readonly string[],
  trust: Trust,
): EkCertificate {
  const { verdict, path, detail } = chainOf(certificate, trust.store, trust.helpers, trust.now)
  return {
    where,
    fingerprint: certificate.fingerprint,
    issuer: certificate.issuer.text,
    notAfter: certificate.notAfter,
    findings: profileFindings(certificate),
    oddities: [...oddities, ...certificate.oddities],
    chain: { verdict, path, detail },
    ...tpmNames(certificate),
  }
}

/** The sighting of one stored certificate, or why there is none: one may be read and still make no sense inside. */
export function storedSighting(
  { index, blob, why }: StoredEk,
  trust: Trust,
): EkCertificate | string {
  const where = handleText(index.certificate)
  const [first] = blob?.certificates ?? []
  if (blob === null || first === undefined) return `${where}: ${why}`
  try {
    return certificateSighting(first, where, blob.oddities, trust)
  } catch (error) {
    if (isStationError(error)) return `${where}: ${error.where}`
    throw error
  }
}

export type Judged = ReadonlyMap<StoredEk, EkCertificate | string>

/** All stored certificates with their chains: most of the station's own work, to be done while the TPM does its. */
export const judgeStored = (stored: readonly StoredEk[], trust: Trust): Judged =>
  new Map(stored.map((one) => [one, storedSighting(one, trust)]))

/** The stored certificate that is asked first: one that can be read before one that cannot. */
export const chosen = (stored: readonly StoredEk[]): StoredEk | null =>
  stored.find(({ blob }) => blob !== null) ?? stored[0] ?? null

/** SHA-256 of a key's SubjectPublicKeyInfo, hex: the name under which a device's EK is known. */
export const hashOfKey = (key: KeyObject): string =>
  createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex')

export interface EkSeen {
  readonly ek: Ek
  readonly stored: readonly StoredEk[]
  /** What each of them is, or why it cannot be read. */
  readonly judged: Judged
  /** The stored one that was asked; null when none is stored. */
  readonly one: StoredEk | null
  readonly trust: Trust
  /** Where the vendor hands out the certificate. */
  readonly offer?: string
  readonly fetched?: FetchedEk
}

/** Everything that is known of the key and its certificates. */
export function ekSighting(seen: EkSeen): EkSighting {
  const { ek, stored, one, judged } = seen
  const key = publicKeyOf(ek.publicArea)
  const strength = strengthOf(key)
  const place = isPersistent(ek) ? handleText(ek.handle) : (one?.index ?? DEFAULT_EK).template
  const others = stored.filter((other) => other !== one).map((other) => judged.get(other) ?? '')
  return {
    key: `${strength.kind} ${place}`,
    isPersistent: isPersistent(ek),
    strength,
    hash: hashOfKey(key),
    certificate: certificateState(key, seen),
    others: others.filter((other) => typeof other !== 'string'),
    unreadable: others.filter((other) => typeof other === 'string'),
  }
}

const belongs = (certificate: Certificate | undefined, key: KeyObject) =>
  certificate?.key?.equals(key) === true ? 'matches' : 'another-key'

function certificateState(key: KeyObject, seen: EkSeen): EkSighting['certificate'] {
  const { one, judged, trust, offer, fetched } = seen
  if (fetched !== undefined) {
    const { certificate, url } = fetched
    const sighting = certificateSighting(certificate, url, [], trust)
    return { state: belongs(certificate, key), certificate: sighting }
  }
  if (one === null)
    return offer === undefined ? { state: 'none' } : { state: 'vendor-offers', url: offer }
  const certificate = judged.get(one) ?? ''
  if (typeof certificate === 'string') return { state: 'unreadable', why: certificate }
  return { state: belongs(one.blob?.certificates[0], key), certificate }
}
