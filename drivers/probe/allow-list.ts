// The TPM commands that the relay passes, each with its reason; everything else is refused here and once more on the device.
import { PAYLOAD_MAX, TPM_HEADER } from './frame.ts'

export interface Allowed {
  readonly code: number
  readonly name: string
  readonly why: string
  /** Ranges in which the first handle must lie; without it any may. */
  readonly handles?: readonly (readonly [from: number, to: number])[]
}

/** Indices of endorsement certificates, their templates, chains and the platform certificate (facts: TPM, section 2). */
const CERTIFICATES = [[0x01c0_0000, 0x01c0_ffff]] as const
const HIERARCHIES = [
  [0x4000_0001, 0x4000_0001],
  [0x4000_0007, 0x4000_0007],
  [0x4000_000b, 0x4000_000b],
] as const

/** Codes: TPM 2.0 part 2, 6.5.2. The probes hold the same list; a test compares all three. */
export const ALLOWED: readonly Allowed[] = [
  {
    code: 0x131,
    name: 'CreatePrimary',
    why: 'makes the endorsement key and a storage key anew',
    handles: HIERARCHIES,
  },
  { code: 0x143, name: 'SelfTest', why: 'a TPM may want it before anything else' },
  { code: 0x147, name: 'ActivateCredential', why: 'proves that both keys live in one TPM' },
  { code: 0x148, name: 'Certify', why: 'has one key vouch for another' },
  { code: 0x14e, name: 'NV_Read', why: 'reads certificates', handles: CERTIFICATES },
  // Only the endorsement hierarchy: a wrong word for lockout would lock the TPM.
  {
    code: 0x151,
    name: 'PolicySecret',
    why: 'opens the endorsement key',
    handles: [[0x4000_000b, 0x4000_000b]],
  },
  { code: 0x153, name: 'Create', why: 'makes the attestation key' },
  { code: 0x157, name: 'Load', why: 'loads the attestation key' },
  { code: 0x158, name: 'Quote', why: 'signs the measured boot' },
  { code: 0x165, name: 'FlushContext', why: 'leaves nothing loaded' },
  { code: 0x169, name: 'NV_ReadPublic', why: 'finds certificates', handles: CERTIFICATES },
  { code: 0x171, name: 'PolicyOR', why: 'opens endorsement keys of the high range' },
  { code: 0x173, name: 'ReadPublic', why: 'reads keys that stay in the TPM' },
  { code: 0x176, name: 'StartAuthSession', why: 'opens the endorsement key' },
  { code: 0x17a, name: 'GetCapability', why: 'asks what the TPM is' },
  { code: 0x17b, name: 'GetRandom', why: 'shows that the TPM answers' },
  { code: 0x17c, name: 'GetTestResult', why: 'says why a TPM does not work' },
  { code: 0x17e, name: 'PCR_Read', why: 'reads the measured boot' },
  { code: 0x181, name: 'ReadClock', why: 'counts restarts' },
  { code: 0x189, name: 'PolicyGetDigest', why: 'finds out why a policy fails' },
  { code: 0x18a, name: 'TestParms', why: 'asks whether a kind of key can be made' },
]

/** Codes that stand here by name so that nobody adds them without seeing what they do. */
export const NEVER: Readonly<Record<number, string>> = {
  287: 'NV_UndefineSpaceSpecial: destroys certificates',
  288: 'EvictControl: removes or adds keys for good',
  289: 'HierarchyControl: switches hierarchies off',
  290: 'NV_UndefineSpace: destroys certificates',
  292: 'ChangeEPS: makes every endorsement certificate worthless',
  293: 'ChangePPS: loses every platform key',
  294: 'Clear: loses every key of the owner',
  295: 'ClearControl: changes who may clear',
  297: 'HierarchyChangeAuth: locks the owner out',
  298: 'NV_DefineSpace: fills the TPM',
  299: 'PCR_Allocate: changes the banks',
  303: 'FieldUpgradeStart: replaces the firmware',
  308: 'NV_Increment: changes what is stored',
  309: 'NV_SetBits: changes what is stored',
  310: 'NV_Extend: changes what is stored',
  311: 'NV_Write: changes what is stored',
  312: 'NV_WriteLock: changes what is stored',
  313: 'DictionaryAttackLockReset: hides attacks',
  314: 'DictionaryAttackParameters: weakens or locks the TPM',
  317: 'PCR_Reset: forges the measured boot',
  318: 'PCR_Event: forges the measured boot',
  324: 'Startup: belongs to the firmware',
  325: 'Shutdown: belongs to the operating system',
  386: 'PCR_Extend: forges the measured boot',
}

/** TPM_ST_NO_SESSIONS and TPM_ST_SESSIONS. */
const TAGS = [0x8001, 0x8002]

const hex = (value: number) => `0x${value.toString(16).toUpperCase()}`

/** Why the relay does not pass these bytes; null when it does. Vendor commands (bit 29) are on no list. */
export function refusalOfCommand(command: Uint8Array): string | null {
  if (command.length < TPM_HEADER || command.length > PAYLOAD_MAX)
    return `a command of ${command.length} bytes`
  const view = new DataView(command.buffer, command.byteOffset, command.byteLength)
  if (!TAGS.includes(view.getUint16(0))) return `tag ${hex(view.getUint16(0))}`
  if (view.getUint32(2) !== command.length) return 'a header with another size'
  const code = view.getUint32(6)
  const row = ALLOWED.find((one) => one.code === code)
  if (row === undefined)
    return Object.hasOwn(NEVER, code) ? `${NEVER[code]}` : `command ${hex(code)}`
  if (row.handles === undefined) return null
  if (command.length < TPM_HEADER + 4) return `${row.name} without a handle`
  const handle = view.getUint32(TPM_HEADER)
  const isIn = row.handles.some(([from, to]) => handle >= from && handle <= to)
  return isIn ? null : `${row.name} of ${hex(handle)}`
}
