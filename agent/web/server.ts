// A server as both doors of the station have it: bounded, guarded, one form for every refusal.
import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import { type FastifyHttpOptions, type FastifyInstance, type FastifyReply, fastify } from 'fastify'
import type { Log } from '../log.ts'
import { isNear } from './auth/door.ts'
import type { Tls } from './auth/tls.ts'
import { makeGuard, SECURITY_HEADERS } from './guard.ts'
import { type ProblemBody, problem, problemOf } from './problem.ts'

/** A scan of 4 KiB with every character escaped fits; nothing else is larger. */
const BODY_MAX_BYTES = 32 * 1024
const HEADERS_LIMIT_MS = 5_000
const REQUEST_LIMIT_MS = 10_000
/** As many again as event streams (station-routes.ts), so that full streams leave room to ask and to be told so. */
const CONNECTIONS_MAX = 512

function sendProblem(reply: FastifyReply, body: ProblemBody): FastifyReply {
  if (body.status === 503) reply.header('retry-after', '2')
  return reply.status(body.status).type('application/problem+json').send(JSON.stringify(body))
}

/** A handshake that is not done by then is nobody who wants to talk; ms. */
const HANDSHAKE_LIMIT_MS = 5_000
/** Connections of one address besides this PC: a wall of boards behind one address, not a flood. */
const CONNECTIONS_PER_ADDRESS = 96

/** A server without routes: small requests, short waits. With a certificate it speaks TLS 1.2 and 1.3 alone. */
export function makeServer(tls: Tls | null = null): FastifyInstance {
  const options = bounded()
  // Both servers take the same routes; their types differ by the socket's.
  const app =
    tls === null
      ? fastify(options)
      : (fastify({
          ...options,
          https: {
            ...options.http,
            cert: tls.certPem,
            key: tls.keyPem,
            minVersion: 'TLSv1.2',
            handshakeTimeout: HANDSHAKE_LIMIT_MS,
          },
        }) as unknown as FastifyInstance)
  app.server.maxConnections = CONNECTIONS_MAX
  limitPerAddress(app.server)
  app.removeContentTypeParser('text/plain')
  return app
}

/** One far address cannot take every connection; programs of this PC are not held up. */
function limitPerAddress(server: Server): void {
  const open = new Map<string, number>()
  server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? ''
    if (address === '' || isNear(address)) return
    const count = (open.get(address) ?? 0) + 1
    if (count > CONNECTIONS_PER_ADDRESS) {
      socket.destroy()
      return
    }
    open.set(address, count)
    socket.once('close', () => {
      const left = (open.get(address) ?? 1) - 1
      if (left <= 0) open.delete(address)
      else open.set(address, left)
    })
  })
}

const bounded = () =>
  ({
    logger: false,
    bodyLimit: BODY_MAX_BYTES,
    requestTimeout: REQUEST_LIMIT_MS,
    keepAliveTimeout: 5_000,
    forceCloseConnections: true,
    return503OnClosing: false,
    routerOptions: { maxParamLength: 256 },
    // A path that cannot be decoded never gets as far as the hooks.
    frameworkErrors: (error, _request, reply) => {
      reply.headers(SECURITY_HEADERS)
      return sendProblem(reply, problemOf(error).body)
    },
    http: {
      headersTimeout: HEADERS_LIMIT_MS,
      connectionsCheckingInterval: 1_000,
      maxHeaderSize: 16 * 1024,
    },
  }) satisfies FastifyHttpOptions<Server>

export interface Manners {
  /** Host names by which the server may be asked, besides any address. */
  readonly names: readonly string[]
  readonly tls: Tls | null
}

/** Guard before anything is read, headers on everything, one form for every refusal. */
export function addManners(app: FastifyInstance, log: Log, { names, tls }: Manners): void {
  const guard = makeGuard(names, tls === null ? 'http:' : 'https:')
  app.addHook('onRequest', (request, reply, next) => {
    reply.headers(SECURITY_HEADERS)
    reply.header('cache-control', 'no-store')
    // A self-signed certificate is clicked through once; this header would forbid that for ever.
    if (tls !== null && !tls.isSelfSigned)
      reply.header('strict-transport-security', 'max-age=31536000')
    const { host, origin } = request.headers
    guard({
      method: request.method,
      host,
      origin,
      fetchSite: request.headers['sec-fetch-site']?.toString(),
      contentType: request.headers['content-type'],
      takes: request.routeOptions.config?.takes ?? [],
    })
    next()
  })
  app.setErrorHandler((error, request, reply) => {
    const { body, isOurs } = problemOf(error)
    if (!isOurs) log.error('A request met a case that nobody foresaw', { error, path: request.url })
    return sendProblem(reply, body)
  })
  app.setNotFoundHandler((_request, reply) => sendProblem(reply, problem(404, 'BACKEND_NOT_FOUND')))
}
