// Photos of a run as they cross HTTP: what is asked for and what is told of them.
import { z } from 'zod'

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in hex')

export const photoParam = z.strictObject({
  run: z.string().min(1).max(128),
  digest: sha256,
})

export const photoAnswer = z.object({
  /** SHA-256 of the bytes as they are kept. */
  digest: sha256,
  type: z.enum(['image/jpeg', 'image/png', 'image/webp']),
  bytes: z.int().min(1),
  width: z.int().min(1),
  height: z.int().min(1),
  by: z.string(),
  at: z.string(),
})
export type Photo = z.output<typeof photoAnswer>

export const photosAnswer = z.object({
  run: z.string(),
  max: z.int(),
  photos: z.array(photoAnswer),
})

/** What the chain says about one run: its own digest, and the entries on both sides. */
export const proofAnswer = z.object({
  run: z.string(),
  entry: z.object({ seq: z.int(), kind: z.string(), digest: sha256, prev: sha256 }),
  head: sha256,
  /** The stored record has the digest of its entry. */
  digestFits: z.boolean(),
  /** The entry before it has the hash that this one names. */
  prevFits: z.boolean(),
  /** The entry behind it names this one's hash; null: there is none yet. */
  nextFits: z.boolean().nullable(),
  holds: z.boolean(),
})
