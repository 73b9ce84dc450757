// Reads the kernel's own tree of devices, below any folder, so that a test can lay out a PC of its own.
import { readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

/** Values of sysfs are one line; a file that is larger is something else. */
const VALUE_MAX = 4096

/** The tree below `root` (`/` on a bench). What cannot be read is null or empty: a part that is half there is half told. */
export class DeviceTree {
  readonly root: string

  constructor(root = '/') {
    this.root = root
  }

  /** The content of a file, trimmed; null when there is none. */
  text(path: string): string | null {
    try {
      return readFileSync(join(this.root, path), 'utf8').slice(0, VALUE_MAX).trim()
    } catch {
      return null
    }
  }

  /** The whole of a table such as /proc/net/route. */
  lines(path: string): readonly string[] {
    try {
      return readFileSync(join(this.root, path), 'utf8').trimEnd().split('\n')
    } catch {
      return []
    }
  }

  /** The names in a folder, sorted as people count: eth2 before eth10. */
  names(path: string): readonly string[] {
    try {
      return readdirSync(join(this.root, path)).sort((a, b) =>
        a.localeCompare(b, 'en', { numeric: true }),
      )
    } catch {
      return []
    }
  }

  /** The path as a program opens it. */
  at(path: string): string {
    return join(this.root, path)
  }

  /** What the link itself says, as a path from the root: one step, where `real` goes to the end. Null when it is no link. */
  target(path: string): string | null {
    try {
      return resolve('/', dirname(path), readlinkSync(join(this.root, path)))
    } catch {
      return null
    }
  }

  /** Where a link leads in the end, as a path from the root; null when it leads nowhere. */
  real(path: string): string | null {
    try {
      const base = realpathSync(this.root)
      const real = realpathSync(join(this.root, path))
      return real.startsWith(base) ? join('/', real.slice(base.length)) : null
    } catch {
      return null
    }
  }
}
