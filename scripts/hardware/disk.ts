// A disk whose write cache is lost with the power: what the machine wrote since its last flush may be there or not.
import { execFileSync } from 'node:child_process'
import {
  closeSync,
  openSync,
  readSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { programPath } from './bed.ts'

const DISK_BYTES = 192 * 1024 * 1024
const LOG_BYTES = 2 * 1024 ** 3

// QEMU's blklogwrites writes the log of the kernel's dm-log-writes: a super block, then entries, each in a sector of its own.
const MAGIC = 0x6a736677736872n
const SECTOR = 512
const FLAG_FUA = 2n
const FLAG_DISCARD = 4n
const ENTRY_FIELDS = 4

interface LoggedWrite {
  /** Place on the disk, bytes. */
  readonly at: number
  readonly bytes: Buffer
  /** The machine was told that it is on the disk, whatever was flushed. */
  readonly isForced: boolean
}

/** Keeps the holes: a disk is mostly empty. */
const copy = (from: string, to: string): void =>
  void execFileSync('cp', ['--sparse=always', '--reflink=auto', from, to])

/** A number in [0, 1). */
export type Chance = () => number

export class CutDisk {
  readonly #folder: string

  /** Makes an empty ext4 in `folder`. */
  constructor(folder: string) {
    this.#folder = folder
    writeFileSync(this.#image, '')
    truncateSync(this.#image, DISK_BYTES)
    execFileSync(programPath('mkfs.ext4'), ['-q', '-F', '-L', 'reseal', this.#image])
  }

  get #image(): string {
    return join(this.#folder, 'disk.img')
  }
  get #start(): string {
    return join(this.#folder, 'start.img')
  }
  get #log(): string {
    return join(this.#folder, 'disk.log')
  }

  /** Keeps how the disk is now, and gives QEMU's arguments for a machine that writes to it. */
  plug(): readonly string[] {
    copy(this.#image, this.#start)
    rmSync(this.#log, { force: true })
    writeFileSync(this.#log, '')
    truncateSync(this.#log, LOG_BYTES)
    const file = (node: string, path: string): string =>
      `driver=file,node-name=${node},filename=${path},cache.no-flush=on`
    return [
      ...['-blockdev', file('image', this.#image), '-blockdev', file('writes', this.#log)],
      ...['-blockdev', 'driver=blklogwrites,node-name=disk,file=image,log=writes'],
      ...['-device', 'virtio-blk-pci,drive=disk,write-cache=on'],
    ]
  }

  /**
   * The disk as a power cut may leave it: all that was flushed; of each later write nothing, all, or its first sectors.
   * Returns how many writes came after the last flush, and how many of them were lost or torn.
   */
  lose(chance: Chance): { readonly unflushed: number; readonly lost: number } {
    const { flushed, later } = this.#writes()
    copy(this.#start, this.#image)
    const image = openSync(this.#image, 'r+')
    try {
      for (const { at, bytes } of flushed) writeSync(image, bytes, 0, bytes.length, at)
      let lost = 0
      for (const { at, bytes, isForced } of later) {
        const draw = chance()
        const sectors = Math.floor(chance() * (bytes.length / SECTOR + 1))
        const kept = isForced || draw < 0.4 ? bytes.length : draw < 0.8 ? 0 : sectors * SECTOR
        if (kept < bytes.length) lost++
        writeSync(image, bytes, 0, kept, at)
      }
      return { unflushed: later.length, lost }
    } finally {
      closeSync(image)
    }
  }

  /** QEMU brings the super block up to date with every flush: what it counts was flushed. */
  #writes(): { readonly flushed: readonly LoggedWrite[]; readonly later: readonly LoggedWrite[] } {
    const log = openSync(this.#log, 'r')
    try {
      const head = Buffer.alloc(SECTOR)
      const flushed: LoggedWrite[] = []
      const later: LoggedWrite[] = []
      readSync(log, head, 0, SECTOR, 0)
      if (head.readBigUInt64LE(0) !== MAGIC) return { flushed, later }
      const counted = Number(head.readBigUInt64LE(16))
      const sector = head.readUInt32LE(24)
      let place = sector
      for (let n = 0; ; n++) {
        readSync(log, head, 0, SECTOR, place)
        const fields = Array.from({ length: ENTRY_FIELDS }, (_, i) => head.readBigUInt64LE(i * 8))
        // Behind the last entry the log is empty.
        if (n >= counted && fields.every((field) => field === 0n)) break
        const [at = 0n, count = 0n, flags = 0n] = fields
        place += sector
        const isDiscard = (flags & FLAG_DISCARD) !== 0n
        const bytes = Buffer.alloc(isDiscard ? 0 : Number(count) * sector)
        readSync(log, bytes, 0, bytes.length, place)
        place += bytes.length
        const isForced = (flags & FLAG_FUA) !== 0n
        const write = { at: Number(at) * sector, bytes, isForced }
        if (bytes.length > 0) (n < counted ? flushed : later).push(write)
      }
      return { flushed, later }
    } finally {
      closeSync(log)
    }
  }
}
