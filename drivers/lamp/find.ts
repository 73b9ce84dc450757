// Looks whether the lamp of an address is plugged in and may be opened, without lighting it: a station may be using it.
import { access, constants } from 'node:fs/promises'
import { StationError } from '../../agent/fault.ts'
import type { HidWanted } from '../io/hid-line.ts'
import { BLINK1_IDS } from './blink1.ts'
import type { LampFamily } from './family.ts'
import { PATLITE_IDS } from './patlite.ts'
import {
  BLINKSTICK_IDS,
  BLINKSTICK_NAME,
  BUSYLIGHT_IDS,
  EMBRAVA_IDS,
  LUXAFOR_IDS,
  LUXAFOR_NAME,
} from './rgb-lamps.ts'
import { RELAY_IDS, RELAY_NAME, relayId } from './switched.ts'
import { type LampUrl, parseLampUrl } from './url.ts'

type HidUrl = Extract<LampUrl, { readonly address: string }>

/** How the peripheral of an address is told from all others. */
export function wantedOf(what: string, { driver, address }: HidUrl): HidWanted {
  const wanted = { what, address }
  switch (driver) {
    case 'blink1':
      return { ...wanted, ids: BLINK1_IDS }
    case 'luxafor':
      return { ...wanted, ids: LUXAFOR_IDS, name: LUXAFOR_NAME }
    case 'blinkstick':
      return { ...wanted, ids: BLINKSTICK_IDS, name: BLINKSTICK_NAME }
    case 'busylight':
      return { ...wanted, ids: BUSYLIGHT_IDS }
    case 'embrava':
      return { ...wanted, ids: EMBRAVA_IDS }
    case 'patlite':
      return { ...wanted, ids: PATLITE_IDS }
    case 'relay':
      return { ...wanted, ids: RELAY_IDS, name: RELAY_NAME, identify: relayId }
  }
}

/**
 * What was found at the address of a lamp, in words.
 * @throws StationError STATION_LAMP_GONE, STATION_HID_WRONG, STATION_HID_DENIED, STATION_PORT_GONE, STATION_PORT_DENIED
 */
export async function findLamp(url: string, { hid }: LampFamily): Promise<string> {
  const parsed = parseLampUrl(url)
  if ('address' in parsed) {
    const found = await hid.find(wantedOf(url, parsed))
    if (found instanceof StationError)
      throw found.code === 'STATION_HID_GONE'
        ? new StationError('STATION_LAMP_GONE', found.where)
        : found
    await mayUse(found.node, constants.R_OK | constants.W_OK, 'STATION_HID_DENIED')
    return `${url}: ${found.name === '' ? 'plugged in' : found.name}`
  }
  if (!('path' in parsed)) return url
  const mode = parsed.driver === 'command' ? constants.X_OK : constants.R_OK | constants.W_OK
  const isThere = await access(parsed.path).then(
    () => true,
    () => false,
  )
  if (!isThere) throw new StationError('STATION_PORT_GONE', parsed.path)
  await mayUse(parsed.path, mode, 'STATION_PORT_DENIED')
  return url
}

async function mayUse(
  path: string,
  mode: number,
  code: 'STATION_HID_DENIED' | 'STATION_PORT_DENIED',
): Promise<void> {
  try {
    await access(path, mode)
  } catch (cause) {
    throw new StationError(code, path, { cause })
  }
}
