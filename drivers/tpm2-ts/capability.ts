// Reads whole groups of GetCapability: a TPM gives them in pieces and says whether more is to come.
import { GetCapability } from './commands/get-capability.ts'
import { CAP, HANDLES, PT } from './constants.ts'
import { TpmFault } from './fault.ts'
import type { CapabilityData } from './structures/capability.ts'
import type { PcrSelection } from './structures/common.ts'
import type { RunOptions, Tpm } from './tpm.ts'

/** More than any TPM has to say, in calls; a peer that always promises more is stopped here. */
const CALLS_MAX = 64
/** Elements asked for at once; the TPM gives as many as fit its buffer. */
const COUNT = 256

type Kind = (typeof CAP)[keyof typeof CAP]
type Group<K extends Kind> = Extract<CapabilityData, { readonly capability: K }>

/** The property to go on with: the one behind the last that came; null for a group without an order. */
function next(data: CapabilityData): number | null {
  const after = (last: number | undefined) => (last === undefined ? null : last + 1)
  switch (data.capability) {
    case CAP.ALGS:
      return after(data.algorithms.at(-1)?.alg)
    case CAP.HANDLES:
      return after(data.handles.at(-1))
    case CAP.COMMANDS: {
      // TPMA_CC: the index in bits 0 to 15, bit 29 for a vendor's command (Part 2, section 8.9).
      const last = data.attributes.at(-1)
      return last === undefined ? null : (last & 0x2000_ffff) + 1
    }
    case CAP.PP_COMMANDS:
    case CAP.AUDIT_COMMANDS:
      return after(data.commands.at(-1))
    case CAP.TPM_PROPERTIES:
      return after(data.properties.at(-1)?.property)
    case CAP.PCR_PROPERTIES:
      return after(data.pcrProperties.at(-1)?.tag)
    case CAP.ECC_CURVES:
      return after(data.curves.at(-1))
    case CAP.AUTH_POLICIES:
      return after(data.policies.at(-1)?.handle)
    case CAP.ACT:
      return after(data.timers.at(-1)?.handle)
    default:
      return null
  }
}

/** The pieces of one group from `property` on. Throws `TPM_GARBLED` for a TPM that never ends. */
export async function* capabilities<K extends Kind>(
  tpm: Tpm,
  capability: K,
  property: number,
  options: RunOptions = {},
): AsyncGenerator<Group<K>> {
  let from = property
  for (let call = 0; call < CALLS_MAX; call += 1) {
    const request = { capability, property: from, propertyCount: COUNT }
    const { moreData, data } = await tpm.run(GetCapability, request, options)
    if (data.capability !== capability) {
      throw new TpmFault('TPM_GARBLED', 'The TPM answered with another capability.')
    }
    yield data as Group<K>
    const following = next(data)
    if (moreData === 0 || following === null) return
    if (following <= from) break
    from = following
  }
  throw new TpmFault('TPM_GARBLED', 'The TPM promises more capabilities without end.')
}

/** Properties by number, from `first` to the end of its group: `PT.FIXED` or `PT.VARIABLE`. */
export async function readProperties(
  tpm: Tpm,
  first: number = PT.FIXED,
  options: RunOptions = {},
): Promise<ReadonlyMap<number, number>> {
  const found = new Map<number, number>()
  // A group has 256 numbers (Part 2, section 6.13: PT_GROUP).
  const last = (first & ~0xff) + 0xff
  for await (const { properties } of capabilities(tpm, CAP.TPM_PROPERTIES, first, options)) {
    for (const { property, value } of properties) {
      if (property <= last) found.set(property, value)
    }
    if (properties.some(({ property }) => property > last)) break
  }
  return found
}

/** The handles of a range of `HANDLES` that are in use now. */
export async function listHandles(
  tpm: Tpm,
  first: number,
  options: RunOptions = {},
): Promise<readonly number[]> {
  const found: number[] = []
  for await (const { handles } of capabilities(tpm, CAP.HANDLES, first, options)) {
    // Some TPMs go on into the next range.
    found.push(...handles.filter((handle) => handle >>> 24 === first >>> 24))
    if (handles.some((handle) => handle >>> 24 !== first >>> 24)) break
  }
  return found
}

/** Objects and sessions that are loaded now: equal before and after, if everything was flushed. */
export async function loadedHandles(
  tpm: Tpm,
  options: RunOptions = {},
): Promise<readonly number[]> {
  return [
    ...(await listHandles(tpm, HANDLES.TRANSIENT, options)),
    ...(await listHandles(tpm, HANDLES.LOADED_SESSION, options)),
  ]
}

/** The banks of PCRs; a bank without a set bit is allocated to nothing. */
export async function readBanks(
  tpm: Tpm,
  options: RunOptions = {},
): Promise<readonly PcrSelection[]> {
  for await (const { banks } of capabilities(tpm, CAP.PCRS, 0, options)) return banks
  return []
}
