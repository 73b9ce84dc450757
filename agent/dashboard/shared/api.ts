// Asks the station for JSON; what it refuses comes as its own sentence and hint.
import { changeHeaders, signInAgain } from './session.ts'

/** A problem document of the station (RFC 9457), as far as pages use it. */
export interface Problem {
  readonly status: number
  readonly code: string
  readonly title: string
  readonly hint: string
  readonly detail: string
}

export class ApiProblem extends Error {
  readonly problem: Problem

  constructor(problem: Problem) {
    super([problem.title, problem.detail, problem.hint].filter((text) => text !== '').join(' '))
    this.problem = problem
  }
}

const LIMIT_MS = 15_000

/**
 * The JSON at `path`.
 * @throws ApiProblem when the station refuses; TypeError or a time-out when it does not answer
 */
export async function ask<T>(path: string, init: RequestInit = {}): Promise<T> {
  const headers = { ...changeHeaders(), ...init.headers }
  const response = await fetch(path, {
    ...init,
    headers,
    signal: AbortSignal.timeout(LIMIT_MS),
  })
  if (response.status === 401) void signInAgain()
  const body: unknown = await response.json()
  if (response.ok) return body as T
  const text = (name: string): string => {
    const value = (body as Record<string, unknown>)[name]
    return typeof value === 'string' ? value : ''
  }
  throw new ApiProblem({
    status: response.status,
    code: text('code'),
    title: text('title'),
    hint: text('hint'),
    detail: text('detail'),
  })
}

/** Sends JSON and answers with JSON; as `ask`. */
export const send = <T>(path: string, body: object, method = 'POST'): Promise<T> =>
  ask<T>(path, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
