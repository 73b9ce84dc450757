// How often one client may ask: far more than boards and programs do, so that a flood costs the bench nothing.
import type { FastifyInstance } from 'fastify'
import type { Clock } from '../ports.ts'
import { HttpProblem } from './problem.ts'

/** Requests in a second of real time; a board at work asks less than 5, a script that looks up a shelf some 50. */
export const RATE_PER_SECOND = 250
/** At once: every board of a hall behind one address opens after a power cut. */
export const RATE_BURST = 1_000
/** Clients that are remembered; the one that was silent longest is forgotten first. */
const CLIENTS_MAX = 2_000

interface Bucket {
  tokens: number
  at: number
}

/** After the guard and before anything that costs. @throws HttpProblem 429 from its hook */
export function limitRates(app: FastifyInstance, clock: Clock): void {
  const buckets = new Map<string, Bucket>()
  const perMs = RATE_PER_SECOND / 1_000 / clock.rate
  app.addHook('onRequest', (request, reply, next) => {
    const client = clientOf(request.ip)
    const now = clock.mono()
    const bucket = buckets.get(client) ?? { tokens: RATE_BURST, at: now }
    bucket.tokens = Math.min(RATE_BURST, bucket.tokens + (now - bucket.at) * perMs) - 1
    bucket.at = now
    buckets.delete(client)
    buckets.set(client, bucket)
    for (const oldest of buckets.keys()) {
      if (buckets.size <= CLIENTS_MAX) break
      buckets.delete(oldest)
    }
    if (bucket.tokens >= 0) return next()
    // A refused request costs nothing more, or a client that goes on would never be heard again.
    bucket.tokens = Math.max(bucket.tokens, -1)
    reply.header('retry-after', '1')
    throw new HttpProblem(429, 'BACKEND_RATE')
  })
}

/** An address; of IPv6 the network, as one host has all addresses of it. */
function clientOf(ip: string): string {
  if (!ip.includes(':') || ip.includes('.')) return ip
  const [head = ''] = ip.split('::')
  const groups = head.split(':')
  return groups.length >= 4 ? groups.slice(0, 4).join(':') : ip
}
