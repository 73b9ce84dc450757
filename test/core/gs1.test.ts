// A serial number in a GS1 code stands among others; the neighbours must not run into it.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { GS, gs1Serial } from '../../agent/core/gs1.ts'
import { readScan } from '../../agent/core/scan.ts'

describe('the serial number of a GS1 code', () => {
  test.each([
    ['010061414199999621ABC123', 'ABC123'],
    [`010061414199999621ABC123${GS}10LOT7`, 'ABC123'],
    [`10LOT7${GS}21ABC123`, 'ABC123'],
    [`${GS}21ABC123`, 'ABC123'],
    [`0100614141999996112611232115CG1234XYZ`, '15CG1234XYZ'],
    // A date of the item ends after six digits, without a separator.
    ['1126112321ABC', 'ABC'],
    [`240PART${GS}21ABC`, 'ABC'],
    ['0100614141999996', null],
    ['0100614', null],
    ['21', null],
    [`21${'A'.repeat(21)}`, null],
    ['ABC', null],
    ['', null],
  ])('%j gives %j', (text, serial) => {
    expect(gs1Serial(text)).toBe(serial)
  })

  test('any text gives a value in bounded time', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 600 }), (text) => {
        const serial = gs1Serial(text)
        if (serial !== null) expect(text).toContain(serial)
      }),
    )
  })

  test('is taken only where the scanner says that it is GS1', () => {
    expect(readScan(`]C1010061414199999621ABC123${GS}10LOT7`)).toEqual({
      kind: 'serial',
      serial: 'ABC123',
    })
    expect(readScan(']d20100614141999996')).toEqual({ kind: 'none', reason: 'product-code' })
    // The same digits in plain Code 128 are a number of their own.
    expect(readScan(']C021ABC123')).toEqual({ kind: 'serial', serial: '21ABC123' })
  })
})
