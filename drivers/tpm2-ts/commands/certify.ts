// TPM2_Certify: signs that an object is loaded in the same TPM as the signing key.
import { defineCommand } from '../command.ts'
import { buffer, data } from '../structures/common.ts'
import { signatureScheme } from '../structures/schemes.ts'
import { signature } from '../structures/signature.ts'

/** Part 3, section 18.2. `certifyInfo` are the signed bytes themselves; `decodeAttest` reads them. */
export const Certify = defineCommand({
  name: 'TPM2_Certify',
  code: 0x148,
  time: 'crypto',
  handles: { objectHandle: 'auth', signHandle: 'auth' },
  request: { qualifyingData: data, inScheme: signatureScheme },
  answer: { certifyInfo: buffer, signature },
})
