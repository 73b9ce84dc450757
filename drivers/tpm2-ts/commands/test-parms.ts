// TPM2_TestParms: asks whether the TPM can do an algorithm with these parameters, without making a key.
import { defineCommand } from '../command.ts'
import { publicParameters } from '../structures/public.ts'

/** Part 3, section 30.3. Success means that it can; the response code says what it cannot. */
export const TestParms = defineCommand({
  name: 'TPM2_TestParms',
  code: 0x18a,
  request: { parameters: publicParameters },
})
