// Turns faults of the TPM package into what the verdict knows: how a conversation broke, and at which step.
import { isTpmFault, type TpmFault } from 'tpm2-ts'
import { isStationError, StationError } from '../../agent/fault.ts'
import type { TpmTrouble } from '../../agent/ports.ts'

const NO_SLOT = ['OBJECT_MEMORY', 'SESSION_MEMORY', 'MEMORY', 'OBJECT_HANDLES', 'SESSION_HANDLES']
/** Nobody but us flushes our keys: a TPM that does not know them any more has restarted. */
const FORGOTTEN = /^(?:INITIALIZE|HANDLE|REFERENCE_[HS]\d)$/

function kindOf(fault: TpmFault): TpmTrouble['kind'] {
  switch (fault.code) {
    case 'TPM_UNREACHABLE':
    case 'TPM_CLOSED':
    case 'TPM_BUSY':
    case 'TPM_CANCELLED':
      return 'stopped'
    case 'TPM_TIMEOUT':
      return 'timed-out'
    case 'TPM_RESPONSE': {
      const name = fault.response?.name ?? ''
      if (NO_SLOT.includes(name)) return 'no-slot'
      return FORGOTTEN.test(name) ? 'restarted' : 'refused'
    }
    default:
      return 'garbled'
  }
}

/** `TPM_CLOSED: The peer …` without its code. */
const sentence = (fault: TpmFault) => fault.message.replace(/^[A-Z_]+: /, '').replace(/\.$/, '')

/** What broke off, as data. Throws what is not about the TPM: our own mistakes. */
export function troubleOf(error: unknown, step: string): TpmTrouble {
  // A relay of the project speaks in codes of the station.
  if (isStationError(error) && error.code === 'DEVICE_TPM_DATA')
    return { kind: 'garbled', step, detail: error.where }
  if (isStationError(error) && error.code === 'DEVICE_TPM_SILENT')
    return { kind: 'stopped', step, detail: error.where }
  // A relay has its own faults: the probe that ended, and the device that would not.
  if (isStationError(error) && error.code === 'DEVICE_PROBE_GONE')
    return { kind: 'stopped', step, detail: error.where }
  if (isStationError(error) && error.code === 'DEVICE_PROBE_REFUSED')
    return { kind: 'refused', step, detail: error.where }
  if (!isTpmFault(error) || error.code === 'TPM_USAGE') throw error
  return { kind: kindOf(error), step, detail: sentence(error) }
}

/** The fault of a TPM that never gave an answer that can be read. */
export const silent = (where: string, error: TpmFault): StationError =>
  new StationError('DEVICE_TPM_SILENT', `${where}: ${sentence(error)}`, { cause: error })
