// `demo`: a virtual bench that provisions devices, and how it went against what really happened.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Command } from 'commander'
import { virtualConfig } from '../../station-config/loader.ts'
import { ledgerFile } from '../ledger/database.ts'
import { flushPath } from '../ledger/migrate.ts'
import { openLog, silentLog } from '../log.ts'
import { openLiveVirtual } from '../station/live-run.ts'
import { runStepped } from '../station/stepped-run.ts'
import { type Summary, summaryOf, watchRuns } from '../station/summary.ts'
import { mixed } from '../station/virtual-world.ts'
import { type CliIo, print, printJson } from './io.ts'
import { numberBetween, wholeNumber } from './options.ts'
import { aborted, onPort, versionOf } from './run.ts'

interface DemoOptions {
  readonly bays: number
  readonly devices?: number
  readonly speed?: number
  readonly seed: number
  readonly faults?: boolean
  readonly days?: number
  readonly data?: string
  readonly port?: number
  readonly exitWhenDone?: boolean
  readonly json?: boolean
}

/** Devices of a demo that ends and was not told how many. */
const DEVICES = 24

export function addDemo(program: Command, io: CliIo): void {
  program
    .command('demo')
    .description('a virtual bench that provisions devices')
    .option('--bays <n>', 'bays of the bench', wholeNumber(1, 64), 8)
    .option('--devices <n>', 'devices that come', wholeNumber(1, 1_000_000))
    .option('--speed <x>', '1: a run in about 40 s; 0: as fast as it can', numberBetween(0, 100))
    .option('--seed <n>', 'what is drawn', wholeNumber(0, 2_147_483_647), 1)
    .option('--faults', 'draw faults too')
    .option(
      '--days <n>',
      'no further device comes after so many virtual days',
      numberBetween(0.001, 3660),
    )
    .option('--data <dir>', 'keep the ledger there')
    .option('--port <number>', 'port of the board', wholeNumber(0, 65_535))
    .option('--exit-when-done', 'end when all devices are done, with a summary')
    .option('--json', 'the summary as JSON')
    .action((options: DemoOptions, command: Command) => demo(options, io, versionOf(command)))
}

async function demo(options: DemoOptions, io: CliIo, version: string): Promise<void> {
  const ends = options.exitWhenDone === true || options.days !== undefined
  const speed = options.speed ?? (ends ? 0 : 1)
  if (speed === 0) await stepped(options, io, version)
  else await live(options, io, version, speed, ends)
}

/** Where the day that was made can be looked at. */
const pointOut = (data: string, io: CliIo): void =>
  io.say(
    `Look at it: npx reseal run --data ${data}, then /throughput and /shift-report on the board`,
  )

const devicesOf = (options: DemoOptions): number =>
  options.devices ??
  (options.exitWhenDone === true && options.days === undefined ? DEVICES : Number.POSITIVE_INFINITY)

async function stepped(options: DemoOptions, io: CliIo, version: string): Promise<void> {
  const dataDir = options.data ?? mkdtempSync(join(tmpdir(), 'reseal-demo-'))
  try {
    const run = await runStepped({
      config: mixed(virtualConfig(options.bays)),
      dataDir,
      seed: options.seed,
      devices: devicesOf(options),
      faults: options.faults === true,
      days: options.days ?? null,
      log: silentLog,
      version,
      // A day of virtual work can be done again: one flush at its end, not a hundred thousand.
      durable: false,
      signal: io.signal,
    })
    const summary = await run.settle(
      summaryOf({
        options: { bays: options.bays, seed: options.seed, faults: options.faults === true },
        reader: run.station.reader,
        truths: run.world.truths(),
        runs: run.runs,
        figures: run.figures,
        isDone: run.isDone,
        elapsedMs: run.clock.mono(),
      }),
    )
    await run.close()
    if (options.data !== undefined) {
      flushPath(ledgerFile(dataDir))
      flushPath(dataDir)
      pointOut(options.data, io)
    }
    await tell(summary, options, io)
  } finally {
    if (options.data === undefined) rmSync(dataDir, { recursive: true, force: true })
  }
}

async function live(
  options: DemoOptions,
  io: CliIo,
  version: string,
  speed: number,
  ends: boolean,
): Promise<void> {
  const config = onPort(mixed(virtualConfig(options.bays)), options.port)
  const log = options.json === true ? silentLog : openLog({ level: 'info', pretty: io.isTerminal })
  const { seed } = options
  const faults = options.faults === true
  const opened = await openLiveVirtual(
    { config, log, version, signal: io.signal, dataDir: options.data ?? null },
    { speed, seed, faults, devices: devicesOf(options) },
  )
  const { station, world, operator } = opened
  io.say(`Reseal virtual bench: board at ${station.boardUrl} · MQTT at ${station.brokerUrl}`)
  const runs = watchRuns(station.bench)
  const started = io.clock.mono()
  await Promise.race([
    aborted(io.signal),
    ends ? done(operator, station.bench) : aborted(io.signal),
  ])
  if (ends) {
    const summary = await summaryOf({
      options: { bays: options.bays, seed, faults },
      reader: station.reader,
      truths: world.truths(),
      runs,
      figures: operator.figures(),
      isDone: operator.isDone,
      elapsedMs: io.clock.mono() - started,
    })
    await tell(summary, options, io)
  }
  await opened.close()
}

/** Resolves when nothing is left to do; looked at after each change of the bench. */
const done = (
  operator: { readonly isDone: boolean },
  bench: { subscribe(fn: () => void): () => void },
): Promise<void> =>
  new Promise((resolve) => {
    const stop = bench.subscribe(() => {
      if (!operator.isDone) return
      stop()
      resolve()
    })
  })

async function tell(summary: Summary, options: DemoOptions, io: CliIo): Promise<void> {
  if (options.json === true) await printJson(io, summary)
  else for (const line of linesOf(summary)) await print(io, line)
  io.exit(summary.wrong.length === 0 && summary.runsWithoutOneRecord.length === 0 ? 0 : 1)
}

function linesOf(s: Summary): readonly string[] {
  const verdicts = Object.entries(s.verdicts)
    .map(([verdict, count]) => `${count} ${verdict}`)
    .join(' · ')
  return [
    `${s.devices} devices, ${s.records} records: ${verdicts}`,
    `wrong verdicts ${s.wrong.length} · indistinguishable from outside ${s.indistinguishable.length} · runs without exactly one record ${s.runsWithoutOneRecord.length}`,
    `Reset pressed ${s.resetPressed} · unknown Next pressed ${s.unknownNextPressed} · keys without guard ${s.keysWithoutGuard}`,
    `operator ${s.operatorSecondsPerDevice} s and ${s.promptsPerDevice} prompts a device · ${s.virtualHours} h on the bench`,
  ]
}
