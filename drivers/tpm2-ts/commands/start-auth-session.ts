// TPM2_StartAuthSession: begins an HMAC, policy or trial session; `startSession` derives its keys.
import { u8, u16 } from '../codec/codec.ts'
import { defineCommand } from '../command.ts'
import { digest, encryptedSecret } from '../structures/common.ts'
import { symmetric } from '../structures/schemes.ts'

/** Part 3, section 11.1. A salt takes a private key operation, hence the time. */
export const StartAuthSession = defineCommand({
  name: 'TPM2_StartAuthSession',
  code: 0x176,
  time: 'crypto',
  handles: { tpmKey: 'plain', bind: 'plain' },
  request: {
    nonceCaller: digest,
    encryptedSalt: encryptedSecret,
    sessionType: u8,
    symmetric,
    authHash: u16,
  },
  answerHandle: 'sessionHandle',
  answer: { nonceTpm: digest },
})
