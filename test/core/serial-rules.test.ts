// Labels carry several codes; each maker's table says which of them is the serial number.
import { describe, expect, test } from 'vitest'
import { readScan } from '../../agent/core/scan.ts'
import { bareSerial, flagOf, MAKER_RULES, makerOf } from '../../agent/core/serial-rules.ts'

describe('a maker', () => {
  test.each([
    ['Dell Inc.', 'dell'],
    ['Latitude 5450', 'dell'],
    ['HP', 'hp'],
    ['HP EliteBook 840 G11', 'hp'],
    ['LENOVO', 'lenovo'],
    ['ThinkPad T14 Gen 5', 'lenovo'],
    ['Microsoft Corporation', 'microsoft'],
    ['Surface Laptop 6 for Business', 'microsoft'],
    ['ASUSTeK COMPUTER INC.', null],
    // Part of another word is no name.
    ['ChpX', null],
  ])('%j is %j', (name, maker) => {
    expect(makerOf(name)).toBe(maker)
  })

  test.each([
    ['7XK2PQ3', 'dell', null],
    ['17039451279', 'dell', 'the express service code'],
    ['5CG1234XYZ', 'hp', null],
    ['1A2B3EA#ABD', 'hp', 'the product number'],
    ['PF0ABCDE', 'lenovo', null],
    ['20N2S01234', 'lenovo', 'the machine type and model'],
    ['012345678957', 'microsoft', null],
    ['5CG1234XYZ', 'microsoft', 'not as microsoft prints it'],
    ['ANYTHING', null, null],
  ] as const)('%j of %j is flagged as %j', (serial, maker, words) => {
    const flag = flagOf(serial, maker)
    if (words === null) expect(flag).toBeNull()
    else expect(flag?.words).toContain(words)
  })

  test('no code beside the number has the form of the number itself', () => {
    for (const { others, serial } of MAKER_RULES)
      for (const { form } of others)
        for (const text of ['7XK2PQ3', '5CG1234XYZ', 'PF0ABCDE', '012345678957'])
          if (serial.test(text)) expect(form.test(text) && serial.test(text)).toBe(false)
  })
})

test("Lenovo's long code gives the number that stands at its end", () => {
  expect(bareSerial('1S20N2S01234PF0ABCDE')).toBe('PF0ABCDE')
  expect(bareSerial('1S20N2S01234')).toBe('1S20N2S01234')
  expect(readScan('1s20n2s01234pf0abcde')).toEqual({ kind: 'serial', serial: 'PF0ABCDE' })
})
