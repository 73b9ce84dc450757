// The station's HTTP server: puts guard, routes, event streams and board together on one address.
import { join } from 'node:path'
import { type FastifyInstance, type FastifyReply, fastify } from 'fastify'
import { StationError } from '../fault.ts'
import type { Log } from '../log.ts'
import type { BenchControl, Clock, LedgerReader, ProbeIntake } from '../ports.ts'
import { bayRoutes } from './bay-routes.ts'
import { EventHub } from './events.ts'
import { readBoard } from './files.ts'
import { makeGuard, SECURITY_HEADERS } from './guard.ts'
import { makeMetrics } from './metrics.ts'
import { type StationName, StationOverview } from './overview.ts'
import { probeRoute } from './probe-route.ts'
import { type ProblemBody, problem, problemOf } from './problem.ts'
import { runRoutes } from './run-routes.ts'
import { boardRoute, eventRoute, stationRoutes } from './station-routes.ts'

export interface WebParts {
  readonly bench: BenchControl
  readonly reader: LedgerReader
  /** The reseal status of a device, as `reseal status SERIAL --json` prints it. */
  readonly resealAnswer: (serial: string) => Promise<unknown>
  readonly clock: Clock
  readonly log: Log
  /** 127.0.0.1 unless the config says otherwise. */
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  /** Further host names by which the board may be opened. */
  readonly names?: readonly string[]
  readonly station: StationName
  /** Hands out codes for probes; left out or null: the intake is off. */
  readonly probes?: Pick<ProbeIntake, 'issue'> | null
  /** Folder of the bundled board; that of this checkout unless a test says otherwise. */
  readonly board?: string
}

export interface Web {
  /** Where the board is, with the port really taken. */
  readonly url: string
  /** Ends every stream and connection; resolves when the port is free. */
  close(): Promise<void>
}

/** A scan of 4 KiB with every character escaped fits; nothing else is larger. */
const BODY_MAX_BYTES = 32 * 1024
const HEADERS_LIMIT_MS = 5_000
const REQUEST_LIMIT_MS = 10_000
const CONNECTIONS_MAX = 256

const BOARD = join(import.meta.dirname, '../dashboard/dist')

function sendProblem(reply: FastifyReply, body: ProblemBody): FastifyReply {
  if (body.status === 503) reply.header('retry-after', '2')
  return reply.status(body.status).type('application/problem+json').send(JSON.stringify(body))
}

function makeServer(): FastifyInstance {
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
function addManners(app: FastifyInstance, log: Log, names: readonly string[]): void {
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

async function listen(app: FastifyInstance, host: string, port: number): Promise<string> {
  try {
    const address = await app.listen({ host, port })
    return address
  } catch (cause) {
    await app.close()
    const code = (cause as { readonly code?: unknown }).code
    if (code === 'EADDRINUSE' || code === 'EACCES' || code === 'EADDRNOTAVAIL') {
      throw new StationError('STATION_ADDRESS_IN_USE', `${host}:${port} ${code}`, { cause })
    }
    throw cause
  }
}

/**
 * Serves API and board.
 * @throws StationError STATION_ADDRESS_IN_USE when the address cannot be had
 */
export async function startWeb(parts: WebParts): Promise<Web> {
  const { bench, reader, clock, log, host } = parts
  const overview = new StationOverview(parts.station, bench, reader, clock, log)
  const hub = new EventHub({ bench, reader, clock, overview, log })
  const metrics = makeMetrics(bench, overview, () => hub.size)
  const app = makeServer()
  addManners(app, log, [host, ...(parts.names ?? [])])
  app.addHook('onResponse', (request, reply, next) => {
    metrics.answered(request.method, reply.statusCode)
    next()
  })
  bayRoutes(app, bench, clock)
  probeRoute(app, bench, parts.probes ?? null)
  runRoutes(app, reader, parts.resealAnswer)
  stationRoutes(app, bench, overview, metrics)
  eventRoute(app, hub, bench)
  boardRoute(app, readBoard(parts.board ?? BOARD))
  // A board that connects at once should not see zeros; a slow ledger must not hold up the start.
  void overview.look()
  const url = await listen(app, host, parts.port).catch((error: unknown) => {
    hub.close()
    throw error
  })
  return {
    url,
    close: async () => {
      hub.close()
      await app.close()
    },
  }
}
