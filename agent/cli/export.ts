// `export`: every closed run as CSV, JSON or NDJSON, failures included, in memory that does not grow with the ledger.
import { type Command, Option } from 'commander'
import { EXPORT_FORMATS, type ExportFormat, exportRuns } from '../ledger/export.ts'
import { openReader } from '../ledger/reader.ts'
import { type CliIo, DEFAULT_DATA } from './io.ts'
import { instant } from './options.ts'

interface Options {
  readonly format: ExportFormat
  readonly since?: number
  readonly until?: number
  readonly data: string
}

export function addExport(program: Command, io: CliIo): void {
  program
    .command('export')
    .addOption(
      new Option('--format <format>', 'shape of the rows')
        .choices([...EXPORT_FORMATS])
        .makeOptionMandatory(),
    )
    .option('--since <time>', 'runs that ended at this time or later', instant)
    .option('--until <time>', 'runs that ended before this time', instant)
    .option('--data <dir>', 'data directory', DEFAULT_DATA)
    .description('prints every closed run; a station may go on meanwhile')
    .action(async ({ format, since, until, data }: Options) => {
      const reader = await openReader(data, { mode: 'in-process', clock: io.clock })
      const range = {
        ...(since === undefined ? {} : { since }),
        ...(until === undefined ? {} : { until }),
      }
      try {
        for await (const piece of exportRuns(reader, format, range)) {
          if (io.signal.aborted) return io.exit(3)
          await io.write(piece)
        }
      } finally {
        await reader.close()
      }
    })
}
