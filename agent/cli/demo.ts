// `demo`: a virtual bench that provisions devices and says how it went.
import type { Command } from 'commander'
import { StationError } from '../fault.ts'
import type { CliIo } from './io.ts'

export function addDemo(program: Command, _io: CliIo): void {
  program
    .command('demo')
    .description('a virtual bench')
    .action(() => {
      throw new StationError('USAGE_COMMAND', 'demo is not built in yet')
    })
}
