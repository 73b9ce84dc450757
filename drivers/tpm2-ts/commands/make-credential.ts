// TPM2_MakeCredential: the TPM's own way to make what `makeCredential` makes without one.
import { defineCommand } from '../command.ts'
import { digest, encryptedSecret, idObject, name } from '../structures/common.ts'

/** Part 3, section 12.6. `handle` needs only a public part. */
export const MakeCredential = defineCommand({
  name: 'TPM2_MakeCredential',
  code: 0x168,
  time: 'crypto',
  handles: { handle: 'plain' },
  request: { credential: digest, objectName: name },
  answer: { credentialBlob: idObject, secret: encryptedSecret },
})
