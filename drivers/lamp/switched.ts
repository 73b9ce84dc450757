// Lamps behind switches: the Adafruit tower, the dcttech HID relay and the LCUS serial relay.
import type { HidHandle } from '../io/hid-system.ts'
import type { Light } from './light.ts'
import { feature, type LampModel, type Packet, serial } from './model.ts'
import type { TowerColour } from './tables.ts'

/** What hangs at a relay's channel; `-`: nothing of ours, it is never switched. */
export type Wired = 'lamp' | TowerColour | 'buzzer' | '-'
export const WIRED: readonly Wired[] = ['lamp', 'red', 'yellow', 'green', 'buzzer', '-']

const isLit = (wired: Wired, light: Light): boolean => {
  if (wired === '-') return false
  if (wired === 'lamp') return light.isOn
  return wired === 'buzzer' ? light.buzz !== 'off' : light.tower.includes(wired)
}

/** Switches to set for a light, first those that go off, so that no wrong pair of colours stands for a moment. */
function switches(
  map: readonly Wired[],
  now: Light,
  before: Light | null,
): readonly { readonly channel: number; readonly isOn: boolean }[] {
  return map
    .map((wired, at) => ({
      channel: at + 1,
      isOn: isLit(wired, now),
      isNews: wired !== '-' && (before === null || isLit(wired, before) !== isLit(wired, now)),
    }))
    .filter(({ isNews }) => isNews)
    .toSorted((a, b) => Number(a.isOn) - Number(b.isOn))
    .map(({ channel, isOn }) => ({ channel, isOn }))
}

/** Towers take the three colours of the signals page; a single lamp is on or off. */
const abilityOf = (map: readonly Wired[]) => (map.includes('lamp') ? 'on-off' : 'tower')

/** Adafruit 5125: on 10|n, off 20|n with n the bit of the part; its own blink 40|n has a rate that nobody wrote down. */
const TOWER_BITS: readonly (readonly [Wired, number])[] = [
  ['red', 1],
  ['yellow', 2],
  ['green', 4],
  ['buzzer', 8],
]
const TOWER_MAP = TOWER_BITS.map(([wired]) => wired)

export const TOWER: LampModel = {
  name: 'Adafruit tower',
  ability: 'tower',
  buzzer: true,
  light: (now, before) =>
    switches(TOWER_MAP, now, before).map(({ channel, isOn }) =>
      serial((isOn ? 0x10 : 0x20) | (TOWER_BITS[channel - 1]?.[1] ?? 0)),
    ),
}
export const TOWER_BAUD = 9600

const RELAY_ON = 0xff
const RELAY_OFF = 0xfd
/** A read gives 8 bytes behind the report id: 0-4 the board's own id, 7 the state of all channels. */
const RELAY_LENGTH = 9
const RELAY_ID_BYTES = 5
const RELAY_STATE_AT = 7

const relayBytes = (answer: Uint8Array): Uint8Array =>
  answer.length >= RELAY_LENGTH ? answer.subarray(1, RELAY_LENGTH) : answer

/** dcttech USBRelayN; `map` says what hangs at its channels, from 1 on. */
export function hidRelay(map: readonly Wired[]): LampModel {
  return {
    name: 'USB relay',
    ability: abilityOf(map),
    buzzer: map.includes('buzzer'),
    light: (now, before): readonly Packet[] =>
      switches(map, now, before).map(({ channel, isOn }) =>
        feature(0x00, isOn ? RELAY_ON : RELAY_OFF, channel, 0, 0, 0, 0, 0, 0),
      ),
    readBack: {
      id: 0,
      length: RELAY_LENGTH,
      shows: (light, answer) => {
        const state = relayBytes(answer)[RELAY_STATE_AT]
        if (state === undefined) return null
        return map.every(
          (wired, at) => wired === '-' || ((state >> at) & 1) === (isLit(wired, light) ? 1 : 0),
        )
      },
    },
  }
}
/** The id of free V-USB projects: the product name decides. */
export const RELAY_IDS = [{ vendor: 0x16c0, product: 0x05df }] as const
export const RELAY_NAME = /^USBRelay\d+$/i

/** The five characters by which the board names itself; it has no USB serial number. */
export async function relayId(handle: HidHandle): Promise<string> {
  const bytes = relayBytes(await handle.getFeature(0, RELAY_LENGTH)).subarray(0, RELAY_ID_BYTES)
  return Buffer.from(bytes).toString('latin1')
}

/** LCUS: `A0 channel state sum`; most boards never answer, so nothing is read back. */
export function lcusRelay(map: readonly Wired[]): LampModel {
  return {
    name: 'LCUS relay',
    ability: abilityOf(map),
    buzzer: map.includes('buzzer'),
    light: (now, before) =>
      switches(map, now, before).map(({ channel, isOn }) => {
        const state = isOn ? 1 : 0
        return serial(0xa0, channel, state, (0xa0 + channel + state) & 0xff)
      }),
  }
}
export const LCUS_BAUD = 9600
