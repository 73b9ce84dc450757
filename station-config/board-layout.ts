// How the bays stand on the bench: rows of the board in the config, so that the tile is where the device is.
import { z } from 'zod'

/** A tile below a thirty-second of a screen's width is read by nobody. */
const COLUMNS_MAX = 32
const ROWS_MAX = 64
/** In a drawn row: nothing stands here. */
const GAP = '.'

export const boardShape = z
  .strictObject({
    columns: z
      .number()
      .int()
      .min(1)
      .max(COLUMNS_MAX)
      .optional()
      .describe('Bays side by side; without places in the order of bays:'),
    rows: z
      .number()
      .int()
      .min(1)
      .max(ROWS_MAX)
      .optional()
      .describe('Rows of the bench, when there are more than the bays fill'),
    places: z
      .array(z.string().min(1).max(2_000))
      .min(1)
      .max(ROWS_MAX)
      .optional()
      .describe('The bench drawn row by row: ids of bays with blanks between, a dot for a gap'),
  })
  .superRefine((board, context) => {
    if (board.columns === undefined && board.places === undefined)
      context.addIssue({
        code: 'custom',
        message: 'neither columns nor places',
        params: { hint: 'Write columns: 6, or draw the rows under places:.' },
      })
  })
export type BoardShape = z.output<typeof boardShape>

/** The bench as the board lays it out: ids row by row, null for a gap. */
export interface BoardLayout {
  readonly columns: number
  readonly places: readonly (string | null)[]
}

const cellsOf = (row: string): readonly string[] => row.trim().split(/\s+/)

/** The layout of a config whose faults were told; undefined where the tiles may flow. */
export function layoutOf(
  board: BoardShape | undefined,
  bays: readonly string[],
): BoardLayout | undefined {
  if (board === undefined) return undefined
  if (board.places === undefined) {
    const columns = board.columns ?? bays.length
    const count = Math.max(bays.length, columns * (board.rows ?? 0))
    return { columns, places: Array.from({ length: count }, (_, at) => bays[at] ?? null) }
  }
  const rows = board.places.map(cellsOf)
  const columns = Math.max(board.columns ?? 0, ...rows.map((row) => row.length))
  while (rows.length < (board.rows ?? 0)) rows.push([])
  const places = rows.flatMap((row) =>
    Array.from({ length: columns }, (_, at) => (row[at] === GAP ? null : (row[at] ?? null))),
  )
  return { columns, places }
}

/** What is wrong with a drawing beside the bays that there are: path below `board`, value, sentence, hint. */
export function* layoutFaults(
  board: BoardShape,
  bays: readonly string[],
): Iterable<
  readonly [path: readonly PropertyKey[], value: unknown, message: string, hint: string]
> {
  const { columns, rows, places } = board
  if (
    places === undefined &&
    columns !== undefined &&
    rows !== undefined &&
    columns * rows < bays.length
  ) {
    const message = `${rows} rows of ${columns} hold no ${bays.length} bays`
    yield [['rows'], rows, message, 'Take rows out, or make it larger.']
  }
  if (places === undefined) return
  if (rows !== undefined && places.length > rows)
    yield [['rows'], rows, `${places.length} rows are drawn`, 'Take rows out, or make it larger.']
  const seen = new Set<string>()
  for (const [index, row] of places.entries()) {
    const cells = cellsOf(row)
    if (cells.length > (columns ?? COLUMNS_MAX))
      yield [
        ['places', index],
        row,
        `more than ${columns ?? COLUMNS_MAX} in a row`,
        'Break the row.',
      ]
    for (const bay of cells) {
      if (bay === GAP) continue
      if (!bays.includes(bay))
        yield [['places', index], bay, `there is no bay ${bay}`, 'A gap is a dot.']
      else if (seen.has(bay))
        yield [['places', index], bay, `bay ${bay} stands here twice`, 'Each bay stands once.']
      seen.add(bay)
    }
  }
  const missing = bays.filter((bay) => !seen.has(bay))
  if (missing.length > 0) {
    const message = `not drawn: ${missing.slice(0, 10).join(', ')}`
    yield [['places'], places.length, message, 'Draw every bay of bays: once.']
  }
}
