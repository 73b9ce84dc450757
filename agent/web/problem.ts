// Every "no" over HTTP in one form: a problem document (RFC 9457) with the fault code and what to do.
import { FAULTS, type FaultCode, isStationError } from '../fault.ts'
import type { Taken } from '../ports.ts'
import type { Problem } from '../wire/http.ts'

export interface ProblemBody {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly code: FaultCode
  readonly hint: string
  readonly detail?: string
  /** Every field of the request that is wrong. */
  readonly fields?: readonly Problem[]
}

/** Thrown by routes and hooks; the one error handler of the server writes it out. */
export class HttpProblem extends Error {
  readonly body: ProblemBody

  constructor(status: number, code: FaultCode, detail?: string, fields?: readonly Problem[]) {
    super(`${status} ${code}`)
    this.name = 'HttpProblem'
    this.body = problem(status, code, detail, fields)
  }
}

export function problem(
  status: number,
  code: FaultCode,
  detail?: string,
  fields?: readonly Problem[],
): ProblemBody {
  const row = FAULTS[code]
  return {
    type: `urn:reseal:fault:${code}`,
    title: row.meaning,
    status,
    code,
    hint: row.hint,
    ...(detail === undefined ? {} : { detail }),
    ...(fields === undefined ? {} : { fields }),
  }
}

/** What the bench refused is a conflict with its state, unless the text itself was no good. */
const STATUS: Readonly<Partial<Record<FaultCode, number>>> = {
  OPERATOR_ANSWER_UNKNOWN: 422,
  OPERATOR_SCAN_UNREADABLE: 422,
  BACKEND_NOT_FOUND: 404,
  BACKEND_REQUEST_INVALID: 400,
  BACKEND_FORBIDDEN: 403,
  BACKEND_BUSY: 503,
}

export function statusOf(code: FaultCode): number {
  const known = STATUS[code]
  if (known !== undefined) return known
  return code.startsWith('STATION_') || code.startsWith('BACKEND_') ? 503 : 409
}

/** @throws HttpProblem when the bench took it not; the same answer again passes. */
export function passTaken(taken: Taken): Taken {
  if (taken.taken === 'taken' || taken.taken === 'same') return taken
  const code =
    taken.code ?? (taken.taken === 'stale' ? 'OPERATOR_STALE_PROMPT' : 'OPERATOR_NOT_NOW')
  throw new HttpProblem(taken.taken === 'stale' ? 409 : statusOf(code), code, taken.detail)
}

/** The document for anything that was thrown; `isOurs` is false for what nobody foresaw. */
export function problemOf(error: unknown): {
  readonly body: ProblemBody
  readonly isOurs: boolean
} {
  if (error instanceof HttpProblem) return { body: error.body, isOurs: true }
  if (isStationError(error)) {
    return { body: problem(statusOf(error.code), error.code, error.where), isOurs: true }
  }
  const status = statusOfServer(error)
  if (status !== null) {
    const detail = error instanceof Error ? error.message : undefined
    return { body: problem(status, 'BACKEND_REQUEST_INVALID', detail), isOurs: true }
  }
  return { body: problem(500, 'STATION_WEB_FAULT'), isOurs: false }
}

/** The server's own refusals (broken JSON, body too large, content type) say their status: 4xx. */
function statusOfServer(error: unknown): number | null {
  if (!(error instanceof Error) || !('statusCode' in error)) return null
  const status = error.statusCode
  return typeof status === 'number' && status >= 400 && status < 500 ? status : null
}
