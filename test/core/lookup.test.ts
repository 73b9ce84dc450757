// What a text names: any text gives an answer, and nothing that a stranger pastes becomes a formula or a heading.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { identsOf } from '../../agent/core/lookup.ts'
import { askedIn, csvCell } from '../../agent/core/lookup-csv.ts'

const ZTD = '7f1f9d5e-1111-4222-8333-444455556666'

test.each([
  [
    '5cg1',
    [
      { by: 'serial', value: '5cg1' },
      { by: 'serial', value: '5CG1' },
    ],
  ],
  [
    'S/N: 5CG12345AB',
    [
      { by: 'serial', value: 'S/N: 5CG12345AB' },
      { by: 'serial', value: '5CG12345AB' },
    ],
  ],
  [ZTD.toUpperCase(), [{ by: 'ztdId', value: ZTD }]],
  [`{"ZtdId":"${ZTD}"}`, [{ by: 'ztdId', value: ZTD }]],
  ['02:AA:00:00:00:01', [{ by: 'mac', value: '02:aa:00:00:00:01' }]],
  ['02aa.0000.0001', [{ by: 'mac', value: '02:aa:00:00:00:01' }]],
  // Surface devices print 12 digits: a serial number before it is a MAC.
  [
    '012345678915',
    [
      { by: 'serial', value: '012345678915' },
      { by: 'mac', value: '01:23:45:67:89:15' },
    ],
  ],
  ['  ', []],
  ['x'.repeat(5000), []],
])('%s', (text, idents) => {
  const found = identsOf(text)
  for (const ident of idents) expect(found).toContainEqual(ident)
  expect(found.length >= idents.length && (idents.length > 0 || found.length === 0)).toBe(true)
})

test('any text gives idents with a value', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      for (const { value } of identsOf(text)) expect(value).not.toBe('')
    }),
  )
})

test('a pasted list is read by line or by the first column, once each, without its heading', () => {
  expect(askedIn('A\r\nB\n\nA\n C \n')).toEqual(['A', 'B', 'C'])
  expect(
    askedIn('Device Serial Number,Windows Product ID,Hardware Hash\nSN1,,T0FC\nSN2,,x'),
  ).toEqual(['SN1', 'SN2'])
  expect(askedIn('serial;model\n"S,1";Book')).toEqual(['S,1'])
  expect(askedIn(`\uFEFF{"ZtdId":"${ZTD}","a":1}`)).toEqual([`{"ZtdId":"${ZTD}","a":1}`])
  // A serial number may begin with a word of the heading.
  expect(askedIn('SN12\nDEVICE7')).toEqual(['SN12', 'DEVICE7'])
})

test('no cell can become a formula', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(csvCell(text)).not.toMatch(/^"?[=+\-@\t\r]/)
    }),
  )
})
