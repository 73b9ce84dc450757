// A server as both doors of the station have it: bounded, guarded, one form for every refusal.
import { type FastifyInstance, type FastifyReply, fastify } from 'fastify'
import type { Log } from '../log.ts'
import { makeGuard, SECURITY_HEADERS } from './guard.ts'
import { type ProblemBody, problem, problemOf } from './problem.ts'

/** A scan of 4 KiB with every character escaped fits; nothing else is larger. */
const BODY_MAX_BYTES = 32 * 1024
const HEADERS_LIMIT_MS = 5_000
const REQUEST_LIMIT_MS = 10_000
const CONNECTIONS_MAX = 256

function sendProblem(reply: FastifyReply, body: ProblemBody): FastifyReply {
  if (body.status === 503) reply.header('retry-after', '2')
  return reply.status(body.status).type('application/problem+json').send(JSON.stringify(body))
}

/** A server without routes: small requests, short waits. */
export function makeServer(): FastifyInstance {
  const app = fastify({
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
  })
  app.server.maxConnections = CONNECTIONS_MAX
  app.removeContentTypeParser('text/plain')
  return app
}

/** Guard before anything is read, headers on everything, one form for every refusal. */
export function addManners(app: FastifyInstance, log: Log, names: readonly string[]): void {
  const guard = makeGuard(names)
  app.addHook('onRequest', (request, reply, next) => {
    reply.headers(SECURITY_HEADERS)
    reply.header('cache-control', 'no-store')
    const { host, origin } = request.headers
    guard({
      method: request.method,
      host,
      origin,
      fetchSite: request.headers['sec-fetch-site']?.toString(),
      contentType: request.headers['content-type'],
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
