// The photos that a ledger names, beside it under their digests: checked, and copied one at a time with a backup.
import { createHash } from 'node:crypto'
import {
  createReadStream,
  createWriteStream,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { namedPhoto, PHOTO_DIR, PHOTO_NOTE } from '../core/photo-file.ts'
import type { Database } from './database.ts'
import { flushPath } from './migrate.ts'
import { PHOTOS_ERASED_SQL } from './photo-rows.ts'

const PAGE = 200
const PAGE_SQL = `SELECT seq, body FROM notes WHERE kind = '${PHOTO_NOTE}' AND seq > ? ORDER BY seq LIMIT ${PAGE}`

const LET_GO_SQL = `SELECT count(*) AS n FROM notes WHERE kind = '${PHOTO_NOTE}' AND seq <= ?`

/** Where the photos of a backup stand: beside it, so that the next backup of that name copies only new ones. */
export const photosOfBackup = (file: string): string => `${file}.photos`
export const photosOf = (dir: string): string => join(dir, PHOTO_DIR)

export interface PhotoCheck {
  /** Photos whose bytes are those that the chain names. */
  readonly held: number
  readonly missing: number
  readonly changed: number
  /** Photos that went by their age, as an entry of the chain says. */
  readonly letGo: number
  /** Files of the first ones that are not held; ten at most. */
  readonly lost: readonly string[]
}

interface Named {
  readonly seq: number
  readonly digest: string
  readonly file: string
  readonly bytes: number
}

const LOST_MAX = 10

const erasedUpTo = (db: Database): number =>
  db.prepare<[], { upTo: number }>(PHOTOS_ERASED_SQL).get()?.upTo ?? 0

/** Each photo of an open ledger that is not let go, oldest first; a picture that was taken twice comes twice. */
function* namedIn(db: Database): Iterable<Named> {
  const page = db.prepare<[number], { seq: number; body: string }>(PAGE_SQL)
  for (let after = erasedUpTo(db); ; ) {
    const rows = page.all(after)
    for (const { seq, body } of rows) {
      after = seq
      const photo = namedPhoto(JSON.parse(body))
      if (photo !== null) yield { seq, ...photo }
    }
    if (rows.length < PAGE) return
  }
}

/** Reads every photo of an open ledger whose photos stand in `folder`, one at a time, a piece at a time. */
export async function checkPhotos(db: Database, folder: string): Promise<PhotoCheck> {
  const lost: string[] = []
  const counts = { held: 0, missing: 0, changed: 0 }
  for (const { file, digest } of namedIn(db)) {
    const found = await digestOf(join(folder, file))
    const what = found === digest ? 'held' : found === null ? 'missing' : 'changed'
    counts[what] += 1
    if (what !== 'held' && lost.length < LOST_MAX) lost.push(`${file}: ${what}`)
  }
  const gone = db.prepare<[number], { n: number }>(LET_GO_SQL).get(erasedUpTo(db))
  return { ...counts, letGo: gone?.n ?? 0, lost }
}

export interface PhotosCopied {
  /** Photos that stand in the new place now, those that stood there before included. */
  readonly photos: number
  /** Bytes that were copied. */
  readonly bytes: number
  /** Photos that could not be had, or whose bytes are not those of the chain any more. */
  readonly lost: number
}

/**
 * Copies the photos that an open ledger names, one at a time; what is there already stays, what changed is not copied.
 * @throws what the file system says when `to` cannot be written
 */
export async function copyPhotos(db: Database, from: string, to: string): Promise<PhotosCopied> {
  const done = { photos: 0, bytes: 0, lost: 0 }
  let isMade = false
  for (const { file, digest, bytes } of namedIn(db)) {
    const target = join(to, file)
    if (sizeOfFile(target) === bytes) {
      done.photos += 1
      continue
    }
    if (sizeOfFile(join(from, file)) === null) {
      done.lost += 1
      continue
    }
    if (!isMade) mkdirSync(to, { recursive: true, mode: 0o750 })
    isMade = true
    const isCopied = await copyOne(join(from, file), target, digest)
    done.photos += isCopied ? 1 : 0
    done.bytes += isCopied ? bytes : 0
    done.lost += isCopied ? 0 : 1
  }
  if (isMade) flushPath(to)
  return done
}

/** False when the bytes do not have the digest: then nothing stands at `target`. */
async function copyOne(source: string, target: string, digest: string): Promise<boolean> {
  const draft = `${target}.part`
  const hash = createHash('sha256')
  try {
    await pipeline(
      createReadStream(source),
      async function* (pieces: AsyncIterable<Buffer>) {
        for await (const piece of pieces) {
          hash.update(piece)
          yield piece
        }
      },
      createWriteStream(draft, { mode: 0o640 }),
    )
    if (hash.digest('hex') !== digest) return false
    flushPath(draft)
    renameSync(draft, target)
    return true
  } finally {
    rmSync(draft, { force: true })
  }
}

/** null when there is no such file, or it cannot be read. */
async function digestOf(path: string): Promise<string | null> {
  const hash = createHash('sha256')
  try {
    for await (const piece of createReadStream(path)) hash.update(piece as Buffer)
  } catch {
    return null
  }
  return hash.digest('hex')
}

const sizeOfFile = (path: string): number | null =>
  statSync(path, { throwIfNoEntry: false })?.size ?? null
