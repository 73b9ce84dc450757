// Who is signed in at this page: the header that every change carries, and the way to the sign-in page.
import { ROLES, type Role } from '../../core/roles.ts'
import { homeOf } from './links.ts'

/** Signed in as; the form of `GET /api/v1/session`. */
export interface Session {
  readonly signIn: 'none' | 'needed'
  readonly first: boolean
  readonly mustChange: boolean
  readonly person: {
    readonly account: string | null
    readonly name: string
    readonly role: Role
    readonly via: string
    readonly may: readonly string[]
  } | null
}
export { ROLES, type Role }

/** What the station wants with a change, from the cookie that only this station's pages can read; empty without accounts. */
export function changeHeaders(): Readonly<Record<string, string>> {
  const value = /(?:^|; )__Host-reseal-csrf=([^;]+)/.exec(document.cookie)?.[1]
  return value === undefined ? {} : { 'x-reseal-csrf': decodeURIComponent(value) }
}

/** The session of this browser. Rejects when the station does not answer. */
export async function session(): Promise<Session> {
  const response = await fetch('/api/v1/session', { signal: AbortSignal.timeout(8_000) })
  return (await response.json()) as Session
}

let isAsking = false

/** After a refusal: to the sign-in page if nobody is signed in any more; it comes back here. */
export async function signInAgain(): Promise<void> {
  if (isAsking || location.pathname === '/login') return
  isAsking = true
  try {
    const now = await session()
    const { signIn, person, mustChange } = now
    if (signIn === 'needed' && (person === null || mustChange))
      location.href = `/login?to=${encodeURIComponent(location.pathname + location.search)}`
    // The board is the address that people type; who may not see it begins elsewhere.
    else if (location.pathname === '/' && homeOf(now) !== '/') location.replace(homeOf(now))
  } catch {
    // The station is away: the page says so by itself.
  } finally {
    isAsking = false
  }
}

/** Where the sign-in page leads back to: a page of this station, nothing else. */
export function wayBack(search: string): string {
  const to = new URLSearchParams(search).get('to') ?? '/'
  const url = URL.canParse(to, location.origin) ? new URL(to, location.origin) : null
  return url !== null && url.origin === location.origin ? url.pathname + url.search : '/'
}
