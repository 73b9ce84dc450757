// TPM2_NV_ReadPublic: size, attributes and name of an index.
import { defineCommand } from '../command.ts'
import { name } from '../structures/common.ts'
import { sizedNvPublic } from '../structures/nv.ts'

/** Part 3, section 31.6. Answers HANDLE of handle 1 (0x18B) if there is no such index. */
export const NvReadPublic = defineCommand({
  name: 'TPM2_NV_ReadPublic',
  code: 0x169,
  handles: { nvIndex: 'plain' },
  answer: { nvPublic: sizedNvPublic, nvName: name },
})
