// Leaves out of every answer what its reader may not see: assigned users for viewers, other customers' orders for remote IT.
import { type Person, personMay } from './person.ts'

/** Keys under which the user of a device stands. */
const USER_KEYS: ReadonlySet<string> = new Set(['user', 'assignedUser', 'upn', 'userPrincipalName'])
/** Deeper than any answer of ours. */
const DEPTH_MAX = 40

type Json = Readonly<Record<string, unknown>>
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The work order that a thing belongs to; undefined: it belongs to none. */
function orderOf(value: Json): unknown {
  if ('workOrder' in value) return value['workOrder']
  // An answer about a device that was here without an order is nobody's but the station's.
  if ('attempts' in value && 'answer' in value)
    return value['answer'] === 'not-seen' ? undefined : null
  const record = value['record']
  if (isObject(record)) return record['workOrder'] ?? null
  return undefined
}

/** What this person sees of the answers. */
export interface Sight {
  readonly hidesUsers: boolean
  readonly orders: readonly string[] | null
}
export const sightOf = (person: Person | null): Sight => ({
  hidesUsers: person !== null && !personMay({ ...person, scopes: null }, 'people.read'),
  orders: person?.orders ?? null,
})
export const seesAll = ({ hidesUsers, orders }: Sight): boolean => !hidesUsers && orders === null

const HIDDEN = Symbol('hidden')

function walk(value: unknown, sight: Sight, depth: number): unknown {
  if (depth > DEPTH_MAX) return null
  if (Array.isArray(value))
    return value.map((one) => walk(one, sight, depth + 1)).filter((one) => one !== HIDDEN)
  if (!isObject(value)) return value
  const order = sight.orders === null ? undefined : orderOf(value)
  if (order !== undefined && !(typeof order === 'string' && sight.orders?.includes(order)))
    return HIDDEN
  const entries = Object.entries(value).flatMap(([key, one]) => {
    if (sight.hidesUsers && USER_KEYS.has(key)) return []
    // Devices that share a MAC may be other customers'.
    if (sight.orders !== null && key === 'others') return [[key, []] as const]
    const seen = walk(one, sight, depth + 1)
    return seen === HIDDEN ? [] : [[key, seen] as const]
  })
  return Object.fromEntries(entries)
}

/** The answer as this person may see it; null when nothing of it. Plain JSON only: what has a `toJSON` is called first. */
export function redact(value: unknown, sight: Sight): unknown {
  if (seesAll(sight)) return value
  const seen = walk(JSON.parse(JSON.stringify(value) ?? 'null'), sight, 0)
  return seen === HIDDEN ? null : seen
}
