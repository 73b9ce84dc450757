// What work orders take and answer over HTTP, as schemas.
import { z } from 'zod'

/** Some 40,000 serial numbers; a larger file goes by `reseal orders import` (16 MB). */
export const IMPORT_BYTES_MAX = 2 * 1024 * 1024

export const orderParam = z.strictObject({
  order: z.string().regex(/^[^\p{Cc}\p{Cs}]{1,64}$/u, 'must be 1 to 64 printable characters'),
})
export const ordersQuery = z.strictObject({
  /** `all`: those that are closed too. */
  which: z.enum(['active', 'all']).default('active'),
})
export const closeOutQuery = z.strictObject({
  /** `devices`: one line for each device; `runs`: one for each attempt. */
  rows: z.enum(['devices', 'runs']).default('devices'),
})
export const importBody = z.strictObject({
  /** A bare file name; its ending says what it is. */
  name: z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9._ -]{0,99}\.(?:ya?ml|json|csv)$/i, {
    error: 'must be a file name that ends in .yaml, .yml, .json or .csv',
  }),
  text: z.string().min(1).max(IMPORT_BYTES_MAX),
})

const count = z.int().min(0)
const figures = {
  devices: count.nullable(),
  resealed: count,
  failed: count,
  again: count,
  open: count,
}
export const orderRowAnswer = z.object({
  order: z.string(),
  customer: z.string(),
  profile: z.string(),
  active: z.boolean(),
  listed: z.boolean(),
  ...figures,
})
export const ordersAnswer = z.object({ orders: z.array(orderRowAnswer) })

const openRun = z.object({
  bay: z.string(),
  run: z.string(),
  serial: z.string().nullable(),
  phase: z.string(),
  hold: z.string().nullable(),
  order: z.string().nullable(),
})
export const todoAnswer = z.object({
  code: z.string(),
  who: z.string(),
  meaning: z.string(),
  hint: z.string(),
  serials: z.array(z.string()),
})
export const orderAnswer = z.object({
  order: z.string(),
  customer: z.string(),
  tenantDomain: z.string(),
  profile: z.string(),
  active: z.boolean(),
  listed: z.boolean(),
  ...figures,
  missing: count.nullable(),
  alarmed: count,
  strangers: count,
  missingSerials: z.array(z.string()),
  alarmedSerials: z.array(z.string()),
  strangerSerials: z.array(z.string()),
  openRuns: z.array(openRun),
  wrongCustomer: z.array(openRun),
  todo: z.array(todoAnswer),
  cut: z.boolean(),
})
export const importAnswer = z.object({ orders: z.array(z.string()) })
