// Golden bytes of every lamp, written out by hand from the byte table of the hardware facts (§4.1), not from the code.
import { describe, expect, it } from 'vitest'
import { LAMP_TABLES, type Signal } from '../../../agent/core/signals.ts'
import { BLINK1 } from '../../../drivers/lamp/blink1.ts'
import { DARK, type Light, linear, rgbOf, scriptOf } from '../../../drivers/lamp/light.ts'
import type { LampModel, Packet } from '../../../drivers/lamp/model.ts'
import { ASK_TOUCH, LR6_USB, NE_USB, touchOf } from '../../../drivers/lamp/patlite.ts'
import {
  BUSYLIGHT,
  blinkstick,
  EMBRAVA,
  FITSTAT,
  LUXAFOR,
} from '../../../drivers/lamp/rgb-lamps.ts'
import { hidRelay, lcusRelay, TOWER } from '../../../drivers/lamp/switched.ts'

const hexOf = ({ by, bytes }: Packet) =>
  `${by} ${bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(' ')}`
const script = (signal: Signal, model: LampModel) => scriptOf(LAMP_TABLES, signal, model.ability)
const first = (signal: Signal, model: LampModel): Light => script(signal, model)[0]?.light ?? DARK
const bytesOf = (signal: Signal, model: LampModel, before: Light | null = null) =>
  model.light(first(signal, model), before).map(hexOf)
const programOf = (signal: Signal, model: LampModel) =>
  model.program?.(script(signal, model))?.map(hexOf) ?? null
const red: Light = { ...DARK, rgb: [0xff, 0, 0], hue: 'red', tower: ['red'], isOn: true }

describe('blink(1)', () => {
  it('sets a colour now with 01 6E, as the screen has it: it corrects its gamma itself', () => {
    expect(bytesOf('done', BLINK1)).toEqual(['feature 01 6e 2b c9 8a 00 00 00'])
    expect(bytesOf('empty', BLINK1)).toEqual(['feature 01 6e 00 00 00 00 00 00'])
  })
  it('plays an even blink from pattern lines: a hard edge of 20 ms, then it stands', () => {
    expect(programOf('you', BLINK1)).toEqual([
      'feature 01 6e ff d2 3f 00 00 00',
      'feature 01 50 ff d2 3f 00 02 00',
      'feature 01 50 ff d2 3f 00 30 01',
      'feature 01 50 00 00 00 00 02 02',
      'feature 01 50 00 00 00 00 30 03',
      'feature 01 70 01 00 03 00 00 00',
    ])
  })
  it('fades slowly while it works: 1000 ms up, 1000 ms down', () => {
    expect(programOf('working', BLINK1)).toEqual([
      'feature 01 6e 2f 81 e8 00 00 00',
      'feature 01 50 2f 81 e8 00 64 00',
      'feature 01 50 00 00 00 00 64 01',
      'feature 01 70 01 00 01 00 00 00',
    ])
  })
  it('has both bytes of a long time: 2780 ms are 278 ticks, 01 16', () => {
    expect(programOf('station', BLINK1)?.at(-2)).toBe('feature 01 50 00 00 00 01 16 03')
  })
  it('takes a double flash in eight lines, and leaves the lamp test to our timer', () => {
    expect(programOf('hold', BLINK1)).toHaveLength(10)
    expect(programOf('test', BLINK1)).toBeNull()
  })
  it('is dark 6 s after the last word: the watchdog plays a line of black that takes time', () => {
    // A line of black and no time would be skipped by the firmware, and the lamp would stay as it is.
    expect(BLINK1.hello?.map(hexOf)).toEqual([
      'feature 01 6c 00 00 00 00 00 00',
      'feature 01 50 00 00 00 00 02 0a',
    ])
    expect(BLINK1.deadMan?.packets.map(hexOf)).toEqual(['feature 01 44 01 02 58 01 0a 0a'])
    expect(BLINK1.goodbye?.map(hexOf)).toEqual(['feature 01 44 00 00 00 01 0a 0a'])
  })
  it('never writes its flash', () => {
    const all = LAMP_TABLES.all.flatMap((signal) => [
      ...bytesOf(signal, BLINK1),
      ...(programOf(signal, BLINK1) ?? []),
    ])
    expect(all.filter((line) => line.startsWith('feature 01 57'))).toEqual([])
  })
})

describe('lamps of one colour', () => {
  it('take light, not screen colours: #808080 is 22 % of the light', () => {
    expect(linear(rgbOf('#808080'))).toEqual([55, 55, 55])
    expect(linear(rgbOf('#FF0000'))).toEqual([255, 0, 0])
    expect(linear(rgbOf('#000000'))).toEqual([0, 0, 0])
  })
  it('Luxafor: 00, then 01 FF r g b', () => {
    expect(LUXAFOR.light(red, null).map(hexOf)).toEqual(['output 00 01 ff ff 00 00 00 00 00'])
  })
  it('BlinkStick: 01 r g b, or a frame of 8 LEDs in the order G R B', () => {
    expect(blinkstick(1).light(red, null).map(hexOf)).toEqual(['feature 01 ff 00 00'])
    expect(blinkstick(8).light(red, null).map(hexOf)).toEqual([
      `feature 06 00 ${Array.from({ length: 8 }, () => '00 ff 00').join(' ')}`,
    ])
    for (const [leds, id] of [
      [16, 7],
      [32, 8],
      [64, 9],
    ] as const) {
      const [packet] = blinkstick(leds).light(red, null)
      expect([packet?.bytes[0], packet?.bytes.length]).toEqual([id, 2 + 3 * leds])
    }
  })
  it('Embrava: R B G, flag 1 when it is dark', () => {
    const colour: Light = { ...red, rgb: [0xff, 0, 0xff] }
    expect(EMBRAVA.light(colour, null).map(hexOf)).toEqual(['output 00 ff ff 00 00 00 00 ff 22'])
    expect(EMBRAVA.light(DARK, null).map(hexOf)).toEqual(['output 00 00 00 00 01 00 00 ff 22'])
  })
  it('fit-statUSB: text', () => {
    const [packet] = FITSTAT.light(red, null)
    expect(Buffer.from(packet?.bytes ?? []).toString()).toBe('B#FF0000\n')
  })
  it('Busylight: 7 steps, footer, sum of 62 bytes; colours in percent', () => {
    const [packet] = BUSYLIGHT.light(red, null)
    const bytes = packet?.bytes ?? []
    // 00 | 10 01 64 00 00 01 00 80 | 48 zeros | 00 00 00 FF FF FF | 10+01+64+01+80 + 3 FF = F6 + 2FD = 3F3
    expect(bytes).toHaveLength(65)
    expect(bytes.slice(0, 9)).toEqual([0, 0x10, 1, 0x64, 0, 0, 1, 0, 0x80])
    expect(bytes.slice(9, 57).every((byte) => byte === 0)).toBe(true)
    expect(bytes.slice(57)).toEqual([0, 0, 0, 0xff, 0xff, 0xff, 0x03, 0xf3])
  })
  it('Busylight: keepalive of 15 s', () => {
    const bytes = BUSYLIGHT.deadMan?.packets[0]?.bytes ?? []
    // 8F + 2FD = 38C
    expect([bytes[1], bytes.slice(63)]).toEqual([0x8f, [0x03, 0x8c]])
  })
  it('Busylight: the double flash of hold as two steps, on 2, off 2, on 2, off 14 tenths', () => {
    const bytes = BUSYLIGHT.program?.(script('hold', BUSYLIGHT))?.[0]?.bytes ?? []
    expect([bytes.slice(1, 3), bytes.slice(6, 9)]).toEqual([
      [0x11, 1],
      [2, 2, 0x80],
    ])
    expect([bytes.slice(9, 11), bytes.slice(14, 17)]).toEqual([
      [0x10, 1],
      [2, 14, 0x80],
    ])
  })
})

describe('Patlite', () => {
  it('NE-USB: 00 for the kernel, then 00 00 buzzer volume colour', () => {
    expect(bytesOf('done', NE_USB)).toEqual(['output 00 00 00 00 00 21 00 00 00'])
    expect(bytesOf('failed', NE_USB)).toEqual(['output 00 00 00 00 00 11 00 00 00'])
    expect(bytesOf('station', NE_USB)).toEqual(['output 00 00 00 00 00 51 00 00 00'])
    expect(bytesOf('empty', NE_USB)).toEqual(['output 00 00 00 00 00 00 00 00 00'])
    expect(NE_USB.light({ ...red, buzz: 'loud' }, null).map(hexOf)).toEqual([
      'output 00 00 00 01 0a 11 00 00 00',
    ])
  })
  it('NE-USB: asks its sensor with command 80, and reads bit 0 of byte 1', () => {
    expect(hexOf(ASK_TOUCH)).toBe('output 00 00 80 00 00 00 00 00 00')
    expect([[0, 1], [0, 0], [0, 0xfe], [0]].map((one) => touchOf(Uint8Array.from(one)))).toEqual([
      true,
      false,
      false,
      null,
    ])
  })
  it('LR6-USB: red and yellow, green and blue in one byte each', () => {
    expect(bytesOf('hold', LR6_USB)).toEqual(['output 00 00 00 00 ff 11 00 00 00'])
    expect(bytesOf('done', LR6_USB)).toEqual(['output 00 00 00 00 ff 00 10 00 00'])
    expect(LR6_USB.light({ ...red, buzz: 'loud' }, null).map(hexOf)).toEqual([
      'output 00 00 00 01 ff 10 00 00 00',
    ])
  })
})

describe('switches', () => {
  const map = ['red', 'yellow', 'green', 'buzzer'] as const
  it('Adafruit tower: all off first, the old state survives; then only what changes, off before on', () => {
    expect(bytesOf('empty', TOWER)).toEqual(['serial 21', 'serial 22', 'serial 24', 'serial 28'])
    expect(bytesOf('done', TOWER, first('hold', TOWER))).toEqual([
      'serial 21',
      'serial 22',
      'serial 14',
    ])
    expect(TOWER.light({ ...red, buzz: 'loud' }, red).map(hexOf)).toEqual(['serial 18'])
  })
  it('HID relay: FF n on, FD n off, 9 bytes with the 00 in front', () => {
    const relay = hidRelay(map)
    expect(bytesOf('hold', relay)).toEqual([
      'feature 00 fd 03 00 00 00 00 00 00',
      'feature 00 fd 04 00 00 00 00 00 00',
      'feature 00 ff 01 00 00 00 00 00 00',
      'feature 00 ff 02 00 00 00 00 00 00',
    ])
  })
  it('HID relay: reads 8 data bytes back, byte 7 is the state; fewer say nothing', () => {
    const { readBack } = hidRelay(map)
    const answer = (state: number) => Uint8Array.from([0, ...Buffer.from('HURTM'), 0, 0, state])
    const hold = first('hold', hidRelay(map))
    expect(readBack?.shows(hold, answer(0b0011))).toBe(true)
    expect(readBack?.shows(hold, answer(0b0111))).toBe(false)
    // What hangs at no channel of ours may be on or off.
    expect(readBack?.shows(hold, answer(0b1100_0011))).toBe(true)
    expect(readBack?.shows(hold, answer(0b0011).subarray(0, 6))).toBeNull()
    expect(readBack?.shows(hold, new Uint8Array(0))).toBeNull()
  })
  it('LCUS: A0 channel state sum', () => {
    expect(bytesOf('you', lcusRelay(['lamp']))).toEqual(['serial a0 01 01 a2'])
    expect(bytesOf('waiting', lcusRelay(['lamp']))).toEqual(['serial a0 01 00 a1'])
    expect(bytesOf('failed', lcusRelay(['-', '-', 'lamp']))).toEqual(['serial a0 03 01 a4'])
  })
})
