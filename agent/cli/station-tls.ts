// A connection to a station whose certificate is trusted: by a file, by its fingerprint, or by the system's own roots.
import { isIP } from 'node:net'
import { connect, type TLSSocket } from 'node:tls'
import { StationError } from '../fault.ts'
import { fileText, type StationDoor } from './station-http.ts'

const bare = (fingerprint: string) => fingerprint.replace(/[^0-9a-f]/gi, '').toLowerCase()
/** Of TLS itself and of X.509, as Node names them; anything else is a network that failed. */
const UNTRUSTED = /CERT|SELF_SIGNED|ISSUER|ALTNAME|UNABLE_TO|SIGNATURE/

/**
 * With a fingerprint that certificate alone is taken, whatever name it has: it is the one that the console showed.
 * @throws StationError STATION_CERTIFICATE, FILE_UNREADABLE, USAGE_COMMAND
 */
export async function tlsTo(
  url: URL,
  { ca, fingerprint }: StationDoor,
  signal: AbortSignal,
): Promise<TLSSocket> {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (fingerprint !== undefined && bare(fingerprint).length !== 64)
    throw new StationError('USAGE_COMMAND', '--fingerprint has 64 hexadecimal digits: a SHA-256')
  const socket = connect({
    host,
    port: Number(url.port || 443),
    rejectUnauthorized: fingerprint === undefined,
    minVersion: 'TLSv1.2',
    ...(ca === undefined ? {} : { ca: fileText(ca) }),
    ...(isIP(host) === 0 ? { servername: host } : {}),
  })
  const stop = () => socket.destroy(new Error('nobody answered in time'))
  signal.addEventListener('abort', stop, { once: true })
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('secureConnect', resolve).once('error', reject)
    })
  } catch (cause) {
    socket.destroy()
    const code = String((cause as { readonly code?: unknown }).code ?? '')
    if (UNTRUSTED.test(code))
      throw new StationError('STATION_CERTIFICATE', `${url.origin}: ${code}`, { cause })
    throw cause
  } finally {
    signal.removeEventListener('abort', stop)
  }
  const found = socket.getPeerCertificate().fingerprint256
  if (fingerprint !== undefined && bare(found) !== bare(fingerprint)) {
    socket.destroy()
    throw new StationError('STATION_CERTIFICATE', `${url.origin} shows ${found}`)
  }
  return socket
}
