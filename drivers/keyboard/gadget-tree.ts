// The kernel's tree of USB gadgets as files: the one place that changes /sys/kernel/config.
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'

/** Each call throws the kernel's errno as Node does; what is not there is null. */
export interface GadgetTree {
  list(path: string): readonly string[] | null
  /** The text of an attribute without its line end. */
  read(path: string): string | null
  write(path: string, value: string | Uint8Array): void
  mkdir(path: string): void
  rmdir(path: string): void
  link(target: string, path: string): void
  unlink(path: string): void
}

const orNull = <T>(work: () => T): T | null => {
  try {
    return work()
  } catch {
    return null
  }
}

export const kernelTree: GadgetTree = {
  list: (path) => orNull(() => readdirSync(path)),
  read: (path) => orNull(() => readFileSync(path, 'utf8').trimEnd()),
  write: (path, value) => writeFileSync(path, value),
  mkdir: (path) => void mkdirSync(path),
  rmdir: (path) => rmdirSync(path),
  link: (target, path) => symlinkSync(target, path),
  unlink: (path) => unlinkSync(path),
}
