// TPM2_PolicyOR: goes on if the policy so far is one of several.
import { defineCommand } from '../command.ts'
import { digests } from '../structures/common.ts'

/** Part 3, section 23.6. Two to eight branches. */
export const PolicyOr = defineCommand({
  name: 'TPM2_PolicyOR',
  code: 0x171,
  handles: { policySession: 'plain' },
  request: { pHashList: digests },
})
