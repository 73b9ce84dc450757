// Every closed run as text, failures included, one at a time: the memory it needs does not grow with the ledger.
import { setImmediate as breathe } from 'node:timers/promises'
import type { ChainEntry, Chained, LedgerReader, StoredRun } from '../ports.ts'
import { CSV_HEADER, csvLine } from './csv.ts'
import { canonicalText } from './digest.ts'
import type { Range } from './raw-runs.ts'
import { ChannelReader } from './reader.ts'

export const EXPORT_FORMATS = ['csv', 'json', 'ndjson'] as const
export type ExportFormat = (typeof EXPORT_FORMATS)[number]

/** Runs per piece of text: some 100 KB, and a breath for the event loop after each. */
const PIECE_RUNS = 32

/** What stands around and between the rows of each format. */
const FRAMES: Readonly<
  Record<ExportFormat, { readonly begin: string; readonly join: string; readonly end: string }>
> = {
  csv: { begin: `${CSV_HEADER}\r\n`, join: '\r\n', end: '\r\n' },
  json: { begin: '[\n', join: ',\n', end: '\n]\n' },
  ndjson: { begin: '', join: '\n', end: '\n' },
}

/** `{record, chain: {entry, head, between?}}`, the row that `verifyExport` reads; the record in RFC 8785 form. */
function jsonRow(text: string, { entry, head }: Chained, between: readonly ChainEntry[]): string {
  const chain = between.length > 0 ? { entry, head, between } : { entry, head }
  return `{"record":${text},"chain":${JSON.stringify(chain)}}`
}

async function* rowsOf(
  reader: LedgerReader,
  format: ExportFormat,
  range: Range,
): AsyncGenerator<string> {
  if (format !== 'csv' && reader instanceof ChannelReader) {
    // The stored text goes out as it is: parsing a million records and writing them anew would take most of the time.
    for await (const { body, entry, head, between } of reader.walkRaw(range)) {
      yield jsonRow(body, { entry, head }, between)
    }
    return
  }
  for await (const run of reader.walk(range)) yield rowOf(run, format)
}

const rowOf = (run: StoredRun, format: ExportFormat): string =>
  format === 'csv' ? csvLine(run) : jsonRow(canonicalText(run.record), run.chain, run.between ?? [])

/** The runs that ended in the range (`since` included, `until` not; UTC ms), in the order of the chain. */
export async function* exportRuns(
  reader: LedgerReader,
  format: ExportFormat,
  range: Range,
): AsyncGenerator<string, void, undefined> {
  const { begin, join, end } = FRAMES[format]
  let piece = begin
  let count = 0
  for await (const row of rowsOf(reader, format, range)) {
    piece += count === 0 ? row : join + row
    count += 1
    if (count % PIECE_RUNS !== 0) continue
    yield piece
    piece = ''
    await breathe()
  }
  if (count > 0 || format === 'json') piece += end
  yield piece
}
