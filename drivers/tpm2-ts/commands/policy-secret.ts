// TPM2_PolicySecret: satisfies a policy by the authorisation of another entity.
import { i32 } from '../codec/codec.ts'
import { defineCommand } from '../command.ts'
import { digest, ticket, timeout } from '../structures/common.ts'

/** Part 3, section 23.4. An endorsement key of the low range wants it for `RH.ENDORSEMENT`. */
export const PolicySecret = defineCommand({
  name: 'TPM2_PolicySecret',
  code: 0x151,
  handles: { authHandle: 'auth', policySession: 'plain' },
  request: { nonceTpm: digest, cpHashA: digest, policyRef: digest, expiration: i32 },
  answer: { timeout, policyTicket: ticket },
})
