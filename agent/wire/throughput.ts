// What may be asked of the throughput report over HTTP, what it answers, and how the API's description tells it.
import { z } from 'zod'
import { DIMS } from '../core/throughput/additions.ts'
import type { ThroughputReport } from '../core/throughput/report.ts'
import { BUCKETS } from '../core/throughput/shifts.ts'
import { MEASURES } from '../core/throughput/sketch.ts'
import { TABLES } from '../core/throughput/tables.ts'
import type { RouteDoc } from './openapi.ts'

const instant = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text))
/** A moment, or a local day of the facility: as `from` its beginning, as `to` its end. */
const moment = z.union([instant, z.iso.date()])
/** Bays, models, orders and operators as people write them; empty for runs without one. */
const key = z
  .string()
  .max(200)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'must not hold control characters')

export const throughputQuery = z.strictObject({
  /** Left out: the local day of the newest run. */
  from: moment.optional(),
  to: moment.optional(),
  bucket: z.enum(BUCKETS).default('hour'),
  by: z.enum(DIMS).default('all'),
  /** Only this bay, model, order or operator of `by`. */
  key: key.optional(),
  format: z.enum(['json', 'csv']).default('json'),
  /** Which table of the report a CSV holds. */
  table: z.enum(TABLES).default('buckets'),
})

export const shiftsQuery = z.strictObject({
  /** Shifts that ended before this; left out: the newest. */
  before: instant.optional(),
})

const time = z.iso.datetime({ offset: true })
const count = z.int()
const share = z.number().nullable()
const ms = z.number()

const figures = {
  runs: count,
  verdicts: z.object({
    resealed: count,
    failed: count,
    error: count,
    timeout: count,
    aborted: count,
    interrupted: count,
  }),
  devices: count,
  journeys: count,
  firstTimeRight: count,
  yield: share,
  apart: z.object({ junkSerials: count, withoutSerial: count }),
  devicesPerHour: z.number().nullable(),
  retries: count,
  prompts: count,
  promptsPerDevice: z.number().nullable(),
  operatorWaitMs: ms,
  machineWaitMs: ms,
  durationMs: ms,
  unattributedMs: ms,
  operatorWaitPerDeviceMs: z.number().nullable(),
  occupancy: share,
}
const step = z.object({
  step: z.enum(MEASURES),
  n: count,
  few: z.boolean(),
  sumMs: ms,
  share,
  p50Ms: ms,
  p75Ms: ms,
  p90Ms: ms,
})

export const throughputAnswer = z.object({
  schema: z.literal('reseal/throughput/1'),
  from: time,
  to: time,
  zone: z.string(),
  bucket: z.enum(BUCKETS),
  by: z.enum(DIMS),
  key: z.string().nullable(),
  ledger: z.object({ first: time.nullable(), last: time.nullable() }),
  total: z.object(figures),
  buckets: z.array(
    z.object({
      from: time,
      to: time,
      date: z.string(),
      time: z.string(),
      shift: z.string().nullable(),
      ...figures,
    }),
  ),
  groups: z.array(z.object({ key: z.string(), ...figures })),
  groupsLeftOut: count,
  steps: z.array(step),
  waits: z.array(step),
  causes: z.array(
    z.object({
      code: z.string(),
      runs: count,
      share: z.number(),
      upTo: z.number(),
      meaning: z.string(),
      who: z.string(),
      action: z.string(),
    }),
  ),
  estimate: z.object({
    n: count,
    few: z.boolean(),
    early: share,
    within: share,
    late: share,
  }),
  percentileError: z.number(),
})

/** A shift in which runs closed. */
export const shiftsAnswer = z.object({
  zone: z.string(),
  shifts: z.array(
    z.object({
      from: time,
      to: time,
      date: z.string(),
      time: z.string(),
      shift: z.string().nullable(),
      runs: count,
      devices: count,
    }),
  ),
})

/** A field that the report gets and that is not told here does not compile. */
type Fits<Schema extends z.ZodType, T> = keyof T extends keyof z.output<Schema> ? true : never
export const FIT_THROUGHPUT = true satisfies Fits<typeof throughputAnswer, ThroughputReport>

export const THROUGHPUT_DOCS: readonly RouteDoc[] = [
  {
    route: 'GET /api/v1/throughput',
    id: 'throughput',
    tag: 'throughput',
    summary:
      'What a range of time brought: devices, yield, waits, causes, per hour, shift, day or week.',
    notes:
      'Edges fall on quarters of an hour. Percentiles are drawn from bins and lie within `percentileError` of a true value; `few` marks those of fewer than 20 runs. With `format=csv` one table of the report as CSV.',
    query: throughputQuery,
    answers: { 200: { is: 'The report.', json: throughputAnswer } },
  },
  {
    route: 'GET /api/v1/shifts',
    id: 'listShifts',
    tag: 'throughput',
    summary: 'The newest shifts in which runs closed, newest first.',
    query: shiftsQuery,
    answers: {
      200: {
        is: 'Some two weeks of shifts, further back when few of them worked.',
        json: shiftsAnswer,
      },
    },
  },
]
