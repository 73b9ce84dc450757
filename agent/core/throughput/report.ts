// A throughput report: what the sums of a range say, as managers read it. Ratios and means come with what they rest on.
import { type InstantMs, iso } from '../ids.ts'
import { RED_CODE_MAP } from '../red-codes.ts'
import type { Dim, Sums } from './additions.ts'
import type { BucketKind, Bucket as TimeBucket } from './shifts.ts'
import { type Measure, SKETCH_ERROR } from './sketch.ts'

/** Below this many runs a percentile is marked: it is a guess. */
export const FEW = 20

/** A group of runs in numbers. Times are ms, shares 0 to 1; null where there is nothing to divide by. */
export interface ThroughputFigures {
  readonly runs: number
  readonly verdicts: Readonly<
    Record<'resealed' | 'failed' | 'error' | 'timeout' | 'aborted' | 'interrupted', number>
  >
  /** Devices resealed: serial in a work order, counted where its last run ended. */
  readonly devices: number
  /** Devices whose last run so far ended here, resealed or not. */
  readonly journeys: number
  /** Resealed in their first run without a Retry. */
  readonly firstTimeRight: number
  readonly yield: number | null
  /** Runs left out of the two figures above. */
  readonly apart: { readonly junkSerials: number; readonly withoutSerial: number }
  readonly devicesPerHour: number | null
  readonly retries: number
  readonly prompts: number
  readonly promptsPerDevice: number | null
  readonly operatorWaitMs: number
  readonly machineWaitMs: number
  readonly durationMs: number
  /** Duration less both waits; 0 unless a clock was set while a run was open. */
  readonly unattributedMs: number
  readonly operatorWaitPerDeviceMs: number | null
  /** Share of the bays' time in which a run was open. */
  readonly occupancy: number | null
}

export interface StepFigures {
  readonly step: Measure
  readonly n: number
  /** Fewer than FEW: the percentiles are a guess. */
  readonly few: boolean
  readonly sumMs: number
  /** Of the duration of all runs. */
  readonly share: number | null
  readonly p50Ms: number
  readonly p75Ms: number
  readonly p90Ms: number
}

export interface Cause {
  readonly code: string
  readonly runs: number
  /** Of all runs that did not end resealed with a code, and of those up to and with this one. */
  readonly share: number
  readonly upTo: number
  readonly meaning: string
  readonly who: string
  readonly action: string
}

export interface Calibration {
  /** Green runs that had an estimate when provisioning began. */
  readonly n: number
  readonly few: boolean
  /** Done before the p50, between p50 and p90, after the p90: 50, 40 and 10 % if the estimate is right. */
  readonly early: number | null
  readonly within: number | null
  readonly late: number | null
}

export interface ThroughputReport {
  readonly schema: 'reseal/throughput/1'
  readonly from: string
  readonly to: string
  readonly zone: string
  readonly bucket: BucketKind
  readonly by: Dim
  readonly key: string | null
  /** First and last quarter of an hour of the whole ledger in which a run closed. */
  readonly ledger: { readonly first: string | null; readonly last: string | null }
  readonly total: ThroughputFigures
  readonly buckets: readonly (ThroughputFigures & {
    readonly from: string
    readonly to: string
    readonly date: string
    readonly time: string
    readonly shift: string | null
  })[]
  readonly groups: readonly (ThroughputFigures & { readonly key: string })[]
  readonly groupsLeftOut: number
  readonly steps: readonly StepFigures[]
  /** The same of whole runs, and of what in them waited for a person and for a machine. */
  readonly waits: readonly StepFigures[]
  readonly causes: readonly Cause[]
  readonly estimate: Calibration
  /** A percentile lies within this share of a run's true value. */
  readonly percentileError: number
}

/** What the ledger answered, as far as the report needs it. */
export interface Measured {
  readonly buckets: readonly Sums[]
  readonly groups: readonly { readonly key: string; readonly sums: Sums }[]
  readonly groupsLeftOut: number
  readonly causes: readonly { readonly code: string; readonly runs: number }[]
  readonly spreads: Readonly<
    Partial<
      Record<
        Measure,
        {
          readonly n: number
          readonly sumMs: number
          readonly p50Ms: number
          readonly p75Ms: number
          readonly p90Ms: number
        }
      >
    >
  >
  readonly bays: number
  readonly first: number | null
  readonly last: number | null
}

export interface Asked {
  readonly bucket: BucketKind
  readonly by: Dim
  readonly key: string | null
  readonly zone: string
  readonly buckets: readonly TimeBucket[]
  /** UTC ms; time that has not passed yet is no time in which a bay could have worked. */
  readonly now: InstantMs
}

/** What a code that is no red page means and who acts; null for an unknown one. */
export type FaultWords = (
  code: string,
) => { readonly meaning: string; readonly who: string; readonly hint: string } | null

/** The report over what was asked and measured. */
export function reportOf(
  asked: Asked,
  measured: Measured,
  faultWords: FaultWords,
): ThroughputReport {
  const { buckets, now } = asked
  const from = buckets[0]?.from ?? 0
  const to = buckets.at(-1)?.to ?? 0
  const passed = (start: number, end: number) => Math.max(0, Math.min(end, now) - start)
  const isBay = asked.by === 'bay' && asked.key !== null
  const isOther = asked.by !== 'bay' && asked.by !== 'all' && asked.key !== null
  // A model, order or operator holds no bay: only the bench and a bay are occupied.
  const bays = isBay ? 1 : isOther ? 0 : measured.bays
  const total = addUp(measured.buckets)
  return {
    schema: 'reseal/throughput/1',
    from: iso(from),
    to: iso(to),
    zone: asked.zone,
    bucket: asked.bucket,
    by: asked.by,
    key: asked.key,
    ledger: { first: slotText(measured.first), last: slotText(measured.last) },
    total: figuresOf(total, passed(from, to), bays),
    buckets: buckets.map((one, at) => ({
      from: iso(one.from),
      to: iso(one.to),
      date: one.date,
      time: one.time,
      shift: one.shift,
      ...figuresOf(measured.buckets[at] ?? addUp([]), passed(one.from, one.to), bays),
    })),
    groups: measured.groups.map(({ key, sums }) => ({
      key,
      ...figuresOf(sums, passed(from, to), asked.by === 'bay' ? 1 : 0),
    })),
    groupsLeftOut: measured.groupsLeftOut,
    ...splitOf(measured, total.total_ms),
    causes: causesOf(measured.causes, faultWords),
    estimate: calibrationOf(total),
    percentileError: SKETCH_ERROR,
  }
}

const slotText = (slot: number | null): string | null =>
  slot === null ? null : iso(slot * 900_000)
const ratio = (part: number, whole: number): number | null =>
  whole > 0 ? Math.round((part / whole) * 10_000) / 10_000 : null

const NONE: Sums = {
  runs: 0,
  resealed: 0,
  failed: 0,
  error: 0,
  timeout: 0,
  aborted: 0,
  interrupted: 0,
  journeys: 0,
  devices: 0,
  right: 0,
  junk: 0,
  unnamed: 0,
  retries: 0,
  prompts: 0,
  operator_ms: 0,
  machine_ms: 0,
  total_ms: 0,
  busy_ms: 0,
  eta_early: 0,
  eta_within: 0,
  eta_late: 0,
}

const addUp = (all: readonly Sums[]): Sums =>
  all.reduce(
    (sum, one) =>
      Object.fromEntries(
        Object.entries(sum).map(([name, value]) => [name, value + one[name as keyof Sums]]),
      ) as Sums,
    NONE,
  )

/** `ms`: how much of the time has passed; `bays`: those that count for the occupancy, 0 for none. */
function figuresOf(sums: Sums, ms: number, bays: number): ThroughputFigures {
  const { runs, resealed, failed, error, timeout, aborted, interrupted, devices, journeys } = sums
  return {
    runs,
    verdicts: { resealed, failed, error, timeout, aborted, interrupted },
    devices,
    journeys,
    firstTimeRight: sums.right,
    yield: ratio(sums.right, journeys),
    apart: { junkSerials: sums.junk, withoutSerial: sums.unnamed },
    devicesPerHour: ms > 0 ? Math.round((devices * 3_600_000_00) / ms) / 100 : null,
    retries: sums.retries,
    prompts: sums.prompts,
    promptsPerDevice: ratio(sums.prompts, devices),
    operatorWaitMs: sums.operator_ms,
    machineWaitMs: sums.machine_ms,
    durationMs: sums.total_ms,
    unattributedMs: sums.total_ms - sums.operator_ms - sums.machine_ms,
    operatorWaitPerDeviceMs: devices > 0 ? Math.round(sums.operator_ms / devices) : null,
    occupancy: bays > 0 ? ratio(sums.busy_ms, ms * bays) : null,
  }
}

const WHOLE: readonly string[] = ['total', 'operator', 'machine']

function splitOf(
  { spreads }: Measured,
  totalMs: number,
): Pick<ThroughputReport, 'steps' | 'waits'> {
  const all = Object.entries(spreads).map(
    ([step, spread]): StepFigures => ({
      step: step as Measure,
      few: spread.n < FEW,
      share: ratio(spread.sumMs, totalMs),
      ...spread,
    }),
  )
  return {
    steps: all.filter(({ step }) => !WHOLE.includes(step)).sort((a, b) => b.sumMs - a.sumMs),
    waits: all.filter(({ step }) => WHOLE.includes(step)),
  }
}

function causesOf(causes: Measured['causes'], faultWords: FaultWords): readonly Cause[] {
  const all = causes.reduce((sum, { runs }) => sum + runs, 0)
  let before = 0
  return causes.map(({ code, runs }) => {
    before += runs
    const words = RED_CODE_MAP.get(code) ?? faultWords(code)
    return {
      code,
      runs,
      share: ratio(runs, all) ?? 0,
      upTo: ratio(before, all) ?? 0,
      meaning: words?.meaning ?? '',
      who: words?.who ?? '',
      action: words?.hint ?? '',
    }
  })
}

function calibrationOf({ eta_early, eta_within, eta_late }: Sums): Calibration {
  const n = eta_early + eta_within + eta_late
  return {
    n,
    few: n < FEW,
    early: ratio(eta_early, n),
    within: ratio(eta_within, n),
    late: ratio(eta_late, n),
  }
}
