// TPM2_Quote: signs the values of PCRs together with a nonce.
import { defineCommand } from '../command.ts'
import { buffer, data, pcrSelections } from '../structures/common.ts'
import { signatureScheme } from '../structures/schemes.ts'
import { signature } from '../structures/signature.ts'

/** Part 3, section 18.4. `quoted` are the signed bytes themselves; `decodeAttest` reads them. */
export const Quote = defineCommand({
  name: 'TPM2_Quote',
  code: 0x158,
  time: 'crypto',
  handles: { signHandle: 'auth' },
  request: { qualifyingData: data, inScheme: signatureScheme, pcrSelect: pcrSelections },
  answer: { quoted: buffer, signature },
})
