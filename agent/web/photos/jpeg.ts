// Takes out of a JPEG all that is not needed to draw it: EXIF, XMP, ICC, thumbnails, comments, what stands behind its end.
import { BrokenPicture, type Stripped } from './broken.ts'

/** Markers of ITU-T T.81, table B.1. */
const EOI = 0xd9
const SOS = 0xda
const COM = 0xfe
const ADOBE = 0xee
/** A picture has some dozens of segments; a progressive one a dozen scans. */
const SEGMENTS_MAX = 2_000

const isFrame = (marker: number) =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc
const isApp = (marker: number) => marker >= 0xe0 && marker <= 0xef
/** Twelve bytes that say how colours are coded; a CMYK picture is wrong without them. They name nobody. */
const isAdobe = (marker: number, body: Buffer) =>
  marker === ADOBE && body.length === 12 && body.subarray(0, 5).toString('latin1') === 'Adobe'

/** @throws BrokenPicture */
export function stripJpeg(bytes: Buffer): Stripped {
  const kept: Buffer[] = [bytes.subarray(0, 2)]
  let size = { width: 0, height: 0 }
  let at = 2
  for (let count = 0; count < SEGMENTS_MAX; count += 1) {
    if (bytes[at] !== 0xff) throw new BrokenPicture(`no marker at byte ${at}`)
    // Any number of fill bytes may stand before a marker (B.1.1.2).
    while (bytes[at + 1] === 0xff) at += 1
    const marker = bytes[at + 1] ?? 0
    if (marker === EOI) {
      if (size.width === 0) throw new BrokenPicture('it ends without a frame')
      return { bytes: Buffer.concat([...kept, Buffer.from([0xff, EOI])]), ...size }
    }
    const end = segmentEnd(bytes, at)
    const body = bytes.subarray(at + 4, end)
    if (isFrame(marker)) size = sizeOf(body)
    const isDropped = marker === COM || (isApp(marker) && !isAdobe(marker, body))
    const next = marker === SOS ? scanEnd(bytes, end) : end
    if (!isDropped) kept.push(bytes.subarray(at, next))
    at = next
  }
  throw new BrokenPicture('it has too many segments')
}

function segmentEnd(bytes: Buffer, at: number): number {
  const marker = bytes[at + 1] ?? 0
  // Markers without a length have no place here: RSTn stands in scans alone, 0x00 is no marker.
  if (marker < 0xc0 || (marker >= 0xd0 && marker <= 0xd8))
    throw new BrokenPicture(`marker ${marker} at byte ${at}`)
  const length = at + 4 <= bytes.length ? bytes.readUInt16BE(at + 2) : 0
  if (length < 2 || at + 2 + length > bytes.length) throw new BrokenPicture('it is cut off')
  return at + 2 + length
}

function sizeOf(body: Buffer): { readonly width: number; readonly height: number } {
  if (body.length < 6) throw new BrokenPicture('its frame is cut off')
  return { height: body.readUInt16BE(1), width: body.readUInt16BE(3) }
}

/** The next marker after the coded data of a scan: 0xFF not followed by a stuffed zero, a restart or a fill byte. */
function scanEnd(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at !== -1; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1]
    if (next === undefined) break
    if (next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) return at
  }
  throw new BrokenPicture('its scan has no end')
}
