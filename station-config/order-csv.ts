// Work orders from a spreadsheet: one line per device, the order's own columns on its first line.
import { type Checked, check } from './check.ts'
import { readCsv } from './csv.ts'
import { nearest } from './near.ts'
import {
  CSV_COLUMNS,
  type CsvColumn,
  ordersSchema,
  type RawOrder,
  SERIALS_MAX,
} from './order-schema.ts'
import type { Problem } from './problem.ts'

interface Device {
  readonly serial: string
  readonly ztdId: string | null
  readonly line: number
}
interface Gathered {
  readonly line: number
  readonly columns: Map<CsvColumn, string>
  readonly devices: Device[]
}

type Say = (line: number | null, path: string, value: string, message: string, hint: string) => void

function columnsOf(heading: readonly string[], say: Say): readonly (CsvColumn | null)[] {
  const columns = heading.map((text) => {
    const wanted = text.replace(/[\s_-]/g, '').toLowerCase()
    const column = CSV_COLUMNS.find((one) => one.toLowerCase() === wanted) ?? null
    if (column === null) {
      const meant = nearest(text, CSV_COLUMNS)
      const hint = meant === null ? `Known: ${CSV_COLUMNS.join(', ')}.` : `Did you mean ${meant}?`
      say(1, '', text, 'this column is not known', hint)
    }
    return column
  })
  for (const [index, column] of columns.entries())
    if (column !== null && columns.indexOf(column) !== index)
      say(1, '', column, 'this column stands twice', 'Keep one of the two.')
  if (!columns.includes('order'))
    say(1, 'order', '', 'the column order is missing', 'The first line names the columns.')
  return columns
}

/** Cells are text; what the schema wants as number, truth or list is made here, and else left for it to refuse. */
function typed(column: CsvColumn, cell: string): unknown {
  if (column === 'models' || column === 'demands')
    return cell
      .split('|')
      .map((one) => one.trim())
      .filter((one) => one !== '')
  const isNumber = column === 'windows' || column === 'pageTimeoutMinutes' || column === 'count'
  if (isNumber) return /^\d{1,9}$/.test(cell) ? Number(cell) : cell
  if (column !== 'demandsAttestation' && column !== 'active') return cell
  if (/^(?:true|yes)$/i.test(cell)) return true
  return /^(?:false|no)$/i.test(cell) ? false : cell
}

function gather(
  rows: readonly { line: number; cells: readonly string[] }[],
  columns: readonly (CsvColumn | null)[],
  say: Say,
): Map<string, Gathered> {
  const orders = new Map<string, Gathered>()
  for (const { line, cells } of rows) {
    if (cells.length > columns.length)
      say(line, '', '', 'more cells than columns', 'Quote cells that hold the separator.')
    const cell = (column: CsvColumn) => cells[columns.indexOf(column)] ?? ''
    const id = cell('order')
    if (id === '') {
      say(line, 'order', '', 'the order is missing', 'Write the order on every line.')
      continue
    }
    const order = orders.get(id) ?? {
      line,
      columns: new Map<CsvColumn, string>(),
      devices: [] as Device[],
    }
    orders.set(id, order)
    for (const column of CSV_COLUMNS) {
      const value = cell(column)
      if (column === 'serial' || column === 'ztdId' || value === '') continue
      const before = order.columns.get(column)
      if (before !== undefined && before !== value) {
        const hint = `Line ${order.line} says ${before}; leave the cell empty or the same.`
        say(line, column, value, 'it differs from the lines above', hint)
      } else order.columns.set(column, value)
    }
    const serial = cell('serial')
    const ztdId = cell('ztdId') === '' ? null : cell('ztdId')
    if (serial !== '') order.devices.push({ serial, ztdId, line })
    else if (ztdId !== null)
      say(line, 'serial', '', 'a ZtdId without a serial number', 'Add the serial number.')
  }
  return orders
}

export interface OrderRows extends Checked<readonly RawOrder[]> {
  /** Line of an order, or of one of its devices. */
  lineOf(path: readonly PropertyKey[]): number | null
}

/** The orders of a CSV text, or every bad line. */
export function readOrderCsv(text: string, file: string): OrderRows {
  const problems: Problem[] = []
  const say: Say = (line, path, value, message, hint) =>
    problems.push({
      code: 'ORDERS_INVALID',
      file,
      line,
      path,
      value: value.slice(0, 60),
      message,
      hint,
    })
  const none = { value: null, problems, lineOf: () => null }
  const csv = readCsv(text)
  if (!('rows' in csv)) {
    say(csv.line, '', '', csv.message, csv.hint)
    return none
  }
  const [heading, ...rows] = csv.rows
  if (heading === undefined) {
    say(null, '', '', 'the file is empty', 'The first line names the columns.')
    return none
  }
  if (rows.length > SERIALS_MAX) {
    say(null, '', '', `more than ${SERIALS_MAX} lines`, 'Split the file.')
    return none
  }
  const columns = columnsOf(heading.cells, say)
  if (problems.length > 0) return none
  const gathered = [...gather(rows, columns, say).values()]
  const value = {
    orders: gathered.map((order) => ({
      ...Object.fromEntries([...order.columns].map(([key, cell]) => [key, typed(key, cell)])),
      order: order.columns.get('order'),
      ...(order.devices.length === 0
        ? {}
        : {
            serials: order.devices.map(({ serial, ztdId }) =>
              ztdId === null ? serial : { serial, ztdId },
            ),
          }),
    })),
  }
  const lineOf = (path: readonly PropertyKey[]) => {
    const order = typeof path[1] === 'number' ? gathered[path[1]] : undefined
    if (order === undefined) return null
    const isDevice = path[2] === 'serials' && typeof path[3] === 'number'
    return (isDevice ? order.devices[path[3] as number]?.line : order.line) ?? order.line
  }
  const checked = check(ordersSchema, value, { file, code: 'ORDERS_INVALID', lineOf })
  problems.push(...checked.problems)
  const orders = problems.length === 0 ? (checked.value?.orders ?? null) : null
  return { value: orders, problems, lineOf }
}
