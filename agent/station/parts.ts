// Opens the parts of real bays by the addresses in the config; things that bays share are opened once per family.

import { openKeyboard } from '../../drivers/keyboard/index.ts'
import { openLamp, openLampFamily } from '../../drivers/lamp/index.ts'
import { openScanner } from '../../drivers/scanner/index.ts'
import type { BayConfig, StationConfig } from '../../station-config/loader.ts'
import { bayId } from '../core/ids.ts'
import { LAMP_TABLES } from '../core/signals.ts'
import type { Log } from '../log.ts'
import type {
  BayParts,
  Clock,
  Keyboard,
  Lamp,
  NetworkCheck,
  PortControl,
  ReportHealth,
  Scanner,
} from '../ports.ts'
import { openLinks } from './links.ts'
import { networkOf } from './network.ts'
import type { Stack } from './stack.ts'

export interface PartsNeeds {
  readonly config: StationConfig
  readonly clock: Clock
  readonly log: Log
  readonly dataDir: string
  readonly report: ReportHealth
  readonly stack: Stack
}

/** What a station reaches of the world: the bays' parts, the network check and the scanners. */
export interface World {
  readonly parts: (bay: BayConfig) => Promise<BayParts>
  readonly network: NetworkCheck
  /** Hands on the switch port of a bay; left out where no bay has one. */
  readonly control?: (bay: BayConfig) => PortControl | null
  readonly scanners: readonly {
    readonly name: string
    readonly bay: string | null
    readonly scanner: Scanner
  }[]
}

/** The world as it stands on the bench. */
export async function openWorld(needs: PartsNeeds): Promise<World> {
  const { config, clock, log, report, stack } = needs
  const links = openLinks({ config, clock, log, report })
  const life = new AbortController()
  stack.defer('network checks', () => life.abort())
  const lamps = openLampFamily({ clock })
  // All at once: a lamp that hangs holds up no other one on its way to dark.
  const lit: Lamp[] = []
  stack.defer('lamps', async () => void (await Promise.all(lit.map((lamp) => lamp.close()))))
  const scanners = []
  for (const one of config.scanners) {
    const scanner = await openScanner(one.scanner.text, { clock })
    scanners.push({ name: one.scanner.text, bay: one.bay, scanner })
  }
  return {
    control: links.control,
    network: networkOf(config, clock, life.signal),
    scanners,
    parts: async (bay) => {
      const id = bayId(bay.bay)
      const keyboard = await keyboardOf(bay, needs)
      const lamp = openLamp(bay.lamp.text, {
        bay: id,
        tables: LAMP_TABLES,
        family: lamps,
        write: (text: string) => log.info(text.trim()),
        hasColour: false,
      })
      lit.push(lamp)
      return {
        bay: id,
        keyboard,
        lamp,
        screen: null,
        link: links.open(bay),
      }
    },
  }
}

async function keyboardOf(
  bay: BayConfig,
  { clock, log, dataDir, stack }: PartsNeeds,
): Promise<Keyboard | null> {
  const keyboard = await openKeyboard(bay.keyboard.text, {
    clock,
    stateDir: dataDir,
    log: driverLog(log.child({ bay: bay.bay, part: 'keyboard' })),
  })
  if (keyboard !== null) stack.defer(`keyboard of bay ${bay.bay}`, () => keyboard.close())
  return keyboard
}

/** The log as a driver knows it. */
const driverLog = (log: Log) => ({
  info: (fields: object, text: string) => log.info(text, { ...fields }),
  warn: (fields: object, text: string) => log.warn(text, { ...fields }),
})
