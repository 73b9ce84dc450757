// Room kept back on the disk: a full disk refuses even a delete, so 8 MB lie ready to be let go of.
import { randomFillSync } from 'node:crypto'
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { freeBytes, sizeOf } from './database.ts'

/** Default size in bytes (architecture: engine rule 6). */
export const BALLAST_BYTES = 8 * 1024 * 1024
/** Room that must be left beside a ballast that is made again, so that it does not fill the disk itself. */
const SPARE_BYTES = 1024 * 1024
const BLOCK_BYTES = 1024 * 1024

export class Ballast {
  readonly #dir: string
  readonly #file: string
  readonly #bytes: number

  constructor(dir: string, bytes: number) {
    this.#dir = dir
    this.#file = join(dir, 'ledger.ballast')
    this.#bytes = bytes
  }

  get there(): boolean {
    return this.#bytes === 0 || sizeOf(this.#file) === this.#bytes
  }

  /** Gives the room back to the disk. */
  release(): void {
    rmSync(this.#file, { force: true })
  }

  /** Makes it when there is room; false while there is none. */
  make(): boolean {
    if (this.there) return true
    if (freeBytes(this.#dir) < this.#bytes + SPARE_BYTES) return false
    const aside = `${this.#file}.new`
    try {
      // Not zeros: a file system that compresses would keep nothing back.
      const block = randomFillSync(new Uint8Array(Math.min(BLOCK_BYTES, this.#bytes)))
      const fd = openSync(aside, 'w')
      try {
        for (let left = this.#bytes; left > 0; left -= block.length) {
          writeSync(fd, block, 0, Math.min(left, block.length))
        }
        fsyncSync(fd)
      } finally {
        closeSync(fd)
      }
      renameSync(aside, this.#file)
      return this.there
    } catch {
      rmSync(aside, { force: true })
      return false
    }
  }
}
