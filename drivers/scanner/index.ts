// Opens the scanner that the config names.
import { StationError } from '../../agent/fault.ts'
import type { Clock, Scanner } from '../../agent/ports.ts'
import { hidOfThisPc } from '../io/hid.ts'
import { HidBus } from '../io/hid-bus.ts'
import { baudOf, choice, portPath, splitPartUrl } from '../io/url.ts'
import { openHidPosScanner } from './hid-pos.ts'
import type { HidPosLayout } from './hid-pos-frames.ts'
import { openSerialScanner } from './serial.ts'

export type ScannerUrl =
  | { readonly driver: 'serial'; readonly path: string; readonly baud?: number }
  | {
      readonly driver: 'hid-pos'
      /** USB serial number or port; empty: the only one that is plugged in. */
      readonly address: string
      readonly layout: HidPosLayout | null
    }

export interface ScannerContext {
  readonly clock: Clock
  /** The HID peripherals of this PC, shared with lamps and buttons; without it one is made when it is needed. */
  readonly hid?: HidBus
  /** True: a missing port is an error (`doctor`), not the fact `gone`. */
  readonly required?: boolean
}

export interface OpenScanner extends Scanner {
  close(): Promise<void>
}

/**
 * `serial:/dev/serial/by-id/…[?baud=9600]` or `hid-pos:<serial number or USB port>[?layout=aim|plain]`.
 * @throws StationError STATION_DRIVER_UNKNOWN, CONFIG_INVALID
 */
export function parseScannerUrl(url: string): ScannerUrl {
  const scheme = url.split(':', 1)[0]
  if (scheme === 'hid-pos') {
    const parts = splitPartUrl(url, ['layout'])
    const layout = choice(url, parts, 'layout', ['aim', 'plain'])
    return { driver: 'hid-pos', address: parts.path, layout: layout ?? null }
  }
  if (scheme !== 'serial') throw new StationError('STATION_DRIVER_UNKNOWN', url)
  const parts = splitPartUrl(url, ['baud'])
  const baud = baudOf(url, parts)
  return { driver: 'serial', path: portPath(url, parts), ...(baud === undefined ? {} : { baud }) }
}

/**
 * The scanner at `url`.
 * @throws StationError STATION_DRIVER_UNKNOWN, CONFIG_INVALID; with `required` STATION_PORT_*
 */
export async function openScanner(url: string, context: ScannerContext): Promise<OpenScanner> {
  const { clock } = context
  const parsed = parseScannerUrl(url)
  if (parsed.driver === 'hid-pos') {
    const bus = context.hid ?? new HidBus({ clock, system: hidOfThisPc() })
    return openHidPosScanner({ ...parsed, what: url, bus, clock })
  }
  const { path, baud } = parsed
  return openSerialScanner({ ...context, path, ...(baud === undefined ? {} : { baud }) })
}
