// Every closed run as text, failures included, one at a time: the memory it needs does not grow with the ledger.
import { setImmediate as breathe } from 'node:timers/promises'
import type { LedgerReader, StoredRun } from '../ports.ts'
import { CSV_HEADER, csvLine } from './csv.ts'
import { canonicalText } from './digest.ts'
import type { Range } from './queries.ts'

export const EXPORT_FORMATS = ['csv', 'json', 'ndjson'] as const
export type ExportFormat = (typeof EXPORT_FORMATS)[number]

/** Runs per piece of text: some 100 KB, and a breath for the event loop after each. */
const PIECE_RUNS = 32

/** `{record, chain: {entry, head, between?}}`, the row that `verifyExport` reads; the record in RFC 8785 form. */
function jsonRow({ record, chain, between }: StoredRun): string {
  const { entry, head } = chain
  const all =
    between !== undefined && between.length > 0 ? { entry, head, between } : { entry, head }
  return `{"record":${canonicalText(record)},"chain":${JSON.stringify(all)}}`
}

const SHAPES: Readonly<
  Record<
    ExportFormat,
    {
      readonly begin: string
      readonly row: (run: StoredRun) => string
      readonly join: string
      readonly end: string
    }
  >
> = {
  csv: { begin: `${CSV_HEADER}\r\n`, row: (run) => `${csvLine(run)}\r\n`, join: '', end: '' },
  json: { begin: '[\n', row: jsonRow, join: ',\n', end: '\n]\n' },
  ndjson: { begin: '', row: (run) => `${jsonRow(run)}\n`, join: '', end: '' },
}

/** The runs that ended in the range (`since` included, `until` not; UTC ms), in the order of the chain. */
export async function* exportRuns(
  reader: LedgerReader,
  format: ExportFormat,
  range: Range,
): AsyncGenerator<string, void, undefined> {
  const { begin, row, join, end } = SHAPES[format]
  let piece = begin
  let count = 0
  for await (const run of reader.walk(range)) {
    piece += count++ === 0 ? row(run) : join + row(run)
    if (count % PIECE_RUNS !== 0) continue
    yield piece
    piece = ''
    await breathe()
  }
  yield piece + end
}
