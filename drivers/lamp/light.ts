// What a lamp may be showing at one moment, and a signal as a row of such moments; pure, and the same for every model.
import type { Signal } from '../../agent/ports.ts'
import type { Hue, LampTables, Rhythm, TowerColour } from './tables.ts'

export type Rgb = readonly [red: number, green: number, blue: number]

/** One moment, told to every kind of lamp at once; a model takes from it what it has. */
export interface Light {
  /** sRGB 0-255; black is dark. */
  readonly rgb: Rgb
  readonly hue: Hue
  /** Lit segments of a three-colour tower. */
  readonly tower: readonly TowerColour[]
  /** A lamp that is only on or off. */
  readonly isOn: boolean
  readonly buzz: Buzz
}
export type Buzz = 'off' | 'soft' | 'loud'

export const DARK: Light = { rgb: [0, 0, 0], hue: 'off', tower: [], isOn: false, buzz: 'off' }

/** Whether two moments look and sound alike; nothing looks like what is not known. */
export const isSame = (one: Light, other: Light | null): boolean =>
  other !== null &&
  one.rgb.join() === other.rgb.join() &&
  one.hue === other.hue &&
  one.tower.join() === other.tower.join() &&
  one.isOn === other.isOn &&
  one.buzz === other.buzz

/** Which of a lamp's ways follows the signal. */
export type Ability = 'rgb' | 'tower' | 'on-off'

/** Moments one after the other, again and again; one alone is steady. */
export type Script = readonly { readonly light: Light; readonly ms: number }[]

/** `#RRGGBB`; black for anything else. */
export function rgbOf(colour: string): Rgb {
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(colour)
  const [r = 0, g = 0, b = 0] = (match?.slice(1) ?? []).map((part) => Number.parseInt(part, 16))
  return [r, g, b]
}

/** A colour of the screen as duty cycles 0-255 of LEDs, whose light is linear (IEC 61966-2-1). */
export const linear = (rgb: Rgb): Rgb => [toLinear(rgb[0]), toLinear(rgb[1]), toLinear(rgb[2])]

function toLinear(value: number): number {
  const part = value / 255
  const light = part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  return Math.round(light * 255)
}

/** How long each colour of the lamp test stands (shared signals page), ms. */
const TEST_MS = 1000

/** The moments of a signal for lamps of one ability. */
export function scriptOf(tables: LampTables, signal: Signal, ability: Ability): Script {
  if (signal === 'test') return testOf(tables, ability)
  const light = lightOf(tables, signal)
  if (ability === 'on-off') return [{ light, ms: 1 }]
  const { rhythm } = ability === 'tower' ? tables.towers[signal] : tables.signals[signal]
  return beats(rhythm, light)
}

function lightOf(tables: LampTables, signal: Signal): Light {
  return {
    rgb: rgbOf(tables.signals[signal].colour),
    hue: tables.hueOf(signal),
    tower: tables.towers[signal].lit,
    isOn: tables.isTwoStateOn(signal),
    buzz: 'off',
  }
}

function beats(rhythm: Rhythm, light: Light): Script {
  const script = rhythm.flatMap(([onMs, offMs]) => [
    ...(onMs > 0 ? [{ light, ms: onMs }] : []),
    ...(offMs > 0 ? [{ light: DARK, ms: offMs }] : []),
  ])
  return script.length === 0 ? [{ light: DARK, ms: 1 }] : script
}

/** Every colour that any signal has, one after the other. */
function testOf(tables: LampTables, ability: Ability): Script {
  if (ability === 'on-off') return onOffTest(tables)
  if (ability === 'tower')
    return tables.towers.test.lit.map((colour) => ({
      light: { ...lightOf(tables, 'test'), tower: [colour] },
      ms: TEST_MS,
    }))
  const seen = new Map<Hue, Light>()
  for (const signal of tables.all) {
    const light = lightOf(tables, signal)
    if (signal !== 'test' && light.hue !== 'off') seen.set(light.hue, light)
  }
  return [...seen.values()].map((light) => ({ light, ms: TEST_MS }))
}

const onOffTest = (tables: LampTables): Script => [
  { light: { ...lightOf(tables, 'test'), isOn: true }, ms: TEST_MS },
  { light: DARK, ms: TEST_MS },
]
