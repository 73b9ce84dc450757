// Opens the buttons that a bay's config names; the touch sensor of a lamp is opened with its lamp.
import { StationError } from '../../agent/fault.ts'
import type { Clock } from '../../agent/ports.ts'
import type { HidBus } from '../io/hid-bus.ts'
import { splitPartUrl } from '../io/url.ts'
import { type ClosableButton, openHidButtons } from './hid-buttons.ts'
import { readKeys } from './key-map.ts'

export interface ButtonsContext {
  readonly clock: Clock
  readonly hid: HidBus
}

/**
 * `hid:<serial number or USB port>[?keys=…]`, or null for `none:`.
 * @throws StationError STATION_DRIVER_UNKNOWN, CONFIG_INVALID
 */
export function openButtons(url: string, { clock, hid }: ButtonsContext): ClosableButton | null {
  if (url === 'none:') return null
  if (!url.startsWith('hid:')) throw new StationError('STATION_DRIVER_UNKNOWN', url)
  const { path, settings } = splitPartUrl(url, ['keys'])
  const keys = settings.get('keys')
  if (!/^[\x21-\x7e]{1,128}$/.test(path))
    throw new StationError('CONFIG_INVALID', `${url}: no serial number and no USB port`)
  const places = keys === undefined ? null : readKeys(url, keys)
  return openHidButtons({ what: url, address: path, keys: places, bus: hid, clock })
}
