// Pictures built byte by byte, with everything in them that a phone writes and nobody may keep.
import { crc32, deflateSync } from 'node:zlib'

export const SECRET = 'GPS 52.52 13.40 Max Mustermann'

const segment = (marker: number, body: Buffer | string): Buffer => {
  const data = Buffer.from(body)
  const head = Buffer.from([0xff, marker, 0, 0])
  head.writeUInt16BE(data.length + 2, 2)
  return Buffer.concat([head, data])
}
/** Baseline, 8 bits, 3 components; the picture itself is not one, its frame is. */
const frame = (width: number, height: number) => {
  const body = Buffer.alloc(15)
  body[0] = 8
  body.writeUInt16BE(height, 1)
  body.writeUInt16BE(width, 3)
  body[5] = 3
  return segment(0xc0, body)
}
const SCAN = Buffer.concat([
  segment(0xda, Buffer.from([3, 1, 0, 2, 17, 3, 17, 0, 63, 0])),
  // Stuffed zero, a restart marker and fill bytes inside coded data.
  Buffer.from([0x12, 0xff, 0x00, 0x34, 0xff, 0xd0, 0x56, 0xff, 0xff, 0x00, 0x78]),
])
const END = Buffer.from([0xff, 0xd9])

export const jpegParts = {
  start: Buffer.from([0xff, 0xd8]),
  adobe: segment(0xee, Buffer.from('Adobe\0d\0\0\0\0\u0001', 'latin1')),
  tables: segment(0xdb, Buffer.alloc(65, 1)),
  frame: frame(640, 480),
  scan: SCAN,
  end: END,
}
export const jpeg = (): Buffer =>
  Buffer.concat([
    jpegParts.start,
    segment(0xe0, 'JFIF\0thumbnail'),
    segment(0xe1, `Exif\0\0${SECRET}`),
    segment(0xe1, `http://ns.adobe.com/xap/1.0/\0${SECRET}`),
    segment(0xe2, `ICC_PROFILE\0${SECRET}`),
    segment(0xed, `Photoshop 3.0\0${SECRET}`),
    jpegParts.adobe,
    segment(0xee, `Adobe and more ${SECRET}`),
    segment(0xfe, SECRET),
    jpegParts.tables,
    Buffer.from([0xff, 0xff]),
    jpegParts.frame,
    jpegParts.scan,
    segment(0xfe, SECRET),
    jpegParts.scan,
    jpegParts.end,
    Buffer.from(`behind the end: ${SECRET}`),
  ])

export const pngChunk = (type: string, body: Buffer | string): Buffer => {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), Buffer.from(body)])
  const out = Buffer.alloc(named.length + 8)
  out.writeUInt32BE(named.length - 4, 0)
  named.copy(out, 4)
  out.writeUInt32BE(crc32(named), named.length + 4)
  return out
}
const PNG_START = Buffer.from('89504e470d0a1a0a', 'hex')
const header = (width: number, height: number) => {
  const body = Buffer.alloc(13)
  body.writeUInt32BE(width, 0)
  body.writeUInt32BE(height, 4)
  body[8] = 8
  return pngChunk('IHDR', body)
}
const PIXELS = pngChunk('IDAT', deflateSync(Buffer.from([0, 10, 20, 0, 30, 40])))

/** 2 by 2 pixels of grey, or a head that claims more. */
export const png = (width = 2, height = 2): Buffer =>
  Buffer.concat([
    PNG_START,
    header(width, height),
    pngChunk('gAMA', Buffer.from([0, 0, 0xb1, 0x8f])),
    pngChunk('iCCP', SECRET),
    pngChunk('tEXt', `Author\0${SECRET}`),
    pngChunk('iTXt', `XML:com.adobe.xmp\0${SECRET}`),
    pngChunk('zTXt', SECRET),
    pngChunk('eXIf', SECRET),
    pngChunk('tIME', Buffer.alloc(7)),
    pngChunk('acTL', Buffer.alloc(8)),
    PIXELS,
    pngChunk('prVt', SECRET),
    pngChunk('IEND', ''),
    Buffer.from(`behind the end: ${SECRET}`),
  ])
export const bare = (): Buffer =>
  Buffer.concat([
    PNG_START,
    header(2, 2),
    pngChunk('gAMA', Buffer.from([0, 0, 0xb1, 0x8f])),
    PIXELS,
    pngChunk('IEND', ''),
  ])

const riffChunk = (type: string, body: Buffer | string): Buffer => {
  const data = Buffer.from(body)
  const head = Buffer.alloc(8)
  head.write(type, 0, 'latin1')
  head.writeUInt32LE(data.length, 4)
  return Buffer.concat([head, data, Buffer.alloc(data.length % 2)])
}
const riff = (...chunks: readonly Buffer[]): Buffer => {
  const body = Buffer.concat([Buffer.from('WEBP'), ...chunks])
  return riffChunk('RIFF', body)
}
/** One white pixel, lossy. */
const VP8 = Buffer.from('30010 09d012a010001000ec0fe25a40003700000'.replaceAll(' ', ''), 'hex')
const wide = (flags: number) => Buffer.from([flags, 0, 0, 0, 0, 0, 0, 0, 0, 0])

export const webp = (flags = 0x2c): Buffer =>
  Buffer.concat([
    riff(
      riffChunk('VP8X', wide(flags)),
      riffChunk('ICCP', SECRET),
      riffChunk('VP8 ', VP8),
      riffChunk('EXIF', SECRET),
      riffChunk('XMP ', SECRET),
      riffChunk('note', SECRET),
    ),
    Buffer.from(`behind the end: ${SECRET}`),
  ])
export const bareWebp = (): Buffer => riff(riffChunk('VP8X', wide(0)), riffChunk('VP8 ', VP8))
