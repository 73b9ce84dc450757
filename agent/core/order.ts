// What a batch of devices is expected to be, and how what is read on a page is held against it.
import type { Demand } from './tpm/demands.ts'

export type Join = 'entra' | 'hybrid'
/** `any`: whoever is shown · `none`: nobody may be assigned · a text: exactly this user, `*@domain` any of that domain. */
export type UserRule = string

/** One work order as the flow sees it; the list of serials stays outside (station-config), a run carries only this. */
export interface Order {
  readonly order: string
  readonly customer: string
  readonly tenantDomain: string
  readonly profile: string
  readonly user: UserRule
  readonly models: readonly string[]
  readonly windows: 10 | 11 | null
  readonly join: Join
  /** Of a hybrid order: a domain controller that devices of this batch reach, or the domain that names its own. */
  readonly domainController?: string
  readonly adDomain?: string
  /** Time-out of the enrolment status page in ms; the limit of provisioning is this + 30 min. */
  readonly pageTimeoutMs: number
  /** The device must attest to the station before it is touched. */
  readonly demandsAttestation: boolean
  /** What else must be proved before; absent in orders of older versions. */
  readonly demands?: readonly Demand[]
}

/** What is asked about domain controllers from the bay's network; null unless the order says hybrid. */
export const controllerOf = (
  order: Pick<Order, 'join' | 'domainController' | 'adDomain'> | null,
): { readonly host: string | null; readonly domain: string | null } | null =>
  order?.join === 'hybrid'
    ? { host: order.domainController ?? null, domain: order.adDomain ?? null }
    : null

/** The names on the configuration page and again on the result page. */
export interface Names {
  readonly organisation: string | null
  readonly profile: string | null
  readonly user: string | null
}

export type NameField = 'organisation' | 'profile' | 'user' | 'model' | 'device'

/** Names as compared: trimmed, inner white space folded, case ignored. */
const norm = (text: string | null): string => (text ?? '').trim().replace(/\s+/g, ' ').toLowerCase()

/** True when an assigned user (null: nobody) keeps the order's rule. */
export function userFits(rule: UserRule, user: string | null): boolean {
  const wanted = norm(rule)
  const seen = norm(user)
  if (wanted === 'any') return true
  if (wanted === 'none') return seen === ''
  if (wanted.startsWith('*@'))
    return seen.endsWith(wanted.slice(1)) && seen.length > wanted.length - 1
  return seen === wanted
}

/** The first field in which the page differs from the order, or null when all fit. */
export function differs(order: Order, names: Names): NameField | null {
  if (norm(names.organisation) !== norm(order.tenantDomain)) return 'organisation'
  if (norm(names.profile) !== norm(order.profile)) return 'profile'
  if (!userFits(order.user, names.user)) return 'user'
  return null
}

/** The first field in which two pages of one device differ, or null. */
export function namesDiffer(a: Names, b: Names): NameField | null {
  if (norm(a.organisation) !== norm(b.organisation)) return 'organisation'
  if (norm(a.profile) !== norm(b.profile)) return 'profile'
  if (norm(a.user) !== norm(b.user)) return 'user'
  return null
}
