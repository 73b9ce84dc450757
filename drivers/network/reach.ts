// Asks for one name and one answer from it; every wait ends with the signal that it is given.
import { Resolver } from 'node:dns/promises'
import { get } from 'node:http'
import { connect, isIP } from 'node:net'

/** One address of the list; the same shape as station-config/network/addresses.yaml. */
export type NetworkAddress = {
  readonly host: string
  readonly port: number
  readonly need: 'required' | 'optional'
  readonly for: string
} & (
  | { readonly check: 'tcp' | 'none' }
  | { readonly check: 'http'; readonly path: string; readonly body: string }
)

/** `dns`: the name has no address. `no answer`: it has one, and nothing or the wrong thing comes from there. */
export type Reached =
  | { readonly is: 'reached' }
  | { readonly is: 'no name'; readonly why: string }
  | { readonly is: 'no answer'; readonly why: string }

/** The page that Windows asks for has 22 bytes; a sign-in page that stands in for it may be any size. */
const BODY_MAX = 4096
/** Each DNS server is asked twice, the second time with a doubled wait: about 3 s for one that is silent. */
const DNS_MS = 1000
const DNS_TRIES = 2

const why = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error)

/**
 * One IPv4 address of `host`, or an IPv6 one where there is no other. It asks the DNS servers of the PC themselves (or
 * `servers`), not its hosts file: the device would not have that either.
 */
async function addressOf(
  host: string,
  servers: readonly string[] | null,
  signal: AbortSignal,
): Promise<string> {
  if (isIP(host) !== 0) return host
  const resolver = new Resolver({ timeout: DNS_MS, tries: DNS_TRIES })
  if (servers !== null) resolver.setServers(servers)
  const cancel = () => resolver.cancel()
  signal.addEventListener('abort', cancel, { once: true })
  try {
    // Both at once: a server that is silent for one kind mostly is for the other.
    const six = resolver.resolve6(host).catch(() => [])
    const four = resolver.resolve4(host)
    const found = await four.catch(async (error: unknown) => {
      const others = await six
      if (others.length === 0) throw error
      return others
    })
    const first = found[0]
    if (first === undefined) throw new Error('no address')
    return first
  } finally {
    signal.removeEventListener('abort', cancel)
  }
}

const tcp = (host: string, port: number, signal: AbortSignal): Promise<Reached> =>
  new Promise((resolve) => {
    const socket = connect({ host, port, signal })
    const end = (reached: Reached) => {
      socket.destroy()
      resolve(reached)
    }
    socket.once('connect', () => end({ is: 'reached' }))
    socket.on('error', (error) => end({ is: 'no answer', why: why(error) }))
  })

const http = (
  at: string,
  { host, port, path, body }: NetworkAddress & { check: 'http' },
  signal: AbortSignal,
): Promise<Reached> =>
  new Promise((resolve) => {
    const headers = { host: port === 80 ? host : `${host}:${port}` }
    const request = get({ host: at, port, path, headers, signal, agent: false }, (response) => {
      let text = ''
      const end = (reason: string | null) => {
        resolve(reason === null ? { is: 'reached' } : { is: 'no answer', why: reason })
        request.destroy()
      }
      if (response.statusCode !== 200) return end(`it answers ${response.statusCode}`)
      response.setEncoding('latin1')
      response.on('data', (chunk: string) => {
        text += chunk
        if (text.length > BODY_MAX) end('another page answers')
      })
      response.on('end', () => end(text.trim() === body ? null : 'another page answers'))
      response.on('error', (error) => end(why(error)))
    })
    request.on('error', (error) => resolve({ is: 'no answer', why: why(error) }))
  })

/** Whether `address` answers before `signal` aborts. Never rejects. */
export async function reach(
  address: NetworkAddress,
  servers: readonly string[] | null,
  signal: AbortSignal,
): Promise<Reached> {
  const timely = (code: string) => (signal.aborted ? 'not in time' : code)
  let at: string
  try {
    signal.throwIfAborted()
    at = await addressOf(address.host, servers, signal)
  } catch (error) {
    return { is: 'no name', why: timely(why(error)) }
  }
  const reached =
    address.check === 'http' ? await http(at, address, signal) : await tcp(at, address.port, signal)
  return reached.is === 'reached' ? reached : { ...reached, why: timely(reached.why) }
}
