// Reads a whole NV index in pieces: certificates are larger than a TPM's buffer.
import { concat, sameBytes } from './codec/bytes.ts'
import { NvRead } from './commands/nv-read.ts'
import { NvReadPublic } from './commands/nv-read-public.ts'
import { nvNameOf } from './crypto/hash.ts'
import { type Entity, handleName, nvIndex } from './entity.ts'
import { TpmFault } from './fault.ts'
import type { NvPublic } from './structures/nv.ts'
import type { RunOptions, Tpm } from './tpm.ts'

/**
 * Bytes read at once if nothing else is said. TPM_PT_NV_BUFFER_MAX may allow more: 1,024 with swtpm;
 * 512 is what every TPM of the PC Client profile allows.
 */
const CHUNK = 512
/** No index is larger: its size has 16 bits. */
const SIZE_MAX = 0xffff

export interface NvReadOptions extends RunOptions {
  /** Who authorises reading: the index itself with an empty value, if nothing else is said. */
  readonly authorizedBy?: Entity
  /** Bytes at once, at most TPM_PT_NV_BUFFER_MAX. */
  readonly chunk?: number
}

export interface NvIndex extends Entity {
  readonly nvPublic: NvPublic
}

/** Looks an index up; null if there is none. */
export async function findNv(
  tpm: Tpm,
  handle: number,
  options: RunOptions = {},
): Promise<NvIndex | null> {
  const asked: Entity = { handle, name: handleName(handle) }
  try {
    const { nvPublic, nvName } = await tpm.run(NvReadPublic, { nvIndex: asked }, options)
    if (!sameBytes(nvNameOf(nvPublic), nvName)) {
      throw new TpmFault('TPM_INTEGRITY', 'The name of the index is not that of its public area.')
    }
    return { ...nvIndex(handle, nvName), nvPublic }
  } catch (error) {
    if (error instanceof TpmFault && error.response?.name === 'HANDLE') return null
    throw error
  }
}

/** All bytes of an index that was found; `dataSize` of them, padding of the maker included. */
export async function readNv(
  tpm: Tpm,
  index: NvIndex,
  options: NvReadOptions = {},
): Promise<Uint8Array> {
  const { authorizedBy = index, chunk = CHUNK, ...run } = options
  if (chunk < 1 || chunk > SIZE_MAX) {
    throw new TpmFault('TPM_USAGE', `${chunk} bytes cannot be read at once.`)
  }
  const total = index.nvPublic.dataSize
  const parts: Uint8Array[] = []
  for (let offset = 0; offset < total; offset += chunk) {
    const size = Math.min(chunk, total - offset)
    const request = { authHandle: authorizedBy, nvIndex: index, size, offset }
    const { data } = await tpm.run(NvRead, request, run)
    if (data.length !== size) {
      throw new TpmFault('TPM_GARBLED', `The TPM gave ${data.length} bytes instead of ${size}.`)
    }
    parts.push(data)
  }
  return concat(parts)
}
