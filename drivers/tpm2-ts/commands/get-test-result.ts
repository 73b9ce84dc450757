// TPM2_GetTestResult: works in failure mode too, and says why.
import { u32 } from '../codec/codec.ts'
import { defineCommand } from '../command.ts'
import { buffer } from '../structures/common.ts'

/** Part 3, section 10.4. `testResult` is a response code; `outData` is the manufacturer's own. */
export const GetTestResult = defineCommand({
  name: 'TPM2_GetTestResult',
  code: 0x17c,
  answer: { outData: buffer, testResult: u32 },
})
