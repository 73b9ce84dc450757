// What may come in over HTTP, as schemas: everything is bounded, and an unknown field is an error, not a guess.
import { z } from 'zod'
import { VERDICTS } from '../core/evidence.ts'
import { ACTIONS } from '../core/facts.ts'

/** Longest scan: the QR code of an Autopilot page has under 1,000 characters (facts/autopilot §1). */
const SCAN_MAX = 4096
/** Longest name, code or serial number that a person types. */
const TEXT_MAX = 200
const PAGE_MAX = 500

/** Printable text only: what is typed here is shown on the board and written into records. */
const printable = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'must not hold control characters')

const by = printable(64).optional()
const id = z.string().regex(/^[A-Za-z0-9_-]{1,32}$/, 'must be 1 to 32 of A-Z a-z 0-9 _ -')
const prompt = printable(128)

export const answerBody = z.strictObject({
  prompt,
  answer: printable(64),
  text: printable(TEXT_MAX).optional(),
  by,
})
export const undoBody = z.strictObject({ prompt, by })
export const plainBody = z.strictObject({ by })
/** GS (0x1D), RS and EOT belong to some 2-D labels; the bench cleans them by what it expects. */
export const scanBody = z.strictObject({ text: z.string().min(1).max(SCAN_MAX), by })

/** What `reseal port` asks. */
export const portBody = z.strictObject({
  want: z.enum(['off', 'on', 'cycle']),
  what: z.enum(['link', 'poe']).default('link'),
  evenWithOpenRun: z.boolean().default(false),
  by,
})
/** What dnsmasq told its hook; `at` is given when it is told late. */
export const leaseBody = z.strictObject({
  event: z.enum(['add', 'old', 'del']),
  mac: z.string().regex(/^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/, 'must be a MAC address'),
  ip: z.union([z.ipv4(), z.ipv6()]),
  hostname: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9.-]{0,62}$/, 'must be a host name')
    .nullable()
    .default(null),
  iface: z
    .string()
    .regex(/^[^\s/:]{1,15}$/, 'must be a network interface')
    .nullable()
    .default(null),
  at: z.number().int().min(0).max(8.64e15).optional(),
})

export const bayParam = z.strictObject({ bay: id })
export const actionParam = z.strictObject({
  bay: id,
  action: z.enum(['answer', 'scan', 'undo', 'probe', ...ACTIONS]),
})
export const runParam = z.strictObject({ run: printable(64) })
export const serialParam = z.strictObject({ serial: printable(TEXT_MAX) })

const instant = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text))
const whole = z
  .string()
  .regex(/^\d{1,15}$/, 'must be a whole number')
  .transform(Number)

export const runsQuery = z.strictObject({
  cursor: whole.optional(),
  max: whole.pipe(z.number().min(1).max(PAGE_MAX)).optional(),
  serial: printable(TEXT_MAX).optional(),
  verdict: z.enum(VERDICTS).optional(),
  bay: id.optional(),
  since: instant.optional(),
  until: instant.optional(),
})

/** `bays`: views and health, for boards. `ledger`: committed events, for programs. Both unless one is asked for. */
export const eventsQuery = z.strictObject({
  want: z.enum(['bays', 'ledger']).optional(),
  /** Where to go on when a client cannot send `Last-Event-ID` on its first request. */
  after: whole.optional(),
})

export interface Problem {
  /** Path of the field, `prompt` or `query.max`; empty for the whole. */
  readonly path: string
  readonly message: string
}

/** The parsed value, or every problem with its path. */
export function parse<T>(
  schema: z.ZodType<T>,
  value: unknown,
): { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problems: Problem[] } {
  const result = schema.safeParse(value)
  if (result.success) return { ok: true, value: result.data }
  const problems = result.error.issues.map((issue) => ({
    path: issue.path.join('.'),
    message: issue.message,
  }))
  return { ok: false, problems }
}
