// Opens the label printer that the config names; nothing is held open between two labels.
import { isIP } from 'node:net'
import { StationError } from '../../agent/fault.ts'
import type { Clock, Printer } from '../../agent/ports.ts'
import { splitPartUrl } from '../io/url.ts'
import { filePrinter } from './file.ts'
import { RAW_PORT, tcpPrinter } from './tcp.ts'

/** Settings of the paper and the head, which the caller reads. */
const SETTINGS = ['size', 'dpi', 'language']

/**
 * `tcp:host[:port]` or `file:/path`.
 * @throws StationError STATION_DRIVER_UNKNOWN, CONFIG_INVALID
 */
export function openPrinter(url: string, clock: Clock): Printer {
  const { scheme, path } = splitPartUrl(url, SETTINGS)
  if (scheme === 'file') {
    if (!path.startsWith('/')) throw new StationError('CONFIG_INVALID', `${url}: no absolute path`)
    return filePrinter(path, clock)
  }
  if (scheme !== 'tcp') throw new StationError('STATION_DRIVER_UNKNOWN', url)
  const [, six, name, digits] =
    /^(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9.-]{1,253}))(?::(\d{1,5}))?$/.exec(path) ?? []
  const host = six ?? name ?? ''
  const port = digits === undefined ? RAW_PORT : Number(digits)
  if (host === '' || (six !== undefined && isIP(six) !== 6) || port < 1 || port > 65_535)
    throw new StationError('CONFIG_INVALID', `${url}: not tcp:host:port`)
  return tcpPrinter(host, port)
}
