// Writes down who did what before the answer goes out: every change, every refusal, every export.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Audited } from '../../core/audit.ts'
import type { Log } from '../../log.ts'
import type { AuditLog, AuditNote, Clock } from '../../ports.ts'
import { inTime } from '../overview.ts'

/** What a route says about its change when path and permission do not tell enough. */
export interface Noted {
  readonly what?: Audited
  readonly of?: string | null
  /** In place of `of`: an account, which goes by its pseudonym where the config says so. */
  readonly ofAccount?: string | null
  readonly detail?: AuditNote['detail']
  /** Who it was, where the request itself has nobody yet. */
  readonly who?: string
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The word of this route in the audit; a GET is audited only with one. `none`: see UNAUDITED. */
    audit?: Audited | 'none'
  }
  interface FastifyRequest {
    /** Adds to the audit note of this request; later words win. */
    note(noted: Noted): void
    noted: Noted | null
  }
}

export interface TrailParts {
  /** null: nothing is kept (tests of other things). */
  readonly store: AuditLog | null
  readonly clock: Clock
  readonly log: Log
  /** What the audit calls an account: itself, or its pseudonym. */
  readonly alias?: (account: string) => string
}

/** A ledger that does not answer holds no answer back longer than this, real ms. */
const WAIT_MS = 2_000
/** Refusals an hour that are kept one by one; a flood of them must not fill the disk. What came beyond is counted. */
const REFUSALS_PER_HOUR = 600
const HOUR_MS = 3_600_000
const TEXT_MAX = 200

/** At most so many refusals in an hour, and how many were left out since the last that was kept. */
class Refusals {
  #kept = 0
  #from = Number.NEGATIVE_INFINITY
  #missed = 0

  /** How many were left out before this one; null when this one is left out too. */
  take(now: number): number | null {
    if (now - this.#from >= HOUR_MS) {
      this.#from = now
      this.#kept = 0
    }
    if (this.#kept >= REFUSALS_PER_HOUR) {
      this.#missed += 1
      return null
    }
    this.#kept += 1
    const missed = this.#missed
    this.#missed = 0
    return missed
  }
}

/** Changes that leave no line in the audit, as registered, with the reason; refusals of them do. */
export const UNAUDITED: Readonly<Record<string, string>> = {
  'POST /local/v1/dhcp':
    'no person did it: a device took an address, which the journal of its bay holds',
}

export const isChange = (method: string) => !['GET', 'HEAD', 'OPTIONS'].includes(method)
const short = (text: string) => text.slice(0, TEXT_MAX).toWellFormed()

/** The path's own words: `1/answer` of `/bays/1/actions/answer`. */
function ofPath(request: FastifyRequest): string | null {
  const values = Object.values((request.params ?? {}) as Readonly<Record<string, unknown>>)
  const texts = values.filter((value) => typeof value === 'string')
  return texts.length === 0 ? null : short(texts.join('/'))
}

type Alias = (account: string) => string

function noteOf(request: FastifyRequest, status: number, at: number, alias: Alias): AuditNote {
  const { person, noted } = request
  const account = person?.account ?? null
  const about = noted?.ofAccount
  const of = about === undefined ? noted?.of : about && alias(about)
  const isRefused = status >= 400
  const isDoor = status === 401 || status === 403 || status === 429
  const usual = request.routeOptions.config?.audit ?? 'change'
  const said = noted?.what ?? (usual === 'none' ? 'change' : usual)
  return {
    what: isDoor && noted?.what === undefined ? 'refused' : said,
    at,
    who: short(noted?.who ?? person?.name ?? ''),
    account: account && alias(account),
    role: person?.role ?? null,
    via: person?.via ?? 'nobody',
    from: request.ip ?? '',
    of: of === undefined ? ofPath(request) : of && short(of),
    outcome: isRefused ? 'refused' : 'done',
    detail: {
      ...(isRefused ? { status } : {}),
      ...(isDoor ? { path: short(`${request.method} ${request.url.replace(/\?.*$/, '')}`) } : {}),
      ...noted?.detail,
    },
  }
}

/** The hooks of the audit; before any route. */
export function addTrail(
  app: FastifyInstance,
  { store, clock, log, alias = (account) => account }: TrailParts,
): void {
  const refusals = new Refusals()
  app.decorateRequest('noted', null)
  app.decorateRequest('note', function (this: FastifyRequest, noted: Noted) {
    this.noted = { ...this.noted, ...noted, detail: { ...this.noted?.detail, ...noted.detail } }
  })
  app.addHook('onSend', async (request, reply, payload) => {
    const { statusCode } = reply
    const isDoor = statusCode === 401 || statusCode === 403 || statusCode === 429
    const word = request.routeOptions.config?.audit
    const isSilent = word === 'none' && statusCode < 400
    const isAudited = !isSilent && (isChange(request.method) || word !== undefined)
    // What the server could not do is no deed; a page that asks again each second while it is signed out is no news.
    if (store === null || !(isAudited || (isDoor && statusCode !== 401)) || request.is404)
      return payload
    const note = noteOf(request, statusCode, clock.now(), alias)
    const missed = note.outcome === 'done' ? 0 : refusals.take(clock.mono() / clock.rate)
    if (missed === null) return payload
    const kept = missed === 0 ? note : { ...note, detail: { ...note.detail, missed } }
    const writing = store.audit(kept).then(
      () => true,
      (error: unknown) => {
        log.error('an audit note could not be written', { error, what: note.what })
        return true
      },
    )
    if (!(await inTime(writing, WAIT_MS * clock.rate, clock, false)))
      log.error('an audit note waits for the ledger', { what: note.what })
    return payload
  })
}
