// `run`: the station itself.
import type { Command } from 'commander'
import { StationError } from '../fault.ts'
import type { CliIo } from './io.ts'

export function addRun(program: Command, _io: CliIo): void {
  program
    .command('run')
    .option('--config <file>', 'config file; without it the virtual bench')
    .option('--data <dir>', 'data directory')
    .description('the station')
    .action(() => {
      throw new StationError('USAGE_COMMAND', 'run is not built in yet')
    })
}
