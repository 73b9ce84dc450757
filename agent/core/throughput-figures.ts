// Hour, shift and day figures of the `/throughput` topic: what closed in a rolling window, as plain sums.
import type { Verdict } from './evidence.ts'
import { type InstantMs, iso } from './ids.ts'
import type { RecordBody } from './record.ts'

/** As much of a closed run as the figures need, so that a day of runs fits in memory. */
export interface ClosedRun {
  readonly seq: number
  readonly endedAt: InstantMs
  readonly verdict: Verdict
  readonly firstTime: boolean
  readonly operatorWaitMs: number
  readonly machineWaitMs: number
  readonly prompts: number
}

export const closedRun = (seq: number, record: RecordBody): ClosedRun => ({
  seq,
  endedAt: Date.parse(record.endedAt),
  verdict: record.verdict,
  firstTime: record.attempt <= 1,
  operatorWaitMs: record.operatorWaitMs,
  machineWaitMs: record.machineWaitMs,
  prompts: record.prompts,
})

const HOUR_MS = 3_600_000
/** Rolling windows: a station knows no shift plan, and 8 h is the length of one. */
export const WINDOWS = { hour: HOUR_MS, shift: 8 * HOUR_MS, day: 24 * HOUR_MS } as const
export const LONGEST_MS = WINDOWS.day

export interface Figures {
  /** UTC, ISO 8601; the window ends at `to`. */
  readonly from: string
  readonly to: string
  readonly runs: number
  readonly verdicts: Readonly<Partial<Record<Verdict, number>>>
  /** Resealed devices in one hour of the window. */
  readonly resealedPerHour: number
  /** Share of the runs resealed at the first attempt, 0-1; null without runs. */
  readonly firstTimeRight: number | null
  /** Means over the runs; null without runs. */
  readonly operatorWaitMs: number | null
  readonly machineWaitMs: number | null
  readonly prompts: number | null
}

export type Throughput = Readonly<Record<keyof typeof WINDOWS, Figures>>

/** Sums of the runs that closed within each window before `now` (UTC ms). */
export function throughputOf(runs: readonly ClosedRun[], now: InstantMs): Throughput {
  const figures = (ms: number) =>
    figuresOf(
      runs.filter(({ endedAt }) => endedAt > now - ms && endedAt <= now),
      now,
      ms,
    )
  return {
    hour: figures(WINDOWS.hour),
    shift: figures(WINDOWS.shift),
    day: figures(WINDOWS.day),
  }
}

function figuresOf(runs: readonly ClosedRun[], now: InstantMs, ms: number): Figures {
  const verdicts: Partial<Record<Verdict, number>> = {}
  for (const { verdict } of runs) verdicts[verdict] = (verdicts[verdict] ?? 0) + 1
  const mean = (of: (run: ClosedRun) => number) =>
    runs.length === 0 ? null : rounded(runs.reduce((sum, run) => sum + of(run), 0) / runs.length)
  const right = runs.filter(({ verdict, firstTime }) => verdict === 'resealed' && firstTime).length
  return {
    from: iso(now - ms),
    to: iso(now),
    runs: runs.length,
    verdicts,
    resealedPerHour: rounded(((verdicts.resealed ?? 0) * HOUR_MS) / ms),
    firstTimeRight: runs.length === 0 ? null : rounded(right / runs.length),
    operatorWaitMs: mean((run) => run.operatorWaitMs),
    machineWaitMs: mean((run) => run.machineWaitMs),
    prompts: mean((run) => run.prompts),
  }
}

const rounded = (value: number) => Math.round(value * 1000) / 1000
