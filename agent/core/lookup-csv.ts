// Many look-ups as lines of one table, for a spreadsheet; no cell of it can become a formula.
import type { ResealAnswer } from './reseal-answer.ts'

type Cell = string | number | boolean | null | undefined

/** Spreadsheets run a cell that begins like this; a leading apostrophe makes it text. */
const FORMULA = /^[=+\-@\t\r]/

/** One cell (RFC 4180). */
export function csvCell(value: Cell): string {
  if (value === null || value === undefined) return ''
  if (typeof value !== 'string') return String(value)
  const text = FORMULA.test(value) ? `'${value}` : value
  return /[",;\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** One line with its line end. */
export const csvRow = (cells: readonly Cell[]): string => `${cells.map(csvCell).join(',')}\r\n`

const COLUMNS: Readonly<Record<string, (answer: ResealAnswer) => Cell>> = {
  serial: ({ serial }) => serial,
  answer: ({ answer }) => answer,
  verdict: ({ verdict }) => verdict,
  grade: ({ grade }) => grade,
  hand_over_after: ({ handOverAfter }) => handOverAfter,
  use_before: ({ useBefore }) => useBefore,
  ended_at: ({ endedAt }) => endedAt,
  alarms: ({ alarms }) => alarms.length,
  last_alarm_at: ({ alarms }) => alarms.at(-1)?.at,
  last_alarm: ({ alarms }) => alarms.at(-1)?.code,
  attempts: ({ attempts }) => attempts,
  error_code: ({ error }) => error?.code,
  error_action: ({ error }) => error?.action,
  work_order: ({ workOrder }) => workOrder,
  bay: ({ bay }) => bay,
  run: ({ run }) => run,
  confirmed_at: ({ confirmed }) => confirmed?.at,
  packed_out_at: ({ packedOut }) => (packedOut?.go === true ? packedOut.at : null),
  mac: ({ device }) => device?.mac,
  ztd_id: ({ device }) => device?.ztdId,
  model: ({ device }) => device?.model,
  words: ({ words }) => words,
}
const CELLS = Object.values(COLUMNS)

/** The line of the headings; `asked` stands first, so that a list can be joined to its answers. */
export const LOOKUP_CSV_HEADING: string = csvRow(['asked', ...Object.keys(COLUMNS)])

export const lookupCsvLine = (asked: string, answer: ResealAnswer): string =>
  csvRow([asked, ...CELLS.map((cell) => cell(answer))])

/**
 * What to ask for from a pasted or uploaded text: one a line, the first column where there are more; a heading, blank
 * lines and repetitions are left out.
 */
export function askedIn(text: string): readonly string[] {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\r|\n/)
    .map((line) => firstCell(line).trim())
    .filter((line) => line !== '')
  const [first, ...rest] = lines
  const isHeading = first !== undefined && HEADING.test(first)
  return [...new Set(isHeading ? rest : lines)]
}

/** Also that of the file that registers devices: `Device Serial Number,Windows Product ID,Hardware Hash`. */
const HEADING = /^(?:(?:device )?serial(?:[ _-]?(?:number|no\.?))?|asked|s\/n|sn|device)$/i

function firstCell(line: string): string {
  const quoted = /^\s*"((?:[^"]|"")*)"/.exec(line)
  if (quoted !== null) return (quoted[1] ?? '').replaceAll('""', '"')
  // The QR code of a page is JSON with commas of its own.
  return line.trimStart().startsWith('{') ? line : (line.split(/[,;\t]/, 1)[0] ?? '')
}
