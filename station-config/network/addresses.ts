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
const common = {
  host,
  port,
  need: z.enum(['required', 'optional']),
  for: z.string().min(1).max(200),
}
const isPlain = (one: { readonly host: string }) => !one.host.startsWith('*')
const noWildcard = 'a wildcard has no name to ask: write check: none'
const address = z.discriminatedUnion('check', [
  z.strictObject({ ...common, check: z.literal('tcp') }).refine(isPlain, noWildcard),
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
const addressList = z.strictObject({
  source: z.string().min(1).max(500),
  date: z.iso.date(),
  addresses: z.array(address).min(1).max(200),
})

export type AddressList = z.infer<typeof addressList>

/** The addresses of `file`, or every problem in it. */
export function loadAddresses(file = ADDRESSES_FILE): Checked<AddressList> {
  const limits = {
    maxBytes: FILE_MAX,
    unreadable: 'FILE_UNREADABLE',
    code: 'CONFIG_INVALID',
  } as const
  const { value, problems } = readChecked(addressList, file, limits)
  return value === null ? { value: null, problems } : { value, problems: [] }
}
