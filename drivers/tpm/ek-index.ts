// Where a TPM keeps its endorsement certificates, and which template makes the key of each.
import {
  ALG,
  decode,
  EK_TEMPLATES,
  type EkTemplate,
  isTpmFault,
  type PublicArea,
  publicArea,
} from 'tpm2-ts'

export interface EkIndex {
  readonly certificate: number
  readonly template: EkTemplate
  /** Index of a nonce that belongs into the template (low range only), and of a whole template. */
  readonly nonceIndex: number | null
  readonly templateIndex: number | null
}

/** EK credential profile 2.6, section 2.2.1.5; in the order in which they are asked to prove themselves. */
export const EK_INDICES: readonly EkIndex[] = [
  { certificate: 0x01c00002, template: 'L-1', nonceIndex: 0x01c00003, templateIndex: 0x01c00004 },
  { certificate: 0x01c0000a, template: 'L-2', nonceIndex: 0x01c0000b, templateIndex: 0x01c0000c },
  { certificate: 0x01c00012, template: 'H-1', nonceIndex: null, templateIndex: 0x01c00013 },
  { certificate: 0x01c00014, template: 'H-2', nonceIndex: null, templateIndex: 0x01c00015 },
  { certificate: 0x01c00016, template: 'H-3', nonceIndex: null, templateIndex: 0x01c00017 },
  { certificate: 0x01c0001c, template: 'H-6', nonceIndex: null, templateIndex: 0x01c0001d },
  { certificate: 0x01c00018, template: 'H-4', nonceIndex: null, templateIndex: 0x01c00019 },
  { certificate: 0x01c0001e, template: 'H-7', nonceIndex: null, templateIndex: 0x01c0001f },
]

/** The key that is made when no certificate says which one: the one that Windows uses. */
export const DEFAULT_EK: EkIndex = EK_INDICES[0] as EkIndex

/** Issuers beside the certificate (Intel's on-die chain), in order; section 2.2.1.9. */
export const CHAIN_RANGE = { first: 0x01c00100, last: 0x01c001ff } as const
/** Where endorsement keys are kept (TCG registry of reserved handles). */
export const PERSISTENT_EK = { first: 0x81010000, last: 0x810100ff } as const
/** Where storage keys are kept; 0x81000001 is Windows' own. */
export const PERSISTENT_SRK = { first: 0x81000000, last: 0x8100ffff } as const

export const isIn = (handle: number, range: { readonly first: number; readonly last: number }) =>
  handle >= range.first && handle <= range.last

/** `0x01C00002`. */
export const handleText = (handle: number): string =>
  `0x${handle.toString(16).toUpperCase().padStart(8, '0')}`

function withNonce(area: PublicArea, nonce: Uint8Array): PublicArea {
  const padded = (size: number) => {
    const bytes = new Uint8Array(size)
    bytes.set(nonce.subarray(0, size))
    return bytes
  }
  if (area.type === ALG.RSA) return { ...area, unique: padded(area.parameters.keyBits / 8) }
  if (area.type !== ALG.ECC) return area
  const size = area.unique.x.length
  return { ...area, unique: { x: padded(size), y: new Uint8Array(size) } }
}

/** The area in an index of the TPM; null when it holds something else. */
function areaIn(template: Uint8Array | null): PublicArea | null {
  if (template === null) return null
  try {
    return decode(publicArea, template, 'EK template')
  } catch (error) {
    if (isTpmFault(error)) return null
    throw error
  }
}

/** The template of an index, changed as the TPM's own template and nonce want it (profile, annex B.3.2). */
export function templateOf(
  index: EkIndex,
  own: { readonly template: Uint8Array | null; readonly nonce: Uint8Array | null },
): PublicArea {
  const area = areaIn(own.template) ?? EK_TEMPLATES[index.template]
  return own.nonce === null ? area : withNonce(area, own.nonce)
}
