// A small disk of its own that a test can really fill: a tmpfs, mounted by root and gone after the test.
import { execFileSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

export interface SmallDisk {
  readonly dir: string
  /** Writes until nothing fits any more. */
  fill(): void
  /** Takes back what `fill` wrote. */
  empty(): void
  remount(option: 'ro' | 'rw'): void
}

export function aSmallDisk(megabytes: number): SmallDisk {
  const dir = mkdtempSync(join(tmpdir(), 'reseal-disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'reseal-test', dir], {
      stdio: 'pipe',
    })
  } catch (error) {
    rmSync(dir, { recursive: true })
    throw new Error('this test fills a tmpfs of its own: run it as root, where mount is allowed', {
      cause: error,
    })
  }
  onTestFinished(() => {
    // Lazy: a failed test may still hold a file open.
    execFileSync('umount', ['-l', dir])
    rmSync(dir, { recursive: true, force: true })
  })
  const filler = join(dir, 'filler')
  return {
    dir,
    fill() {
      const fd = openSync(filler, 'a')
      try {
        for (const size of [65536, 4096]) {
          const block = Buffer.alloc(size)
          for (;;) if (!wrote(fd, block)) break
        }
      } finally {
        closeSync(fd)
      }
    },
    empty: () => rmSync(filler, { force: true }),
    remount: (option) => {
      execFileSync('mount', ['-o', `remount,${option}`, dir], { stdio: 'pipe' })
    },
  }
}

function wrote(fd: number, block: Buffer): boolean {
  try {
    return writeSync(fd, block) === block.length
  } catch {
    return false
  }
}
