// Closed runs and what is known of a device, as schemas of answers.
import { z } from 'zod'
import { GRADES, VERDICTS } from '../core/evidence.ts'
import type { RecordBody } from '../core/record.ts'
import type { ResealAnswer } from '../core/reseal-answer.ts'
import { at, finding, flowResult, isoTime, tpmVerdict } from './answers.ts'

const source = z.enum([
  'wire',
  'keyboard',
  'screen',
  'probe',
  'tpm',
  'intune',
  'operator',
  'station',
])
const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const failure = z.object({ code: z.string(), action: z.string() })
const evidence = z.object({ kind: z.string(), source, at, ref: z.string() })

export const chainAnswer = z.object({
  entry: z.object({ seq: z.int(), kind: z.string(), digest: sha256, prev: sha256 }),
  head: sha256,
})

export const recordAnswer = z.object({
  schema: z.literal('reseal/record/1'),
  run: z.string(),
  site: z.string(),
  station: z.string(),
  bay: z.string(),
  operator: z.string().exactOptional(),
  workOrder: z.string().exactOptional(),
  device: z.object({
    serial: z.string().nullable(),
    mac: z.string().exactOptional(),
    adapter: z.enum(['device', 'bench']).exactOptional(),
    ztdId: z.string().exactOptional(),
    manufacturer: z.string().exactOptional(),
    model: z.string().exactOptional(),
  }),
  verdict: z.enum(VERDICTS),
  grade: z.enum(GRADES).exactOptional(),
  startedAt: isoTime,
  endedAt: isoTime,
  durations: z.record(z.string(), z.number()),
  operatorWaitMs: z.number(),
  machineWaitMs: z.number(),
  attempt: z.int(),
  retries: z.int(),
  prompts: z.int(),
  agentRestarts: z.int(),
  estimate: z
    .object({
      p50Ms: z.number(),
      p90Ms: z.number(),
      n: z.int(),
      tookMs: z.number().exactOptional(),
    })
    .exactOptional(),
  tpm: z.object({
    station: tpmVerdict,
    windows: tpmVerdict,
    flow: flowResult,
    checks: z.array(
      z.object({
        id: z.string(),
        verdict: tpmVerdict,
        value: z.string(),
        source,
        hint: z.string(),
      }),
    ),
  }),
  preCheck: z.object({ at, findings: z.array(finding) }).nullable(),
  keys: z.array(
    z.object({
      at,
      script: z.string(),
      burst: z.string(),
      guard: z.string(),
      on: z.string(),
      proof: z.string(),
    }),
  ),
  evidence: z.array(evidence),
  error: failure.exactOptional(),
  proves: z.string().exactOptional(),
  handOverAfter: isoTime.exactOptional(),
  useBefore: isoTime.exactOptional(),
})

export const runAnswer = z.object({ seq: z.int(), record: recordAnswer, chain: chainAnswer })
/** One run, with what its code means in words: not a part of the record, which stays as it was written. */
export const oneRunAnswer = runAnswer.extend({
  cause: z.object({ meaning: z.string(), hint: z.string() }).exactOptional(),
})
export const runsAnswer = z.object({
  runs: z.array(runAnswer),
  /** Cursor of the next page; null on the last one. */
  next: z.int().nullable(),
})

export const resealStatusAnswer = z.object({
  serial: z.string(),
  answer: z.enum(['resealed', 'not-resealed', 'open', 'not-seen']),
  words: z.string(),
  verdict: z.enum(VERDICTS).exactOptional(),
  grade: z.enum(GRADES).exactOptional(),
  proves: z.string().exactOptional(),
  run: z.string().exactOptional(),
  bay: z.string().exactOptional(),
  phase: z.string().exactOptional(),
  endedAt: isoTime.exactOptional(),
  workOrder: z.string().exactOptional(),
  device: z
    .object({
      manufacturer: z.string().exactOptional(),
      model: z.string().exactOptional(),
      mac: z.string().exactOptional(),
      ztdId: z.string().exactOptional(),
    })
    .exactOptional(),
  found: z
    .object({ by: z.enum(['ztdId', 'mac']), value: z.string(), others: z.array(z.string()) })
    .exactOptional(),
  confirmed: z.object({ at: isoTime, source: z.string() }).exactOptional(),
  packedOut: z.object({ at: isoTime, go: z.boolean(), why: z.string() }).exactOptional(),
  error: failure.exactOptional(),
  handOverAfter: isoTime.exactOptional(),
  useBefore: isoTime.exactOptional(),
  alarms: z.array(z.object({ at: isoTime, code: z.string(), detail: z.string() })),
  attempts: z.int(),
  runs: z.array(
    z.object({
      run: z.string(),
      bay: z.string(),
      verdict: z.enum(VERDICTS),
      endedAt: isoTime,
    }),
  ),
  evidence: z.array(z.object({ kind: z.string(), source, at: isoTime, ref: z.string() })),
  chain: chainAnswer.exactOptional(),
  exit: z.union([z.literal(0), z.literal(1), z.literal(4)]),
})

/** A field that a record or an answer gets and that is not told here does not compile. */
type Fits<Schema extends z.ZodType, T> = keyof T extends keyof z.output<Schema> ? true : never
export const FIT_RECORDS: readonly true[] = [
  true satisfies Fits<typeof recordAnswer, RecordBody>,
  true satisfies Fits<typeof resealStatusAnswer, ResealAnswer>,
]
