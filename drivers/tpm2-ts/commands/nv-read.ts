// TPM2_NV_Read: a part of an index, at most TPM_PT_NV_BUFFER_MAX bytes at once.
import { u16 } from '../codec/codec.ts'
import { defineCommand } from '../command.ts'
import { buffer } from '../structures/common.ts'

/** Part 3, section 31.13. `authHandle` is the index itself, the owner or the platform. */
export const NvRead = defineCommand({
  name: 'TPM2_NV_Read',
  code: 0x14e,
  handles: { authHandle: 'auth', nvIndex: 'plain' },
  request: { size: u16, offset: u16 },
  answer: { data: buffer },
})
