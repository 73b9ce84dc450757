// Opens the keyboard that a bay's config names.
import { StationError } from '../../agent/fault.ts'
import type { Clock } from '../../agent/ports.ts'
import { baudOf, choice, portPath, splitPartUrl } from '../io/url.ts'
import { openCh9329 } from './ch9329.ts'
import type { Ch9329Numbers, Ch9329Settings, DriverLog } from './ch9329-options.ts'
import type { OpenKeyboard } from './played-keyboard.ts'

export type KeyboardUrl =
  | { readonly driver: 'ch9329'; readonly path: string; readonly settings: Ch9329Settings }
  | { readonly driver: 'manual' }

export interface KeyboardContext {
  readonly clock: Clock
  /** Folder for what the driver must remember over a crash. */
  readonly stateDir: string
  readonly log?: DriverLog
  /** True: a missing port is an error (`doctor`, `keys`), not the fact `gone`. */
  readonly required?: boolean
  readonly numbers?: Partial<Ch9329Numbers>
}

/**
 * `ch9329:/dev/serial/by-path/…[?baud=9600|115200&gui=modifier|usage&echo=scroll|num|caps&mode=set|verify]`, or `manual:`.
 * @throws StationError STATION_DRIVER_UNKNOWN, CONFIG_INVALID
 */
export function parseKeyboardUrl(url: string): KeyboardUrl {
  const scheme = url.split(':', 1)[0]
  if (scheme === 'manual') {
    splitPartUrl(url, [])
    return { driver: 'manual' }
  }
  if (scheme !== 'ch9329') throw new StationError('STATION_DRIVER_UNKNOWN', url)
  const parts = splitPartUrl(url, ['baud', 'gui', 'echo', 'mode'])
  const baud = baudOf(url, parts)
  const gui = choice(url, parts, 'gui', ['modifier', 'usage'])
  const echoKey = choice(url, parts, 'echo', ['scroll', 'num', 'caps'])
  const mode = choice(url, parts, 'mode', ['set', 'verify'])
  const settings: Ch9329Settings = {
    ...(baud === undefined ? {} : { baud }),
    ...(gui === undefined ? {} : { gui }),
    ...(echoKey === undefined ? {} : { echoKey }),
    ...(mode === undefined ? {} : { setMode: mode === 'set' }),
  }
  return { driver: 'ch9329', path: portPath(url, parts), settings }
}

/**
 * The keyboard at `url`; null when a person presses (`manual:`).
 * @throws StationError STATION_DRIVER_UNKNOWN, CONFIG_INVALID, STATION_PORT_BUSY, STATION_PORT_DENIED
 */
export async function openKeyboard(
  url: string,
  context: KeyboardContext,
): Promise<OpenKeyboard | null> {
  const parsed = parseKeyboardUrl(url)
  if (parsed.driver === 'manual') return null
  return openCh9329({ ...context, ...parsed.settings, path: parsed.path })
}
