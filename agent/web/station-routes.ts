// The station as a whole: who it is, whether it lives and is ready, its figures, its events, and the board's files.
import type { FastifyInstance } from 'fastify'
import type { BenchControl } from '../ports.ts'
import { eventsQuery } from '../wire/http.ts'
import { valid } from './bay-routes.ts'
import { EventClient } from './event-client.ts'
import type { EventHub } from './events.ts'
import type { BoardFile } from './files.ts'
import { SECURITY_HEADERS } from './guard.ts'
import type { Metrics } from './metrics.ts'
import type { StationOverview } from './overview.ts'
import { HttpProblem } from './problem.ts'

/** Boards and programs at once; a bench has a handful. */
export const STREAMS_MAX = 256
const READ = { config: { may: 'bays.read' } } as const
const HEALTH = { config: { may: 'health.read' } } as const

export function stationRoutes(
  app: FastifyInstance,
  bench: BenchControl,
  overview: StationOverview,
  metrics: Metrics,
): void {
  app.get('/api/v1/station', READ, () => overview.look())
  app.get('/livez', HEALTH, () => ({ live: true, seq: bench.seq() }))
  app.get('/readyz', HEALTH, async (_request, reply) => {
    const readiness = await overview.readiness()
    return reply.status(readiness.ready ? 200 : 503).send(readiness)
  })
  app.get('/metrics', { config: { may: 'metrics.read' } }, async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.text()),
  )
}

export function eventRoute(app: FastifyInstance, hub: EventHub, bench: BenchControl): void {
  app.get('/api/v1/events', READ, async (request, reply) => {
    const { want = 'both', after } = valid(eventsQuery, request.query)
    const header = request.headers['last-event-id']
    // Browsers resend what we gave them; anything else is a mistake worth telling.
    if (header !== undefined && !/^\d{1,15}$/.test(String(header))) {
      throw new HttpProblem(400, 'BACKEND_REQUEST_INVALID', 'Last-Event-ID: must be a number')
    }
    if (hub.size >= STREAMS_MAX) throw new HttpProblem(503, 'BACKEND_BUSY')
    const cursor = header === undefined ? (after ?? bench.seq()) : Number(header)
    reply.hijack()
    const { raw } = reply
    raw.writeHead(200, {
      ...SECURITY_HEADERS,
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    })
    raw.socket?.setKeepAlive(true, 30_000)
    raw.socket?.setNoDelay(true)
    const client = new EventClient(raw, want, cursor, request.reads('bays.read'))
    raw.on('close', () => hub.remove(client))
    raw.on('error', () => hub.remove(client))
    await hub.add(client)
  })
}

/** `GET /` and the files of the bundle; nothing else has a path, so there is no folder to list. */
export function boardRoute(app: FastifyInstance, files: ReadonlyMap<string, BoardFile>): void {
  app.get('/*', { config: { may: 'anyone' } }, (request, reply) => {
    const path = request.url.replace(/\?.*$/, '')
    const file = files.get(path)
    if (file === undefined) {
      const isBare = path === '/' && files.size === 0
      const detail = isBare ? 'The board is not bundled; `npm start` does that.' : undefined
      throw new HttpProblem(404, 'BACKEND_NOT_FOUND', detail)
    }
    const age = file.isForever ? 'public, max-age=31536000, immutable' : 'no-cache'
    reply.headers({ 'cache-control': age, etag: file.etag })
    if (request.headers['if-none-match'] === file.etag) return reply.status(304).send()
    return reply.type(file.type).send(file.body)
  })
}
