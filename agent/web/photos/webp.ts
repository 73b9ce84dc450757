// Takes out of a WebP all that is not needed to draw it: EXIF, XMP, colour profile, unknown chunks, what stands behind its end.
import { BrokenPicture, type Stripped } from './broken.ts'

/** RIFF, its length, and WEBP (RFC 9649, 2.4). */
const HEAD_BYTES = 12
const CHUNKS_MAX = 1_000
const KEPT = new Set(['VP8X', 'ALPH', 'VP8 ', 'VP8L'])
/** Bits of VP8X: profile, EXIF, XMP (RFC 9649, 2.7.1). */
const TELLING = 0x20 | 0x08 | 0x04
const ANIMATED = 0x02

interface Size {
  readonly width: number
  readonly height: number
}

/** @throws BrokenPicture */
export function stripWebp(bytes: Buffer): Stripped {
  if (bytes.length < HEAD_BYTES) throw new BrokenPicture('it is cut off')
  const end = 8 + bytes.readUInt32LE(4)
  if (end > bytes.length) throw new BrokenPicture('it is cut off')
  const kept: Buffer[] = []
  let canvas: Size | null = null
  let image: Size | null = null
  let at = HEAD_BYTES
  for (let count = 0; at < end; count += 1) {
    if (count >= CHUNKS_MAX) throw new BrokenPicture('it has too many chunks')
    if (at + 8 > end) throw new BrokenPicture('a chunk is cut off')
    const type = bytes.subarray(at, at + 4).toString('latin1')
    const length = bytes.readUInt32LE(at + 4)
    // A chunk of odd length is followed by one byte of nothing.
    const next = at + 8 + length + (length % 2)
    if (at + 8 + length > end) throw new BrokenPicture('a chunk is cut off')
    const body = bytes.subarray(at + 8, at + 8 + length)
    if (type === 'VP8X') canvas = canvasOf(body)
    if (type === 'VP8 ' || type === 'VP8L') {
      if (image !== null) throw new BrokenPicture('it has two pictures')
      image = type === 'VP8 ' ? lossySize(body) : losslessSize(body)
    }
    if (KEPT.has(type)) kept.push(type === 'VP8X' ? quietHead(body) : chunk(type, body))
    at = next
  }
  if (image === null) throw new BrokenPicture('it has no picture in it')
  const body = Buffer.concat(kept)
  const head = Buffer.alloc(HEAD_BYTES)
  head.write('RIFF', 0, 'latin1')
  head.writeUInt32LE(body.length + 4, 4)
  head.write('WEBP', 8, 'latin1')
  const { width, height } = canvas ?? image
  return { bytes: Buffer.concat([head, body]), width, height }
}

function chunk(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(8)
  head.write(type, 0, 'latin1')
  head.writeUInt32LE(body.length, 4)
  return Buffer.concat([head, body, Buffer.alloc(body.length % 2)])
}

/** The head chunk with the bits of what was taken out cleared. */
function quietHead(body: Buffer): Buffer {
  const quiet = Buffer.from(body)
  quiet[0] = (quiet[0] ?? 0) & ~TELLING
  return chunk('VP8X', quiet)
}

function canvasOf(body: Buffer): Size {
  if (body.length !== 10) throw new BrokenPicture('its header is cut off')
  if (((body[0] ?? 0) & ANIMATED) !== 0) throw new BrokenPicture('it moves')
  return { width: body.readUIntLE(4, 3) + 1, height: body.readUIntLE(7, 3) + 1 }
}

/** Key frame of RFC 6386, 9.1: three bytes, the start code, 14 bits each. */
function lossySize(body: Buffer): Size {
  if (body.length < 10 || body.readUIntBE(3, 3) !== 0x9d012a)
    throw new BrokenPicture('its picture is broken')
  return { width: body.readUInt16LE(6) & 0x3fff, height: body.readUInt16LE(8) & 0x3fff }
}

/** RFC 9649, 3.4: a signature byte, then 14 bits each, less one. */
function losslessSize(body: Buffer): Size {
  if (body.length < 5 || body[0] !== 0x2f) throw new BrokenPicture('its picture is broken')
  const bits = body.readUInt32LE(1)
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 }
}
