// Knows the lamps among the HID peripherals of a PC, and how the config would name each of them.
import type { HidFound } from '../io/hid-system.ts'
import { BLINK1_IDS } from './blink1.ts'
import { PATLITE_IDS } from './patlite.ts'
import {
  BLINKSTICK_IDS,
  BLINKSTICK_NAME,
  BUSYLIGHT_IDS,
  EMBRAVA_IDS,
  LUXAFOR_IDS,
  LUXAFOR_NAME,
} from './rgb-lamps.ts'
import { RELAY_IDS, RELAY_NAME } from './switched.ts'

interface KnownLamp {
  readonly scheme: string
  readonly ids: readonly { readonly vendor: number; readonly product: number }[]
  readonly name?: RegExp
}

const KNOWN: readonly KnownLamp[] = [
  { scheme: 'blink1', ids: BLINK1_IDS },
  { scheme: 'luxafor', ids: LUXAFOR_IDS, name: LUXAFOR_NAME },
  { scheme: 'blinkstick', ids: BLINKSTICK_IDS, name: BLINKSTICK_NAME },
  { scheme: 'busylight', ids: BUSYLIGHT_IDS },
  { scheme: 'embrava', ids: EMBRAVA_IDS },
  { scheme: 'patlite', ids: PATLITE_IDS },
  { scheme: 'relay', ids: RELAY_IDS, name: RELAY_NAME },
]

/**
 * The address of a lamp: `blink1:2000ABCD`, by serial number, else by USB port. A relay's identity can be read from the
 * board alone, so its address is empty. Null for what is no lamp of ours.
 */
export function lampUrlOf(found: HidFound): string | null {
  const known = KNOWN.find(
    ({ ids, name }) =>
      ids.some((id) => id.vendor === found.vendor && id.product === found.product) &&
      (name === undefined || name.test(found.name)),
  )
  if (known === undefined) return null
  const address =
    known.scheme === 'relay' ? '' : found.serial || (found.byPath ?? found.usbPath ?? '')
  return `${known.scheme}:${address}`
}
