// The lists that GetCapability returns, one per group.
import { list, sized8, struct, type TypeOf, u16, u32 } from '../codec/codec.ts'
import { openTagged } from '../codec/union.ts'
import { CAP } from '../constants.ts'
import { hashed, pcrSelections } from './common.ts'

/** MAX_CAP_BUFFER is 1,024 bytes; two bytes are the smallest element. */
const ELEMENTS_MAX = 512

const handles = { handles: list(u32, ELEMENTS_MAX) }
const commands = { commands: list(u32, ELEMENTS_MAX) }

/** TPMS_CAPABILITY_DATA (Part 2, section 10.10.2). Vendor groups stay bytes. */
export const capabilityData = openTagged('capability', u32, {
  [CAP.ALGS]: { algorithms: list(struct({ alg: u16, properties: u32 }), ELEMENTS_MAX) },
  [CAP.HANDLES]: handles,
  [CAP.COMMANDS]: { attributes: list(u32, ELEMENTS_MAX) },
  [CAP.PP_COMMANDS]: commands,
  [CAP.AUDIT_COMMANDS]: commands,
  [CAP.PCRS]: { banks: pcrSelections },
  [CAP.TPM_PROPERTIES]: { properties: list(struct({ property: u32, value: u32 }), ELEMENTS_MAX) },
  [CAP.PCR_PROPERTIES]: {
    pcrProperties: list(struct({ tag: u32, select: sized8(4) }), ELEMENTS_MAX),
  },
  [CAP.ECC_CURVES]: { curves: list(u16, ELEMENTS_MAX) },
  [CAP.AUTH_POLICIES]: { policies: list(struct({ handle: u32, policy: hashed }), ELEMENTS_MAX) },
  [CAP.ACT]: { timers: list(struct({ handle: u32, timeout: u32, attributes: u32 }), ELEMENTS_MAX) },
})
export type CapabilityData = TypeOf<typeof capabilityData>
