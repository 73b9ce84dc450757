// `verify`: checks the hash chain of a ledger or of an exported file and names the first bad row.
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { type Command, InvalidArgumentError } from 'commander'
import { StationError } from '../fault.ts'
import { verifyExport, verifyLedger } from '../ledger/verify.ts'
import { fail } from './faults.ts'
import { type CliIo, DEFAULT_DATA, print, printJson } from './io.ts'

interface Options {
  readonly data: string
  readonly head?: readonly string[]
  readonly json?: boolean
}

function head(text: string, before: readonly string[] = []): readonly string[] {
  if (/^[0-9a-f]{64}$/.test(text)) return [...before, text]
  throw new InvalidArgumentError('It is a head of the chain: 64 hexadecimal digits')
}

async function verifyFile(file: string, heads: readonly string[]) {
  const isFile = await stat(file).then(
    (found) => found.isFile(),
    () => false,
  )
  if (!isFile) throw new StationError('FILE_UNREADABLE', file)
  try {
    return await verifyExport(createReadStream(file), { heads })
  } catch (error) {
    throw new StationError('FILE_UNREADABLE', file, { cause: error })
  }
}

export function addVerify(program: Command, io: CliIo): void {
  program
    .command('verify')
    .argument('[file]', 'an export (JSON or NDJSON) instead of the ledger')
    .option('--data <dir>', 'data directory', DEFAULT_DATA)
    .option('--head <digest>', 'a head published elsewhere; may be given again', head)
    .option('--json', 'one JSON document')
    .description('checks the hash chain; exit 1 and the first bad row if it is broken')
    .action(async (file: string | undefined, { data, head: heads = [], json }: Options) => {
      const found =
        file === undefined ? await verifyLedger(data, { heads }) : await verifyFile(file, heads)
      const what = file ?? data
      if (json === true) {
        io.exit(found.ok ? 0 : 1)
        return printJson(io, { of: what, ...found })
      }
      if (found.ok) {
        const partly = found.byDigestOnly > 0 ? `, ${found.byDigestOnly} by their digest only` : ''
        return print(io, `ok: ${what}: ${found.rows} rows${partly}, head ${found.head}`)
      }
      const row = found.firstBad
      const where = row === undefined ? what : `${what}, row ${row.seq}: ${row.why}`
      fail(io, new StationError('STATION_CHAIN_BROKEN', where))
    })
}
