// Asks for the page that Windows itself asks for; what comes in its place is a sign-in page or a proxy.
import { get, type IncomingMessage } from 'node:http'
import type { Clock } from '../../agent/ports.ts'
import type { NetworkAddress, Reached } from './address.ts'
import { words } from './words.ts'

/** The page that Windows asks for has 22 bytes; a sign-in page that stands in for it may be any size. */
const BODY_MAX = 4096
const NAME_MAX = 80
/** RFC 9110 §15.5.8 and RFC 6585 §6. */
const PROXY_SIGN_IN = 407
const PORTAL_SIGN_IN = 511

function targetOf(location: string | undefined): string {
  if (location === undefined) return 'nowhere'
  return words(URL.canParse(location) ? new URL(location).host : location, NAME_MAX)
}

/** What a status other than 200 means. */
function refusal({ statusCode = 0, headers }: IncomingMessage): Reached {
  if (statusCode === PROXY_SIGN_IN) {
    const scheme = words(headers['proxy-authenticate'] ?? '', NAME_MAX)
    return { is: 'proxy', why: `it wants a sign-in (407${scheme === '' ? '' : ` ${scheme}`})` }
  }
  if (statusCode === PORTAL_SIGN_IN) return { is: 'portal', why: 'a sign-in page asks (511)' }
  if (statusCode >= 300 && statusCode < 400)
    return { is: 'portal', why: `sent to ${targetOf(headers.location)} (${statusCode})` }
  return { is: 'broken', why: `it answers ${statusCode}` }
}

/** The sender's clock minus ours; a cached answer carries its age (RFC 9111 §5.1). Full seconds: half of one is added. */
function offsetOf({ headers }: IncomingMessage, now: number): number | null {
  const told = Date.parse(headers.date ?? '')
  const age = Number(headers.age ?? 0)
  return Number.isNaN(told) || !(age >= 0) ? null : Math.round(told + age * 1000 + 500 - now)
}

/** Never rejects; ends with the signal. */
export function askPage(
  address: NetworkAddress & { readonly check: 'http' },
  at: string,
  options: { readonly clock: Clock; readonly local: string | null },
  signal: AbortSignal,
): Promise<Reached> {
  return new Promise((resolve) => {
    const { host, port, path, body } = address
    const { clock, local } = options
    let isConnected = false
    const request = get(
      {
        host: at,
        port,
        path,
        headers: { host: port === 80 ? host : `${host}:${port}` },
        agent: false,
        ...(local === null ? {} : { localAddress: local }),
      },
      (response) => {
        if (response.statusCode !== 200) return end(refusal(response))
        const offset = offsetOf(response, clock.now())
        const via = response.headers.via ?? response.headers['proxy-connection']
        let text = ''
        response.setEncoding('latin1')
        response.on('data', (chunk: string) => {
          text += chunk
          if (text.length > BODY_MAX) end({ is: 'portal', why: 'another page answers' })
        })
        response.on('end', () => {
          if (text.trim() !== body) return end({ is: 'portal', why: 'another page answers' })
          end({
            is: 'reached',
            ...(offset === null ? {} : { offsetMs: offset }),
            ...(via === undefined ? {} : { via: words(String(via), NAME_MAX) }),
          })
        })
        response.on('error', (error: NodeJS.ErrnoException) =>
          end({ is: 'broken', why: error.code ?? error.message }),
        )
      },
    )
    const end = (reached: Reached) => {
      signal.removeEventListener('abort', late)
      resolve(reached)
      request.destroy()
    }
    const late = () =>
      end(
        isConnected
          ? { is: 'slow', why: 'it connects, then no whole page comes in time' }
          : { is: 'blocked', why: 'no connection in time' },
      )
    request.on('socket', (socket) => {
      socket.once('connect', () => {
        isConnected = true
      })
    })
    request.on('error', (error: NodeJS.ErrnoException) => {
      const why = error.code ?? error.message
      end(isConnected ? { is: 'broken', why } : { is: 'blocked', why })
    })
    if (signal.aborted) return late()
    signal.addEventListener('abort', late, { once: true })
  })
}
