// Buttons found in report descriptors: those of real kinds of peripherals, and any bytes at all.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buttonBitsOf, pressedIn } from '../../../drivers/buttons/button-bits.ts'
import { gamepadDescriptor } from '../../fakes/button-box.ts'

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'))
const pressed = (descriptor: Uint8Array, report: string) =>
  [...pressedIn(buttonBitsOf(descriptor), bytes(report))]
    .filter(([, isDown]) => isDown)
    .map(([key]) => key)

describe('the buttons of a descriptor', () => {
  it('stand behind the axes of a game pad, with and without report id', () => {
    expect(buttonBitsOf(gamepadDescriptor(false)).map(({ bit }) => bit)).toEqual([16, 17, 18, 19])
    expect(pressed(gamepadDescriptor(false), '7f 7f 05')).toEqual([0, 2])
    expect(pressed(gamepadDescriptor(true), '03 7f 7f 05')).toEqual([0, 2])
    // A report of another id says nothing of them.
    expect(pressedIn(buttonBitsOf(gamepadDescriptor(true)), bytes('04 7f 7f 0f')).size).toBe(0)
  })
  it('are the first three bits of a boot mouse', () => {
    const mouse = bytes(
      '05 01 09 02 a1 01 09 01 a1 00 05 09 19 01 29 03 15 00 25 01 95 03 75 01 81 02 95 01 75 05 81 01 05 01 09 30 09 31 15 81 25 7f 75 08 95 02 81 06 c0 c0',
    )
    expect(buttonBitsOf(mouse).map(({ bit }) => bit)).toEqual([0, 1, 2])
  })
  it('are none in a boot keyboard: its modifiers are keys, and the kernel types them', () => {
    const keyboard = bytes(
      '05 01 09 06 a1 01 05 07 19 e0 29 e7 15 00 25 01 75 01 95 08 81 02 95 01 75 08 81 01 95 05 75 01 05 08 19 01 29 05 91 02 95 01 75 03 91 01 95 06 75 08 15 00 26 ff 00 05 07 19 00 2a ff 00 81 00 c0',
    )
    expect(buttonBitsOf(keyboard)).toEqual([])
  })
  it('keep push and pop apart', () => {
    const nested = bytes('05 09 75 01 95 02 a4 05 01 95 06 81 02 b4 81 02')
    expect(buttonBitsOf(nested).map(({ bit }) => bit)).toEqual([6, 7])
  })
  it('of any bytes are at most 32, and a report of any bytes names none but those', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.uint8Array({ maxLength: 80 }),
        (any, report) => {
          const buttons = buttonBitsOf(any)
          expect(buttons.length).toBeLessThanOrEqual(32)
          for (const key of pressedIn(buttons, report).keys())
            expect(key).toBeLessThan(buttons.length)
        },
      ),
    )
  })
})
