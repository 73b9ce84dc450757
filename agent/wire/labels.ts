// Requests and answers about labels: what may be asked of paper and printer, and what stands on a label.
import { z } from 'zod'
import { GRADES, VERDICTS } from '../core/evidence.ts'
import { LABEL_LANGUAGES } from '../core/labels/words.ts'
import { LABEL_DPIS, LABEL_SIZES } from '../core/labels/zpl.ts'
import { isoTime } from './answers.ts'

const size = z.enum(LABEL_SIZES).describe('Inches, width by height')
const language = z.enum(LABEL_LANGUAGES)
const COPIES_MAX = 5

/** What is left out is as the config says. */
export const labelBody = z.strictObject({
  size: size.optional(),
  dpi: z.union([z.literal(LABEL_DPIS[0]), z.literal(LABEL_DPIS[1])]).optional(),
  language: language.optional(),
  copies: z.int().min(1).max(COPIES_MAX).optional(),
})
export const labelQuery = z.strictObject({
  size: size.optional(),
  dpi: z.enum(['203', '300']).optional(),
  language: language.optional(),
})

const format = z.object({
  size: z.enum(LABEL_SIZES),
  dpi: z.number(),
  language,
  copies: z.int(),
})
export const labelAnswer = z.object({
  label: z.object({
    serial: z.string().nullable(),
    verdict: z.enum(VERDICTS),
    grade: z.enum(GRADES).nullable(),
    code: z.string().nullable(),
    handOverAfter: isoTime.nullable(),
    useBefore: isoTime.nullable(),
    endedAt: isoTime,
    run: z.string(),
    bay: z.string(),
    station: z.string(),
    order: z.string().nullable(),
    url: z.string(),
  }),
  /** Whether a label printer is configured, and what it has. */
  hasPrinter: z.boolean(),
  format,
})
export const printedAnswer = z.object({ printed: z.literal(true), run: z.string(), format })
