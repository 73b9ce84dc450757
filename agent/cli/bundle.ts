// `bundle`: what somebody far away needs to understand this bench, in one file, without secrets and without end users' names.
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { loadConfig, type StationConfig, virtualConfig } from '../../station-config/loader.ts'
import { secretsOf } from '../../station-config/secrets-of.ts'
import { StationError } from '../fault.ts'
import { type Piece, piecesOf } from './bundle/pieces.ts'
import { scrubber } from './bundle/scrub.ts'
import { failAll } from './faults.ts'
import { type CliIo, DEFAULT_DATA, print } from './io.ts'
import { stationUrl, withDoor } from './options.ts'
import { versionOf } from './run.ts'
import { DEFAULT_URL, type StationDoor } from './station-http.ts'

interface Options extends StationDoor {
  readonly config?: string
  readonly data?: string
}

const TAR_MS = 60_000
const FOLDER = 'reseal-bundle'

export function addBundle(program: Command, io: CliIo): void {
  withDoor(program.command('bundle'))
    .argument('<file>', 'where to write it, for instance bench.tar.gz')
    .option('--config <file>', 'config file of the bench')
    .option('--data <dir>', 'data directory')
    .option('--url <url>', 'address of the running station', stationUrl)
    .description('logs, config without secrets, versions, doctor and the last runs in one file')
    .action(async (file: string, options: Options, command: Command) => {
      let config: StationConfig = virtualConfig(1)
      if (options.config !== undefined) {
        const loaded = loadConfig(options.config)
        // A bench with a broken config needs its bundle most: the problems are said, and the file goes along.
        if (loaded.config === null) failAll(io, loaded.problems)
        else config = loaded.config
      }
      const { host, port, tls } = config.web
      const scheme = tls === undefined || tls === null ? 'http' : 'https'
      const pieces = piecesOf({
        io,
        version: versionOf(command),
        config,
        configFile: options.config ?? null,
        data: options.data ?? config.data ?? DEFAULT_DATA,
        door: {
          ...options,
          url: options.url ?? (port === 0 ? DEFAULT_URL : new URL(`${scheme}://${host}:${port}`)),
        },
      })
      const secrets = options.config === undefined ? [] : secretsOf(options.config)
      await pack(io, pieces, scrubber(secrets), resolve(file))
    })
}

/** Writes all pieces into a folder of their own and packs it; a piece that cannot be had is a line about why. */
async function pack(
  io: CliIo,
  pieces: readonly Piece[],
  scrub: (text: string) => string,
  file: string,
): Promise<void> {
  const temporary = await mkdtemp(join(tmpdir(), 'reseal-bundle-'))
  const folder = join(temporary, FOLDER)
  try {
    await mkdir(folder)
    for (const { name, text } of pieces) {
      if (io.signal.aborted) return io.exit(3)
      const [to, content] = await text().then(
        (said) => [name, said] as const,
        (why: unknown) => [`${name}.missing.txt`, `${String(why)}\n`] as const,
      )
      await writeFile(join(folder, to), scrub(content), { mode: 0o600 })
      await print(io, to === name ? name : `${name}: not there, ${scrub(content).trim()}`)
    }
    await tar(temporary, file)
    await print(io, `${file} is written; look into it before you send it`)
  } finally {
    await rm(temporary, { recursive: true, force: true })
  }
}

const tar = (from: string, file: string): Promise<void> =>
  new Promise((done, reject) => {
    execFile('tar', ['-czf', file, '-C', from, FOLDER], { timeout: TAR_MS }, (cause, _, err) => {
      if (cause === null) done()
      else reject(new StationError('FILE_UNREADABLE', `${file}: ${err.trim()}`, { cause }))
    })
  })
