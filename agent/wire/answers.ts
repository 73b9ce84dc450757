// What the station answers over HTTP, as schemas: the API's description and its tests are made from them.
import { z } from 'zod'
import { PAGES } from '../core/pages.ts'
import { SIGNALS } from '../core/signals.ts'
import { DEMANDS } from '../core/tpm/demands.ts'
import type { BayView } from '../core/view.ts'
import type { Health, Taken } from '../ports.ts'

/** UTC, milliseconds since 1970. */
export const at = z.number()
/** UTC, ISO 8601. */
export const isoTime = z.iso.datetime()
export const faultCode = z.string().regex(/^[A-Z0-9_]+$/)
export const tpmVerdict = z.enum(['GO', 'HOLD', 'NO-GO', 'not-seen'])
export const flowResult = z.object({
  result: z.enum(['passed', 'failed', 'not-reached']),
  code: z.string().exactOptional(),
  source: z.string().exactOptional(),
})
export const finding = z.object({
  id: z.string(),
  grade: z.enum(['ok', 'warn', 'hold']),
  value: z.string(),
  hint: z.string(),
})

/** A refusal (RFC 9457) with the fault code and what to do. */
export const problemAnswer = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int().min(400).max(599),
  code: faultCode,
  hint: z.string(),
  detail: z.string().exactOptional(),
  fields: z.array(z.object({ path: z.string(), message: z.string() })).exactOptional(),
})

/** How something that a person did was taken. */
export const takenAnswer = z.object({
  taken: z.enum(['taken', 'same', 'stale', 'refused']),
  code: faultCode.exactOptional(),
  bay: z.string().exactOptional(),
  detail: z.string().exactOptional(),
})

const choice = z.object({
  answer: z.string(),
  label: z.string(),
  pictured: z.boolean(),
  picture: z.enum([...PAGES, 'menu', 'other']).exactOptional(),
  text: z.enum(['code', 'serial']).exactOptional(),
  closes: z.boolean(),
  lead: z.literal(true).exactOptional(),
})

export const promptAnswer = z.object({
  id: z.string(),
  verb: z.enum(['Scan', 'Look', 'Choose', 'Compare', 'Plug', 'Take out', 'Stop']),
  line: z.string(),
  names: z
    .object({
      organisation: z.string().exactOptional(),
      profile: z.string().exactOptional(),
      user: z.string().exactOptional(),
    })
    .exactOptional(),
  expected: z.string().nullable(),
  choices: z.array(choice),
  since: at,
  loud: z.boolean(),
  scan: z.boolean(),
})

const progress = z.object({
  share: z.number().nullable(),
  startedAt: at,
  p50Ms: z.number(),
  p90Ms: z.number(),
  n: z.number(),
  longer: z.boolean(),
})

const tpmView = z.object({
  station: tpmVerdict,
  windows: tpmVerdict,
  flow: flowResult,
  demands: z.array(z.enum(DEMANDS)),
  reasons: z.array(
    z.object({
      id: z.string(),
      side: z.enum(['station', 'windows']),
      verdict: z.enum(['HOLD', 'NO-GO']),
      words: z.string(),
      value: z.string(),
      hint: z.string(),
    }),
  ),
})

export const bayAnswer = z.object({
  bay: z.string(),
  state: z.string(),
  signal: z.enum(SIGNALS),
  word: z.string(),
  line: z.string(),
  step: z.string(),
  serial: z.string().nullable(),
  run: z.string().nullable(),
  since: at,
  deadline: at.nullable(),
  prompt: promptAnswer.nullable(),
  progress: progress.nullable(),
  code: z.string().nullable(),
  grade: z.string().nullable(),
  fault: z.object({ code: z.string(), hint: z.string() }).nullable(),
  afterRun: z.enum(['change', 'leave']).exactOptional(),
  undoUntil: at.nullable(),
  tpm: tpmView.exactOptional(),
  preCheck: z.array(finding).exactOptional(),
  probe: z
    .object({ code: z.string(), until: at, linux: z.string(), windows: z.string() })
    .exactOptional(),
  input: z.int(),
  at,
})
export const baysAnswer = z.object({ seq: z.int(), bays: z.array(bayAnswer) })

/** A part of the bench and how it is. */
export const healthAnswer = z.object({
  part: z.string(),
  bay: z.string().nullable(),
  ok: z.boolean(),
  code: z.string().nullable(),
  since: at,
  detail: z.string(),
})

export const stationAnswer = z.object({
  site: z.string(),
  station: z.string(),
  version: z.string(),
  virtual: z.boolean(),
  layout: z.object({ columns: z.int(), places: z.array(z.string().nullable()) }).exactOptional(),
  outerUrl: z.string().exactOptional(),
  switched: z.array(z.string()).exactOptional(),
  bays: z.array(z.string()),
  clock: z.object({ now: at, rate: z.number() }),
  seq: z.int(),
  startedAt: at,
  health: z.array(healthAnswer),
  today: z.object({
    resealed: z.int(),
    firstTimeRight: z.number().nullable(),
    closed: z.int(),
  }),
  outbox: z.object({ unsent: z.int(), parked: z.int(), oldestUnsentAt: at.nullable() }),
  runs: z.int(),
  verdicts: z.record(z.string(), z.int()),
})

export const liveAnswer = z.object({ live: z.literal(true), seq: z.int() })
export const readyAnswer = z.object({
  ready: z.boolean(),
  problems: z.array(
    z.object({
      part: z.string(),
      bay: z.string().nullable(),
      code: z.string().nullable(),
      hint: z.string(),
      blocks: z.boolean(),
    }),
  ),
})

export const portAnswer = z.object({
  bay: z.string(),
  want: z.enum(['off', 'on', 'cycle']),
  what: z.enum(['link', 'poe']),
})
export const probeCodeAnswer = z.object({
  bay: z.string(),
  code: z.string(),
  until: at,
  url: z.string(),
  pin: z.string(),
  linux: z.string(),
  windows: z.string(),
})

export const descriptionAnswer = z.looseObject({ openapi: z.literal('3.1.0') })

/** What the bench has must fit what is told of it: a new field there does not compile until it stands here. */
type Told<T> = { readonly [K in keyof T]: unknown }
type Fits<Schema extends z.ZodType, T> = keyof Told<T> extends keyof z.output<Schema> ? true : never
export const FIT: readonly true[] = [
  true satisfies Fits<typeof bayAnswer, BayView>,
  true satisfies Fits<typeof takenAnswer, Taken>,
  true satisfies Fits<typeof healthAnswer, Health>,
]
