// What a scan says must never depend on luck: tables of labels, page codes and junk, and "any text gives a value".
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { qrResultIn, readQr, ztdIdIn } from '../../agent/core/qr.ts'
import { isJunkSerial, normalSerial, readScan, SCAN_MAX } from '../../agent/core/scan.ts'

const ZTD = '0d4b1a2c-9f3e-4c5d-8a6b-1234567890ab'

describe('a serial number', () => {
  test.each([
    ['5CG1234XYZ', '5CG1234XYZ'],
    ['  5cg1234xyz\t', '5CG1234XYZ'],
    [']C05CG1234XYZ', '5CG1234XYZ'],
    [']A0PF-2ABCD', 'PF-2ABCD'],
    ['S/N: 5CG1234XYZ', '5CG1234XYZ'],
    ['SN:PF0ABCDE', 'PF0ABCDE'],
    ['Serial Number: 012345678957', '012345678957'],
    ['Service Tag: 7XK2PQ3', '7XK2PQ3'],
    ['S/N 5CG1234XYZ', '5CG1234XYZ'],
    // No separator: it belongs to the number.
    ['SN12345X', 'SN12345X'],
    ['ABC', 'ABC'],
    ['A'.repeat(63).concat('B'), 'A'.repeat(63).concat('B')],
  ])('%j reads as %j', (text, serial) => {
    expect(readScan(text)).toEqual({ kind: 'serial', serial })
  })

  test.each([
    ['', 'empty'],
    ['   \r\n', 'empty'],
    [']C0', 'empty'],
    ['AB', 'length'],
    ['AB'.repeat(33), 'length'],
    ['5CG 1234', 'spaces'],
    ['5CG1234\u0007', 'characters'],
    ['5CG1234é', 'characters'],
    ['5CG:1234', 'characters'],
    ['-5CG1234', 'characters'],
    ['S/N: SN:5CG1234', 'characters'],
    ['S/N: RSL.B07.abort', 'label-malformed'],
    ['https://support.example.com/a', 'web-address'],
    ['www.example.com', 'web-address'],
    ['AA:BB:CC:DD:EE:FF', 'mac-address'],
    ['aa-bb-cc-dd-ee-ff', 'mac-address'],
    [']E04006381333931', 'product-code'],
    ['To be filled by O.E.M.', 'junk'],
    ['TO BE FILLED BY O.E.M', 'junk'],
    ['Default string', 'junk'],
    ['System Serial Number', 'junk'],
    ['None', 'junk'],
    ['N/A', 'junk'],
    ['Not Specified', 'junk'],
    ['0123456789', 'junk'],
    ['123456789', 'junk'],
    ['1234567890', 'junk'],
    ['987654', 'junk'],
    ['0000000', 'junk'],
    ['XXXXXXXX', 'junk'],
    ['........', 'junk'],
    ['S/N: 0000000000', 'junk'],
    ['S/N:', 'junk'],
    ['x'.repeat(SCAN_MAX + 1), 'too-long'],
  ])('%j is none: %s', (text, reason) => {
    expect(readScan(text)).toEqual({ kind: 'none', reason })
  })

  test('counting needs six digits to be junk', () => {
    expect(isJunkSerial('12345')).toBe(false)
    expect(isJunkSerial('123456')).toBe(true)
    expect(isJunkSerial('1234567X')).toBe(false)
  })
})

describe('a label of ours', () => {
  test.each([
    ['RSL.B07.bay', { kind: 'bay', bay: 'B07' }],
    [']C0RSL.B07.bay', { kind: 'bay', bay: 'B07' }],
    ['rsl.B07.BAY', { kind: 'bay', bay: 'B07' }],
    ['RSL.B07.abort', { kind: 'command', bay: 'B07', command: 'abort' }],
    ['RSL.0.lamp-test', { kind: 'command', bay: null, command: 'lamp-test' }],
    ['RSL.bay_2-x.green', { kind: 'command', bay: 'bay_2-x', command: 'green' }],
  ])('%j is %j', (text, read) => {
    expect(readScan(text)).toEqual(read)
  })

  test.each([
    'RSL.',
    // A badge that was shown to a bay's scanner: it must never become a serial number.
    'RSLB.1R7YQN7MTS7627055SE6N18CA1',
    'SN: rslb.1R7YQN7MTS7627055SE6N18CA1',
    'RSL..bay',
    'RSL.0.bay',
    'RSL.B07',
    'RSL.B07.',
    'RSL.B07.a b',
    'RSL.B 7.abort',
    'RSL.B07.abort.x',
    'RSL.B07.1',
    `RSL.${'B'.repeat(33)}.abort`,
    'rsl.x',
  ])('%j is malformed and never a serial number', (text) => {
    expect(readScan(text)).toEqual({ kind: 'none', reason: 'label-malformed' })
  })
})

describe('the QR code of a page', () => {
  const qr = (
    ztdId: string | null,
    result: string | null = null,
    elapsedMs: number | null = null,
  ) => ({
    kind: 'qr',
    ztdId,
    result,
    elapsedMs,
  })

  test.each([
    [{ ZtdId: ZTD }, qr(ZTD)],
    [{ ztdid: ZTD.toUpperCase() }, qr(ZTD)],
    [{ ZtdId: `{${ZTD}}`, Extra: { a: [1] }, more: null }, qr(ZTD)],
    [{ ZtdId: '' }, qr(null)],
    [{ ZtdId: 7 }, qr(null)],
    [
      { ZtdId: ZTD, Result: 'Success', ElapsedTimeMilliseconds: 1_234_567 },
      qr(ZTD, 'Success', 1_234_567),
    ],
    [{ ZtdId: ZTD, result: 'failure', elapsedtimemilliseconds: null }, qr(ZTD, 'Failure')],
    [{ ZtdId: ZTD, Result: 'Maybe', ElapsedTimeMilliseconds: -4 }, qr(ZTD)],
    [
      {
        BlockSequence: {
          Id: ZTD,
          ZtdId: ZTD,
          PKID: '',
          SerialNumber: '',
          HardwareId: '',
          SequenceBlockNumber: 1,
          TotalBlocks: 1,
        },
      },
      qr(ZTD),
    ],
    [{ blocksequence: { ZTDID: ZTD } }, qr(ZTD)],
    [{ ztdid: 'aaa', ZtdId: ZTD, BlockSequence: { ZtdId: 'bbb' } }, qr(ZTD)],
  ])('%j reads as %j', (body, read) => {
    expect(readScan(JSON.stringify(body))).toEqual(read)
    expect(readScan(`]Q1${JSON.stringify(body)}\r\n`)).toEqual(read)
    expect(ztdIdIn(`]Q1${JSON.stringify(body)}`)).toBe(read.ztdId)
    expect(qrResultIn(JSON.stringify(body))).toBe(read.result)
  })

  test('a bare NaN where the time should stand is no time', () => {
    const text = `{"ZtdId":"${ZTD}","Result":"Failure","ElapsedTimeMilliseconds":NaN}`
    expect(readScan(text)).toEqual(qr(ZTD, 'Failure'))
  })

  test('the code of the 2026 menu is a serial number at most, never a ZtdId', () => {
    const text = `deviceLink:/1/?sn=5CG1234XYZ&data=${ZTD}`
    expect(readScan(text)).toEqual({ kind: 'device-link', serial: '5CG1234XYZ' })
    expect(readScan('DEVICELINK:/1/')).toEqual({ kind: 'device-link', serial: null })
    expect(ztdIdIn(text)).toBeNull()
    expect(ztdIdIn(`deviceLink:/1/?sn={"ZtdId":"${ZTD}"}`)).toBeNull()
    expect(readQr(text)?.deviceLink).toBe(true)
  })

  test.each([
    '{}',
    '{"a":1}',
    '{"ZtdId":',
    '[1]',
    '{"BlockSequence":[]}',
    '{"BlockSequence":null}',
  ])('%j is somebody else’s JSON', (text) => {
    expect(readScan(text)).toEqual({ kind: 'none', reason: 'foreign-json' })
  })
})

describe('any text', () => {
  const pieces = fc.constantFrom(
    'RSL.',
    'bay',
    '.',
    '0',
    '{"ZtdId":',
    '"',
    '}',
    ']C0',
    'S/N:',
    ' ',
    'NaN',
  )
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.json(),
    fc
      .array(fc.oneof(pieces, fc.string({ maxLength: 5 })), { maxLength: 12 })
      .map((all) => all.join('')),
  )

  test('gives a value and never throws', () => {
    fc.assert(
      fc.property(text, (any) => {
        const read = readScan(any)
        if (read.kind === 'serial') {
          expect(read.serial).toMatch(/^[A-Z0-9][!-~]{2,63}$/)
          expect(read.serial).toBe(normalSerial(read.serial))
          expect(read.serial.startsWith('RSL.')).toBe(false)
        }
      }),
      { numRuns: 3000 },
    )
  })

  test('a serial number read once reads as itself again', () => {
    fc.assert(
      fc.property(text, (any) => {
        const read = readScan(any)
        if (read.kind === 'serial') expect(readScan(read.serial)).toEqual(read)
      }),
      { numRuns: 2000 },
    )
  })
})
