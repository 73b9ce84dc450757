// A label printer at a kernel node (usblp), or a file that something else prints: bytes are appended, never read.
import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { StationError } from '../../agent/fault.ts'
import type { Clock, Printer } from '../../agent/ports.ts'

/** A printer that is busy takes no bytes for a moment; it is asked again after this, ms. */
const BUSY_MS = 50

/** A printer at a path. The node is never made: a plain file where a printer should be would take labels for ever. */
export function filePrinter(path: string, clock: Clock): Printer {
  return {
    print: async (text, signal) => {
      const where = `file:${path}`
      try {
        // O_NONBLOCK: a printer without paper, or a pipe without a reader, must not park a thread for good.
        const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_NONBLOCK
        const file = await open(path, flags)
        try {
          await writeAll(file, Buffer.from(text, 'utf8'), clock, signal)
        } finally {
          await file.close()
        }
      } catch (cause) {
        throw new StationError('STATION_PRINTER_GONE', where, { cause })
      }
    },
  }
}

/** Writes every byte, however often the printer is busy, until the signal aborts. */
async function writeAll(
  file: FileHandle,
  bytes: Buffer,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  for (let sent = 0; sent < bytes.length; ) {
    if (signal.aborted) throw new Error('it takes no more bytes')
    try {
      sent += (await file.write(bytes, sent)).bytesWritten
    } catch (error) {
      if ((error as { readonly code?: unknown }).code !== 'EAGAIN') throw error
      await clock.sleep(BUSY_MS * clock.rate, signal)
    }
  }
}
