// A label printer on the network: raw bytes to its port 9100, one connection a job.
import { connect } from 'node:net'
import { StationError } from '../../agent/fault.ts'
import type { Printer } from '../../agent/ports.ts'

/** Default of the raw port of all label printers. */
export const RAW_PORT = 9100

/** A printer that takes raw bytes at `host:port`. */
export function tcpPrinter(host: string, port: number): Printer {
  return {
    print: (text, signal) =>
      new Promise((resolve, reject) => {
        const where = `tcp:${host}:${port}`
        const socket = connect({ host, port })
        const end = (error: Error | null) => {
          signal.removeEventListener('abort', late)
          socket.destroy()
          if (error === null) resolve()
          else reject(new StationError('STATION_PRINTER_GONE', where, { cause: error }))
        }
        const late = () => end(new Error('it takes no more bytes'))
        signal.addEventListener('abort', late, { once: true })
        if (signal.aborted) return late()
        let isSent = false
        socket.on('error', end)
        // The printer's FIN, or ours and then its own: before that bytes may still lie in our buffers.
        socket.on('close', () => end(isSent ? null : new Error('it hung up')))
        socket.on('connect', () => {
          // What a printer says back (status) is read and dropped, so that its FIN comes through.
          socket.resume()
          socket.end(text, 'utf8', () => {
            isSent = true
          })
        })
      }),
  }
}
