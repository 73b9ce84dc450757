// A request that is sent twice because the first answer was lost is done once: `Idempotency-Key`, kept for an hour.
import { createHmac, randomBytes } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Clock } from '../ports.ts'
import { HttpProblem } from './problem.ts'

/** Real ms. */
const KEEP_MS = 60 * 60_000
/** Both bound what clients can make the station remember. */
const KEYS_MAX = 2_000
const BYTES_MAX = 4 * 1024 * 1024
/** Longer answers are reports; asking for one again does nothing twice. */
const ANSWER_MAX = 64 * 1024

interface Kept {
  /** Of method, path and body: the same key with another request is a mistake worth telling. */
  readonly request: string
  readonly at: number
  /** null while the first request is worked on. `secret`: it was done, and its answer is not for keeping. */
  answer: Answer | 'secret' | null
}
interface Answer {
  readonly status: number
  readonly type: string
  readonly body: string
}

/**
 * After the permits and before any route. It forgets at a restart; answers to prompts are safe even then by their id.
 * What a route of `secrets` (`POST /path` as registered) did is never done again under its key either, but its answer, a
 * token or a first password, is told once and not kept.
 */
export function keepKeys(
  app: FastifyInstance,
  clock: Clock,
  secrets: ReadonlySet<string> = new Set(),
): void {
  const isSecret = ({ method, routeOptions }: FastifyRequest) =>
    secrets.has(`${method} ${routeOptions.url}`)
  const store = new KeyStore(clock)
  const mine = new WeakMap<FastifyRequest, string>()
  app.addHook('preHandler', (request, reply, next) => {
    const key = request.headers['idempotency-key']
    if (key === undefined || request.method === 'GET' || request.method === 'HEAD') return next()
    if (typeof key !== 'string' || !/^[\x21-\x7e]{1,128}$/.test(key))
      throw new HttpProblem(400, 'BACKEND_REQUEST_INVALID', 'Idempotency-Key: 1 to 128 characters')
    const id = digest(`${request.person?.account ?? ''}\n${request.person?.via ?? ''}\n${key}`)
    const whole = `${request.method} ${request.url}\n${JSON.stringify(request.body ?? null)}`
    const before = store.take(id, digest(whole))
    if (before === null) {
      mine.set(request, id)
      return next()
    }
    if (before === 'other') throw new HttpProblem(422, 'BACKEND_KEY_REUSED')
    if (before === 'open') {
      reply.header('retry-after', '1')
      throw new HttpProblem(409, 'BACKEND_KEY_IN_USE')
    }
    if (before === 'secret') throw new HttpProblem(409, 'BACKEND_KEY_SPENT')
    reply.header('idempotency-replayed', 'true').type(before.type)
    reply.status(before.status).send(before.body)
  })
  app.addHook('onSend', (request, reply, payload, next) => {
    const id = mine.get(request)
    if (id === undefined) return next(null, payload)
    mine.delete(request)
    const { statusCode } = reply
    // What failed for a reason that may go away is tried anew under the same key.
    const isFinal = statusCode < 500 && ![401, 403, 408, 409, 429].includes(statusCode)
    if (statusCode < 300 && isSecret(request)) store.keep(id, 'secret')
    else if (isFinal && typeof payload === 'string' && payload.length <= ANSWER_MAX)
      store.keep(id, {
        status: statusCode,
        type: String(reply.getHeader('content-type') ?? 'application/json'),
        body: payload,
      })
    else store.drop(id)
    next(null, payload)
  })
  app.addHook('onResponse', (request, _reply, next) => {
    const id = mine.get(request)
    if (id !== undefined) store.drop(id)
    next()
  })
}

/** Of this process alone: a body may hold a password, and a bare digest of it could be guessed at. */
const SALT = randomBytes(32)
const digest = (text: string) => createHmac('sha256', SALT).update(text).digest('base64url')

const lengthOf = (answer: Kept['answer']) =>
  answer === null || answer === 'secret' ? 0 : answer.body.length

class KeyStore {
  readonly #clock: Clock
  /** Oldest first. */
  readonly #kept = new Map<string, Kept>()
  #bytes = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** null: the key is new and now taken. Else what became of the request that has it. */
  take(id: string, request: string): null | 'open' | 'other' | 'secret' | Answer {
    this.#forget()
    const before = this.#kept.get(id)
    if (before === undefined) {
      this.#kept.set(id, { request, at: this.#clock.mono(), answer: null })
      return null
    }
    if (before.request !== request) return 'other'
    return before.answer ?? 'open'
  }

  keep(id: string, answer: Answer | 'secret'): void {
    const kept = this.#kept.get(id)
    if (kept === undefined) return
    kept.answer = answer
    this.#bytes += lengthOf(answer)
  }

  drop(id: string): void {
    this.#bytes -= lengthOf(this.#kept.get(id)?.answer ?? null)
    this.#kept.delete(id)
  }

  /** Lets go of what is too old, and of the oldest while there is too much. */
  #forget(): void {
    const until = this.#clock.mono() - KEEP_MS * this.#clock.rate
    for (const [id, { at }] of this.#kept) {
      if (at >= until && this.#kept.size < KEYS_MAX && this.#bytes <= BYTES_MAX) return
      this.drop(id)
    }
  }
}
