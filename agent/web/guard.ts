// Keeps other web pages out: a page open in the bench PC's browser must never read the bench or answer for the operator.
import { isIP } from 'node:net'
import { HttpProblem } from './problem.ts'

/** The headers of a request that the guard looks at. */
export interface Asked {
  readonly method: string
  readonly host: string | undefined
  readonly origin: string | undefined
  readonly fetchSite: string | undefined
  readonly contentType: string | undefined
  /** Content types besides JSON that the route takes; never one that a form of another page can send. */
  readonly takes?: readonly string[]
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Content types besides JSON: `image/jpeg`, `text/csv`. */
    takes?: readonly string[]
  }
}

/** What a form or script of another page sends without asking first (Fetch, 2.2.2). */
const SIMPLE = /^(?:text\/plain|multipart\/form-data|application\/x-www-form-urlencoded)/i

/** Only same-origin files, no inline script or style, nothing from outside, in nobody's frame. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': POLICY,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), usb=(), serial=(), hid=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
}

/** Host name of a `Host` header, in lower case, without port and brackets; null when it is none. */
function hostName(host: string | undefined): string | null {
  const found = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9.-]+))(?::\d{1,5})?$/i.exec(host ?? '')
  return (found?.[1] ?? found?.[2])?.toLowerCase() ?? null
}

/**
 * A check of every request. An address or `localhost` as `Host` is safe: a page that rebinds its name to us still sends
 * its own name. The port is free, so that a forwarded one works. Changes need JSON, which another page cannot send
 * without asking first, and an origin that is ours if the browser names one.
 * @param names further host names by which the board may be opened
 * @throws HttpProblem
 */
export function makeGuard(
  names: readonly string[],
  scheme: 'http:' | 'https:' = 'http:',
): (asked: Asked) => void {
  const allowed = new Set(['localhost', ...names.map((name) => name.toLowerCase())])
  return (asked) => {
    const name = hostName(asked.host)
    if (name === null || !(allowed.has(name) || isIP(name) !== 0)) {
      throw new HttpProblem(403, 'BACKEND_FORBIDDEN', 'The Host header names another host.')
    }
    // Behind a proxy that speaks TLS the browser names https; a server that speaks it itself knows no http.
    const origins = [
      `https://${asked.host}`,
      ...(scheme === 'http:' ? [`http://${asked.host}`] : []),
    ]
    const isOurs = origins.includes(asked.origin ?? '')
    if (asked.origin !== undefined && !isOurs) {
      throw new HttpProblem(403, 'BACKEND_FORBIDDEN', 'The request comes from another origin.')
    }
    if (asked.method === 'GET' || asked.method === 'HEAD') return
    if (asked.fetchSite !== undefined && !['same-origin', 'none'].includes(asked.fetchSite)) {
      throw new HttpProblem(403, 'BACKEND_FORBIDDEN', 'The request comes from another site.')
    }
    const type = (asked.contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
    const takes = ['application/json', ...(asked.takes ?? []).filter((one) => !SIMPLE.test(one))]
    if (!takes.includes(type)) {
      throw new HttpProblem(415, 'BACKEND_REQUEST_INVALID', 'The content type must be JSON.')
    }
  }
}
