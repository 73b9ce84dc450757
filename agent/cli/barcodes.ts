// `barcodes`: the sheet of command barcodes as one file that any browser prints, without a station.
import { writeFile } from 'node:fs/promises'
import { type Command, Option } from 'commander'
import { virtualConfig } from '../../station-config/loader.ts'
import { LABEL_LANGUAGES } from '../core/labels/words.ts'
import { StationError } from '../fault.ts'
import { checkAll } from './config.ts'
import { problemLine } from './faults.ts'
import { type CliIo, print } from './io.ts'

interface Options {
  readonly config?: string
  readonly out?: string
  readonly bay?: string
  readonly language: string
}

/** Bays of the station that runs without a config. */
const VIRTUAL_BAYS = 8

export function addBarcodes(program: Command, io: CliIo): void {
  program
    .command('barcodes')
    .option('--config <file>', 'config of the bench, for its bays')
    .option('--bay <bay>', 'commands for one bay, instead of for the bay that is scanned first')
    .option('--out <file>', 'write the page there; standard output without it')
    .addOption(
      new Option('--language <tag>', 'of the words').choices([...LABEL_LANGUAGES]).default('en'),
    )
    .description('a printable sheet of command barcodes for the bays, for hands in gloves')
    .action(async ({ config, out, bay, language }: Options) => {
      const bays = baysOf(io, config)
      if (bays === null) return io.exit(2)
      if (bay !== undefined && !bays.includes(bay))
        throw new StationError('USAGE_COMMAND', `no bay ${bay}; there is ${bays.join(', ')}`)
      const { barcodeSheet } = await import('./barcode-sheet.ts')
      const page = barcodeSheet(bays, bay ?? null, language)
      if (out === undefined) return io.write(page)
      try {
        await writeFile(out, page)
      } catch (cause) {
        throw new StationError('FILE_UNREADABLE', out, { cause })
      }
      await print(io, `${out}: print it at 100 % and scan one code of each size before laminating`)
    })
}

/** Names of the bays; null when the config has problems, which are told. */
function baysOf(io: CliIo, file: string | undefined): readonly string[] | null {
  if (file === undefined) return virtualConfig(VIRTUAL_BAYS).bays.map(({ bay }) => bay)
  const { config, problems } = checkAll(file)
  for (const problem of problems) io.say(problemLine(problem))
  return config === null || problems.length > 0 ? null : config.bays.map(({ bay }) => bay)
}
