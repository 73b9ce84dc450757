// Weighs disk, memory and clock of the bench PC for the pre-check; pure, so that every limit stands in a test.
import type { Finding } from '../../agent/ports.ts'

const MIB = 1024 * 1024

/** Where a finding changes its grade; bytes. */
export interface HostLimits {
  readonly diskWarn: number
  readonly diskHold: number
  readonly memoryWarn: number
}

/**
 * A run writes well under 1 MB; the holds of the ledger come long before the 8 MB of its ballast. The memory limit is
 * what the agent with 64 busy bays may take.
 */
export const HOST_LIMITS: HostLimits = {
  diskWarn: 1024 * MIB,
  diskHold: 200 * MIB,
  memoryWarn: 256 * MIB,
}

/** What the PC says of its clock: kept by a time server, not kept, or no word about it. */
export type ClockKeeping = 'kept' | 'not kept' | 'unknown'

/** Bytes as `84.5 GB free`, in powers of ten as disks are sold. */
export function freeText(bytes: number): string {
  const [unit, size] = bytes >= 1e9 ? ['GB', 1e9] : ['MB', 1e6]
  return `${(bytes / Number(size)).toFixed(1)} ${unit} free`
}

export function diskFinding(free: number | null, limits: HostLimits): Finding {
  const id = 'host.disk'
  if (free === null) {
    const hint = 'Check that the data directory exists and may be read.'
    return { id, grade: 'warn', value: 'cannot tell', hint }
  }
  const hint = 'Free space on the disk of the data directory.'
  const grade = free < limits.diskHold ? 'hold' : free < limits.diskWarn ? 'warn' : 'ok'
  return { id, grade, value: freeText(free), hint: grade === 'ok' ? '' : hint }
}

export function memoryFinding(available: number | null, limits: HostLimits): Finding {
  const id = 'host.memory'
  if (available === null) return { id, grade: 'warn', value: 'cannot tell', hint: '' }
  const isLow = available < limits.memoryWarn
  const hint = isLow ? 'Stop other programs on the bench PC.' : ''
  return { id, grade: isLow ? 'warn' : 'ok', value: freeText(available), hint }
}

export function clockFinding(keeping: ClockKeeping): Finding {
  const id = 'host.clock'
  if (keeping === 'kept') return { id, grade: 'ok', value: 'kept by a time server', hint: '' }
  const hint = 'Let the bench PC keep its time by NTP; `timedatectl` shows whether it does.'
  const value = keeping === 'not kept' ? 'not kept by a time server' : 'cannot tell'
  return { id, grade: 'warn', value, hint }
}

/** `MemAvailable` of /proc/meminfo in bytes; null when it is not there. */
export function availableMemory(meminfo: string): number | null {
  const kib = /^MemAvailable:\s+(\d{1,15}) kB$/m.exec(meminfo)?.[1]
  return kib === undefined ? null : Number(kib) * 1024
}
