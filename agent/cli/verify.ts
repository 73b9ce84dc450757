// `verify`: checks the hash chain of a ledger, its photos with it, or of an exported file, and names the first bad row.
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { type Command, InvalidArgumentError } from 'commander'
import { StationError } from '../fault.ts'
import { verifyExport, verifyLedger, verifyPhotos } from '../ledger/verify.ts'
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

/** What retention took away, by the word of the chain itself. */
function letGoText(audit: number, photos: number): string {
  const parts = [
    ...(audit > 0 ? [`${audit} bodies of the audit`] : []),
    ...(photos > 0 ? [`${photos} photos`] : []),
  ]
  return parts.length === 0 ? '' : `, let go by age: ${parts.join(' and ')}`
}

export function addVerify(program: Command, io: CliIo): void {
  program
    .command('verify')
    .argument('[file]', 'an export (JSON or NDJSON) instead of the ledger')
    .option('--data <dir>', 'data directory', DEFAULT_DATA)
    .option('--head <digest>', 'a head published elsewhere; may be given again', head)
    .option('--json', 'one JSON document')
    .description(
      'checks the hash chain and the photos; exit 1 and the first bad one if it is broken',
    )
    .action(async (file: string | undefined, { data, head: heads = [], json }: Options) => {
      const found =
        file === undefined ? await verifyLedger(data, { heads }) : await verifyFile(file, heads)
      const photos = file === undefined ? await verifyPhotos(data) : null
      const what = file ?? data
      const isWhole = photos === null || photos.lost.length === 0
      if (json === true) {
        const ok = found.ok && isWhole
        io.exit(ok ? 0 : 1)
        return printJson(io, { of: what, ...found, ok, ...(photos === null ? {} : { photos }) })
      }
      if (found.ok) {
        const partly = found.byDigestOnly > 0 ? `, ${found.byDigestOnly} by their digest only` : ''
        const held = photos === null || photos.held === 0 ? '' : `, ${photos.held} photos`
        const aged = letGoText(found.letGo ?? 0, photos?.letGo ?? 0)
        await print(
          io,
          `ok: ${what}: ${found.rows} rows${partly}${held}${aged}, head ${found.head}`,
        )
        if (photos === null || isWhole) return
        const count = photos.missing + photos.changed
        return fail(
          io,
          new StationError('STATION_PHOTO_LOST', `${count} in ${what}, ${photos.lost.join(', ')}`),
        )
      }
      const row = found.firstBad
      const where = row === undefined ? what : `${what}, row ${row.seq}: ${row.why}`
      fail(io, new StationError('STATION_CHAIN_BROKEN', where))
    })
}
