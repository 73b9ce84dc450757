// The shape of a work order, and how YAML, JSON and CSV come to the same rows.
import { isIP } from 'node:net'
import { z } from 'zod'
import type { Order } from '../agent/core/order.ts'
import type { Demand } from '../agent/core/tpm/demands.ts'
import { DEFAULT_LIMITS } from './defaults.ts'

/** Far above any batch; a larger file is a wrong file. */
export const SERIALS_MAX = 100_000
export const ORDERS_MAX = 1_000

/** A number that a person or a spreadsheet left without quotes is a fine text. */
const loose = (max: number) =>
  z
    .union([z.string().trim().min(1).max(max), z.number().int().min(0)])
    .transform((value) => String(value))

/** What stands on labels: no blanks inside, no control characters. Compared without regard to case. */
const serial = loose(64).superRefine((value, context) => {
  if (/^[\x21-\x7e]+$/.test(value)) return
  const hint = 'Serial numbers have no blanks and only plain characters.'
  context.addIssue({ code: 'custom', message: 'this is no serial number', params: { hint } })
})

const ztdId = z.string().superRefine((value, context) => {
  if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value)) return
  const hint = 'A ZtdId is a GUID: 8-4-4-4-12 hexadecimal digits.'
  context.addIssue({ code: 'custom', message: 'this is no ZtdId', params: { hint } })
})

const domain = z.string().superRefine((value, context) => {
  if (/^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/i.test(value)) return
  const hint = 'Write the domain that the configuration page shows, such as contoso.com.'
  context.addIssue({ code: 'custom', message: 'this is no domain', params: { hint } })
})

const controller = z.string().superRefine((value, context) => {
  const name =
    /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/i
  if (isIP(value) !== 0 || name.test(value)) return
  const hint = 'Write a name or an address, such as dc1.corp.contoso.com.'
  context.addIssue({ code: 'custom', message: 'this is no host', params: { hint } })
})

const user = z.string().superRefine((value, context) => {
  if (value === 'any' || value === 'none' || /^(?:\*|[^\s@*]{1,64})@[^\s@*]{3,253}$/.test(value))
    return
  const hint = 'Write any, none, a user such as ann@contoso.com, or *@contoso.com.'
  context.addIssue({ code: 'custom', message: 'this is no rule for the user', params: { hint } })
})

const listed = z.union([serial, z.strictObject({ serial, ztdId: ztdId.optional() })])

/** What an order may demand of a TPM; a test holds this list against the core's. */
export const ORDER_DEMANDS = [
  'attestation',
  'boot-log',
  'secure-boot',
  'windows-ready',
] as const satisfies readonly Demand[]

export const orderSchema = z.strictObject({
  order: loose(64),
  customer: z.string().trim().min(1).max(200),
  tenantDomain: domain,
  profile: z.string().trim().min(1).max(200),
  user: user.default('any'),
  models: z.array(z.string().trim().min(1).max(200)).max(200).default([]),
  windows: z.union([z.literal(10), z.literal(11)]).optional(),
  join: z.enum(['entra', 'hybrid']).default('entra'),
  domainController: controller.optional(),
  adDomain: domain.optional(),
  pageTimeoutMinutes: z
    .number()
    .int()
    .min(5)
    .max(1_440)
    .default(DEFAULT_LIMITS.pageTimeoutDefaultMs / 60_000),
  demandsAttestation: z.boolean().default(false),
  demands: z.array(z.enum(ORDER_DEMANDS)).max(ORDER_DEMANDS.length).default([]),
  active: z.boolean().default(true),
  count: z.number().int().min(1).max(SERIALS_MAX).optional(),
  serials: z.array(listed).max(SERIALS_MAX).optional(),
})

export const ordersSchema = z.strictObject({ orders: z.array(orderSchema).min(1).max(ORDERS_MAX) })
export type RawOrder = z.output<typeof orderSchema>

/** Columns of a CSV file, by their lower-case heading. */
export const CSV_COLUMNS = [
  'order',
  'customer',
  'tenantDomain',
  'profile',
  'user',
  'models',
  'windows',
  'join',
  'domainController',
  'adDomain',
  'pageTimeoutMinutes',
  'demandsAttestation',
  'demands',
  'active',
  'count',
  'serial',
  'ztdId',
] as const
export type CsvColumn = (typeof CSV_COLUMNS)[number]

/** One order with its list, as the book keeps it. */
export interface BookedOrder {
  readonly order: Order
  readonly active: boolean
  /** Devices of an order without a list. */
  readonly count: number | null
  /** Serial in upper case → ZtdId in lower case, or null; null: the order has no list. */
  readonly serials: ReadonlyMap<string, string | null> | null
  /** Where it came from. */
  readonly file: string
  readonly line: number | null
}

/** Serials are compared trimmed and without regard to case: labels and scanners differ in it. */
export const serialKey = (text: string): string => text.trim().toUpperCase()

/** The order as the flow sees it: `demandsAttestation: true` and `demands: [attestation]` are the same. */
export const orderOf = (raw: RawOrder): Order => ({
  order: raw.order,
  customer: raw.customer,
  tenantDomain: raw.tenantDomain,
  profile: raw.profile,
  user: raw.user,
  models: raw.models,
  windows: raw.windows ?? null,
  join: raw.join,
  ...(raw.domainController === undefined ? {} : { domainController: raw.domainController }),
  ...(raw.adDomain === undefined ? {} : { adDomain: raw.adDomain }),
  pageTimeoutMs: raw.pageTimeoutMinutes * 60_000,
  demandsAttestation:
    raw.demandsAttestation || raw.demands.some((demand) => demand !== 'windows-ready'),
  demands: raw.demands,
})
