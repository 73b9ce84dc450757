// Reads the list of addresses that a bench's network must let through; data with a source and a date, not code.
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { type Checked, readChecked } from '../check.ts'

/** The list of this version. */
export const ADDRESSES_FILE = fileURLToPath(new URL('./addresses.yaml', import.meta.url))

const FILE_MAX = 64 * 1024
const host = z
  .string()
  .regex(/^(?:\*\.)?[a-z0-9](?:[a-z0-9.-]{0,200}[a-z0-9])$/, 'a host name in lower case')
const port = z.int().min(1).max(65_535)
const source = z.string().min(1).max(500)
const common = {
  host,
  port,
  need: z.enum(['required', 'optional']),
  for: z.string().min(1).max(200),
  tpm: z
    .array(z.string().regex(/^[A-Z0-9]{2,4}$/, 'a TCG vendor id'))
    .min(1)
    .max(10)
    .optional(),
}
const isPlain = (one: { readonly host: string }) => !one.host.startsWith('*')
const noWildcard = 'a wildcard has no name to ask: write check: none'
const address = z.discriminatedUnion('check', [
  z.strictObject({ ...common, check: z.literal('tcp') }).refine(isPlain, noWildcard),
  z
    .strictObject({ ...common, check: z.literal('tls'), issuers: z.string().max(40).optional() })
    .refine(isPlain, noWildcard),
  z.strictObject({ ...common, check: z.literal('ntp') }).refine(isPlain, noWildcard),
  z
    .strictObject({
      ...common,
      check: z.literal('http'),
      path: z.string().startsWith('/').max(200),
      body: z.string().min(1).max(1000),
    })
    .refine(isPlain, noWildcard),
  z.strictObject({ ...common, check: z.literal('none') }),
])
const issuers = z.strictObject({
  source,
  date: z.iso.date(),
  organisations: z.array(z.string().min(1).max(100)).min(1).max(20),
})
const addressList = z
  .strictObject({
    source,
    date: z.iso.date(),
    issuers: z.record(z.string().max(40), issuers).default({}),
    addresses: z.array(address).min(1).max(200),
  })
  .superRefine((list, context) => {
    for (const [index, one] of list.addresses.entries())
      if (
        one.check === 'tls' &&
        one.issuers !== undefined &&
        list.issuers[one.issuers] === undefined
      )
        context.addIssue({
          code: 'custom',
          path: ['addresses', index, 'issuers'],
          message: 'these issuers stand nowhere',
          params: { hint: 'Name a key of issuers.' },
        })
  })

type Written = z.infer<typeof addressList>
type Row = Written['addresses'][number]
/** An address with its issuers' organisations in place of their name. */
export type Address =
  | Exclude<Row, { readonly check: 'tls' }>
  | (Omit<Extract<Row, { readonly check: 'tls' }>, 'issuers'> & {
      readonly issuers: readonly string[] | undefined
    })
export interface AddressList extends Omit<Written, 'addresses'> {
  readonly addresses: readonly Address[]
}

/** The addresses of `file`, or every problem in it. */
export function loadAddresses(file = ADDRESSES_FILE): Checked<AddressList> {
  const limits = {
    maxBytes: FILE_MAX,
    unreadable: 'FILE_UNREADABLE',
    code: 'CONFIG_INVALID',
  } as const
  const { value, problems } = readChecked(addressList, file, limits)
  if (value === null) return { value: null, problems }
  const addresses = value.addresses.map((one): Address => {
    if (one.check !== 'tls') return one
    const known = one.issuers === undefined ? undefined : value.issuers[one.issuers]
    return { ...one, issuers: known?.organisations }
  })
  return { value: { ...value, addresses }, problems: [] }
}
