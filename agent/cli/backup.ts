// `backup` and `restore`: the ledger into one file, its photos beside it, and back; a restore begins a new epoch.
import type { Command } from 'commander'
import { loadConfig } from '../../station-config/loader.ts'
import { backupLedger, restoreLedger } from '../ledger/backup.ts'
import { type PhotosCopied, photosOf, photosOfBackup } from '../ledger/photos.ts'
import { failAll } from './faults.ts'
import { type CliIo, DEFAULT_DATA, print } from './io.ts'

interface Options {
  readonly data?: string
  readonly config?: string
}

/** Data directory and name of the station; null when the config is bad and that was said. */
function stationOf(io: CliIo, { data, config }: Options): { dir: string; station: string } | null {
  if (config === undefined) return { dir: data ?? DEFAULT_DATA, station: 'bench' }
  const loaded = loadConfig(config)
  if (loaded.config === null) {
    failAll(io, loaded.problems)
    return null
  }
  const { data: configured, station } = loaded.config
  return { dir: data ?? configured ?? DEFAULT_DATA, station }
}

async function tellPhotos(io: CliIo, folder: string, done: PhotosCopied): Promise<void> {
  const { photos, bytes, lost } = done
  if (photos > 0) await print(io, `${folder}: ${photos} photos, ${bytes} bytes new`)
  if (lost > 0)
    io.say(
      `${lost} photos that the ledger names were not there, or changed: reseal verify names them`,
    )
}

export function addBackup(program: Command, io: CliIo): void {
  program
    .command('backup')
    .argument('<file>', 'where to write the copy')
    .option('--data <dir>', 'data directory')
    .option('--config <file>', 'config file')
    .description(
      'copies the ledger into one file, its photos beside it; the station may go on meanwhile',
    )
    .action(async (file: string, options: Options) => {
      const place = stationOf(io, options)
      if (place === null) return
      const { bytes, photos } = await backupLedger(place.dir, file)
      await print(io, `${file}: ${bytes} bytes`)
      await tellPhotos(io, photosOfBackup(file), photos)
    })
  program
    .command('restore')
    .argument('<file>', 'a copy made by backup')
    .option('--data <dir>', 'data directory')
    .option('--config <file>', 'config file')
    .description(
      'puts a copy in the place of the ledger, with its photos; the old ledger is kept beside it',
    )
    .action(async (file: string, options: Options) => {
      const place = stationOf(io, options)
      if (place === null) return
      const at = io.clock.now()
      const epoch = io.ids.next(at)
      const done = await restoreLedger(file, place.dir, { station: place.station, at, epoch })
      await print(io, `${place.dir}: ${done.rows} rows, epoch ${done.epoch}, head ${done.head}`)
      await tellPhotos(io, photosOf(place.dir), done.photos)
      if (done.aside !== null) await print(io, `the ledger before is kept: ${done.aside}`)
    })
}
