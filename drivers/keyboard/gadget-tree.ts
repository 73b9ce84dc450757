// The kernel's tree of USB gadgets as files: the one place that changes /sys/kernel/config.
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
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
  /** What a link says; null when it is no link. */
  target(path: string): string | null
  mkdir(path: string): void
  /** A folder that all may look into, whatever the umask; one that is there already is fine. */
  folder(path: string): void
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
  target: (path) => orNull(() => readlinkSync(path)),
  mkdir: (path) => void mkdirSync(path),
  folder: (path) => {
    mkdirSync(path, { recursive: true })
    chmodSync(path, 0o755)
  },
  rmdir: (path) => rmdirSync(path),
  link: (target, path) => symlinkSync(target, path),
  unlink: (path) => unlinkSync(path),
}
