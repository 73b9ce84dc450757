// What the file of a photo is called, for whoever writes, copies or checks it: its digest, and an ending for people.
export type PictureType = 'image/jpeg' | 'image/png' | 'image/webp'

/** The folder below the data directory. */
export const PHOTO_DIR = 'photos'
/** Kind of the annotation that names a photo. */
export const PHOTO_NOTE = 'photo'

const ENDINGS: Readonly<Record<PictureType, string>> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
}

/** @param digest SHA-256 of the bytes, in hex */
export const photoFile = (digest: string, type: PictureType): string => `${digest}.${ENDINGS[type]}`

/** The photo that the body of an annotation names; null when it names none. */
export function namedPhoto(body: unknown): { digest: string; file: string; bytes: number } | null {
  const { digest, type, bytes } = (body ?? {}) as Record<string, unknown>
  if (typeof digest !== 'string' || !/^[0-9a-f]{64}$/.test(digest)) return null
  if (typeof type !== 'string' || !Object.hasOwn(ENDINGS, type)) return null
  return { digest, file: photoFile(digest, type as PictureType), bytes: Number(bytes) }
}
