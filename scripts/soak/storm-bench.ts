// The bench of the storm: which bay has which parts, as a config that a person could have written.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { StationConfig } from '../../station-config/loader.ts'
import { loadConfig } from '../../station-config/loader.ts'
import type { DeskPlaces } from './desk-orders.ts'
import type { HidSide } from './hid-side.ts'

/** Bays by what they hold: cards with chips, microcontrollers and gadgets; ports of a switch with a person's hands. */
export const BAYS = { ch9329: 8, pikvm: 4, hidg: 4, snmp: 8 } as const
export const CARDS = BAYS.ch9329 + BAYS.pikvm + BAYS.hidg
export const ALL = CARDS + BAYS.snmp
/** Bays whose button is a box on USB; the light of the sixth bay has a sensor. */
export const BOXES = 4
export const TOUCH_BAY = 5

/** Patience of a bench in a hurry: a run takes seconds. */
const LIMITS = {
  steadyMs: 200,
  removedMs: 1000,
  summonEveryMs: 800,
  landingLoadMs: 200,
  offProofHoldMs: 800,
  offProofStartMs: 4000,
  closeAnswerMs: 200,
  echoAgainMs: 500,
  restartGraceMs: 5000,
  keyboardSilentMs: 1500,
  keyboardLostMs: 5000,
  preCheckAgainMs: 1000,
}

export const gadgetPath = (at: number): string => `/dev/hidg${at}`
export const bayName = (at: number): string => String(at + 1).padStart(2, '0')

function bayOf(at: number, places: DeskPlaces, hid: HidSide): object {
  const pico = at - BAYS.ch9329
  const gadget = pico - BAYS.pikvm
  const port = at - CARDS
  const keyboard =
    at < BAYS.ch9329
      ? `ch9329:${places.chips[at]}`
      : pico < BAYS.pikvm
        ? `pikvm-mcu:${places.picos[pico]}`
        : gadget < BAYS.hidg
          ? `hidg:${gadgetPath(gadget)}`
          : 'manual:'
  const [tower, lcus, fitstat] = places.lamps
  const serial = [`tower:${tower}`, `lcus:${lcus}?map=red,yellow,green`, `fitstat:${fitstat}`]
  const lamp = hid.lamps[at] ?? serial[pico] ?? (pico === 3 ? 'command:/bin/true' : 'none:')
  const button = at < BOXES ? `hid:BOX-${at}` : at === TOUCH_BAY ? 'patlite:' : 'none:'
  return {
    bay: bayName(at),
    link: port < 0 ? `nic:${places.cards[at]}` : `snmp://sw1/Gi1-0-${port + 1}`,
    keyboard,
    lamp,
    buttons: button,
    adapter: 'bench',
    summonPlace: 'first-page',
    networkCheck: false,
  }
}

/** Writes the config and reads it as the program does. @throws Error with every problem */
export function stormConfig(folder: string, places: DeskPlaces, hid: HidSide): StationConfig {
  writeFileSync(join(folder, 'community'), 'bench\n', { mode: 0o600 })
  const config = {
    site: 'hall',
    station: 'soak',
    limits: LIMITS,
    bays: Array.from({ length: ALL }, (_, at) => bayOf(at, places, hid)),
    switches: [
      {
        switch: 'sw1',
        host: '127.0.0.1',
        port: places.switchPort,
        communityFile: 'community',
        pollMs: 1000,
        timeoutMs: 500,
        retries: 1,
      },
    ],
    scanners: [
      ...places.scanners.map((path) => ({ scanner: `serial:${path}` })),
      ...hid.scanners.map((scanner) => ({ scanner })),
    ],
  }
  const file = join(folder, 'bench.yaml')
  // JSON is YAML.
  writeFileSync(file, JSON.stringify(config, null, 2))
  const { config: read, problems } = loadConfig(file)
  if (read === null || problems.length > 0)
    throw new Error(`the soak's config: ${JSON.stringify(problems)}`)
  return { ...read, web: { ...read.web, port: 0 }, mqtt: { ...read.mqtt, url: 'embedded:0' } }
}
