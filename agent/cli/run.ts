// `run`: the station itself; without a config the virtual bench.
import { type Command, Option } from 'commander'
import { loadConfig, type StationConfig, virtualConfig } from '../../station-config/loader.ts'
import { problemText } from '../../station-config/problem.ts'
import { type Log, openLog } from '../log.ts'
import { type LiveRun, openLive, openLiveVirtual } from '../station/live-run.ts'
import { mixed } from '../station/virtual-world.ts'
import { keepFed } from '../station/watchdog.ts'
import { failAll } from './faults.ts'
import { type CliIo, DEFAULT_DATA } from './io.ts'
import { wholeNumber } from './options.ts'

interface RunOptions {
  readonly config?: string
  readonly data?: string
  readonly port?: number
  readonly log: 'debug' | 'info' | 'warn' | 'error' | 'silent'
}

/** Bays of the virtual bench that `npm start` shows. */
const VIRTUAL_BAYS = 8

export function addRun(program: Command, io: CliIo): void {
  program
    .command('run')
    .description('the station; without a config the virtual bench')
    .option('--config <file>', 'config file of the bench')
    .option('--data <dir>', 'data directory')
    .option('--port <number>', 'port of the board', wholeNumber(0, 65_535))
    .addOption(
      new Option('--log <level>', 'what the log tells')
        .choices(['debug', 'info', 'warn', 'error', 'silent'])
        .default('info'),
    )
    .action((options: RunOptions, command: Command) => run(options, io, versionOf(command)))
}

/** The version of the program that a command belongs to. */
export const versionOf = (command: Command): string => command.parent?.version() ?? '0.0.0'

/** The config of a file, or of the virtual bench; null when its problems were said, one a line. */
function configOf(file: string | undefined, io: CliIo): StationConfig | null {
  if (file === undefined) return mixed(virtualConfig(VIRTUAL_BAYS))
  const { config, problems } = loadConfig(file)
  if (config === null) failAll(io, problems)
  return config
}

/** The config with the board's port as the command line asks. */
export const onPort = (config: StationConfig, port: number | undefined): StationConfig =>
  port === undefined ? config : { ...config, web: { ...config.web, port } }

async function run(options: RunOptions, io: CliIo, version: string): Promise<void> {
  const read = configOf(options.config, io)
  if (read === null) return
  const config = onPort(read, options.port)
  const log = openLog({ level: options.log, pretty: io.isTerminal })
  const shared = { config, log, version, signal: io.signal }
  const live: LiveRun = config.isVirtual
    ? await openLiveVirtual(
        { ...shared, dataDir: options.data ?? config.data },
        {
          speed: 1,
          seed: io.clock.now() % 1_000_000,
          devices: Number.POSITIVE_INFINITY,
          faults: true,
        },
      )
    : await openLive({ ...shared, dataDir: options.data ?? config.data ?? DEFAULT_DATA })
  await announce(live, io, config.isVirtual)
  const { config: file } = options
  if (file !== undefined)
    io.onReload?.(() => {
      reload(live, file, (next) => onPort(next, options.port), log).catch((error: unknown) =>
        log.error('the config was not taken whole', { error }),
      )
    })
  await supervised(live, io, log)
  await live.close()
}

/** Reads the config anew; with any problem each is told and nothing changes. */
async function reload(
  { station }: LiveRun,
  file: string,
  asStarted: (config: StationConfig) => StationConfig,
  log: Log,
): Promise<void> {
  const { config, problems } = loadConfig(file)
  for (const problem of problems)
    log.error(`config refused: ${problemText(problem)}`, { code: problem.code })
  if (config !== null) await station.reload(asStarted(config))
}

/** Lives until it is asked to end; the service manager hears when it serves, that it is well, and when it ends. */
async function supervised({ station }: LiveRun, io: CliIo, log: Log): Promise<void> {
  const { supervisor, clock, signal } = io
  if (supervisor == null) return aborted(signal)
  const failed = await supervisor.tell('READY=1', `STATUS=board at ${station.boardUrl}`)
  if (failed !== null) log.warn('the service manager could not be told', { failed })
  const { watchdogMs } = supervisor
  const pulses = [
    { part: 'bays', answers: () => station.bench.answers() },
    { part: 'ledger', answers: () => station.ledger.seq() },
  ]
  const feed = () => supervisor.tell('WATCHDOG=1')
  if (watchdogMs !== null) await keepFed({ clock, log, pulses, watchdogMs, feed }, signal)
  await aborted(signal)
  // Keys go up now, whether it is heard or not.
  void supervisor.tell('STOPPING=1')
}

/** Where people look, on top; standard error keeps standard output for the log. */
async function announce({ station }: LiveRun, io: CliIo, virtual: boolean): Promise<void> {
  io.say(
    `Reseal ${virtual ? 'virtual bench' : 'station'}: board at ${station.boardUrl} · MQTT at ${station.brokerUrl}`,
  )
  for (const notice of station.notices) io.say(`Reseal: ${notice}`)
}

export const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
