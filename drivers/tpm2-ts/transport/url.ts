// Chooses a transport by a URL, as command lines and settings write it.
import { TpmFault } from '../fault.ts'
import { deviceTransport } from './device.ts'
import { simulatorTransport, tcpTransport, unixTransport } from './sockets.ts'
import type { OpenTransport, TransportOptions } from './transport.ts'

const ADDRESS = /^(tcp|mssim):\/\/(?:\[([0-9a-fA-F:]+)\]|([^:/[\]]+)):(\d{1,5})\/?$/
const PATH = /^(unix|device):(\/.*)$/

/**
 * `tcp://host:port`, `unix:/path`, `device:/dev/tpmrm0` or `mssim://host:port`. Nothing is opened
 * before the first command. Throws `TPM_USAGE` for anything else.
 */
export function transportFromUrl(url: string, options: TransportOptions = {}): OpenTransport {
  const [, pathKind, path = ''] = PATH.exec(url) ?? []
  if (pathKind === 'unix') return unixTransport(path, options)
  if (pathKind === 'device') return deviceTransport(path, options)
  const [, kind, six, name, digits] = ADDRESS.exec(url) ?? []
  const host = six ?? name ?? ''
  const port = Number(digits)
  // The simulator's platform has the port behind the commands' own.
  if (kind === 'tcp' && port >= 1 && port <= 65_535) return tcpTransport(host, port, options)
  if (kind === 'mssim' && port >= 1 && port < 65_535) return simulatorTransport(host, port, options)
  throw new TpmFault('TPM_USAGE', `No TPM has the address ${url}: try tcp://127.0.0.1:2321.`)
}
