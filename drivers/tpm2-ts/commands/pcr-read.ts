// TPM2_PCR_Read: eight PCRs at most; the answer says which ones.
import { u32 } from '../codec/codec.ts'
import { defineCommand } from '../command.ts'
import { digests, pcrSelections } from '../structures/common.ts'

/** Part 3, section 22.4. A changed `pcrUpdateCounter` means that values of two calls do not belong together. */
export const PcrRead = defineCommand({
  name: 'TPM2_PCR_Read',
  code: 0x17e,
  request: { pcrSelectionIn: pcrSelections },
  answer: { pcrUpdateCounter: u32, pcrSelectionOut: pcrSelections, pcrValues: digests },
})
