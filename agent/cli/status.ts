// `status`: the bays as they are now, or whether one device is resealed.
import type { Command } from 'commander'
import type { ResealAnswer } from '../core/reseal-answer.ts'
import type { BayView } from '../core/view.ts'
import { StationError } from '../fault.ts'
import { openReader } from '../ledger/reader.ts'
import { type CliIo, type ExitCode, print, printJson } from './io.ts'
import { stationUrl, withDoor } from './options.ts'
import { askStation, DEFAULT_URL, type StationDoor } from './station-http.ts'

interface Options extends StationDoor {
  readonly bay?: string
  readonly data?: string
  readonly json?: boolean
}

async function deviceAnswer(io: CliIo, serial: string, options: Options): Promise<ResealAnswer> {
  if (options.data === undefined) {
    const path = `/api/v1/devices/${encodeURIComponent(serial)}/reseal`
    return (await askStation(io, options, path)) as ResealAnswer
  }
  const reader = await openReader(options.data, { mode: 'in-process', clock: io.clock })
  try {
    return await reader.answer(serial, io.clock.now())
  } finally {
    await reader.close()
  }
}

async function showDevice(io: CliIo, serial: string, options: Options): Promise<void> {
  const answer = await deviceAnswer(io, serial, options)
  const isKnown = answer.exit === 0 || answer.exit === 1 || answer.exit === 4
  if (!isKnown) throw new StationError('STATION_NOT_RUNNING', 'what answers is no station')
  io.exit(answer.exit satisfies ExitCode)
  if (options.json === true) return printJson(io, answer)
  await print(io, `${answer.serial}: ${answer.answer}. ${answer.words}`)
  for (const { kind, source, at } of answer.evidence) await print(io, `  ${at}  ${source}  ${kind}`)
  for (const { at, code, detail } of answer.alarms) await print(io, `  ${at}  ${code}  ${detail}`)
}

const cell = (text: string, width: number) => text.padEnd(width)

function bayLine(view: BayView): string {
  const code = view.fault?.code ?? view.code ?? ''
  const words = [view.line, code].filter((part) => part !== '').join('  ')
  return [cell(view.bay, 6), cell(view.word, 10), cell(view.serial ?? '-', 16), words].join(' ')
}

async function showBays(io: CliIo, options: Options): Promise<void> {
  if (options.bay !== undefined) {
    const view = await askStation(io, options, `/api/v1/bays/${encodeURIComponent(options.bay)}`)
    return options.json === true ? printJson(io, view) : print(io, bayLine(view as BayView))
  }
  const answer = (await askStation(io, options, '/api/v1/bays')) as {
    readonly bays: readonly BayView[]
  }
  if (options.json === true) return printJson(io, answer)
  for (const view of answer.bays) await print(io, bayLine(view))
}

export function addStatus(program: Command, io: CliIo): void {
  withDoor(program.command('status'))
    .argument('[serial]', 'serial number, ZtdId or MAC of a device')
    .option('--bay <bay>', 'one bay')
    .option('--url <url>', `address of the board (default ${DEFAULT_URL.href})`, stationUrl)
    .option('--data <dir>', 'read the ledger of a data directory instead of asking a station')
    .option('--json', 'one JSON document')
    .description(
      'bays now; or is a device resealed: exit 0 yes, 1 no or not seen, 4 open or on hold',
    )
    .action(async (serial: string | undefined, options: Options) => {
      if (serial !== undefined && options.bay !== undefined)
        throw new StationError('USAGE_COMMAND', 'a serial number or --bay, not both')
      if (serial === undefined && options.data !== undefined)
        throw new StationError('USAGE_COMMAND', 'bays are live: ask the station with --url')
      return serial === undefined ? showBays(io, options) : showDevice(io, serial, options)
    })
}
