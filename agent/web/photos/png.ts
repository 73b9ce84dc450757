// Takes out of a PNG all that is not needed to draw it: texts, EXIF, colour profiles, times, frames of an animation.
import { crc32 } from 'node:zlib'
import { BrokenPicture, type Stripped } from './broken.ts'

const SIGNATURE_BYTES = 8
/** Length, type and checksum around a chunk's data (PNG 3rd edition, 5.3). */
const FRAME_BYTES = 12
const CHUNKS_MAX = 20_000
const KEPT = new Set(['IHDR', 'PLTE', 'tRNS', 'gAMA', 'sRGB', 'IDAT', 'IEND'])
/** An upper-case first letter: nothing can be drawn without it (5.4). */
const isCritical = (type: string) => /^[A-Z]/.test(type)

/** @throws BrokenPicture */
export function stripPng(bytes: Buffer): Stripped {
  const kept: Buffer[] = [bytes.subarray(0, SIGNATURE_BYTES)]
  let size = { width: 0, height: 0 }
  let hasData = false
  let at = SIGNATURE_BYTES
  for (let count = 0; count < CHUNKS_MAX; count += 1) {
    if (at + FRAME_BYTES > bytes.length) throw new BrokenPicture('it is cut off')
    const length = bytes.readUInt32BE(at)
    const end = at + FRAME_BYTES + length
    if (end > bytes.length) throw new BrokenPicture('a chunk is cut off')
    const type = bytes.subarray(at + 4, at + 8).toString('latin1')
    if ((count === 0) !== (type === 'IHDR')) throw new BrokenPicture('it does not begin with IHDR')
    if (KEPT.has(type)) {
      if (crc32(bytes.subarray(at + 4, end - 4)) !== bytes.readUInt32BE(end - 4))
        throw new BrokenPicture(`the checksum of ${type} is wrong`)
      kept.push(bytes.subarray(at, end))
    } else if (isCritical(type)) throw new BrokenPicture(`it needs a chunk ${type}`)
    if (type === 'IHDR') {
      if (length !== 13) throw new BrokenPicture('its header is cut off')
      size = { width: bytes.readUInt32BE(at + 8), height: bytes.readUInt32BE(at + 12) }
    }
    hasData ||= type === 'IDAT'
    if (type === 'IEND') {
      if (!hasData) throw new BrokenPicture('it has no picture in it')
      return { bytes: Buffer.concat(kept), ...size }
    }
    at = end
  }
  throw new BrokenPicture('it has too many chunks')
}
