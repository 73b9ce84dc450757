// TPM2_FlushContext: frees the slot of an object or a session.
import { u32 } from '../codec/codec.ts'
import { defineCommand } from '../command.ts'

/** Part 3, section 28.4. The handle is a parameter here, not in the handle area. */
export const FlushContext = defineCommand({
  name: 'TPM2_FlushContext',
  code: 0x165,
  request: { flushHandle: u32 },
})
