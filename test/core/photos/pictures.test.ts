// A photo keeps what is drawn and loses what tells of person, place and camera; any other bytes are refused, never thrown on.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BrokenPicture } from '../../../agent/web/photos/broken.ts'
import { cleanPicture } from '../../../agent/web/photos/picture.ts'
import { bare, bareWebp, jpeg, jpegParts, png, pngChunk, SECRET, webp } from './pictures.ts'

const { start, adobe, tables, frame, scan, end } = jpegParts

test('a JPEG keeps tables, frame, scans and the colour code of Adobe, and nothing behind its end', () => {
  const clean = cleanPicture(jpeg())
  expect(clean).toMatchObject({ type: 'image/jpeg', width: 640, height: 480 })
  const wanted = Buffer.concat([start, adobe, tables, frame, scan, scan, end])
  expect(clean.bytes.toString('hex')).toBe(wanted.toString('hex'))
})

test('a PNG keeps header, gamma and pixels', () => {
  const clean = cleanPicture(png())
  expect(clean).toMatchObject({ type: 'image/png', width: 2, height: 2 })
  expect(clean.bytes.toString('hex')).toBe(bare().toString('hex'))
})

test('a WebP keeps its picture and says no more that it has EXIF, XMP and a profile', () => {
  const clean = cleanPicture(webp())
  expect(clean).toMatchObject({ type: 'image/webp', width: 1, height: 1 })
  expect(clean.bytes.toString('hex')).toBe(bareWebp().toString('hex'))
})

test.each([
  ['JPEG', jpeg()],
  ['PNG', png()],
  ['WebP', webp()],
])('%s: what is clean stays as it is, and no secret is left', (_name, bytes) => {
  const once = cleanPicture(bytes).bytes
  expect(once.includes(SECRET)).toBe(false)
  expect(cleanPicture(once).bytes.equals(once)).toBe(true)
})

describe('refused', () => {
  test.each([
    ['a page', Buffer.from('<!doctype html><script>alert(1)</script>')],
    ['an SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>')],
    ['a GIF', Buffer.from('GIF89a')],
    ['nothing', Buffer.alloc(0)],
    ['a PNG of 100,000 pixels a side', png(100_000, 2)],
    ['a PNG of 225 million pixels', png(15_000, 15_000)],
    ['a PNG without size', png(0, 2)],
    ['a PNG that begins with a page', Buffer.concat([png().subarray(0, 8), pngChunk('IDAT', '<')])],
    ['a moving WebP', webp(0x02)],
  ])('%s', (_name, bytes) => {
    expect(() => cleanPicture(bytes)).toThrow(BrokenPicture)
  })

  test('a PNG whose pixels were changed', () => {
    const bytes = bare()
    const at = bytes.indexOf('IDAT') + 6
    bytes[at] = (bytes[at] ?? 0) ^ 1
    expect(() => cleanPicture(bytes)).toThrow('checksum')
  })

  test.each([
    ['JPEG', jpeg(), jpeg().indexOf(end, jpeg().lastIndexOf(scan.subarray(0, 4))) + 2],
    ['PNG', png(), png().indexOf('IEND') + 8],
    ['WebP', webp(), webp().readUInt32LE(4) + 8],
  ])('every cut of a %s before its end', (_name, bytes, whole) => {
    for (let length = 0; length < whole; length += 1)
      expect(() => cleanPicture(bytes.subarray(0, length)), `${length}`).toThrow(BrokenPicture)
    expect(cleanPicture(bytes.subarray(0, whole)).bytes.length).toBeGreaterThan(0)
  })
})

test('any change of any picture is a clean picture or a refusal, and never larger than before', () => {
  const change = fc.record({ at: fc.nat(2_000), byte: fc.integer({ min: 0, max: 255 }) })
  fc.assert(
    fc.property(
      fc.constantFrom(jpeg(), png(), webp()),
      fc.array(change, { maxLength: 8 }),
      (picture, changes) => {
        const bytes = Buffer.from(picture)
        for (const { at, byte } of changes) bytes[at % bytes.length] = byte
        try {
          expect(cleanPicture(bytes).bytes.length).toBeLessThanOrEqual(bytes.length)
        } catch (error) {
          expect(error).toBeInstanceOf(BrokenPicture)
        }
      },
    ),
    { numRuns: 3_000 },
  )
})
