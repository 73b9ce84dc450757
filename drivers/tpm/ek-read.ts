// Reads the certificates that stand in the TPM's memory, whole or not at all.
import { findNv, isTpmFault, readNv, type Tpm } from 'tpm2-ts'
import { isStationError } from '../../agent/fault.ts'
import type { Certificate } from './certificate.ts'
import { type Blob, readBlob } from './ek-blob.ts'
import { CHAIN_RANGE, EK_INDICES, type EkIndex, isIn } from './ek-index.ts'

/** An on-die chain has four certificates in one or two indices; more are not read. */
const CHAIN_INDICES_MAX = 8

export interface StoredEk {
  readonly index: EkIndex
  readonly blob: Blob | null
  /** Why there is none that can be read. */
  readonly why: string
}

export interface StoredEks {
  readonly stored: readonly StoredEk[]
  /** Issuers beside them; nobody vouches for them yet. */
  readonly helpers: readonly Certificate[]
}

async function bytesAt(tpm: Tpm, handle: number, chunk: number): Promise<Uint8Array | null> {
  const index = await findNv(tpm, handle)
  return index === null ? null : readNv(tpm, index, { chunk })
}

/** What the TPM refuses to hand out is a finding about that index; a broken connection is none. */
const isRefusal = (error: unknown) => isTpmFault(error, 'TPM_RESPONSE')

/** An index as it was read: bytes, or why there are none. */
interface RawEk {
  readonly index: EkIndex
  readonly bytes: Uint8Array | null
  readonly why: string
}

/** What stands in the TPM, not yet looked into. */
export interface RawEks {
  readonly stored: readonly RawEk[]
  readonly chain: Uint8Array | null
}

async function readOne(tpm: Tpm, index: EkIndex, chunk: number): Promise<RawEk> {
  try {
    const bytes = await bytesAt(tpm, index.certificate, chunk)
    return { index, bytes, why: bytes === null ? 'the index is gone' : '' }
  } catch (error) {
    if (isRefusal(error)) return { index, bytes: null, why: (error as Error).message }
    throw error
  }
}

function parsed({ index, bytes, why }: RawEk): StoredEk {
  if (bytes === null) return { index, blob: null, why }
  try {
    return { index, blob: readBlob(bytes), why }
  } catch (error) {
    if (isStationError(error)) return { index, blob: null, why: error.where }
    throw error
  }
}

async function readChain(
  tpm: Tpm,
  nv: readonly number[],
  chunk: number,
): Promise<Uint8Array | null> {
  const handles = nv.filter((handle) => isIn(handle, CHAIN_RANGE)).toSorted((a, b) => a - b)
  const parts: Uint8Array[] = []
  for (const handle of handles.slice(0, CHAIN_INDICES_MAX)) {
    try {
      parts.push((await bytesAt(tpm, handle, chunk)) ?? new Uint8Array())
    } catch (error) {
      if (!isRefusal(error)) throw error
    }
  }
  // One certificate may run over the end of an index into the next.
  return parts.length === 0 ? null : Buffer.concat(parts)
}

function parsedChain(chain: Uint8Array | null): readonly Certificate[] {
  try {
    return chain === null ? [] : readBlob(chain).certificates
  } catch (error) {
    // Helpers only: a chain that cannot be read leaves the chain check without them.
    if (isStationError(error)) return []
    throw error
  }
}

/** Every EK certificate of the known indices, and the issuers that stand beside them, as bytes. */
export async function readStored(tpm: Tpm, nv: readonly number[], chunk: number): Promise<RawEks> {
  const stored: RawEk[] = []
  for (const index of EK_INDICES) {
    if (nv.includes(index.certificate)) stored.push(await readOne(tpm, index, chunk))
  }
  return { stored, chain: await readChain(tpm, nv, chunk) }
}

/** The certificates in these bytes. */
export function storedEks(raw: RawEks): StoredEks {
  const stored = raw.stored.map(parsed)
  const inside = stored.flatMap(({ blob }) => blob?.certificates.slice(1) ?? [])
  return { stored, helpers: [...inside, ...parsedChain(raw.chain)] }
}

/** The TPM's own nonce and template for a key, where it has them. */
export async function ownTemplate(
  tpm: Tpm,
  { nonceIndex, templateIndex }: EkIndex,
  nv: readonly number[],
  chunk: number,
): Promise<{ readonly template: Uint8Array | null; readonly nonce: Uint8Array | null }> {
  const at = async (handle: number | null) =>
    handle !== null && nv.includes(handle) ? bytesAt(tpm, handle, chunk) : null
  return { template: await at(templateIndex), nonce: await at(nonceIndex) }
}
