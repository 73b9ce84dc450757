// TPM2_SelfTest: tests what was not tested yet, or everything.
import { defineCommand } from '../command.ts'
import { yesNo } from '../structures/common.ts'

/** Part 3, section 10.2. `fullTest` 1 tests everything; the answer may be TESTING until it is done. */
export const SelfTest = defineCommand({
  name: 'TPM2_SelfTest',
  code: 0x143,
  time: 'crypto',
  request: { fullTest: yesNo },
})
