// An order's close-out as tables: one line for each of its devices, missing ones too, or one for each attempt.
import { type InstantMs, iso } from './ids.ts'
import { csvRow } from './lookup-csv.ts'
import type { OrderDevice, OrderPlan, OrderRun } from './order-progress.ts'

const time = (at: InstantMs | null) => (at === null ? null : iso(at))

export const CLOSE_OUT_HEADING: string = csvRow([
  'work_order',
  'serial',
  'outcome',
  'on_list',
  'grade',
  'attempts',
  'first_ended_at',
  'ended_at',
  'code',
  'action',
  'alarm_at',
  'run',
])

/** One device by its newest run. `resealed-alarm`: resealed, and switched on or touched since. */
export function deviceLine(plan: OrderPlan, device: OrderDevice): string {
  const { verdict, alarmAt, serial } = device
  const isAlarmed = verdict === 'resealed' && alarmAt !== null
  return csvRow([
    plan.order,
    serial,
    isAlarmed ? 'resealed-alarm' : verdict,
    plan.serials === null ? '' : plan.serials.has(serial) ? 'yes' : 'no',
    device.grade,
    device.runs,
    time(device.firstAt),
    time(device.endedAt),
    device.code,
    device.action,
    time(alarmAt),
    device.run,
  ])
}

/** A device of the list that had no run in this order. */
export const missingLine = (plan: OrderPlan, serial: string): string =>
  csvRow([plan.order, serial, 'missing', 'yes', null, 0, null, null, null, null, null, null])

export const RUNS_HEADING: string = csvRow([
  'work_order',
  'serial',
  'attempt',
  'verdict',
  'grade',
  'bay',
  'started_at',
  'ended_at',
  'code',
  'action',
  'hand_over_after',
  'use_before',
  'ztd_id',
  'model',
  'run',
  'chain_seq',
  'digest',
])

/** One attempt, with its place in the hash chain. */
export const runLine = (order: string, run: OrderRun): string =>
  csvRow([
    order,
    run.serial,
    run.attempt,
    run.verdict,
    run.grade,
    run.bay,
    time(run.startedAt),
    time(run.endedAt),
    run.code,
    run.action,
    run.handOverAfter,
    run.useBefore,
    run.ztdId,
    run.model,
    run.run,
    run.seq,
    run.digest,
  ])
