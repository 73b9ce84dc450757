// The file operations on a gadget keyboard's node, none of which can block: the one place that touches /dev/hidgN.
import { closeSync, constants, fstatSync, openSync, readSync, statSync, writeSync } from 'node:fs'
import { StationError } from '../../agent/fault.ts'

/** What became of a report (facts/hardware §2.3); `lost`: the file is of no use any more. */
export type Written = 'queued' | 'full' | 'off' | 'lost'

export interface HidgFile {
  /** Major and minor number of the node: who opens it twice gets the same. */
  readonly device: string
  /** Hands one report to the kernel, or says why it is not taken now. Never waits. */
  write(report: Uint8Array): Written
  /** The LED byte that the device set last, once; null when there is none new. Never waits. */
  readLeds(): number | null
  /** False when the name leads elsewhere, or nowhere. */
  isCurrent(): boolean
  close(): void
}

/** @throws StationError STATION_PORT_GONE, STATION_PORT_DENIED */
export type OpenHidgFile = (path: string) => HidgFile

/**
 * Opens a node of the kernel's gadget keyboard. The calls are the synchronous ones on a file opened with O_NONBLOCK: the
 * kernel answers each at once (one call measured: 2 to 8 µs), so that neither the event loop nor a thread of the pool waits. Polling
 * would tell no more: the node is readable or writable in states where a read or write then fails (facts/hardware §2.3).
 */
export const openHidgFile: OpenHidgFile = (path) => {
  let fd: number
  try {
    fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK)
  } catch (cause) {
    const code = codeOf(cause)
    const isDenied = code === 'EACCES' || code === 'EPERM'
    throw new StationError(isDenied ? 'STATION_PORT_DENIED' : 'STATION_PORT_GONE', path, { cause })
  }
  const opened = fstatSync(fd)
  if (!opened.isCharacterDevice()) {
    closeSync(fd)
    throw new StationError('STATION_PORT_GONE', `${path}: no character device`)
  }
  const byte = new Uint8Array(1)
  return {
    device: `${opened.rdev}`,
    write: (report) => {
      try {
        return writeSync(fd, report) === report.length ? 'queued' : 'lost'
      } catch (error) {
        return writtenOf(codeOf(error))
      }
    },
    readLeds: () => {
      try {
        return readSync(fd, byte) === 1 ? (byte[0] ?? 0) : null
      } catch {
        // EAGAIN: nothing new. Whatever else is wrong, the next write says it.
        return null
      }
    },
    isCurrent: () => {
      const now = statSync(path, { throwIfNoEntry: false })
      return now !== undefined && now.ino === opened.ino && now.rdev === opened.rdev
    },
    close: () => closeSync(fd),
  }
}

/** Errno of a write → what it says of the device (facts/hardware §2.3). */
export function writtenOf(code: string): Written {
  if (code === 'EAGAIN' || code === 'EINTR') return 'full'
  return code === 'ESHUTDOWN' ? 'off' : 'lost'
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : ''
