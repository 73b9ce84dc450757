// Prints rows as a table that fits a terminal of 120 columns.
import type { Goal, Row } from './row.ts'

const SIGNS = { 'at least': '≥', 'at most': '≤', below: '<' } as const

/** Three significant digits, thousands apart. */
export const figure = (value: number): string =>
  Number.isFinite(value)
    ? new Intl.NumberFormat('en', { maximumSignificantDigits: value >= 1000 ? 4 : 3 }).format(value)
    : '–'

const goalText = ({ of, is, value }: Goal, unit: string): string =>
  `${SIGNS[is]} ${figure(value)}${of === 'ratio' ? '×' : ` ${unit}`}`

const cells = (row: Row): readonly string[] => [
  row.name,
  `${figure(row.ours)} ${row.unit}`,
  row.bare === null ? '–' : figure(row.bare),
  row.ratio === null ? '–' : `${figure(row.ratio)}×`,
  goalText(row.goal, row.unit),
  row.ok ? 'ok' : 'SHORT',
]

const HEAD = ['what', 'ours', 'bare', 'ratio', 'goal', ''] as const

/** The lines of the table, a head first. */
export function tableOf(rows: readonly Row[]): readonly string[] {
  const all = [HEAD, ...rows.map(cells)]
  const widths = HEAD.map((_, at) => Math.max(...all.map((row) => row[at]?.length ?? 0)))
  return all.map((row) =>
    row
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join('  '),
  )
}
