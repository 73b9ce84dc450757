// Keeps photos beside the ledger under their digest; the chain knows the digest, so a changed photo is noticed.
import { createHash, randomBytes } from 'node:crypto'
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { PHOTO_DIR, PHOTO_NOTE, photoFile } from '../../core/photo-file.ts'
import { StationError } from '../../fault.ts'
import type { Clock, Ledger, LedgerReader } from '../../ports.ts'
import { type Photo, photoAnswer } from '../../wire/photo.ts'
import { cleanPicture } from './picture.ts'

export const PHOTO_BYTES_MAX = 8 * 1024 * 1024
export const PHOTOS_PER_RUN = 10
/** Uploads that may wait for their turn: each holds its bytes. */
const WAITING_MAX = 8

export interface PhotoParts {
  /** The data directory; photos stand below it. */
  readonly dir: string
  readonly ledger: Pick<Ledger, 'annotate'>
}

export class PhotoStore {
  readonly #dir: string
  readonly #ledger: Pick<Ledger, 'annotate'>
  readonly #reader: LedgerReader
  readonly #clock: Clock
  #last: Promise<unknown> = Promise.resolve()
  #waiting = 0

  constructor(parts: PhotoParts, reader: LedgerReader, clock: Clock) {
    this.#dir = join(parts.dir, PHOTO_DIR)
    this.#ledger = parts.ledger
    this.#reader = reader
    this.#clock = clock
  }

  /** The photos of a run, oldest first; `serial` as the run knows it. */
  async of(run: string, serial: string | null): Promise<readonly Photo[]> {
    // A photo taken before the scan of the serial number stands under none.
    const names = serial === null ? [''] : ['', serial]
    const histories = await Promise.all(names.map((name) => this.#reader.device(name)))
    const found = histories
      .flatMap(({ annotations }) => annotations)
      .filter(({ kind, body }) => kind === PHOTO_NOTE && body['run'] === run)
      .flatMap(({ body, at }) => photoAnswer.safeParse({ ...body, at }).data ?? [])
    return [...new Map(found.map((photo) => [photo.digest, photo])).values()].toSorted((a, b) =>
      a.at.localeCompare(b.at),
    )
  }

  /**
   * Keeps a photo with a run: cleaned, on the disk, then in the chain. The same picture again is the same photo.
   * @throws BrokenPicture; StationError OPERATOR_PHOTO_LIMIT, BACKEND_BUSY, or as the ledger
   */
  add(run: string, serial: string | null, bytes: Buffer, by: string): Promise<Photo> {
    if (this.#waiting >= WAITING_MAX) throw new StationError('BACKEND_BUSY', 'photos')
    this.#waiting += 1
    // One after the other: the count of a run must not be passed by two at once.
    const adding = this.#last.then(() => this.#add(run, serial, bytes, by))
    this.#last = adding
      .catch(() => undefined)
      .finally(() => {
        this.#waiting -= 1
      })
    return adding
  }

  async #add(run: string, serial: string | null, bytes: Buffer, by: string): Promise<Photo> {
    const picture = cleanPicture(bytes)
    const digest = createHash('sha256').update(picture.bytes).digest('hex')
    const known = await this.of(run, serial)
    const same = known.find((photo) => photo.digest === digest)
    if (same !== undefined) return same
    if (known.length >= PHOTOS_PER_RUN) throw new StationError('OPERATOR_PHOTO_LIMIT', run)
    await this.#write(photoFile(digest, picture.type), picture.bytes)
    const { type, width, height } = picture
    const body = { run, digest, type, bytes: picture.bytes.length, width, height, by }
    const at = this.#clock.now()
    await this.#ledger.annotate(serial ?? '', PHOTO_NOTE, at, body)
    return photoAnswer.parse({ ...body, at: new Date(at).toISOString() })
  }

  /** On the disk before the chain names it: a power cut leaves a file too many, never one too few. */
  async #write(name: string, bytes: Buffer): Promise<void> {
    await mkdir(this.#dir, { recursive: true, mode: 0o750 })
    const draft = join(this.#dir, `.${name}.${randomBytes(6).toString('hex')}`)
    try {
      const file = await open(draft, 'wx', 0o640)
      try {
        await file.writeFile(bytes)
        await file.sync()
      } finally {
        await file.close()
      }
      await rename(draft, join(this.#dir, name))
      const folder = await open(this.#dir, 'r')
      await folder.sync().finally(() => folder.close())
    } catch (cause) {
      await rm(draft, { force: true })
      throw new StationError('FILE_UNREADABLE', this.#dir, { cause })
    }
  }

  /** The bytes of a photo of this run, or null; a file whose bytes changed is not given out. */
  async read(photo: Photo): Promise<Buffer | null> {
    const path = join(this.#dir, photoFile(photo.digest, photo.type))
    const bytes = await readFile(path).catch(() => null)
    if (bytes === null) return null
    return createHash('sha256').update(bytes).digest('hex') === photo.digest ? bytes : null
  }
}
