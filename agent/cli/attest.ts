// `attest`: proves one TPM to the station and prints the verdict with every check.
import { existsSync, readFileSync, statSync } from 'node:fs'
import type { Command } from 'commander'
import {
  attestTpm,
  getFrom,
  LOG_MAX,
  NO_ROOTS,
  openTpm,
  readRoots,
  vendorFetch,
} from '../../drivers/tpm/index.ts'
import { loadFirmwareRules } from '../../station-config/tpm/firmware-rules.ts'
import type { TpmFact } from '../core/facts.ts'
import type { FirmwareRule } from '../core/tpm/firmware.ts'
import { judgeTpm } from '../core/tpm/judge.ts'
import { NO_PROMISE } from '../core/tpm/promise.ts'
import type { TpmSighting } from '../core/tpm/sighting.ts'
import { StationError } from '../fault.ts'
import { failAll } from './faults.ts'
import { type CliIo, type ExitCode, print, printJson } from './io.ts'
import { DEFAULT_ROOTS } from './tpm-roots.ts'
import { tpmLines } from './tpm-table.ts'

interface Options {
  readonly tpm: string
  readonly roots?: string
  readonly allowTestTpm?: boolean
  readonly eventLog?: string
  readonly fetch?: boolean
  readonly proxy?: string
  readonly json?: boolean
}

/** Where Linux keeps the log of the first TPM. */
const LINUX_LOG = '/sys/kernel/security/tpm0/binary_bios_measurements'

const EXITS: Readonly<Record<TpmFact['station'], ExitCode>> = {
  GO: 0,
  'NO-GO': 1,
  HOLD: 4,
  'not-seen': 3,
}

/** The log of a file that was named, or of this machine for its own TPM; undefined where there can be none. */
function eventLogOf({ tpm, eventLog }: Options): Uint8Array | null | undefined {
  if (eventLog === undefined && !tpm.startsWith('device:')) return undefined
  const file = eventLog ?? LINUX_LOG
  try {
    if (statSync(file).size > LOG_MAX)
      throw new StationError('FILE_UNREADABLE', `${file}: too large`)
    return readFileSync(file)
  } catch (error) {
    if (eventLog === undefined) return null
    throw new StationError('FILE_UNREADABLE', file, { cause: error })
  }
}

/** Progress on one line of standard error's terminal; nothing for scripts. */
function progress(io: CliIo): (step: string) => void {
  return (step) => {
    if (io.isTerminal) io.say(`… ${step}`)
  }
}

/** The directory that was named, or the one that `tpm-roots` fills; null when there is none. */
const rootsOf = ({ roots }: Options): string | null =>
  roots ?? (existsSync(DEFAULT_ROOTS) ? DEFAULT_ROOTS : null)

async function sight(io: CliIo, options: Options): Promise<TpmSighting> {
  const roots = rootsOf(options)
  const read = roots === null ? null : readRoots(roots)
  for (const problem of read?.problems ?? []) io.say(`reseal: roots: ${problem}`)
  const eventLog = eventLogOf(options)
  const fetches = options.fetch === true
  await using transport = openTpm(options.tpm)
  return await attestTpm(transport, {
    clock: io.clock,
    signal: io.signal,
    where: options.tpm,
    roots: read?.store ?? NO_ROOTS,
    onStep: options.json === true ? () => {} : progress(io),
    ...(eventLog === undefined ? {} : { eventLog }),
    ...(fetches ? { fetchEk: vendorFetch(getFrom(options.proxy ?? null)) } : {}),
  })
}

async function attest(io: CliIo, options: Options, rules: readonly FirmwareRule[]): Promise<void> {
  const allowTestTpm = options.allowTestTpm === true
  const tpm = await sight(io, options)
  const policy = { allowTestTpm, demands: [] }
  const fact = judgeTpm({ tpm, windows: null, machine: null, rules, policy })
  io.exit(EXITS[fact.station])
  const { station, windows, checks } = fact
  if (options.json === true)
    return printJson(io, {
      tpm: options.tpm,
      station,
      windows,
      checks,
      allowTestTpm,
      note: NO_PROMISE,
      sighting: tpm,
    })
  for (const line of tpmLines(fact, io.isTerminal)) await print(io, line)
  if (rootsOf(options) === null)
    await print(
      io,
      'No roots are trusted yet: name --roots DIR, or fill one by `reseal tpm-roots add`.',
    )
}

export function addAttest(program: Command, io: CliIo): void {
  program
    .command('attest')
    .requiredOption('--tpm <url>', 'tcp://host:port, unix:/path or device:/dev/tpmrm0')
    .option(
      '--roots <dir>',
      'PEM files of the vendors that are trusted (data/tpm-roots if it is there)',
    )
    .option('--allow-test-tpm', 'accept a software TPM; for tests')
    .option('--event-log <file>', 'the measured boot log of the device')
    .option('--fetch', 'ask Intel or AMD for a certificate that is not in the TPM')
    .option('--proxy <url>', 'proxy for --fetch')
    .option('--json', 'one JSON document')
    .description('attests one TPM: exit 0 GO, 1 NO-GO, 4 a person must decide')
    .action(async (options: Options) => {
      const rules = loadFirmwareRules()
      if (rules.value === null) return failAll(io, rules.problems)
      await attest(io, options, rules.value)
    })
}
