// HID lamps of one colour at a time: Luxafor, BlinkStick, Kuando Busylight, Embrava Blynclight, and fit-statUSB on serial.
import { type Light, linear, type Rgb, type Script } from './light.ts'
import { feature, type LampModel, output, serial } from './model.ts'

// Every byte below is from facts/hardware §4.1. Their LEDs are driven linearly, so screen colours are converted [infer].

const isDark = ([r, g, b]: Rgb): boolean => r === 0 && g === 0 && b === 0

/** `01 led r g b`, all LEDs FF; no report id, so 00 goes in front. */
export const LUXAFOR: LampModel = {
  name: 'Luxafor',
  ability: 'rgb',
  buzzer: false,
  light: ({ rgb }) => [output(0x00, 0x01, 0xff, ...linear(rgb), 0, 0, 0)],
}
/** The id belongs to the maker of the chip and is shared. */
export const LUXAFOR_IDS = [{ vendor: 0x04d8, product: 0xf372 }] as const
export const LUXAFOR_NAME = /luxafor/i

/** Frame reports by the number of LEDs that they carry. */
const FRAMES = [
  { leds: 8, id: 6 },
  { leds: 16, id: 7 },
  { leds: 32, id: 8 },
  { leds: 64, id: 9 },
] as const
export const BLINKSTICK_LEDS: readonly number[] = [1, ...FRAMES.map(({ leds }) => leds)]

/** `leds` 1: the first LED alone, `01 r g b`; more: a frame in the order G R B. */
export function blinkstick(leds: number): LampModel {
  const frame = FRAMES.find((one) => one.leds === leds)
  return {
    name: 'BlinkStick',
    ability: 'rgb',
    buzzer: false,
    light: ({ rgb }) => {
      const [r, g, b] = linear(rgb)
      if (frame === undefined) return [feature(0x01, r, g, b)]
      return [feature(frame.id, 0, ...Array.from({ length: frame.leds }, () => [g, r, b]).flat())]
    },
  }
}
export const BLINKSTICK_IDS = [{ vendor: 0x20a0, product: 0x41e5 }] as const
export const BLINKSTICK_NAME = /blinkstick/i

const STEPS = 7
const STEP_BYTES = 8
const JUMP = 0x10
const KEEP_ALIVE = 0x80
/** The longest that it stays lit without a word, s; told every 4 s, so that two may be late. */
const KEEP_S = 15
const KEEP_EVERY_MS = 4000
/** Takes the audio byte as it stands: volume 0, no tone. */
const SILENT = 0x80
const TENTH_MS = 100

/** 7 steps and a footer with the sum of the first 62 bytes; 00 in front, it has no report id. */
function busylightPacket(steps: readonly (readonly number[])[]): readonly number[] {
  const body = Array.from({ length: STEPS }, (_, at) => steps[at] ?? []).flatMap((step) =>
    Array.from({ length: STEP_BYTES }, (_, at) => step[at] ?? 0),
  )
  const head = [...body, 0, 0, 0, 0xff, 0xff, 0xff]
  const sum = head.reduce((all, byte) => all + byte, 0)
  return [0x00, ...head, (sum >> 8) & 0xff, sum & 0xff]
}

const percent = (rgb: Rgb): readonly number[] =>
  linear(rgb).map((part) => Math.round((part * 100) / 255))

/** One step: `next` is where it jumps to after `onMs` of light and `offMs` of dark. */
const busylightStep = (next: number, rgb: Rgb, onMs: number, offMs: number): readonly number[] => [
  JUMP | next,
  1,
  ...percent(rgb),
  onMs / TENTH_MS,
  offMs / TENTH_MS,
  SILENT,
]

/** Pulses as steps: light, then the dark that follows it. */
function busylightProgram(script: Script): ReturnType<NonNullable<LampModel['program']>> {
  const pulses: { rgb: Rgb; onMs: number; offMs: number }[] = []
  for (const { light, ms } of script) {
    const last = pulses.at(-1)
    if (!isDark(light.rgb)) pulses.push({ rgb: light.rgb, onMs: ms, offMs: 0 })
    else if (last !== undefined) last.offMs += ms
    else return null
  }
  if (pulses.length > STEPS) return null
  return [
    output(
      ...busylightPacket(
        pulses.map(({ rgb, onMs, offMs }, at) =>
          busylightStep((at + 1) % pulses.length, rgb, onMs, offMs),
        ),
      ),
    ),
  ]
}

/** It needs a word every 15 s at most, or it goes dark: a dead-man lamp by nature. */
export const BUSYLIGHT: LampModel = {
  name: 'Busylight',
  ability: 'rgb',
  buzzer: false,
  light: ({ rgb }) => [output(...busylightPacket([busylightStep(0, rgb, TENTH_MS, 0)]))],
  program: busylightProgram,
  deadMan: {
    everyMs: KEEP_EVERY_MS,
    deadMs: KEEP_S * 1000,
    packets: [output(...busylightPacket([[KEEP_ALIVE | KEEP_S]]))],
  },
}
export const BUSYLIGHT_IDS = [
  ...[0x3bca, 0x3bcb, 0x3bcd, 0x3bce, 0x3bcf].map((product) => ({ vendor: 0x27bb, product })),
  { vendor: 0x04d8, product: 0xf848 },
] as const

/** `00 R B G flags sound volume FF 22`: blue before green; flag bit 0 is off. */
export const EMBRAVA: LampModel = {
  name: 'Embrava',
  ability: 'rgb',
  buzzer: false,
  light: ({ rgb }: Light) => {
    const [r, g, b] = linear(rgb)
    return [output(0x00, r, b, g, isDark(rgb) ? 1 : 0, 0, 0, 0xff, 0x22)]
  },
}
export const EMBRAVA_IDS = [
  { vendor: 0x2c0d, product: 0x0001 },
  { vendor: 0x2c0d, product: 0x000c },
  { vendor: 0x0e53, product: 0x2516 },
] as const

/** `B#RRGGBB` and a line feed, as text. */
export const FITSTAT: LampModel = {
  name: 'fit-statUSB',
  ability: 'rgb',
  buzzer: false,
  light: ({ rgb }) => {
    const hex = linear(rgb).map((part) => part.toString(16).toUpperCase().padStart(2, '0'))
    return [serial(...Buffer.from(`B#${hex.join('')}\n`, 'ascii'))]
  },
}
