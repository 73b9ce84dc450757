// What an endorsement key's policy wants before the key may be used.
import type { Authorization } from './authorization.ts'
import { PolicySecret } from './commands/policy-secret.ts'
import { OBJECT, RH } from './constants.ts'
import { permanent } from './entity.ts'
import type { Session } from './session.ts'
import type { PublicArea } from './structures/public.ts'
import type { Tpm } from './tpm.ts'

const EMPTY = new Uint8Array(0)

/** False for the low range: those keys want a policy session, an empty password is refused (0x12F). */
export function takesPassword(area: PublicArea): boolean {
  return (area.attributes & OBJECT.USER_WITH_AUTH) !== 0
}

/**
 * PolicyA: the endorsement hierarchy's authorisation, which is empty unless somebody set it
 * (TPM_PT_PERMANENT, bit 1). The session is ready for one use of the key; its hash is that of the
 * key's name.
 */
export async function satisfyEkPolicy(
  tpm: Tpm,
  policySession: Session,
  auth?: readonly Authorization[],
): Promise<void> {
  await tpm.run(
    PolicySecret,
    {
      authHandle: permanent(RH.ENDORSEMENT),
      policySession,
      nonceTpm: EMPTY,
      cpHashA: EMPTY,
      policyRef: EMPTY,
      expiration: 0,
    },
    auth === undefined ? {} : { auth },
  )
}
