// Windows' own words about its TPM: lines of tpmtool, flags of Win32_Tpm and the mask of IsReadyInformation.
import type { WindowsFlags } from './sighting.ts'

/** Bits of Win32_Tpm.IsReadyInformation (facts: TPM, section 4), in words. */
export const INFORMATION_BITS: readonly (readonly [number, string])[] = [
  [0x2, 'shutdown needed'],
  [0x4, 'restart needed'],
  [0x8, 'clear needed'],
  [0x10, 'physical presence needed'],
  [0x20, 'TPM is disabled'],
  [0x40, 'ownership not taken'],
  [0x80, 'endorsement key missing'],
  [0x100, 'owner authorisation not stored'],
  [0x200, 'storage key authorisation'],
  [0x400, 'owner clear is disabled'],
  [0x800, 'storage key does not match'],
  [0x1000, 'storage key not readable'],
  [0x2000, 'boot counter missing'],
  [0x4000, 'directory backup missing'],
  [0x8000, 'directory backup, first phase'],
  [0x10000, 'directory backup, second phase'],
  [0x20000, 'legacy configuration'],
  [0x40000, 'EK certificate not read'],
  [0x80000, 'event log empty or unreadable'],
  [0x100000, 'not reduced'],
  [0x200000, 'generic error'],
  [0x400000, 'lock counter'],
  [0x800000, 'device id'],
  [0x1000000, 'attestation vulnerability'],
]
const CLEAR_NEEDED = 0x8
const VULNERABLE = 0x1000000

export const informationWords = (mask: number): readonly string[] =>
  INFORMATION_BITS.filter(([bit]) => (mask & bit) !== 0).map(([, words]) => words)

export const needsClear = (mask: number): boolean => (mask & CLEAR_NEEDED) !== 0
export const isVulnerable = (mask: number): boolean => (mask & VULNERABLE) !== 0

export const NO_FLAGS: WindowsFlags = {
  present: null,
  version: null,
  initialized: null,
  readyForStorage: null,
  readyForAttestation: null,
  capableForAttestation: null,
  clearNeeded: null,
  vulnerableFirmware: null,
  lockedOut: null,
}

/** Keys of tpmtool's English output, lower case. A localised system gives none of them: its flags come by CIM. */
const KEYS: Readonly<Record<string, Exclude<keyof WindowsFlags, 'version'>>> = {
  'tpm present': 'present',
  'is initialized': 'initialized',
  'ready for storage': 'readyForStorage',
  'ready for attestation': 'readyForAttestation',
  'is capable for attestation': 'capableForAttestation',
  'clear needed to recover': 'clearNeeded',
  'tpm has vulnerable firmware': 'vulnerableFirmware',
  'is locked out': 'lockedOut',
}

/** More text than tpmtool prints is not read. */
const TEXT_MAX = 16 * 1024

const truth = (text: string): boolean | null =>
  /^true$/i.test(text) ? true : /^false$/i.test(text) ? false : null

/** Flags of `tpmtool getdeviceinformation`; a line that is missing or unknown is null. Never throws. */
export function readTpmtool(text: string): WindowsFlags & {
  readonly maintenanceDone: boolean | null
  readonly information: number | null
  /** `IFX` and `7.85.4555.0`, as they stand. */
  readonly manufacturerId: string | null
  readonly manufacturerVersion: string | null
} {
  const found: { -readonly [K in keyof WindowsFlags]: WindowsFlags[K] } = { ...NO_FLAGS }
  let maintenanceDone: boolean | null = null
  let information: number | null = null
  let manufacturerId: string | null = null
  let manufacturerVersion: string | null = null
  for (const line of text.slice(0, TEXT_MAX).split(/\r?\n/)) {
    const [, name, value] = /^\s*-?\s*([^:]{1,60}):\s*(.*?)\s*$/.exec(line) ?? []
    if (name === undefined || value === undefined) continue
    const key = name.trim().toLowerCase()
    const flag = Object.hasOwn(KEYS, key) ? KEYS[key] : undefined
    if (flag !== undefined) found[flag] = truth(value)
    if (key === 'tpm version') found.version = value
    if (key === 'maintenance task complete') maintenanceDone = truth(value)
    if (key === 'tpm manufacturer id') manufacturerId = value
    if (key === 'tpm manufacturer version') manufacturerVersion = value
    if (key === 'information flags' && /^(?:0x[0-9a-f]{1,8}|\d{1,10})$/i.test(value))
      information = Number(value)
  }
  return { ...found, maintenanceDone, information, manufacturerId, manufacturerVersion }
}
