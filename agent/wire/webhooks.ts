// What the webhooks' page and commands ask and are told over HTTP, as schemas.
import { z } from 'zod'

/** Dead messages that are named one by one; without a list all of them go again. */
const SEQS_MAX = 200

export const hookParam = z.strictObject({
  hook: z.string().regex(/^[A-Za-z0-9_-]{1,32}$/, 'must be 1 to 32 of A-Z a-z 0-9 _ -'),
})
export const resendBody = z.strictObject({
  /** Numbers of messages; null: all that were given up. */
  seqs: z.array(z.int().min(1)).min(1).max(SEQS_MAX).nullable().default(null),
})

const count = z.int().min(0)
const at = z.number()
export const hooksAnswer = z.object({
  webhooks: z.array(
    z.object({
      hook: z.string(),
      url: z.string(),
      events: z.array(z.string()),
      waiting: count,
      dead: count,
      delivered: count,
      deliveredAt: at.nullable(),
      trouble: z.string().nullable(),
    }),
  ),
})
export const deadAnswer = z.object({
  dead: z.array(
    z.object({
      seq: z.int(),
      key: z.string(),
      event: z.string(),
      at,
      tries: count,
      due: at,
      why: z.string().nullable(),
    }),
  ),
})
export const hookTestAnswer = z.object({ ok: z.boolean(), words: z.string() })
export const resentAnswer = z.object({ resent: count })
