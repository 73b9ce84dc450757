// TPM2_ActivateCredential: opens a credential if the TPM holds both its keys.
import { defineCommand } from '../command.ts'
import { digest, encryptedSecret, idObject } from '../structures/common.ts'

/** Part 3, section 12.5. INTEGRITY of parameter 1 (0x1DF): the credential is altered or for another key. */
export const ActivateCredential = defineCommand({
  name: 'TPM2_ActivateCredential',
  code: 0x147,
  time: 'crypto',
  handles: { activateHandle: 'auth', keyHandle: 'auth' },
  request: { credentialBlob: idObject, secret: encryptedSecret },
  answer: { certInfo: digest },
})
