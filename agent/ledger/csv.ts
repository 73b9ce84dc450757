// A record as one line for a spreadsheet: flat columns, quoted so that no cell can become a formula.
import type { StoredRun } from '../ports.ts'

type Cell = string | number | null | undefined

const COLUMNS: Readonly<Record<string, (run: StoredRun) => Cell>> = {
  seq: ({ seq }) => seq,
  run: ({ record }) => record.run,
  serial: ({ record }) => record.device.serial,
  verdict: ({ record }) => record.verdict,
  grade: ({ record }) => record.grade,
  station: ({ record }) => record.station,
  bay: ({ record }) => record.bay,
  operator: ({ record }) => record.operator,
  work_order: ({ record }) => record.workOrder,
  started_at: ({ record }) => record.startedAt,
  ended_at: ({ record }) => record.endedAt,
  operator_wait_ms: ({ record }) => record.operatorWaitMs,
  machine_wait_ms: ({ record }) => record.machineWaitMs,
  attempt: ({ record }) => record.attempt,
  retries: ({ record }) => record.retries,
  prompts: ({ record }) => record.prompts,
  mac: ({ record }) => record.device.mac,
  ztd_id: ({ record }) => record.device.ztdId,
  manufacturer: ({ record }) => record.device.manufacturer,
  model: ({ record }) => record.device.model,
  tpm_station: ({ record }) => record.tpm.station,
  tpm_windows: ({ record }) => record.tpm.windows,
  flow_result: ({ record }) => record.tpm.flow.result,
  flow_code: ({ record }) => record.tpm.flow.code,
  error_code: ({ record }) => record.error?.code,
  error_action: ({ record }) => record.error?.action,
  hand_over_after: ({ record }) => record.handOverAfter,
  use_before: ({ record }) => record.useBefore,
  digest: ({ chain }) => chain.entry.digest,
  head: ({ chain }) => chain.head,
}

/** Spreadsheets run a cell that begins like this; a leading apostrophe makes it text. */
const FORMULA = /^[=+\-@\t\r]/

function cell(value: Cell): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'number') return String(value)
  const text = FORMULA.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** The header line, without its line end. */
export const CSV_HEADER = Object.keys(COLUMNS).join(',')

/** One run as a line (RFC 4180), without its line end. */
export const csvLine = (run: StoredRun): string =>
  Object.values(COLUMNS)
    .map((column) => cell(column(run)))
    .join(',')
