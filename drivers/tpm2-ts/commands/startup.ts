// TPM2_Startup: the first command after power; on a PC the firmware has sent it already.
import { u16 } from '../codec/codec.ts'
import { defineCommand } from '../command.ts'

/** Part 3, section 9.3. `startupType` is one of `SU`; answers INITIALIZE (0x100) if it was sent before. */
export const Startup = defineCommand({
  name: 'TPM2_Startup',
  code: 0x144,
  request: { startupType: u16 },
})
