// What look-ups and the packing table take and answer over HTTP, as schemas.
import { z } from 'zod'
import { ASKED_MAX } from '../core/lookup.ts'
import { PACK_REASONS } from '../core/pack-out.ts'

/** Devices of one bulk look-up; more are asked for in parts. */
export const BULK_MAX = 10_000
/** A file of so many QR texts, or of serial numbers with whatever stands beside them. */
export const BULK_BYTES_MAX = 2 * 1024 * 1024

const id = z.string().regex(/^[^\p{Cc}\p{Cs}]{1,64}$/u, 'must be 1 to 64 printable characters')

/** `text`: a pasted list or the text of an uploaded file, one device a line. */
export const bulkBody = z.strictObject({ text: z.string().min(1).max(BULK_BYTES_MAX) })

export const packOutBody = z.strictObject({
  /** As the wedge typed it: a serial number, a label of ours, or the text of a QR code. */
  text: z.string().min(1).max(ASKED_MAX),
  /** Work order that is packed at this table. */
  order: id.nullable().default(null),
  /** Name of the table, for the audit. */
  table: id.optional(),
  by: id.optional(),
})

/** One of the reasons of core/pack-out.ts, and what the page shows with it. */
export const packOutAnswer = z.object({
  go: z.boolean(),
  why: z.enum(PACK_REASONS).nullable(),
  serial: z.string(),
  grade: z.string().nullable(),
  order: z.string().nullable(),
  from: z.iso.datetime().nullable(),
  before: z.iso.datetime().nullable(),
  words: z.string(),
})
