// Finds the case of each row that Windows itself speaks for, from the probe's words.
import type { WindowsSighting } from './sighting.ts'
import { CLOCK_LIMITS, type Found } from './table.ts'
import { informationWords, isVulnerable, needsClear } from './windows-flags.ts'

const NO_PROBE = { absent: 'no probe' } as const

/** Flags that must be told, in the order of tpmtool. */
const NEEDED = [
  ['present', 'TPM Present'],
  ['initialized', 'Is Initialized'],
  ['readyForStorage', 'Ready For Storage'],
  ['readyForAttestation', 'Ready For Attestation'],
  ['capableForAttestation', 'Is Capable For Attestation'],
  ['clearNeeded', 'Clear Needed To Recover'],
  ['vulnerableFirmware', 'TPM Has Vulnerable Firmware'],
  ['lockedOut', 'Is Locked Out'],
] as const

function flagsRow({ flags, information, firstTaskRan }: WindowsSighting): Found<'windows-flags'> {
  const mask = information ?? 0
  const words = informationWords(mask)
  const also = words.length === 0 ? '' : ` (${words.join(', ')})`
  if (flags.vulnerableFirmware === true || isVulnerable(mask))
    return { is: 'vulnerable-firmware', value: `vulnerable firmware${also}` }
  if (flags.clearNeeded === true || needsClear(mask))
    return { is: 'clear-needed', value: `clear needed${also}` }
  if (flags.lockedOut === true) return { is: 'locked-out', value: `locked out${also}` }
  const untold = NEEDED.filter(([key]) => flags[key] === null).map(([, name]) => name)
  if (untold.length > 0 || flags.version === null)
    return { is: 'incomplete', value: `not told: ${[...untold, ...version(flags)].join(', ')}` }
  const isOld = !flags.version.startsWith('2.0')
  const unready = NEEDED.slice(0, 5)
    .filter(([key]) => flags[key] === false)
    .map(([, name]) => name)
  if (unready.length === 0 && !isOld && mask === 0) return { is: 'ready', value: 'all ready' }
  const value = `not ready: ${[...unready, ...(isOld ? ['TPM Version'] : [])].join(', ')}${also}`
  // Known quirk: before the licence page and the Tpm-Maintenance task this one flag is false on sound devices.
  const isQuirk = unready.join() === 'Ready For Attestation' && !isOld && firstTaskRan !== true
  return isQuirk ? { is: 'before-first-task', value } : { is: 'not-ready', value }
}

const version = (flags: WindowsSighting['flags']) => (flags.version === null ? ['TPM Version'] : [])

function clockRow({ clockOffsetMs }: WindowsSighting): Found<'device-clock'> {
  if (clockOffsetMs === null) return { missing: 'not told' }
  const off = Math.abs(clockOffsetMs)
  const value = `${(clockOffsetMs / 1000).toFixed(1)} s`
  if (off <= CLOCK_LIMITS.right) return { is: 'right', value }
  return off <= CLOCK_LIMITS.late ? { is: 'late', value } : { is: 'wrong', value }
}

export function observeWindows(windows: WindowsSighting | null): {
  readonly 'windows-flags': Found<'windows-flags'>
  readonly 'device-clock': Found<'device-clock'>
} {
  if (windows === null) return { 'windows-flags': NO_PROBE, 'device-clock': NO_PROBE }
  return { 'windows-flags': flagsRow(windows), 'device-clock': clockRow(windows) }
}
