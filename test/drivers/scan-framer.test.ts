// Scanners end their texts in many ways and send noise; the framer must cut the same scans however the bytes arrive.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SCAN_BYTES_MAX, ScanFramer } from '../../drivers/scanner/scan-framer.ts'

const bytes = (text: string) => Buffer.from(text, 'latin1')

function scansOf(chunks: readonly Uint8Array[]): string[] {
  const framer = new ScanFramer()
  return [...chunks.flatMap((chunk) => framer.push(chunk)), ...framer.flush()]
}

describe('the end of a scan', () => {
  test.each([
    ['ABC\r', ['ABC']],
    ['ABC\n', ['ABC']],
    ['ABC\r\n', ['ABC']],
    ['ABC\t', ['ABC']],
    ['ABC', ['ABC']],
    ['\x02ABC\x03', ['ABC']],
    ['\x02ABC\x03\r\n\x02DEF\x03\r\n', ['ABC', 'DEF']],
    ['rubble\x02ABC\x03', ['ABC']],
    ['ABC\r\rDEF\n\n', ['ABC', 'DEF']],
    ['A\x00B\x07C\x7f\r', ['ABC']],
    ['  ABC  \r', ['ABC']],
    // The separator of GS1 stays between elements.
    ['21ABC\x1d10LOT\r', ['21ABC\x1d10LOT']],
    ['\x1d21ABC \x1d\r', ['21ABC']],
    ['\r\n\r\n', []],
    ['\x02\x03', []],
  ])('%j gives %j', (text, scans) => {
    expect(scansOf([bytes(text)])).toEqual(scans)
  })

  test('a page code in UTF-8 keeps its letters, and what is no UTF-8 is not lost', () => {
    expect(scansOf([Buffer.from('{"a":"Zürich"}\r')])).toEqual(['{"a":"Zürich"}'])
    expect(scansOf([Uint8Array.of(0x41, 0xe9, 0x42, 0x0d)])).toEqual(['AéB'])
  })

  test('a text without end is cut at the limit', () => {
    const scans = scansOf([bytes('x'.repeat(5000)), bytes('\rABC\r')])
    expect(scans.map((scan) => scan.length)).toEqual([SCAN_BYTES_MAX, 3])
  })
})

describe('any bytes', () => {
  test('give the same scans however they are split, without control characters and within the limit', () => {
    const chunks = fc.array(fc.uint8Array({ maxLength: 80 }), { maxLength: 12 })
    fc.assert(
      fc.property(chunks, (split) => {
        const scans = scansOf(split)
        expect(scansOf([Buffer.concat(split)])).toEqual(scans)
        for (const scan of scans) {
          // biome-ignore lint/suspicious/noControlCharactersInRegex: that none of them is left is what is tested
          expect(scan).not.toMatch(/[\x00-\x1c\x1e\x1f\x7f]|^\x1d|\x1d$/)
          expect(scan.length).toBeLessThanOrEqual(SCAN_BYTES_MAX)
        }
      }),
      { numRuns: 1000 },
    )
  })
})
