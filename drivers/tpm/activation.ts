// Credential activation: only the TPM that holds the certified key and this attestation key can return the secret.
import { randomBytes, timingSafeEqual } from 'node:crypto'
import {
  ActivateCredential,
  isResponse,
  isTpmFault,
  type LoadedObject,
  makeCredential,
  password,
  ReadClock,
  satisfyEkPolicy,
  startSession,
  type Tpm,
  takesPassword,
} from 'tpm2-ts'
import type { Ek } from './ek.ts'

/** Fits the name hash of every template (SHA-256 is the shortest). */
const SECRET_BYTES = 32

/** The TPM found the credential to be for other keys, or altered: a complaint about a parameter, and integrity. */
function isRefusal(error: unknown): boolean {
  if (!isTpmFault(error, 'TPM_RESPONSE')) return false
  const { response } = error
  return response?.name === 'INTEGRITY' || response?.subject?.kind === 'parameter'
}

/**
 * Asks the TPM for a fresh secret that was wrapped for its endorsement key and the name of its attestation key.
 * `wrong-secret` also when the TPM refuses the credential.
 */
export async function activate(
  tpm: Tpm,
  ek: Ek,
  ak: LoadedObject,
): Promise<'returned' | 'wrong-secret'> {
  const wanted = randomBytes(SECRET_BYTES)
  const credential = makeCredential(ek.publicArea, ak.name, wanted)
  const request = { activateHandle: ak, keyHandle: ek, ...credential }
  try {
    const { certInfo } = await run(tpm, ek, request)
    const isSame = certInfo.length === wanted.length && timingSafeEqual(certInfo, wanted)
    return isSame ? 'returned' : 'wrong-secret'
  } catch (error) {
    if (isRefusal(error)) return 'wrong-secret'
    if (!isResponse(error, 'FAILURE')) throw error
    // libtpms says so of a seed that does not decrypt (seen with 0.9); a TPM in failure mode refuses this one too.
    await tpm.run(ReadClock, {})
    return 'wrong-secret'
  }
}

interface ActivationRequest {
  readonly activateHandle: LoadedObject
  readonly keyHandle: Ek
  readonly credentialBlob: Uint8Array
  readonly secret: Uint8Array
}

type RunOptions = Parameters<Tpm['run']>[2]
const send = (tpm: Tpm, request: ActivationRequest, options: RunOptions) =>
  tpm.run(ActivateCredential, request, options)

/** High-range keys take an empty password; low-range keys want the endorsement hierarchy's policy. */
async function run(tpm: Tpm, ek: Ek, request: ActivationRequest) {
  if (takesPassword(ek.publicArea)) return send(tpm, request, { auth: [password, password] })
  await using session = await startSession(tpm, { kind: 'policy', hashAlg: ek.publicArea.nameAlg })
  await satisfyEkPolicy(tpm, session)
  return await send(tpm, request, { auth: [password, session.for({ last: true })] })
}
