// Opens the scanner that the config names.
import { StationError } from '../../agent/fault.ts'
import type { Clock } from '../../agent/ports.ts'
import { baudOf, portPath, splitPartUrl } from '../io/url.ts'
import { openSerialScanner, type SerialScanner } from './serial.ts'

export interface ScannerUrl {
  readonly driver: 'serial'
  readonly path: string
  readonly baud?: number
}

export interface ScannerContext {
  readonly clock: Clock
  /** True: a missing port is an error (`doctor`), not the fact `gone`. */
  readonly required?: boolean
}

/**
 * `serial:/dev/serial/by-id/…[?baud=9600]`.
 * @throws StationError STATION_DRIVER_UNKNOWN, CONFIG_INVALID
 */
export function parseScannerUrl(url: string): ScannerUrl {
  if (url.split(':', 1)[0] !== 'serial') throw new StationError('STATION_DRIVER_UNKNOWN', url)
  const parts = splitPartUrl(url, ['baud'])
  const baud = baudOf(url, parts)
  return { driver: 'serial', path: portPath(url, parts), ...(baud === undefined ? {} : { baud }) }
}

/**
 * The scanner at `url`.
 * @throws StationError STATION_DRIVER_UNKNOWN, CONFIG_INVALID, STATION_PORT_BUSY, STATION_PORT_DENIED
 */
export async function openScanner(url: string, context: ScannerContext): Promise<SerialScanner> {
  const { path, baud } = parseScannerUrl(url)
  return openSerialScanner({ ...context, path, ...(baud === undefined ? {} : { baud }) })
}
