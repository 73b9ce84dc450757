// The tables of a throughput report as CSV: exactly the rows that the page shows.
import { csvRow } from '../lookup-csv.ts'
import type { StepFigures, ThroughputFigures, ThroughputReport } from './report.ts'

export const TABLES = ['buckets', 'groups', 'steps', 'causes'] as const
export type TableName = (typeof TABLES)[number]

type Cell = string | number | null
type Columns<T> = Readonly<Record<string, (row: T) => Cell>>

const FIGURES: Columns<ThroughputFigures> = {
  devices_resealed: (row) => row.devices,
  devices_per_hour: (row) => row.devicesPerHour,
  devices: (row) => row.journeys,
  first_time_right: (row) => row.firstTimeRight,
  yield: (row) => row.yield,
  runs: (row) => row.runs,
  resealed: (row) => row.verdicts.resealed,
  failed: (row) => row.verdicts.failed,
  error: (row) => row.verdicts.error,
  timeout: (row) => row.verdicts.timeout,
  aborted: (row) => row.verdicts.aborted,
  interrupted: (row) => row.verdicts.interrupted,
  junk_serials: (row) => row.apart.junkSerials,
  without_serial: (row) => row.apart.withoutSerial,
  retries: (row) => row.retries,
  prompts: (row) => row.prompts,
  prompts_per_device: (row) => row.promptsPerDevice,
  operator_wait_ms: (row) => row.operatorWaitMs,
  machine_wait_ms: (row) => row.machineWaitMs,
  unattributed_ms: (row) => row.unattributedMs,
  duration_ms: (row) => row.durationMs,
  operator_wait_per_device_ms: (row) => row.operatorWaitPerDeviceMs,
  occupancy: (row) => row.occupancy,
}

const BUCKETS: Columns<ThroughputReport['buckets'][number]> = {
  from: (row) => row.from,
  to: (row) => row.to,
  local_date: (row) => row.date,
  local_time: (row) => row.time,
  shift: (row) => row.shift,
  ...FIGURES,
}
const GROUPS: Columns<ThroughputReport['groups'][number]> = { key: (row) => row.key, ...FIGURES }
const STEPS: Columns<StepFigures> = {
  step: (row) => row.step,
  n: (row) => row.n,
  few: (row) => (row.few ? 'few' : ''),
  sum_ms: (row) => row.sumMs,
  share: (row) => row.share,
  p50_ms: (row) => row.p50Ms,
  p75_ms: (row) => row.p75Ms,
  p90_ms: (row) => row.p90Ms,
}
const CAUSES: Columns<ThroughputReport['causes'][number]> = {
  code: (row) => row.code,
  runs: (row) => row.runs,
  share: (row) => row.share,
  up_to: (row) => row.upTo,
  meaning: (row) => row.meaning,
  who: (row) => row.who,
  action: (row) => row.action,
}

const tableOf = <T>(columns: Columns<T>, rows: readonly T[]): string =>
  csvRow(Object.keys(columns)) +
  rows.map((row) => csvRow(Object.values(columns).map((column) => column(row)))).join('')

/** One table of a report as CSV (RFC 4180) with a head line. */
export function throughputCsv(report: ThroughputReport, table: TableName): string {
  switch (table) {
    case 'buckets':
      return tableOf(BUCKETS, report.buckets)
    case 'groups':
      return tableOf(GROUPS, report.groups)
    case 'steps':
      return tableOf(STEPS, [...report.waits, ...report.steps])
    case 'causes':
      return tableOf(CAUSES, report.causes)
  }
}
