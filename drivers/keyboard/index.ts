// Opens the keyboard that a bay's config names.
import { StationError } from '../../agent/fault.ts'
import type { Clock } from '../../agent/ports.ts'
import { baudOf, choice, type PartUrl, portPath, splitPartUrl } from '../io/url.ts'
import { openCh9329 } from './ch9329.ts'
import type { Ch9329Numbers, Ch9329Settings, DriverLog } from './ch9329-options.ts'
import { openHidg } from './hidg.ts'
import type { OpenHidgFile } from './hidg-file.ts'
import type { HidgSettings } from './hidg-options.ts'
import { openPikvm } from './pikvm.ts'
import type { PikvmSettings } from './pikvm-options.ts'
import type { OpenKeyboard } from './played-keyboard.ts'

export type { OpenKeyboard } from './played-keyboard.ts'

export type KeyboardUrl =
  | { readonly driver: 'ch9329'; readonly path: string; readonly settings: Ch9329Settings }
  | { readonly driver: 'hidg'; readonly path: string; readonly settings: HidgSettings }
  | { readonly driver: 'pikvm-mcu'; readonly path: string; readonly settings: PikvmSettings }
  | { readonly driver: 'manual' }

export interface KeyboardContext {
  readonly clock: Clock
  /** Folder for what the driver must remember over a crash. */
  readonly stateDir: string
  readonly log?: DriverLog
  /** True: a missing port is an error (`doctor`, `keys`), not the fact `gone`. */
  readonly required?: boolean
  /** True: nothing that lasts is written to the chip, whatever the address allows (`doctor`). */
  readonly lookOnly?: boolean
  /** Times of a CH9329. */
  readonly numbers?: Partial<Ch9329Numbers>
  /** How the node of a gadget is opened, where it is not this kernel's. */
  readonly openFile?: OpenHidgFile
}

/** A model of keyboard: what its address may set, and how it is opened. */
interface Model<S extends object> {
  readonly settings: readonly string[]
  read(url: string, parts: PartUrl): S
  open(path: string, settings: S, context: KeyboardContext): Promise<OpenKeyboard>
}

const LOCK_NAMES = ['scroll', 'num', 'caps'] as const

const ch9329: Model<Ch9329Settings> = {
  settings: ['baud', 'gui', 'echo', 'mode'],
  read: (url, parts) => {
    const baud = baudOf(url, parts)
    const gui = choice(url, parts, 'gui', ['modifier', 'usage'])
    const echoKey = choice(url, parts, 'echo', LOCK_NAMES)
    const mode = choice(url, parts, 'mode', ['set', 'verify'])
    return {
      ...(baud === undefined ? {} : { baud }),
      ...(gui === undefined ? {} : { gui }),
      ...(echoKey === undefined ? {} : { echoKey }),
      ...(mode === undefined ? {} : { setMode: mode === 'set' }),
    }
  },
  open: (path, settings, { lookOnly, openFile: _, ...context }) =>
    openCh9329({ ...context, ...settings, ...(lookOnly ? { setMode: false } : {}), path }),
}

const hidg: Model<HidgSettings> = {
  settings: ['echo'],
  read: (url, parts) => {
    const echoKey = choice(url, parts, 'echo', LOCK_NAMES)
    return echoKey === undefined ? {} : { echoKey }
  },
  open: (path, settings, { numbers: _, lookOnly: __, ...context }) =>
    openHidg({ ...context, ...settings, path }),
}

const pikvm: Model<PikvmSettings> = {
  settings: ['baud', 'echo', 'mode'],
  read: (url, parts) => {
    const baud = baudOf(url, parts)
    const echoKey = choice(url, parts, 'echo', LOCK_NAMES)
    const mode = choice(url, parts, 'mode', ['set', 'verify'])
    return {
      ...(baud === undefined ? {} : { baud }),
      ...(echoKey === undefined ? {} : { echoKey }),
      ...(mode === undefined ? {} : { setMode: mode === 'set' }),
    }
  },
  open: (path, settings, { numbers: _, openFile: __, lookOnly, ...context }) =>
    openPikvm({ ...context, ...settings, ...(lookOnly ? { setMode: false } : {}), path }),
}

/** Every model there is; each passes the keyboard contract (test/contracts/coverage.test.ts sees to it). */
export const KEYBOARD_MODELS = { ch9329, hidg, 'pikvm-mcu': pikvm } as const
type ModelName = keyof typeof KEYBOARD_MODELS

const isModel = (scheme: string): scheme is ModelName => Object.hasOwn(KEYBOARD_MODELS, scheme)

/**
 * `ch9329:/dev/serial/by-path/…[?baud=9600|115200&gui=modifier|usage&echo=scroll|num|caps&mode=set|verify]`,
 * `hidg:/dev/hidg0[?echo=…]`, `pikvm-mcu:/dev/serial/by-path/…[?baud=&echo=&mode=]`, or `manual:`.
 * @throws StationError STATION_DRIVER_UNKNOWN, CONFIG_INVALID
 */
export function parseKeyboardUrl(url: string): KeyboardUrl {
  const [scheme = ''] = url.split(':', 1)
  if (scheme === 'manual') {
    splitPartUrl(url, [])
    return { driver: 'manual' }
  }
  if (!isModel(scheme)) throw new StationError('STATION_DRIVER_UNKNOWN', url)
  const model: Model<object> = KEYBOARD_MODELS[scheme]
  const parts = splitPartUrl(url, model.settings)
  const settings = model.read(url, parts)
  return { driver: scheme, path: portPath(url, parts), settings }
}

/**
 * The keyboard at `url`; null when a person presses (`manual:`).
 * @throws StationError STATION_DRIVER_UNKNOWN, CONFIG_INVALID; with `required` STATION_PORT_*
 */
export async function openKeyboard(
  url: string,
  context: KeyboardContext,
): Promise<OpenKeyboard | null> {
  const parsed = parseKeyboardUrl(url)
  if (parsed.driver === 'manual') return null
  const model: Model<object> = KEYBOARD_MODELS[parsed.driver]
  return model.open(parsed.path, parsed.settings, context)
}
