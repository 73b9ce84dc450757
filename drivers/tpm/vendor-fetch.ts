// Asks a TPM vendor for the certificate of an endorsement key: bounded, through a proxy if one is set, once per key.
import { get as getPlain } from 'node:http'
import { Agent, get as getSecure } from 'node:https'
import { isStationError } from '../../agent/fault.ts'
import { type Certificate, readCertificate } from './certificate.ts'
import type { EkOffer } from './vendor-offer.ts'

export interface FetchedEk {
  readonly url: string
  readonly certificate: Certificate
}

/** A certificate of 4 kB in base64 inside JSON, with room. */
const ANSWER_MAX = 64 * 1024
/** A slow service must not hold a bay: it answers within seconds or counts as not there. */
const WAIT_MAX_MS = 15_000
/** Keys whose answers are kept; a bench sees some hundred devices a day. */
const KEPT_MAX = 512

/** The body of a 200 answer; null for any other answer, none, or too much. */
export type Get = (url: string, signal: AbortSignal) => Promise<Uint8Array | null>

/** GET without redirects, over HTTPS as the vendors have it. */
export function getFrom(proxy: string | null): Get {
  const agent = proxy === null ? undefined : new Agent({ proxyEnv: { HTTPS_PROXY: proxy } })
  return (url, outer) =>
    new Promise((resolve) => {
      const signal = AbortSignal.any([outer, AbortSignal.timeout(WAIT_MAX_MS)])
      const get = url.startsWith('https:') ? getSecure : getPlain
      const request = get(
        url,
        { signal, ...(agent && get === getSecure ? { agent } : {}) },
        (answer) => {
          const parts: Buffer[] = []
          let size = 0
          if (answer.statusCode !== 200) {
            answer.destroy()
            return resolve(null)
          }
          answer.on('data', (part: Buffer) => {
            size += part.length
            if (size > ANSWER_MAX) answer.destroy()
            else parts.push(part)
          })
          answer.on('end', () => resolve(Buffer.concat(parts)))
          answer.on('close', () => resolve(null))
          answer.on('error', () => resolve(null))
        },
      )
      request.on('error', () => resolve(null))
    })
}

/** Intel answers JSON with the certificate in base64url, AMD the certificate itself. */
function certificateIn(vendor: EkOffer['vendor'], body: Uint8Array): Certificate | null {
  try {
    if (vendor === 'amd') return readCertificate(body)
    const answer: unknown = JSON.parse(Buffer.from(body).toString('utf8'))
    if (typeof answer !== 'object' || answer === null || !('certificate' in answer)) return null
    const { certificate } = answer
    // The service escapes the padding of its base64url.
    const text = typeof certificate === 'string' ? certificate.replaceAll('%3D', '') : ''
    return readCertificate(Buffer.from(text, 'base64url'))
  } catch (error) {
    if (isStationError(error) || error instanceof SyntaxError) return null
    throw error
  }
}

/** A fetcher that asks each address once while it runs; a service that did not answer is asked again. */
export function vendorFetch(
  get: Get,
): (offer: EkOffer, signal: AbortSignal) => Promise<FetchedEk | null> {
  const kept = new Map<string, FetchedEk>()
  return async ({ vendor, url }, signal) => {
    const before = kept.get(url)
    if (before !== undefined) return before
    const body = await get(url, signal)
    const certificate = body === null ? null : certificateIn(vendor, body)
    if (certificate === null) return null
    const [oldest] = kept.keys()
    if (kept.size >= KEPT_MAX && oldest !== undefined) kept.delete(oldest)
    const found = { url, certificate }
    kept.set(url, found)
    return found
  }
}
