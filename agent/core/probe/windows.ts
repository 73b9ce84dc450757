// Windows' own words about its TPM, from a probe: flags of CIM first, since they are never localised, then lines of tpmtool.
import type { MachineSighting, WindowsFlags, WindowsSighting } from '../tpm/sighting.ts'
import { manufacturerNumber } from '../tpm/vendors.ts'
import { isVulnerable, needsClear, readTpmtool } from '../tpm/windows-flags.ts'
import type { ProbeReport } from './report.ts'

/** Bits of IsReadyInformation without which the device can attest: EK missing, EK certificate, not reduced, vulnerable. */
const CAPABLE_NOT = 0x80 | 0x40000 | 0x100000 | 0x1000000

const truth = (text: string | undefined): boolean | null =>
  text === undefined ? null : /^true$/i.test(text) ? true : /^false$/i.test(text) ? false : null

const both = (...flags: readonly (boolean | null)[]): boolean | null =>
  flags.includes(false) ? false : flags.includes(null) ? null : true

/** `2.0, 0, 1.59` of Win32_Tpm.SpecVersion; `2.0` of tpmtool. */
const version = (text: string | undefined | null): string | null =>
  /^\s*(\d\.\d)\b/.exec(text ?? '')?.[1] ?? null

function maskOf(text: string | undefined): number | null {
  if (text === undefined || !/^(?:0x[0-9a-f]{1,8}|\d{1,10})$/i.test(text)) return null
  const mask = Number(text)
  return mask <= 0xffff_ffff ? mask : null
}

/**
 * Flags by CIM (facts: TPM, section 4). Win32_Tpm has no method for "ready for attestation": with the mask of
 * IsReadyInformation 0 means ready, and the bits above say whether it is capable.
 */
function flagsOfCim(tpm: ProbeReport['tpm'], information: number | null): WindowsFlags {
  const isReady = truth(tpm['IsReady'] ?? tpm['TpmReady'])
  return {
    present: truth(tpm['Present'] ?? tpm['TpmPresent']),
    version: version(tpm['SpecVersion']),
    initialized: both(
      truth(tpm['IsEnabled'] ?? tpm['TpmEnabled']),
      truth(tpm['IsActivated'] ?? tpm['TpmActivated']),
      truth(tpm['IsOwned'] ?? tpm['TpmOwned']),
    ),
    readyForStorage: isReady,
    readyForAttestation: information === null ? null : isReady !== false && information === 0,
    capableForAttestation: information === null ? null : (information & CAPABLE_NOT) === 0,
    clearNeeded: information === null ? null : needsClear(information),
    vulnerableFirmware: information === null ? null : isVulnerable(information),
    lockedOut: truth(tpm['IsLockedOut'] ?? tpm['LockedOut']),
  }
}

/** tpmtool knows Windows' own answer; where it is not English it says nothing, and CIM speaks. */
function merged(tool: WindowsFlags, cim: WindowsFlags): WindowsFlags {
  return {
    present: cim.present ?? tool.present,
    version: cim.version ?? version(tool.version),
    initialized: tool.initialized ?? cim.initialized,
    readyForStorage: tool.readyForStorage ?? cim.readyForStorage,
    readyForAttestation: tool.readyForAttestation ?? cim.readyForAttestation,
    capableForAttestation: tool.capableForAttestation ?? cim.capableForAttestation,
    clearNeeded: worse(tool.clearNeeded, cim.clearNeeded),
    vulnerableFirmware: worse(tool.vulnerableFirmware, cim.vulnerableFirmware),
    lockedOut: worse(tool.lockedOut, cim.lockedOut),
  }
}

/** Of two words about something bad, the bad one. */
const worse = (one: boolean | null, other: boolean | null): boolean | null =>
  one === true || other === true ? true : (one ?? other)

/** `SetupDisplayedEula` 1: the licence was accepted, so that the maintenance task could run (facts: TPM, section 4). */
const isEulaShown = (report: ProbeReport): boolean | null => {
  const row = report.registry.find(({ name }) => name.toLowerCase() === 'setupdisplayedeula')
  return row === undefined ? null : row.value === '1'
}

/** `1229346816` of Win32_Tpm.ManufacturerId, `IFX` of ManufacturerIdTxt and of tpmtool. */
function manufacturerOf(text: string | null | undefined): number | null {
  if (typeof text !== 'string') return null
  if (!/^\d{5,10}$/.test(text)) return manufacturerNumber(text)
  const id = Number(text)
  return id <= 0xffff_ffff ? id : null
}

/** `7.85.4555.0`, as two to four numbers; none when it is no version. */
const versionNumbers = (text: string | null | undefined): readonly number[] =>
  /^\d{1,5}(?:\.\d{1,5}){1,3}$/.test(text ?? '') ? (text ?? '').split('.').map(Number) : []

/** Who made the TPM by Windows' word: it chooses the vendor's addresses where the station did not attest. */
function makerOf(
  { tpm }: ProbeReport,
  tool: { readonly manufacturerId: string | null; readonly manufacturerVersion: string | null },
): Pick<WindowsSighting, 'maker'> {
  const told = [tpm['ManufacturerId'], tpm['ManufacturerIdTxt'], tool.manufacturerId]
  const manufacturer = told.map(manufacturerOf).find((id) => id !== null) ?? null
  if (manufacturer === null) return {}
  const firmware = versionNumbers(tpm['ManufacturerVersion'] ?? tool.manufacturerVersion)
  return { maker: { manufacturer, firmware } }
}

/** What Windows says; null when the probe does not run on an installed Windows. `now`: the station's UTC ms. */
export function windowsSighting(report: ProbeReport, now: number): WindowsSighting | null {
  if (report.probe !== 'windows') return null
  const tool = readTpmtool(report.tpmtool)
  const information = maskOf(report.tpm['Information']) ?? tool.information
  const isDone = report.isFirstTaskDone ?? tool.maintenanceDone
  return {
    flags: merged(tool, flagsOfCim(report.tpm, information)),
    information,
    firstTaskRan: isDone === true || isEulaShown(report) === true ? true : isDone,
    clockOffsetMs: report.clock === null ? null : report.clock - now,
    build: report.os.build,
    ...makerOf(report, tool),
  }
}

/** What SMBIOS says of the machine; signs of a virtual one stand beside the model, where the verdict looks for them. */
export function machineSighting(report: ProbeReport): MachineSighting | null {
  const { manufacturer, model } = report.smbios
  if (manufacturer === null && model === null && report.virtual.length === 0) return null
  const signs = report.virtual.length === 0 ? '' : ` (virtual: ${report.virtual.join(', ')})`
  return { manufacturer: manufacturer ?? 'unknown', model: `${model ?? 'unknown'}${signs}` }
}
