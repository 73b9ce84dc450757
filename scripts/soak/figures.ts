// What a soak measures of its own process: memory after everything dead was let go, and what is open.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import process from 'node:process'
import { getHeapSpaceStatistics } from 'node:v8'

export interface Sample {
  /** ms since the soak began, by the clock of the soak. */
  readonly at: number
  /** Objects that are alive and buffers beside them, MB; compiled code, which grows for as long as new ways are taken, is apart. */
  readonly liveMb: number
  readonly codeMb: number
  /**
   * Memory of the process's own, threads and native libraries included, MB. Pages of the program's files, which come and
   * go with what else the PC does, are not in it.
   */
  readonly ownMb: number
  /** What is open. */
  readonly open: Open
}

export interface Open {
  /** Open files, sockets and pipes by what they are, as the kernel has them. */
  readonly files: Readonly<Record<string, number>>
  /** Timers of the soak's clock, or of the event loop. */
  readonly timers: number
}

const MB = 2 ** 20

/** Collects all garbage first. @throws Error without --expose-gc */
export function sampleNow(at: number, timers?: number): Sample {
  if (globalThis.gc === undefined) throw new Error('run it with --expose-gc')
  // The second time takes what the finalizers of the first let go.
  globalThis.gc()
  globalThis.gc()
  const { heapUsed, external } = process.memoryUsage()
  const code = getHeapSpaceStatistics()
    .filter(({ space_name }) => /^(?:code|trusted)_/.test(space_name))
    .reduce((sum, { space_used_size }) => sum + space_used_size, 0)
  return {
    at,
    liveMb: (heapUsed + external - code) / MB,
    codeMb: code / MB,
    ownMb: statusMb('RssAnon'),
    open: { files: openFiles(), timers: timers ?? timersNow() },
  }
}

/** `RssAnon:	   95828 kB`, of proc(5). */
export const statusMb = (row: 'RssAnon' | 'VmRSS'): number =>
  Number(
    new RegExp(`^${row}:\\s+(\\d+)`, 'm').exec(readFileSync('/proc/self/status', 'latin1'))?.[1],
  ) / 1024

/** Timers of the event loop that hold the process. */
const timersNow = (): number =>
  process.getActiveResourcesInfo().filter((name) => /Timeout|Immediate/.test(name)).length

function openFiles(): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const fd of readdirSync('/proc/self/fd')) {
    const kind = kindOf(fd)
    if (kind !== null) counts[kind] = (counts[kind] ?? 0) + 1
  }
  return counts
}

/** `socket:[12345]` is a socket; a file is named by its last part, a pseudo terminal by its kind. */
function kindOf(fd: string): string | null {
  try {
    const path = readlinkSync(`/proc/self/fd/${fd}`)
    const kind = /^(socket|pipe|anon_inode)(?::|$)/.exec(path)?.[1]
    if (kind !== undefined) return kind
    return path.startsWith('/dev/pts/') ? 'terminal' : (path.split('/').at(-1) ?? path)
  } catch {
    // The list itself was open while it was read.
    return null
  }
}

export const total = ({ files }: Open): number =>
  Object.values(files).reduce((sum, one) => sum + one, 0)

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, one) => sum + one, 0) / values.length
