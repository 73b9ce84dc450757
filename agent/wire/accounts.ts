// What may come in about people: signing in, accounts, tokens, badges, the audit; and the file that keeps the accounts.
import { z } from 'zod'
import { AUDITED, type Audited } from '../core/audit.ts'
import { PERMISSION_NAMES, ROLES } from '../core/roles.ts'

export const ACCOUNTS_MAX = 1_000
export const TOKENS_MAX = 500
/** NIST SP 800-63B, 5.1.1.2: at least 8, and long ones are let in; the upper end bounds the work of hashing. */
export const PASSWORD_MIN = 10
const PASSWORD_MAX = 256

const text = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'must not hold control characters')
const account = z
  .string()
  .toLowerCase()
  .regex(
    /^[a-z0-9][a-z0-9._-]{0,31}$/,
    'must be 1 to 32 of a-z 0-9 . _ - and begin with a letter or digit',
  )
const role = z.enum(ROLES)
const orders = z.array(text(64)).max(200)
const given = z.string().min(1).max(PASSWORD_MAX)
const chosen = z
  .string()
  .min(PASSWORD_MIN, `must have at least ${PASSWORD_MIN} characters`)
  .max(PASSWORD_MAX)

export const signInBody = z.strictObject({
  account: z.string().min(1).max(64),
  password: given,
  /** The screen stays signed in; for accounts that look or work at bays only. */
  kiosk: z.boolean().default(false),
})
export const firstBody = z.strictObject({
  code: z.string().min(1).max(64),
  account,
  name: text(64).optional(),
  password: chosen,
})
export const passwordBody = z.strictObject({ old: given, new: chosen })
export const badgeBody = z.strictObject({ badge: z.string().min(1).max(128) })
export const emptyBody = z.strictObject({})

export const accountBody = z.strictObject({
  account,
  role,
  name: text(64).optional(),
  /** Work orders that it sees; left out or null: all. */
  orders: orders.nullable().optional(),
})
export const accountChange = z.strictObject({
  role: role.optional(),
  name: text(64).optional(),
  orders: orders.nullable().optional(),
  closed: z.boolean().optional(),
})
export const accountParam = z.strictObject({ account })
export const tokenBody = z.strictObject({
  name: text(64),
  role,
  scopes: z.array(z.enum(PERMISSION_NAMES)).min(1).max(PERMISSION_NAMES.length),
  orders: orders.nullable().optional(),
  days: z.number().int().min(1).max(730),
})
export const tokenParam = z.strictObject({ id: z.string().regex(/^[0-9a-z]{1,32}$/) })

const instant = z.iso.datetime({ offset: true }).transform((value) => Date.parse(value))
const whole = z
  .string()
  .regex(/^\d{1,15}$/, 'must be a whole number')
  .transform(Number)
export const auditQuery = z.strictObject({
  cursor: whole.optional(),
  max: whole.pipe(z.number().min(1).max(500)).optional(),
  what: z.enum(Object.keys(AUDITED) as [Audited, ...Audited[]]).optional(),
  since: instant.optional(),
  until: instant.optional(),
})

const hash = z.string().max(400)
const at = z.number().int()
const storedAccount = z.strictObject({
  account,
  name: text(64),
  role,
  orders: orders.nullable(),
  password: hash,
  mustChange: z.boolean(),
  badge: hash.nullable(),
  closed: z.boolean(),
  madeAt: at,
})
const storedToken = z.strictObject({
  id: z.string().max(32),
  name: text(64),
  role,
  scopes: z.array(z.enum(PERMISSION_NAMES)),
  orders: orders.nullable(),
  hash,
  madeAt: at,
  expiresAt: at,
  by: z.string().max(64),
})
const storedKiosk = z.strictObject({ hash, account, madeAt: at })

/** `accounts.json` of the data directory. */
export const accountsFile = z.strictObject({
  schema: z.literal('reseal/accounts/1'),
  /** Key of the pseudonyms; whoever deletes it cuts them from the accounts. */
  pseudonymKey: z.string().max(64),
  accounts: z.array(storedAccount).max(ACCOUNTS_MAX),
  tokens: z.array(storedToken).max(TOKENS_MAX),
  kiosks: z.array(storedKiosk).max(ACCOUNTS_MAX),
})
export type AccountsFile = z.output<typeof accountsFile>
export type StoredAccount = z.output<typeof storedAccount>
export type StoredToken = z.output<typeof storedToken>
export type AccountBody = z.output<typeof accountBody>
export type AccountChange = z.output<typeof accountChange>
export type TokenBody = z.output<typeof tokenBody>

/** One thing to do to the accounts, as `reseal accounts` and `reseal token` ask over the socket. */
export const accountOp = z.discriminatedUnion('op', [
  z.strictObject({ op: z.literal('list') }),
  z.strictObject({ op: z.literal('add'), ...accountBody.shape }),
  z.strictObject({ op: z.literal('change'), ...accountParam.shape, change: accountChange }),
  z.strictObject({ op: z.literal('end'), ...accountParam.shape }),
  z.strictObject({ op: z.literal('reset'), ...accountParam.shape }),
  z.strictObject({ op: z.literal('badge'), ...accountParam.shape }),
  z.strictObject({ op: z.literal('token-add'), ...tokenBody.shape }),
  z.strictObject({ op: z.literal('token-end'), ...tokenParam.shape }),
])
export type AccountOp = z.output<typeof accountOp>
