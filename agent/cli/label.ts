// `label`: the label of a closed run as ZPL text, or onto a printer; from a running station or from a data directory.
import { type Command, Option } from 'commander'
import { openPrinter } from '../../drivers/printer/index.ts'
import { readPrinterUrl } from '../../station-config/printer-url.ts'
import { type Label, labelOf } from '../core/labels/label.ts'
import { LABEL_LANGUAGES, type LabelLanguage } from '../core/labels/words.ts'
import { LABEL_SIZES, type LabelFormat, type LabelSize, zplOf } from '../core/labels/zpl.ts'
import { StationError } from '../fault.ts'
import { openReader } from '../ledger/reader.ts'
import { type CliIo, print } from './io.ts'
import { stationUrl, wholeNumber, withDoor } from './options.ts'
import { askStation, DEFAULT_URL, type StationDoor } from './station-http.ts'

interface Options extends StationDoor {
  readonly url: URL
  readonly data?: string
  readonly printer?: string
  readonly size?: LabelSize
  readonly dpi?: '203' | '300'
  readonly language?: LabelLanguage
  readonly copies: number
}

/** A printer that takes longer has no paper or is not there. */
const PRINT_MS = 10_000

async function labelFor(io: CliIo, run: string, options: Options): Promise<Label> {
  const { url, data } = options
  if (data === undefined) {
    const path = `/api/v1/runs/${encodeURIComponent(run)}/label`
    return ((await askStation(io, options, path)) as { readonly label: Label }).label
  }
  const reader = await openReader(data, { mode: 'in-process', clock: io.clock })
  try {
    const stored = await reader.run(run)
    if (stored === null) throw new StationError('BACKEND_NOT_FOUND', `run ${run}`)
    return labelOf(stored.record, url.origin)
  } finally {
    await reader.close()
  }
}

/** What the address of the printer says of paper and head, and what is asked otherwise. */
function formatOf({ printer, size, dpi, language, copies }: Options): LabelFormat {
  const read = readPrinterUrl(printer ?? 'tcp:none')
  if ('fault' in read) throw new StationError(read.fault.code, `${printer}: ${read.fault.message}`)
  const { format } = read.url
  return {
    size: size ?? format.size,
    dpi: dpi === undefined ? format.dpi : dpi === '300' ? 300 : 203,
    language: language ?? format.language,
    copies,
  }
}

export function addLabel(program: Command, io: CliIo): void {
  withDoor(program.command('label'))
    .argument('<run>', 'id of a closed run')
    .option(
      '--url <url>',
      `address of the board, also for the QR code (${DEFAULT_URL.href})`,
      stationUrl,
      DEFAULT_URL,
    )
    .option('--data <dir>', 'read the ledger of a data directory instead of asking a station')
    .option(
      '--printer <address>',
      'print there (tcp:<host>[:<port>], file:<path>) instead of ZPL on standard output',
    )
    .addOption(new Option('--size <inches>', 'width by height').choices([...LABEL_SIZES]))
    .addOption(new Option('--dpi <dots>', 'of the head').choices(['203', '300']))
    .addOption(new Option('--language <tag>', 'of the words').choices([...LABEL_LANGUAGES]))
    .option('--copies <n>', 'how many', wholeNumber(1, 5), 1)
    .description('the label of a closed run: verdict, dates, codes')
    .action(async (run: string, options: Options) => {
      const format = formatOf(options)
      const zpl = zplOf(await labelFor(io, run, options), format)
      const { printer } = options
      if (printer === undefined) return io.write(zpl)
      const late = new AbortController()
      const cancel = io.clock.after(PRINT_MS, () => late.abort())
      try {
        const signal = AbortSignal.any([late.signal, io.signal])
        await openPrinter(printer, io.clock).print(zpl, signal)
      } finally {
        cancel()
      }
      await print(io, `${printer} took the label of run ${run}`)
    })
}
