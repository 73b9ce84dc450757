// TPM2_GetRandom: random bytes of the TPM, at most as many as its largest digest has.
import { u16 } from '../codec/codec.ts'
import { defineCommand } from '../command.ts'
import { digest } from '../structures/common.ts'

/** Part 3, section 16.1. Fewer bytes than asked for may come. */
export const GetRandom = defineCommand({
  name: 'TPM2_GetRandom',
  code: 0x17b,
  request: { bytesRequested: u16 },
  answer: { randomBytes: digest },
})
