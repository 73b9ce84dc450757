// `probe`: asks the running station for a code and prints the line that starts a probe on the device of a bay.
import type { Command } from 'commander'
import type { ProbeCode } from '../ports.ts'
import { type CliIo, print, printJson } from './io.ts'
import { stationUrl, withDoor } from './options.ts'
import { askStation, type StationDoor } from './station-http.ts'

interface Options extends StationDoor {
  readonly json?: boolean
}

export function addProbe(program: Command, io: CliIo): void {
  withDoor(program.command('probe'))
    .argument('<bay>', 'bay of the device')
    .option('--url <url>', 'address of the board', stationUrl)
    .option('--json', 'one JSON document')
    .description('a code for a probe, and the line that starts it on the device')
    .action(async (bay: string, { json, ...door }: Options) => {
      const path = `/api/v1/bays/${encodeURIComponent(bay)}/probe`
      const code = (await askStation(io, door, path, 'POST')) as ProbeCode
      if (json === true) return printJson(io, code)
      await print(io, `code     ${code.code}, good until ${new Date(code.until).toISOString()}`)
      await print(io, `Linux    ${code.linux}`)
      await print(io, `Windows  ${code.windows}`)
    })
}
