// What one closed run adds to the figures: the same function when it is committed, migrated and recomputed.
import { VERDICTS } from '../evidence.ts'
import type { RecordBody } from '../record.ts'
import { isJunkSerial } from '../scan.ts'
import { emptySketch, MEASURES, type Measure, observe, type Sketch } from './sketch.ts'

/** What is counted, in the order of the ledger's columns. */
export const SUMS = [
  'runs',
  'resealed',
  'failed',
  'error',
  'timeout',
  'aborted',
  'interrupted',
  /** Devices (serial in a work order) whose last run so far ended here. */
  'journeys',
  /** Journeys that ended resealed. */
  'devices',
  /** Journeys resealed in their first run without a Retry. */
  'right',
  /** Runs whose serial number is a placeholder; in no journey. */
  'junk',
  /** Runs that never learned a serial number; in no journey. */
  'unnamed',
  'retries',
  'prompts',
  'operator_ms',
  'machine_ms',
  'total_ms',
  /** Time in which a run was open, where it passed and not where it ended. */
  'busy_ms',
  'eta_early',
  'eta_within',
  'eta_late',
] as const
export type SumName = (typeof SUMS)[number]
export type Sums = Readonly<Record<SumName, number>>

export const DIMS = ['all', 'bay', 'model', 'order', 'operator'] as const
export type Dim = (typeof DIMS)[number]

/** All zones of today are whole quarters of an hour off UTC, so shifts and days of any zone are whole slots. */
export const SLOT_MS = 15 * 60_000
export const SLOTS_A_DAY = 96
/** Longest run whose time is laid over the slots it passed; only a clock set wrong makes a longer one. */
const BUSY_MAX_MS = 7 * 24 * 3_600_000

/** Where a run stands in the tables. */
export interface Place {
  readonly slot: number
  readonly bay: string
  readonly model: string
  readonly order: string
  readonly operator: string
}

/** A journey that has not ended resealed: where its last run was counted. */
export interface OpenJourney {
  readonly runs: number
  readonly place: Place
}

export interface Addition {
  readonly place: Place
  /** Only these dimensions; all of them when left out. */
  readonly dims?: readonly Dim[]
  readonly sums: Partial<Sums>
  readonly sketch?: Sketch
  readonly code?: string
}

export interface Added {
  readonly additions: readonly Addition[]
  /** Serial and order of the journey that this run belongs to; null for none. */
  readonly journey: { readonly serial: string; readonly order: string } | null
  /** What is remembered of that journey from now on; null: it is over. */
  readonly open: OpenJourney | null
}

export const slotOf = (ms: number): number => Math.floor(ms / SLOT_MS)

/** The key under which a place is found in a dimension. */
export const keyIn = (dim: Dim, place: Place): string => (dim === 'all' ? '' : place[dim])

export const placeOf = (record: RecordBody): Place => ({
  slot: slotOf(Date.parse(record.endedAt)),
  bay: record.bay,
  model: record.device.model ?? '',
  order: record.workOrder ?? '',
  operator: record.operator ?? '',
})

/** Serial and order of the journey that a run belongs to; a placeholder number names no device. */
export function journeyOf(record: RecordBody): Added['journey'] {
  const { serial } = record.device
  if (serial === null || isJunkSerial(serial)) return null
  return { serial, order: record.workOrder ?? '' }
}

/** What a record adds, given the open journey of its device in its order, if there is one. */
export function additionsOf(record: RecordBody, before: OpenJourney | null): Added {
  const place = placeOf(record)
  const journey = journeyOf(record)
  const resealed = record.verdict === 'resealed'
  const isRight = resealed && before === null && record.retries === 0
  const totalMs = spanMs(record)
  const named = journey !== null
  const sums: Partial<Sums> = {
    runs: 1,
    [VERDICTS.find((one) => one === record.verdict) ?? 'error']: 1,
    ...(named ? { journeys: 1, devices: resealed ? 1 : 0, right: isRight ? 1 : 0 } : {}),
    junk: !named && record.device.serial !== null ? 1 : 0,
    unnamed: record.device.serial === null ? 1 : 0,
    retries: record.retries,
    prompts: record.prompts,
    operator_ms: Math.round(record.operatorWaitMs),
    machine_ms: Math.round(record.machineWaitMs),
    total_ms: totalMs,
    ...etaOf(record),
  }
  const code = record.error?.code
  const own = {
    place,
    sums,
    sketch: sketchOf(record, totalMs),
    ...(code === undefined ? {} : { code }),
  }
  // A further run of the same device moves its journey to where that run ended.
  const moved: Addition[] =
    before === null || !named ? [] : [{ place: before.place, sums: { journeys: -1 } }]
  return {
    additions: [own, ...moved, ...busyOf(record, place)],
    journey,
    open: named && !resealed ? { runs: (before?.runs ?? 0) + 1, place } : null,
  }
}

const spanMs = ({ startedAt, endedAt }: RecordBody): number =>
  Math.max(0, Date.parse(endedAt) - Date.parse(startedAt))

function sketchOf(record: RecordBody, totalMs: number): Sketch {
  const sketch = emptySketch()
  observe(sketch, 'total', totalMs)
  observe(sketch, 'operator', record.operatorWaitMs)
  observe(sketch, 'machine', record.machineWaitMs)
  let other: number | null = null
  for (const [step, ms] of Object.entries(record.durations)) {
    const known = STEP_MEASURES.find((one) => one === step)
    if (known === undefined) other = (other ?? 0) + ms
    else observe(sketch, known, ms)
  }
  if (other !== null) observe(sketch, 'other', other)
  return sketch
}

/** Steps as they are booked; those of a later version are counted as `other` until they have a number. */
export const STEP_MEASURES: readonly Measure[] = MEASURES.slice(MEASURES.indexOf('identify'))

/** On which side of the spread shown at its start the provisioning of a green run ended. */
function etaOf({ estimate }: RecordBody): Partial<Sums> {
  if (estimate?.tookMs === undefined) return {}
  const { tookMs, p50Ms, p90Ms } = estimate
  if (tookMs < p50Ms) return { eta_early: 1 }
  return tookMs <= p90Ms ? { eta_within: 1 } : { eta_late: 1 }
}

function* busyOf(record: RecordBody, place: Place): Generator<Addition> {
  const end = Date.parse(record.endedAt)
  let at = Math.max(Date.parse(record.startedAt), end - BUSY_MAX_MS)
  while (at < end) {
    const slot = slotOf(at)
    const next = Math.min(end, (slot + 1) * SLOT_MS)
    yield { place: { ...place, slot }, dims: ['all', 'bay'], sums: { busy_ms: next - at } }
    at = next
  }
}
