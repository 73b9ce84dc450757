// TPM2_PolicyGetDigest: the digest that a session has reached.
import { defineCommand } from '../command.ts'
import { digest } from '../structures/common.ts'

/** Part 3, section 23.19. In a trial session it is the policy that an object must carry. */
export const PolicyGetDigest = defineCommand({
  name: 'TPM2_PolicyGetDigest',
  code: 0x189,
  handles: { policySession: 'plain' },
  answer: { policyDigest: digest },
})
