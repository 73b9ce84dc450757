// What a photo may be, by its own bytes, and the same picture without anything that tells of place, person or camera.
import type { PictureType } from '../../core/photo-file.ts'
import { BrokenPicture } from './broken.ts'
import { stripJpeg } from './jpeg.ts'
import { stripPng } from './png.ts'
import { stripWebp } from './webp.ts'

export const PICTURE_TYPES = ['image/jpeg', 'image/png', 'image/webp'] as const

export interface Picture {
  readonly type: PictureType
  readonly bytes: Buffer
  readonly width: number
  readonly height: number
}

/** More pixels than any phone's camera makes are a bomb for whoever opens the picture. */
const SIDE_MAX = 16_384
const PIXELS_MAX = 120_000_000

const startsWith = (bytes: Buffer, hex: string, at = 0) =>
  bytes.subarray(at, at + hex.length / 2).toString('hex') === hex

/**
 * The picture without metadata; its type is what its first bytes say, whatever it was called.
 * @throws BrokenPicture when it is none of the three, is cut off, or is larger than a camera makes
 */
export function cleanPicture(bytes: Buffer): Picture {
  const picture = stripped(bytes)
  const { width, height } = picture
  if (width < 1 || height < 1) throw new BrokenPicture('it has no size')
  if (width > SIDE_MAX || height > SIDE_MAX || width * height > PIXELS_MAX)
    throw new BrokenPicture(`${width} by ${height} pixels are too many`)
  return picture
}

function stripped(bytes: Buffer): Picture {
  if (startsWith(bytes, 'ffd8ff')) return { type: 'image/jpeg', ...stripJpeg(bytes) }
  if (startsWith(bytes, '89504e470d0a1a0a')) return { type: 'image/png', ...stripPng(bytes) }
  if (startsWith(bytes, '52494646') && startsWith(bytes, '57454250', 8))
    return { type: 'image/webp', ...stripWebp(bytes) }
  throw new BrokenPicture('its first bytes are those of no JPEG, PNG or WebP')
}
