// Opens one TLS connection and judges who answers: the right server, another one, or somebody in between.
import { isIP } from 'node:net'
import {
  checkServerIdentity,
  connect,
  createSecureContext,
  type DetailedPeerCertificate,
  getCACertificates,
  type SecureContext,
} from 'node:tls'
import type { NetworkAddress, Reached } from './address.ts'
import { words } from './words.ts'

/** Names of a certificate are foreign text: they go into findings cut short. */
const NAME_MAX = 80

/** Only the public roots that come with Node: one that was added to this PC is not on a device either. */
export const publicContext = (roots: readonly string[] | null): SecureContext =>
  createSecureContext({ ca: [...(roots ?? getCACertificates('bundled'))], minVersion: 'TLSv1.2' })

const first = (name: string | string[] | undefined): string =>
  words((Array.isArray(name) ? name[0] : name) ?? '', NAME_MAX)

const subjectOf = ({ subject, subjectaltname }: DetailedPeerCertificate): string => {
  const [, other] = /(?:^|, )DNS:([^,]+)/.exec(subjectaltname ?? '') ?? []
  return first(other ?? subject?.CN) || 'nobody'
}

const NOT_NOW = new Set(['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID'])
const comparable = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, '')

/** `trouble`: OpenSSL's word on the chain against public roots, or null. */
export function judgeCertificate(
  address: NetworkAddress,
  at: string,
  certificate: DetailedPeerCertificate,
  trouble: string | null,
): Reached {
  const { issuer } = certificate
  const organisation = first(issuer?.O)
  const name = first(issuer?.CN) || organisation || 'an issuer without a name'
  if (checkServerIdentity(address.host, certificate) !== undefined)
    return { is: 'dns-wrong', why: `${at} answers for ${subjectOf(certificate)}` }
  const isKnown = address.issuers?.some((one) => comparable(one) === comparable(organisation))
  if (trouble !== null && NOT_NOW.has(trouble))
    return {
      is: 'expired',
      why: `${trouble === 'CERT_HAS_EXPIRED' ? 'expired' : 'not valid yet'}, by ${name}`,
    }
  // A documented name without a public root may be a root of Microsoft's own that only Windows has: looked at, not held.
  if (trouble !== null)
    return isKnown === true
      ? { is: 'issuer', why: `${name} leads to no public root (${trouble})` }
      : { is: 'intercepted', why: `by ${name}` }
  if (isKnown === false) return { is: 'issuer', why: `${name} of ${organisation || 'nobody'}` }
  return { is: 'reached', issuer: name }
}

/** Never rejects; ends with the signal. */
export function askTls(
  address: NetworkAddress,
  at: string,
  options: { readonly context: SecureContext; readonly local: string | null },
  signal: AbortSignal,
): Promise<Reached> {
  return new Promise((resolve) => {
    const { host, port } = address
    const { context, local } = options
    let isConnected = false
    const socket = connect({
      host: at,
      port,
      ...(isIP(host) === 0 ? { servername: host } : {}),
      secureContext: context,
      // It is looked at whoever answers; nothing is sent over it.
      rejectUnauthorized: false,
      ...(local === null ? {} : { localAddress: local }),
    })
    const end = (reached: Reached) => {
      signal.removeEventListener('abort', late)
      socket.destroy()
      resolve(reached)
    }
    const late = () =>
      end(
        isConnected
          ? { is: 'slow', why: 'it connects, then TLS does not end in time' }
          : { is: 'blocked', why: 'no connection in time' },
      )
    if (signal.aborted) return late()
    signal.addEventListener('abort', late, { once: true })
    socket.once('connect', () => {
      isConnected = true
    })
    socket.once('secureConnect', () => {
      const trouble = socket.authorized ? null : codeOf(socket.authorizationError)
      // Its own check of the name comes last; ours is made on the certificate itself.
      const chain = trouble === 'ERR_TLS_CERT_ALTNAME_INVALID' ? null : trouble
      try {
        end(judgeCertificate(address, at, socket.getPeerCertificate(true), chain))
      } catch {
        // Names that break their own quoting are refused by Node: whoever sends such a thing is no server of ours.
        end({ is: 'broken', why: 'TLS: the certificate cannot be read' })
      }
    })
    socket.on('error', (error: NodeJS.ErrnoException) => {
      const why = error.code ?? error.message
      end(isConnected ? { is: 'broken', why: `TLS: ${why}` } : { is: 'blocked', why })
    })
    socket.once('close', () => end({ is: 'broken', why: 'TLS: hung up' }))
  })
}

/** Typed as an Error, in fact a code as text. */
const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error)
