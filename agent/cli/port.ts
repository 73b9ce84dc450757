// `port`: switches a bay's port of a managed switch, or its power, through the running station and its guard.
import { type Command, Option } from 'commander'
import { isStationError } from '../fault.ts'
import { fail } from './faults.ts'
import { type CliIo, DEFAULT_DATA, print } from './io.ts'
import { postToStation } from './station-socket.ts'

interface PortOptions {
  readonly data: string
  readonly poe?: true
  readonly evenWithOpenRun?: true
}

/** A cycle takes 5 s, and each request to a slow switch up to 60 s with all its tries. */
const ANSWER_MS = 120_000

export function addPort(program: Command, io: CliIo): void {
  program
    .command('port')
    .argument('<bay>', 'bay whose port it is')
    .argument('<want>', 'off, on or cycle')
    .description("switches a bay's port of a managed switch; not under an open run")
    .option('--poe', 'the power over the cable, not the link')
    .option('--even-with-open-run', 'also while the bay has an open run')
    .addOption(new Option('--data <dir>', 'data directory').default(DEFAULT_DATA))
    .action(async (bay: string, want: string, options: PortOptions) => {
      const what = options.poe === true ? 'poe' : 'link'
      const evenWithOpenRun = options.evenWithOpenRun === true
      const path = `/api/v1/bays/${encodeURIComponent(bay)}/port`
      try {
        await postToStation(
          options.data,
          path,
          { want, what, evenWithOpenRun, by: 'cli' },
          ANSWER_MS,
        )
      } catch (error) {
        fail(io, error)
        // The guard's no is an answer.
        if (isStationError(error) && error.code === 'OPERATOR_RUN_OPEN') io.exit(1)
        return
      }
      await print(io, `bay ${bay}: ${what} ${want}`)
    })
}
