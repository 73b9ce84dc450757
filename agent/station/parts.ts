// Opens the parts of real bays by the addresses in the config; things that bays share are opened once per family.

import { openButtons } from '../../drivers/buttons/index.ts'
import { hidOfThisPc } from '../../drivers/io/hid.ts'
import { HidBus } from '../../drivers/io/hid-bus.ts'
import type { HidSystem } from '../../drivers/io/hid-system.ts'
import { type KeyboardContext, openKeyboard } from '../../drivers/keyboard/index.ts'
import { buttonOf, openLamp, openLampFamily } from '../../drivers/lamp/index.ts'
import { openScanner } from '../../drivers/scanner/index.ts'
import type { BayConfig, StationConfig } from '../../station-config/loader.ts'
import { bayId } from '../core/ids.ts'
import { LAMP_TABLES } from '../core/signals.ts'
import { StationError } from '../fault.ts'
import type { Log } from '../log.ts'
import type {
  BayParts,
  Clock,
  Lamp,
  NetworkCheck,
  OperatorButton,
  PortControl,
  ReportHealth,
} from '../ports.ts'
import { openLinks } from './links.ts'
import { networkOf } from './network.ts'
import type { OpenedScanner } from './scanners.ts'
import type { Stack } from './stack.ts'

export interface PartsNeeds {
  readonly config: StationConfig
  readonly clock: Clock
  readonly log: Log
  readonly dataDir: string
  readonly report: ReportHealth
  readonly stack: Stack
  readonly pc?: Pc
}

/** What a PC's kernel hands to the drivers without a path of its own; left out, it is this PC's. */
export interface Pc {
  readonly hid?: HidSystem
  /** Opens the node of a gadget keyboard. */
  readonly gadget?: KeyboardContext['openFile']
}

/** What a station reaches of the world: the bays' parts, the network check and the scanners. */
export interface World {
  readonly parts: (bay: BayConfig) => Promise<OpenedParts>
  readonly network: NetworkCheck
  /** The bays are others now: their networks are asked where this config says. Left out where bays are as they are. */
  readonly rewire?: (config: StationConfig) => void
  /** Hands on the switch port of a bay; left out where no bay has one. */
  readonly control?: (bay: BayConfig) => PortControl | null
  /** Opens a scanner; left out where there are none. @throws StationError */
  readonly scanner?: (address: string) => Promise<OpenedScanner>
}

/** The parts of a bay, and how they are given back before the station ends. */
export interface OpenedParts extends BayParts {
  readonly close?: () => Promise<void>
}

/** The world as it stands on the bench. */
export async function openWorld(needs: PartsNeeds): Promise<World> {
  const { config, clock, log, report, stack, pc } = needs
  const links = await openLinks({ config, clock, log, report })
  const life = new AbortController()
  stack.defer('network checks', () => life.abort())
  // One bus for all: who has a peripheral has it alone, and calls that hang are counted together.
  const hid = new HidBus({ clock, system: pc?.hid ?? hidOfThisPc() })
  const lamps = openLampFamily({ clock, hid })
  // All at once: a lamp that hangs holds up no other one on its way to dark.
  const opened = new Set<() => Promise<void>>()
  stack.defer('parts', async () => void (await Promise.all([...opened].map((close) => close()))))
  let check = networkOf(config, clock, life.signal)
  return {
    control: links.control,
    network: { check: (...asked) => check.check(...asked) },
    rewire: (next) => {
      check = networkOf(next, clock, life.signal)
    },
    scanner: (address) => openScanner(address, { clock, hid }),
    parts: async (bay) => {
      const id = bayId(bay.bay)
      const own: Closer[] = []
      const close = async () => {
        opened.delete(close)
        await Promise.all(own.splice(0).map((part) => part.close()))
      }
      opened.add(close)
      const keyboard = await keyboardOf(bay, needs)
      if (keyboard !== null) own.push(keyboard)
      const lamp = openLamp(bay.lamp.text, {
        bay: id,
        tables: LAMP_TABLES,
        family: lamps,
        write: (text: string) => log.info(text.trim()),
        hasColour: false,
        touch: bay.buttons.driver === 'patlite',
      })
      own.push(lamp)
      const buttons = buttonsOf(bay, lamp, hid, clock, own)
      return { bay: id, keyboard, lamp, buttons, screen: null, link: links.open(bay), close }
    },
  }
}

/** A bay's buttons: on USB, or the touch sensor in its light. */
function buttonsOf(
  { bay, buttons }: BayConfig,
  lamp: Lamp,
  hid: HidBus,
  clock: Clock,
  own: Closer[],
): OperatorButton | null {
  if (buttons.driver === 'patlite') {
    const touch = buttonOf(lamp)
    if (touch !== null) return touch
    throw new StationError('CONFIG_INVALID', `bays.${bay}.buttons: its lamp is no patlite:`)
  }
  const opened = openButtons(buttons.text, { clock, hid })
  if (opened !== null) own.push(opened)
  return opened
}

interface Closer {
  readonly close: () => Promise<void>
}

const keyboardOf = (
  bay: BayConfig,
  { clock, log, dataDir, pc }: PartsNeeds,
): ReturnType<typeof openKeyboard> =>
  openKeyboard(bay.keyboard.text, {
    clock,
    stateDir: dataDir,
    log: driverLog(log.child({ bay: bay.bay, part: 'keyboard' })),
    ...(pc?.gadget === undefined ? {} : { openFile: pc.gadget }),
  })

/** The log as a driver knows it. */
const driverLog = (log: Log) => ({
  info: (fields: object, text: string) => log.info(text, { ...fields }),
  warn: (fields: object, text: string) => log.warn(text, { ...fields }),
})
