// Reads the addresses of lamps and of the buttons at a bay; which bytes they take is the driver's.
import {
  badPath,
  bare,
  FAMILIES,
  invalid,
  option,
  type Read,
  split,
  type UrlFault,
  unknownOption,
  type Written,
} from './driver-url.ts'

/** What stands behind the colon is the driver's; `text` is what it opens. */
export type LampUrl = Written<
  | 'none'
  | 'terminal'
  | 'virtual'
  | 'blink1'
  | 'luxafor'
  | 'blinkstick'
  | 'busylight'
  | 'embrava'
  | 'fitstat'
  | 'patlite'
  | 'tower'
  | 'relay'
  | 'lcus'
  | 'command'
>
export type ButtonsUrl = Written<'none' | 'hid' | 'patlite'>

/** Options of a lamp by its driver; `mute` keeps a buzzer quiet. */
const LAMP_OPTIONS: Readonly<Record<string, readonly string[]>> = {
  blinkstick: ['mute', 'leds'],
  relay: ['mute', 'map'],
  lcus: ['mute', 'map'],
  command: [],
}

/** `blink1:<serial or USB port>` and its like, `tower:<path>` and its like, `relay:<id>`, `none:`, `terminal:`, `virtual:`. */
export function readLampUrl(text: string): Read<LampUrl> {
  const parts = split(text, FAMILIES.lamp)
  if ('fault' in parts) return parts
  const driver = parts.scheme as LampUrl['driver']
  if (driver === 'none' || driver === 'terminal' || driver === 'virtual')
    return bare<LampUrl['driver']>(text, FAMILIES.lamp)
  const isPath = ['fitstat', 'tower', 'lcus', 'command'].includes(driver)
  const fault =
    (isPath ? badPath(parts.rest) : badPlace(driver, parts.rest)) ??
    unknownOption(parts, LAMP_OPTIONS[driver] ?? ['mute']) ??
    badMap(parts.query.get('map'))
  if (fault !== null) return { fault }
  const mute = option(parts, 'mute', ['0', '1'])
  const leds = option(parts, 'leds', ['1', '8', '16', '32', '64'])
  if (typeof mute === 'object') return { fault: mute }
  if (typeof leds === 'object') return { fault: leds }
  return { url: { driver, text } }
}

/** Why a text is no serial number, USB port or relay id, or null. Empty is the only one that is plugged in. */
function badPlace(driver: string, place: string): UrlFault | null {
  const code = 'CONFIG_INVALID'
  if (driver === 'relay' && place !== '' && !/^[\x21-\x7e]{5}$/.test(place))
    return {
      code,
      message: 'the id of a relay has five characters',
      hint: 'Write the id that the board tells: relay:ABCDE, or relay: for the only one.',
    }
  if (/^[\x21-\x7e]{0,128}$/.test(place)) return null
  return {
    code,
    message: 'this is no serial number and no USB port',
    hint: 'Write the serial number, or the port as udev names it: pci-0000:00:14.0-usb-0:2.3',
  }
}

/** Why a relay's channels cannot show every signal, or null. */
function badMap(map: string | undefined): UrlFault | null {
  if (map === undefined) return null
  const words = map.split(',').filter((word) => word !== '-')
  const lights = words.filter((word) => word !== 'buzzer')
  const isOnce = new Set(words).size === words.length && map.split(',').length <= 8
  const sorted = lights.toSorted().join()
  if (isOnce && (sorted === 'lamp' || sorted === 'green,red,yellow')) return null
  return {
    code: 'CONFIG_INVALID',
    message: `the map ${map.slice(0, 40)} cannot show every signal`,
    hint: 'Write what hangs at channel 1, 2, ...: lamp, or red,yellow,green; also buzzer and - for nothing.',
  }
}

/** Why these are no keys of a box, or null: the nth button, byte.bit or byte:hex value; eight at most, each once. */
function badKeys(keys: string | undefined): UrlFault | null {
  if (keys === undefined) return null
  const words = keys.split(',')
  const isKey = (word: string) =>
    /^(?:[1-9]|[12]\d|3[0-2]|(?:\d|[1-5]\d|6[0-3])(?:\.[0-7]|:[0-9a-f]{2}))$/i.test(word)
  if (words.length <= 8 && new Set(words).size === words.length && words.every(isKey)) return null
  return {
    code: 'CONFIG_INVALID',
    message: `the keys ${keys.slice(0, 40)} name no buttons`,
    hint: 'Write which buttons in which order: 2,1 - or a bit or a value of a byte: 3.0,3.1 or 2:1f',
  }
}

/** `hid:<serial number or USB port>[?keys=]`, `patlite:` (the touch sensor of the bay's own lamp) or `none:`. */
export function readButtonsUrl(text: string): Read<ButtonsUrl> {
  if (!text.startsWith('hid:')) return bare<'none' | 'patlite'>(text, FAMILIES.buttons)
  const parts = split(text, FAMILIES.buttons)
  if ('fault' in parts) return parts
  const fault =
    badPlace('hid', parts.rest) ??
    unknownOption(parts, ['keys']) ??
    badKeys(parts.query.get('keys'))
  if (fault !== null) return { fault }
  if (parts.rest === '')
    return invalid(
      'it does not say which buttons',
      'Write the serial number or the USB port: hid:1-2.3',
    )
  return { url: { driver: 'hid', text } }
}
