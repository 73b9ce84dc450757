// A disk of a few megabytes that a test fills to its last byte; a tmpfs, so root only.
import { execFileSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The pre-check holds a bay below 200 MB; the rest is a ledger and its ballast. */
const SIZE_MB = 256

export class SmallDisk {
  readonly #folder = mkdtempSync(join(tmpdir(), 'reseal-disk-'))

  constructor() {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE_MB}m`, 'reseal-test', this.#folder])
  }

  get path(): string {
    return join(this.#folder, 'data')
  }

  /** Writes until nothing more fits, and again what the ledger's ballast gives back. */
  fill(): void {
    const block = Buffer.alloc(1024 * 1024)
    const file = openSync(join(this.#folder, 'filler'), 'a')
    for (let size = block.length; size > 0; ) {
      try {
        writeSync(file, block, 0, size)
      } catch {
        size = Math.floor(size / 2)
      }
    }
    closeSync(file)
  }

  free(): void {
    rmSync(join(this.#folder, 'filler'), { force: true })
  }

  close(): void {
    execFileSync('umount', ['-l', this.#folder])
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
