// Patlite's USB lights: NE-USB, one body of many colours with a touch sensor, and LR6-USB, a signal tower with a buzzer.
import type { Buzz, Light } from './light.ts'
import { type LampModel, output } from './model.ts'
import type { Hue, TowerColour } from './tables.ts'

// Bytes from facts/hardware §4.1. A packet itself begins with 00 00, and the kernel strips one 00 as report id: 9 bytes go out.
const HEAD = [0x00, 0x00, 0x00] as const

/** NE-USB colours; it has no grey. */
const COLOURS: Readonly<Record<Hue, number>> = {
  off: 0,
  red: 1,
  green: 2,
  yellow: 3,
  blue: 4,
  violet: 5,
  grey: 7,
  white: 7,
}
const LIT = 1
/** Volumes 0 to A. */
const VOLUMES: Readonly<Record<Buzz, number>> = { off: 0x0, soft: 0x4, loud: 0xa }
/** Count 0 is without end, pattern 1 a plain tone: the beeps are timed by us. */
const TONE = 0x01

export const NE_USB: LampModel = {
  name: 'Patlite NE-USB',
  product: 0x6001,
  ability: 'rgb',
  buzzer: true,
  light: ({ hue, buzz }: Light) => [
    output(
      ...HEAD,
      buzz === 'off' ? 0x00 : TONE,
      VOLUMES[buzz],
      (COLOURS[hue] << 4) | (hue === 'off' ? 0 : LIT),
      0,
      0,
      0,
    ),
  ],
}

/** Both tones of the buzzer as they are set on the tower. */
const PITCH_KEEP = 0xff

export const LR6_USB: LampModel = {
  name: 'Patlite LR6-USB',
  product: 0x8003,
  ability: 'tower',
  buzzer: true,
  light: ({ tower, buzz }: Light) => {
    const lit = (colour: TowerColour): number => (tower.includes(colour) ? LIT : 0)
    return [
      output(
        ...HEAD,
        buzz === 'off' ? 0x00 : TONE,
        PITCH_KEEP,
        (lit('red') << 4) | lit('yellow'),
        lit('green') << 4,
        0,
        0,
      ),
    ]
  },
}
export const PATLITE_IDS = [
  { vendor: 0x191a, product: 0x6001 },
  { vendor: 0x191a, product: 0x8003 },
] as const

/** Asks NE-USB for its state; it answers with 2 bytes. */
export const ASK_TOUCH = output(0x00, 0x00, 0x80, 0, 0, 0, 0, 0, 0)

/** Whether the touch sensor is touched; null for an answer that is none. */
export const touchOf = (bytes: Uint8Array): boolean | null =>
  bytes.length < 2 ? null : ((bytes[1] ?? 0) & 1) === 1
