// The public description of a place in the TPM's own memory.
import { sizedOf, struct, type TypeOf, u16, u32 } from '../codec/codec.ts'
import { digest } from './common.ts'

/** TPMS_NV_PUBLIC (Part 2, section 13.5). */
export const nvPublic = struct({
  nvIndex: u32,
  nameAlg: u16,
  attributes: u32,
  authPolicy: digest,
  dataSize: u16,
})
export type NvPublic = TypeOf<typeof nvPublic>

/** TPM2B_NV_PUBLIC (Part 2, section 13.6). */
export const sizedNvPublic = sizedOf(nvPublic, 'TPM2B_NV_PUBLIC')
