// One table of response codes, so that an error says which handle, parameter or session, and what it usually means.

/** Which part of the command the TPM complains about; numbers count from 1. */
export interface Subject {
  readonly kind: 'handle' | 'parameter' | 'session'
  readonly number: number
}

/** A response code taken apart (Part 2, section 6.6; Part 1, section "Response Code Evaluation"). */
export interface ResponseCode {
  readonly raw: number
  /** As the specification has it, without `TPM_RC_`; `UNKNOWN_…` for a code of nobody's table. */
  readonly name: string
  readonly subject: Subject | null
  /** Who answered: the TPM, or a resource manager before it. */
  readonly layer: 'tpm' | 'resource-manager' | 'windows'
  readonly meaning: string
  /** The same bytes may be sent again. */
  readonly isTransient: boolean
}

type Row = readonly [code: number, name: string, meaning: string]

/** Part 2, table 17: RC_FMT1, the error's number in bits 0 to 5. */
const FORMAT_1: readonly Row[] = [
  [0x01, 'ASYMMETRIC', 'the asymmetric algorithm is not supported or not correct'],
  [0x02, 'ATTRIBUTES', 'the attributes of the object or session do not allow this'],
  [0x03, 'HASH', 'the hash algorithm is not supported or not right here'],
  [0x04, 'VALUE', 'the value is out of range or not right here'],
  [0x05, 'HIERARCHY', 'the hierarchy is disabled or not right for this command'],
  [0x07, 'KEY_SIZE', 'the key size is not supported'],
  [0x08, 'MGF', 'the mask generation function is not supported'],
  [0x09, 'MODE', 'the mode of operation is not supported'],
  [0x0a, 'TYPE', 'the type of the value is not right here'],
  [0x0b, 'HANDLE', 'nothing is there under this handle: never made, flushed, or lost by a restart'],
  [0x0c, 'KDF', 'the key derivation function is not supported or not right here'],
  [0x0d, 'RANGE', 'the value is outside its range'],
  [0x0e, 'AUTH_FAIL', 'the authorisation is wrong, and this counts towards lockout'],
  [0x0f, 'NONCE', 'the nonce has the wrong size or value'],
  [0x10, 'PP', 'physical presence is required'],
  [0x12, 'SCHEME', 'the scheme is not supported or does not fit the key'],
  [0x15, 'SIZE', 'a size is wrong'],
  [0x16, 'SYMMETRIC', 'the symmetric algorithm or key size is not supported'],
  [0x17, 'TAG', 'the structure has the wrong tag'],
  [0x18, 'SELECTOR', 'the selector of a union is wrong'],
  [0x1a, 'INSUFFICIENT', 'the command ends before its last value'],
  [0x1b, 'SIGNATURE', 'the signature is not valid'],
  [0x1c, 'KEY', 'the key does not fit this use'],
  [0x1d, 'POLICY_FAIL', 'the policy was not satisfied: another order, branch or hash of the steps'],
  [0x1f, 'INTEGRITY', 'the integrity value is wrong: the blob was altered or is for another key'],
  [0x20, 'TICKET', 'the ticket is not valid'],
  [0x21, 'RESERVED_BITS', 'reserved bits are not zero'],
  [0x22, 'BAD_AUTH', 'the authorisation is wrong; it does not count towards lockout'],
  [0x23, 'EXPIRED', 'the policy has expired'],
  [0x24, 'POLICY_CC', 'the policy is for another command'],
  [0x25, 'BINDING', 'the public and the sensitive part do not belong together'],
  [0x26, 'CURVE', 'the curve is not supported'],
  [0x27, 'ECC_POINT', 'the point is not on the curve'],
  [0x28, 'FW_LIMITED', 'the object belongs to other firmware of this TPM'],
  [0x29, 'SVN_LIMITED', 'the object belongs to firmware of another security version'],
]

/** Part 2, table 16: RC_VER1, errors that name no part of the command. */
const FORMAT_0: readonly Row[] = [
  [0x00, 'INITIALIZE', 'the TPM had no TPM2_Startup since it was switched on'],
  [0x01, 'FAILURE', 'the TPM is in failure mode: it needs a restart, and often a repair'],
  [0x03, 'SEQUENCE', 'the handle of a sequence is used wrongly'],
  [0x0b, 'PRIVATE', 'the private area is not right here'],
  [0x19, 'HMAC', 'the HMAC is not right here'],
  [0x20, 'DISABLED', 'the command is disabled'],
  [0x21, 'EXCLUSIVE', 'the audit session is no longer exclusive'],
  [0x24, 'AUTH_TYPE', 'this kind of authorisation is not allowed for the handle'],
  [0x25, 'AUTH_MISSING', 'an authorisation is required and missing'],
  [0x26, 'POLICY', 'the policy is not right for this hierarchy or index'],
  [0x27, 'PCR', 'the PCRs are not as they should be'],
  [0x28, 'PCR_CHANGED', 'PCRs changed since the policy checked them'],
  [0x2d, 'UPGRADE', 'the TPM is in field upgrade mode'],
  [0x2e, 'TOO_MANY_CONTEXTS', 'the counter of contexts is used up'],
  [0x2f, 'AUTH_UNAVAILABLE', 'the object cannot be used with a password; it wants its policy'],
  [0x30, 'REBOOT', 'the TPM wants a restart first'],
  [0x31, 'UNBALANCED', 'hash and symmetric algorithm do not fit each other in strength'],
  [0x42, 'COMMAND_SIZE', 'the size in the header is not that of the command'],
  [0x43, 'COMMAND_CODE', 'this TPM does not have the command'],
  [0x44, 'AUTHSIZE', 'the size of the authorisation area is wrong'],
  [0x45, 'AUTH_CONTEXT', 'this command takes no sessions'],
  [0x46, 'NV_RANGE', 'the read or write goes past the end of the index'],
  [0x47, 'NV_SIZE', 'the size of the index is too large'],
  [0x48, 'NV_LOCKED', 'the index is locked'],
  [0x49, 'NV_AUTHORIZATION', 'the index does not allow this kind of authorisation'],
  [0x4a, 'NV_UNINITIALIZED', 'the index was never written'],
  [0x4b, 'NV_SPACE', 'no room is left'],
  [0x4c, 'NV_DEFINED', 'the index exists already'],
  [0x50, 'BAD_CONTEXT', 'the saved context is not valid'],
  [0x51, 'CPHASH', 'the hash of the parameters is set already or wrong'],
  [0x52, 'PARENT', 'the handle is of no parent key'],
  [0x53, 'NEEDS_TEST', 'the algorithm must be tested first'],
  [0x54, 'NO_RESULT', 'the self test has no result'],
  [0x55, 'SENSITIVE', 'the sensitive area does not fit its type'],
]

/** Part 2, table 18: RC_WARN, states that pass or that the caller can end. */
const WARNINGS: readonly Row[] = [
  [0x01, 'CONTEXT_GAP', 'the oldest saved session blocks the others'],
  [0x02, 'OBJECT_MEMORY', 'no slot for objects is free: flush one'],
  [0x03, 'SESSION_MEMORY', 'no slot for sessions is free: flush one'],
  [0x04, 'MEMORY', 'no memory is free: flush an object or a session'],
  [0x05, 'SESSION_HANDLES', 'no handle for sessions is free: flush one'],
  [0x06, 'OBJECT_HANDLES', 'no handle for objects is free: flush one'],
  [0x07, 'LOCALITY', 'the locality is not right'],
  [0x08, 'YIELDED', 'the TPM interrupted the command: send it again'],
  [0x09, 'CANCELED', 'the command was cancelled'],
  [0x0a, 'TESTING', 'the TPM is testing itself: send it again in a moment'],
  [0x20, 'NV_RATE', 'the TPM limits writing to its memory: send it again in a moment'],
  [0x21, 'LOCKOUT', 'the TPM is locked out after wrong authorisations'],
  [0x22, 'RETRY', 'the TPM could not start the command: send it again'],
  [0x23, 'NV_UNAVAILABLE', 'the memory of the TPM cannot be written now'],
  [0x7f, 'NOT_USED', 'a value that no TPM returns'],
]

const TRANSIENT = new Set(['YIELDED', 'TESTING', 'NV_RATE', 'RETRY'])
const BAD_TAG: Row = [0x1e, 'BAD_TAG', 'the tag is not known: a TPM 1.2, or a command that is none']
/** winerror.h: the driver of Windows lets only some commands through. */
const BLOCKED: Row = [0x400, 'COMMAND_BLOCKED', 'the operating system blocks this command']

const numbered = (kind: Subject['kind'], number: number): Subject | null =>
  number === 0 ? null : { kind, number }

/** Bit 7 says format 1; bit 6 a parameter (4 bits), else bit 11 a session (3 bits), else a handle. */
function subjectOf(code: number): Subject | null {
  if ((code & 0x40) !== 0) return numbered('parameter', (code >> 8) & 0xf)
  const kind = (code & 0x800) !== 0 ? 'session' : 'handle'
  return numbered(kind, (code >> 8) & 0x7)
}

/** TPM_RC_REFERENCE_H0 to H6 and S0 to S6: the number is the code (Part 2, table 18). */
function reference(number: number): { row: Row; subject: Subject } | null {
  if (number < 0x10 || number > 0x1e || number === 0x17) return null
  const isHandle = number < 0x18
  const index = number - (isHandle ? 0x10 : 0x18)
  const name = `REFERENCE_${isHandle ? 'H' : 'S'}${index}`
  const meaning = `the ${isHandle ? 'object' : 'session'} is not loaded`
  return {
    row: [number, name, meaning],
    subject: { kind: isHandle ? 'handle' : 'session', number: index + 1 },
  }
}

function lookUp(code: number): { row: Row | undefined; subject: Subject | null } {
  const find = (rows: readonly Row[], number: number) => rows.find(([own]) => own === number)
  if ((code & 0x80) !== 0) return { row: find(FORMAT_1, code & 0x3f), subject: subjectOf(code) }
  if (code === BAD_TAG[0]) return { row: BAD_TAG, subject: null }
  // Bit 8 says version 2.0, bit 9 is reserved, bit 10 is a vendor's.
  if ((code & 0x700) !== 0x100) return { row: undefined, subject: null }
  if ((code & 0x800) === 0) return { row: find(FORMAT_0, code & 0x7f), subject: null }
  return reference(code & 0x7f) ?? { row: find(WARNINGS, code & 0x7f), subject: null }
}

/** Bits 16 up say which program before the TPM answered in its place: 0 is the TPM itself. */
function layerOf(raw: number): ResponseCode['layer'] {
  if (raw >>> 16 === 0x8028) return 'windows'
  return raw >>> 12 === 0 ? 'tpm' : 'resource-manager'
}

/** Explains any 32-bit response code; a code of nobody's table gets a name of its own. */
export function responseCode(raw: number): ResponseCode {
  const layer = layerOf(raw)
  const isBlocked = layer === 'windows' && (raw & 0xffff) === BLOCKED[0]
  const { row, subject } = isBlocked ? { row: BLOCKED, subject: null } : lookUp(raw & 0xfff)
  const name = row?.[1] ?? `UNKNOWN_0x${raw.toString(16).toUpperCase()}`
  const meaning = row?.[2] ?? 'the code is in no table: a vendor’s own, or from a newer revision'
  return { raw, name, subject, layer, meaning, isTransient: TRANSIENT.has(name) }
}

const LAYERS = { 'resource-manager': 'the resource manager', windows: 'Windows' } as const

/** `HANDLE of handle 1 (0x18B): nothing is there …`. */
export function responseText({ raw, name, subject, layer, meaning }: ResponseCode): string {
  const of = subject === null ? '' : ` of ${subject.kind} ${subject.number}`
  const by = layer === 'tpm' ? '' : `, said by ${LAYERS[layer]}`
  return `${name}${of} (0x${raw.toString(16).toUpperCase()}${by}): ${meaning}`
}
