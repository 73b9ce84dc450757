// Posts one message to a webhook's receiver: no redirect, no proxy, one address that was checked, a bound on everything.
import { type LookupAddress, lookup } from 'node:dns'
import { type ClientRequest, type IncomingMessage, request as plain } from 'node:http'
import { request as secure } from 'node:https'
import { isIP } from 'node:net'
import { StationError } from '../../agent/fault.ts'
import type { Clock, HookAnswer, HookClient, HookTarget } from '../../agent/ports.ts'
import { isLoopback, mayAsk, netsOf } from './addresses.ts'

/** From the first look-up of the name to the end of the answer. */
const LIMIT_MS = 10_000
/** What a receiver says is not read; so much is taken so that its connection ends well. */
const ANSWER_MAX_BYTES = 64 * 1024
const ADDRESSES_MAX = 16
/** Longest pause that a receiver may ask for. */
const RETRY_AFTER_MAX_S = 3600

/** A name as the addresses that it has now. */
export type Resolve = (host: string) => Promise<readonly LookupAddress[]>

const resolveName: Resolve = (host) =>
  new Promise((resolve, reject) => {
    lookup(host, { all: true, order: 'verbatim' }, (error, found) =>
      error === null ? resolve(found) : reject(error),
    )
  })

interface Options {
  readonly clock: Pick<Clock, 'after' | 'now'>
  /** In place of the system's resolver: tests. */
  readonly resolve?: Resolve
}

const refused = (where: string) => new StationError('BACKEND_WEBHOOK_REFUSED', where)
const down = (where: string, cause?: unknown) =>
  new StationError('BACKEND_WEBHOOK_DOWN', where, { cause })

/** The host of a URL as an address or a name, without brackets. */
const hostOf = (url: URL) => url.hostname.replace(/^\[(.*)\]$/, '$1')

/** Aborts after the limit or with the caller; `late` says which. */
class Deadline {
  readonly #own = new AbortController()
  readonly signal: AbortSignal
  readonly #cancel: () => void

  constructor(clock: Options['clock'], signal: AbortSignal) {
    this.#cancel = clock.after(LIMIT_MS, () => this.#own.abort())
    this.signal = AbortSignal.any([signal, this.#own.signal])
  }

  get isLate(): boolean {
    return this.#own.signal.aborted
  }

  end(): void {
    this.#cancel()
  }
}

/** The one address that the connection goes to. @throws StationError BACKEND_WEBHOOK_REFUSED, _DOWN */
async function addressOf(url: URL, target: HookTarget, resolve: Resolve): Promise<LookupAddress> {
  const host = hostOf(url)
  const family = isIP(host)
  const all = family === 0 ? await resolve(host) : [{ address: host, family }]
  const isPlain = url.protocol === 'http:'
  const allow = netsOf(target.allow)
  const found = all.slice(0, ADDRESSES_MAX).find(({ address }) => {
    // Plain text never leaves this PC, whatever else is listed.
    if (isPlain) return isLoopback(address)
    return mayAsk(address, allow)
  })
  if (found !== undefined) return found
  if (all.length === 0) throw down(`${host}: no address`)
  const why = isPlain ? 'plain http goes to this PC alone' : 'not public and not in `allow`'
  throw refused(`${host}: ${all[0]?.address ?? ''} is ${why}`)
}

function urlOf({ url: text, plainLoopback }: HookTarget): URL {
  if (!URL.canParse(text)) throw refused('the address cannot be read')
  const url = new URL(text)
  const isAllowed = url.protocol === 'https:' || (url.protocol === 'http:' && plainLoopback)
  if (!isAllowed) throw refused(`${url.protocol} only https, or http to this PC with plainLoopback`)
  if (url.username !== '' || url.password !== '') throw refused('a secret stands in the address')
  return url
}

/** Seconds, or a date (RFC 9110, 10.2.3); null when it says nothing of use. */
function retryAfterOf(text: string | undefined, now: number): number | null {
  if (text === undefined) return null
  const seconds = /^\d{1,9}$/.test(text) ? Number(text) : (Date.parse(text) - now) / 1000
  if (!(seconds > 0)) return null
  return Math.min(seconds, RETRY_AFTER_MAX_S) * 1000
}

/** Takes the answer's head and lets its body go; the end of the body is not waited for. */
function answerOf(asked: ClientRequest, now: () => number): Promise<HookAnswer> {
  return new Promise((resolve, reject) => {
    asked.once('error', reject)
    asked.once('response', (answer: IncomingMessage) => {
      let taken = 0
      const retryAfterMs = retryAfterOf(answer.headers['retry-after'], now())
      const said: HookAnswer = { status: answer.statusCode ?? 0, retryAfterMs }
      answer.on('error', () => resolve(said))
      answer.once('end', () => resolve(said))
      answer.on('data', (chunk: Buffer) => {
        taken += chunk.length
        if (taken <= ANSWER_MAX_BYTES) return
        resolve(said)
        asked.destroy()
      })
    })
  })
}

/** A client for webhooks; it keeps no connection and no state. */
export function openHookClient({ clock, resolve = resolveName }: Options): HookClient {
  return {
    async post(target, headers, body, signal) {
      const url = urlOf(target)
      const deadline = new Deadline(clock, signal)
      try {
        const pinned = await inTime(addressOf(url, target, resolve), deadline)
        const asked = (url.protocol === 'https:' ? secure : plain)(url, {
          method: 'POST',
          signal: deadline.signal,
          agent: false,
          // The name was resolved once: no second answer of a DNS server can lead elsewhere.
          lookup: (_host, options, done) =>
            options.all === true ? done(null, [pinned]) : done(null, pinned.address, pinned.family),
          maxHeaderSize: 16 * 1024,
          ...(target.ca === null ? {} : { ca: target.ca }),
          headers: { ...headers, 'content-length': Buffer.byteLength(body) },
        })
        const answer = answerOf(asked, () => clock.now())
        asked.end(body)
        return await answer
      } catch (error) {
        if (error instanceof StationError) throw error
        const why = deadline.isLate ? `no answer in ${LIMIT_MS / 1000} s` : reason(error)
        throw down(`${url.host}: ${why}`, error)
      } finally {
        deadline.end()
      }
    },
  }
}

/** A resolver cannot be called off; it is not waited for beyond the limit. */
function inTime<T>(work: Promise<T>, { signal }: Deadline): Promise<T> {
  return new Promise((resolve, reject) => {
    const over = () => reject(new Error('called off'))
    if (signal.aborted) over()
    signal.addEventListener('abort', over, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', over))
  })
}

const reason = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error)
