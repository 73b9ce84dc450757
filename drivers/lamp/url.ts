// The addresses of lamps: which model, where it is, and what hangs at its channels.
import { StationError } from '../../agent/fault.ts'
import { choice, type PartUrl, portPath, splitPartUrl } from '../io/url.ts'
import { BLINKSTICK_LEDS } from './rgb-lamps.ts'
import { WIRED, type Wired } from './switched.ts'

export type LampUrl =
  | { readonly driver: 'none' | 'terminal' }
  | {
      readonly driver: 'blink1' | 'luxafor' | 'busylight' | 'embrava' | 'patlite'
      /** Serial number or USB port; empty: the only one there is. */
      readonly address: string
      readonly mute: boolean
    }
  | {
      readonly driver: 'blinkstick'
      readonly address: string
      readonly leds: number
      readonly mute: boolean
    }
  | {
      readonly driver: 'relay'
      /** The five characters of the board; empty: the only one there is. */
      readonly address: string
      readonly map: readonly Wired[]
      readonly mute: boolean
    }
  | { readonly driver: 'fitstat' | 'tower'; readonly path: string; readonly mute: boolean }
  | {
      readonly driver: 'lcus'
      readonly path: string
      readonly map: readonly Wired[]
      readonly mute: boolean
    }
  | { readonly driver: 'command'; readonly path: string }

/** Boards have 8 channels at most. */
const CHANNELS_MAX = 8

/**
 * `blink1:`, `luxafor:`, `busylight:`, `embrava:`, `patlite:` + serial number or USB port; `blinkstick:…[?leds=]`;
 * `relay:<id>[?map=]`; `fitstat:`, `tower:`, `lcus:…[?map=]` + port; `command:<path>`; `none:`; `terminal:`. All but the
 * last three take `mute=1`.
 * @throws StationError STATION_DRIVER_UNKNOWN, CONFIG_INVALID
 */
export function parseLampUrl(url: string): LampUrl {
  const scheme = url.split(':', 1)[0]
  switch (scheme) {
    case 'none':
    case 'terminal':
      if (url === `${scheme}:`) return { driver: scheme }
      break
    case 'blink1':
    case 'luxafor':
    case 'busylight':
    case 'embrava':
    case 'patlite': {
      const parts = splitPartUrl(url, ['mute'])
      return { driver: scheme, address: addressOf(url, parts), mute: isMute(url, parts) }
    }
    case 'blinkstick': {
      const parts = splitPartUrl(url, ['mute', 'leds'])
      const leds = Number(choice(url, parts, 'leds', BLINKSTICK_LEDS.map(String)) ?? 1)
      return { driver: scheme, address: addressOf(url, parts), leds, mute: isMute(url, parts) }
    }
    case 'relay': {
      const parts = splitPartUrl(url, ['mute', 'map'])
      if (parts.path !== '' && !/^[\x21-\x7e]{5}$/.test(parts.path))
        throw new StationError('CONFIG_INVALID', `${url}: the id of a relay has five characters`)
      const address = parts.path
      return { driver: scheme, address, map: mapOf(url, parts), mute: isMute(url, parts) }
    }
    case 'fitstat':
    case 'tower': {
      const parts = splitPartUrl(url, ['mute'])
      return { driver: scheme, path: portPath(url, parts), mute: isMute(url, parts) }
    }
    case 'lcus': {
      const parts = splitPartUrl(url, ['mute', 'map'])
      const path = portPath(url, parts)
      return { driver: scheme, path, map: mapOf(url, parts), mute: isMute(url, parts) }
    }
    case 'command': {
      const parts = splitPartUrl(url, [])
      return { driver: scheme, path: portPath(url, parts) }
    }
  }
  throw new StationError('STATION_DRIVER_UNKNOWN', url)
}

function addressOf(url: string, { path }: PartUrl): string {
  if (path === '' || /^[\x21-\x7e]{1,128}$/.test(path)) return path
  throw new StationError('CONFIG_INVALID', `${url}: no serial number and no USB port`)
}

const isMute = (url: string, parts: PartUrl): boolean =>
  choice(url, parts, 'mute', ['0', '1']) === '1'

/** What hangs at channel 1, 2, …: one lamp, or all three colours, so that no signal is lost. */
function mapOf(url: string, { settings }: PartUrl): readonly Wired[] {
  const words = (settings.get('map') ?? 'lamp').split(',')
  const map = words.map((word) => WIRED.find((wired) => wired === word) ?? null)
  const known = map.filter((wired) => wired !== null)
  const count = (wired: Wired): number => known.filter((one) => one === wired).length
  const colours = ['red', 'yellow', 'green'] as const
  const isTower = colours.every((colour) => count(colour) === 1) && count('lamp') === 0
  const isLamp = colours.every((colour) => count(colour) === 0) && count('lamp') === 1
  if (known.length === words.length && known.length <= CHANNELS_MAX && (isTower || isLamp))
    if (count('buzzer') <= 1) return known
  throw new StationError(
    'CONFIG_INVALID',
    `${url}: map is lamp, or red,yellow,green in the order of the channels, each once; also buzzer and -`,
  )
}
