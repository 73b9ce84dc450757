// Opens the lamp that a bay's config names.
import { StationError } from '../../agent/fault.ts'
import type { BayId, Lamp } from '../../agent/ports.ts'
import { BLINK1 } from './blink1.ts'
import { commandLamp } from './command.ts'
import { DrivenLamp } from './driven.ts'
import type { LampFamily } from './family.ts'
import { wantedOf } from './find.ts'
import type { LampModel } from './model.ts'
import { noLamp } from './none.ts'
import { LR6_USB, NE_USB } from './patlite.ts'
import { hidPort, type OpenPort, serialPort } from './port.ts'
import { BUSYLIGHT, blinkstick, EMBRAVA, FITSTAT, LUXAFOR } from './rgb-lamps.ts'
import { hidRelay, LCUS_BAUD, lcusRelay, TOWER, TOWER_BAUD } from './switched.ts'
import type { LampTables } from './tables.ts'
import { terminalLamp } from './terminal.ts'
import { touchLamp } from './touch.ts'
import { type LampUrl, parseLampUrl } from './url.ts'

export { LampFamily, openLampFamily } from './family.ts'
export { findLamp } from './find.ts'
export { buttonOf } from './touch.ts'
export { type LampUrl, parseLampUrl } from './url.ts'

export interface LampContext {
  readonly bay: BayId
  /** `LAMP_TABLES` of agent/core/signals.ts. */
  readonly tables: LampTables
  /** Takes one line of a terminal lamp, without its line end; throws when the terminal is gone. */
  readonly write: (line: string) => void
  /** True when the terminal shows 24-bit colours. */
  readonly hasColour: boolean
  /** What the lamps of the station share. */
  readonly family: LampFamily
  /** True: the light's touch sensor is asked too (`buttonOf`). */
  readonly touch?: boolean
}

/** CDC takes any speed. */
const FITSTAT_BAUD = 115_200

/**
 * The lamp of one bay. Hardware is opened in the background: one that is missing, held or wrong rejects at `show`, never
 * here.
 * @throws StationError STATION_DRIVER_UNKNOWN, CONFIG_INVALID
 */
export function openLamp(url: string, context: LampContext): Lamp {
  const parsed = parseLampUrl(url)
  switch (parsed.driver) {
    case 'none':
      return noLamp()
    case 'terminal':
      return terminalLamp(context)
    case 'command': {
      const { bay, tables, family } = context
      return commandLamp({ path: parsed.path, bay, tables, clock: family.clock })
    }
    default:
      return drivenLamp(url, parsed, context)
  }
}

type HardwareUrl = Exclude<LampUrl, { readonly driver: 'none' | 'terminal' | 'command' }>

function drivenLamp(
  url: string,
  parsed: HardwareUrl,
  { tables, family, touch }: LampContext,
): Lamp {
  const { clock, metronome } = family
  const hardware = hardwareOf(url, parsed, family)
  const options = { ...hardware, what: url, tables, clock, metronome, mute: parsed.mute }
  if (parsed.driver !== 'patlite' || touch !== true) return new DrivenLamp(options)
  return touchLamp(options)
}

interface Hardware {
  readonly models: readonly [LampModel, ...LampModel[]]
  readonly port: OpenPort
}

function hardwareOf(what: string, url: HardwareUrl, { hid, clock }: LampFamily): Hardware {
  const onHid = (...models: Hardware['models']): Hardware => {
    if (!('address' in url)) throw new StationError('STATION_DRIVER_UNKNOWN', what)
    return { models, port: hidPort(hid, wantedOf(what, url)) }
  }
  const onSerial = (model: LampModel, path: string, baud: number): Hardware => ({
    models: [model],
    port: serialPort(path, baud, clock),
  })
  switch (url.driver) {
    case 'blink1':
      return onHid(BLINK1)
    case 'luxafor':
      return onHid(LUXAFOR)
    case 'blinkstick':
      return onHid(blinkstick(url.leds))
    case 'busylight':
      return onHid(BUSYLIGHT)
    case 'embrava':
      return onHid(EMBRAVA)
    case 'patlite':
      return onHid(NE_USB, LR6_USB)
    case 'relay':
      return onHid(hidRelay(url.map))
    case 'fitstat':
      return onSerial(FITSTAT, url.path, FITSTAT_BAUD)
    case 'tower':
      return onSerial(TOWER, url.path, TOWER_BAUD)
    case 'lcus':
      return onSerial(lcusRelay(url.map), url.path, LCUS_BAUD)
  }
}
