// The attestation key: made inside the TPM, below a storage key, and checked before anything it signs is believed.
import {
  AK_P256,
  AK_RSA2048,
  ALG,
  create,
  createPrimary,
  type Entity,
  isTpmFault,
  type LoadedObject,
  load,
  OBJECT,
  type PublicArea,
  permanent,
  RH,
  readPublic,
  SRK_P256,
  SRK_RSA2048,
  type Tpm,
} from 'tpm2-ts'
import { isIn, PERSISTENT_SRK } from './ek-index.ts'

const REQUIRED = [
  [OBJECT.FIXED_TPM, 'fixedTPM'],
  [OBJECT.FIXED_PARENT, 'fixedParent'],
  [OBJECT.SENSITIVE_DATA_ORIGIN, 'sensitiveDataOrigin'],
  [OBJECT.RESTRICTED, 'restricted'],
  [OBJECT.SIGN, 'sign'],
] as const

/**
 * What is wrong with the public area of an attestation key; empty when all holds. Without `restricted` software could
 * have it sign a quote that no TPM made.
 */
export function akFaults(area: PublicArea): readonly string[] {
  const { attributes } = area
  const faults: string[] = REQUIRED.filter(([bit]) => (attributes & bit) === 0).map(
    ([, name]) => `not ${name}`,
  )
  if ((attributes & OBJECT.DECRYPT) !== 0) faults.push('decrypt')
  const isStrong =
    (area.type === ALG.ECC && area.parameters.curve === AK_P256.parameters.curve) ||
    (area.type === ALG.RSA && area.parameters.keyBits >= 2048)
  if (!isStrong) faults.push('a weak kind of key')
  if (area.nameAlg === ALG.SHA1) faults.push('named by SHA-1')
  return faults
}

export const akKind = (area: PublicArea): string =>
  area.type === ALG.ECC ? 'P-256 ECDSA' : area.type === ALG.RSA ? 'RSA-2048' : 'another kind'

/** The TPM does not know the algorithm, curve or size: try the next kind. */
const UNSUPPORTED = [
  'CURVE',
  'TYPE',
  'ASYMMETRIC',
  'KEY_SIZE',
  'SCHEME',
  'VALUE',
  'HASH',
  'SYMMETRIC',
]
const isUnsupported = (error: unknown) =>
  isTpmFault(error, 'TPM_RESPONSE') && UNSUPPORTED.includes(error.response?.name ?? '')

/** The first of two that the TPM can make. */
async function either<T>(first: () => Promise<T>, second: () => Promise<T>): Promise<T> {
  try {
    return await first()
  } catch (error) {
    if (!isUnsupported(error)) throw error
    return second()
  }
}

/** P-256 takes milliseconds where RSA takes seconds; TPMs without curves get RSA. */
async function makeBelow(tpm: Tpm, parent: Entity): Promise<LoadedObject> {
  const wrapped = await either(
    () => create(tpm, parent, AK_P256),
    () => create(tpm, parent, AK_RSA2048),
  )
  return load(tpm, parent, wrapped)
}

/** An attestation key below a storage key of its own; the storage key is gone when it returns. */
export async function makeAk(tpm: Tpm): Promise<LoadedObject> {
  const owner = permanent(RH.OWNER)
  await using srk = await either(
    () => createPrimary(tpm, owner, SRK_P256),
    () => createPrimary(tpm, owner, SRK_RSA2048),
  )
  return await makeBelow(tpm, srk)
}

const SRK_ATTRIBUTES = OBJECT.RESTRICTED | OBJECT.DECRYPT | OBJECT.USER_WITH_AUTH | OBJECT.NO_DA

/** A wrong password of a key without `noDA` counts towards lockout: such keys are not tried. */
const mayBeTried = ({ attributes }: PublicArea) =>
  (attributes & SRK_ATTRIBUTES) === SRK_ATTRIBUTES && (attributes & OBJECT.SIGN) === 0

/** Storage keys that are tried: one is usual. */
const SRKS_MAX = 4

/** An attestation key below a persistent storage key, for a TPM with an owner; null when no such key takes an empty password. */
export async function makeAkBelowPersistent(
  tpm: Tpm,
  handles: readonly number[],
): Promise<LoadedObject | null> {
  for (const handle of handles.filter((one) => isIn(one, PERSISTENT_SRK)).slice(0, SRKS_MAX)) {
    const srk = await readPublic(tpm, handle)
    if (!mayBeTried(srk.publicArea)) continue
    try {
      return await makeBelow(tpm, srk)
    } catch (error) {
      const name = isTpmFault(error, 'TPM_RESPONSE') ? error.response?.name : undefined
      if (name !== 'AUTH_FAIL' && name !== 'BAD_AUTH') throw error
    }
  }
  return null
}
