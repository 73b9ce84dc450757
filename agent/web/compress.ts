// Makes answers small, and not sent at all when the asker has them: gzip and Brotli, ETag and 304.
import { createHash } from 'node:crypto'
import { fastifyCompress } from '@fastify/compress'
import type { FastifyInstance } from 'fastify'
import { HttpProblem } from './problem.ts'

/** Below this the headers weigh more than what is saved, bytes. */
const SMALLEST = 1_024
/** Up to this an answer is packed at once in the loop's own thread (under 0.5 ms), bytes; larger ones by zlib's threads. */
const AT_ONCE = 8 * 1024
/** Hashing more than this costs the loop more than sending it, bytes. */
const ETAG_MAX = 512 * 1024
/** Never event streams: they are written by hand, frame by frame. Pictures and fonts are packed already. */
const TYPES = /^(?:text\/(?!event-stream)|application\/(?:[\w.+-]*json|javascript)|image\/svg\+xml)/

/**
 * Before any route. Answers of `secrets` (`GET /path` as registered) are never packed: where an answer holds a secret beside
 * text of somebody else's choice, its packed size tells about the secret (BREACH). Requests are never unpacked: a small
 * body that becomes a large one would pass every limit.
 */
export async function packAnswers(
  app: FastifyInstance,
  secrets: ReadonlySet<string>,
): Promise<void> {
  app.addHook('onRoute', (route) => {
    const isSecret = [route.method].flat().some((method) => secrets.has(`${method} ${route.url}`))
    if (isSecret) route.compress = false
  })
  app.addHook('onRequest', (request, _reply, next) => {
    const encoding = request.headers['content-encoding'] ?? 'identity'
    if (encoding.toLowerCase() === 'identity') return next()
    throw new HttpProblem(415, 'BACKEND_REQUEST_INVALID', 'Content-Encoding: send it unpacked')
  })
  app.addHook('onSend', (request, reply, payload, next) => {
    const etag = etagOf(request.method, reply.statusCode, reply.getHeaders(), payload)
    if (etag === null) return next(null, payload)
    reply.header('etag', etag)
    if (!has(request.headers['if-none-match'], etag)) return next(null, payload)
    reply.code(304).removeHeader('content-length').removeHeader('content-type')
    next(null, '')
  })
  await app.register(fastifyCompress, {
    encodings: ['br', 'gzip'],
    threshold: SMALLEST,
    syncThreshold: AT_ONCE,
    globalDecompression: false,
    customTypes: TYPES,
  })
}

/** A weak tag: what it names is the JSON, however it is packed. null for what has one, or needs none. */
function etagOf(
  method: string,
  status: number,
  headers: Readonly<Record<string, unknown>>,
  payload: unknown,
): string | null {
  if (method !== 'GET' || status !== 200 || headers['etag'] !== undefined) return null
  if (typeof payload !== 'string' || payload.length > ETAG_MAX) return null
  if (!/\bjson\b/.test(String(headers['content-type'] ?? ''))) return null
  return `W/"${createHash('sha256').update(payload).digest('base64url').slice(0, 22)}"`
}

/** True when the asker names this tag, whatever it says of its strength (RFC 9110, 13.1.2). */
function has(asked: string | undefined, etag: string): boolean {
  if (asked === undefined) return false
  const bare = (tag: string) => tag.trim().replace(/^W\//, '')
  return asked.trim() === '*' || asked.split(',').some((tag) => bare(tag) === bare(etag))
}
